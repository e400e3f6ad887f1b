"""Put parts that were laid out alone together into one tagged document.

Every tool that merges PDF files throws the tag tree away; here each part's tags are grafted under
one root, so that what was accessible in the parts is accessible in the whole. Parts share one
copy of each font, links between parts become links within the document, and the bookmarks are
joined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Array, Dictionary, Object, Page, Pdf, String

from app.reports.binding.archive import Attachment, make_lasting
from app.reports.binding.bookmarks import Bookmark, bookmarks_of, write_bookmarks
from app.reports.binding.feet import LayOut, put_feet
from app.reports.binding.files import file_of
from app.reports.binding.fonts import SharedFonts

# How a part names a place in another one; the layout engine drops links it cannot resolve.
ELSEWHERE = "elsewhere:"


@dataclass(frozen=True)
class Part:
    """A document laid out alone. ``depth`` is how deep its bookmarks stand in the whole, from 1."""

    pdf: bytes
    depth: int = 1
    has_feet: bool = True


def bind(parts: Sequence[Part], *, feet: LayOut, attachments: Sequence[Attachment] = ()) -> bytes:
    """One document of all the parts, in their order; title, language and dates are the first's.

    Each page of a part that has them gets the foot of its number. The same parts give the same
    bytes.
    """
    with Pdf.open(BytesIO(parts[0].pdf)) as whole:
        binder = _Binder(whole)
        for part in parts:
            binder.add(part)
        binder.finish(feet)
        make_lasting(whole, attachments)
        return file_of(whole)


def lasting(pdf: bytes, attachments: Sequence[Attachment] = ()) -> bytes:
    """The same for a document that was laid out whole."""
    with Pdf.open(BytesIO(pdf)) as whole:
        make_lasting(whole, attachments)
        return file_of(whole)


def places_in(pdf: bytes) -> tuple[dict[str, int], int]:
    """The page of each named place, counted from 1, and how many pages there are."""
    with Pdf.open(BytesIO(pdf)) as document:
        numbers = {page.obj.objgen: n for n, page in enumerate(document.pages, start=1)}
        places = _places_of(document.Root)
        return {name: numbers[place[0].objgen] for name, place in places.items()}, len(numbers)


class _Binder:
    """The document in the making; it begins as its first part."""

    def __init__(self, whole: Pdf) -> None:
        self._whole = whole
        self._fonts = SharedFonts()
        self._footed: list[int] = []
        self._bookmarks: list[Bookmark] = []
        self._places: dict[str, Object] = {}
        self._tags: list[Object] = []
        self._owners: list[Object | int] = []

    def add(self, part: Part) -> None:
        """Copy a part's pages, tags, places and bookmarks; the first is there already."""
        is_first = not self._owners
        source = self._whole if is_first else Pdf.open(BytesIO(part.pdf))
        before = 0 if is_first else len(self._whole.pages)
        if not is_first:
            self._whole.pages.extend(source.pages)
        pages = self._whole.pages[before:]
        self._fonts.add(pages[0].Resources.Font)
        root = source.Root if is_first else self._copied_root(source)
        self._graft(root.StructTreeRoot, pages)
        self._bookmarks += bookmarks_of(root, depth=part.depth)
        self._places |= _places_of(root)
        if part.has_feet:
            self._footed += range(before, len(self._whole.pages))

    def finish(self, feet: LayOut) -> None:
        """Write what the parts have in common: fonts, feet, tags, places and bookmarks."""
        put_feet(self._whole, self._footed, lay_out=feet, fonts=self._fonts)
        self._fonts.settle(self._whole)
        tree = self._whole.Root.StructTreeRoot
        document = tree.K[0]
        for tag in self._tags:
            tag.P = document
        document.K = Array(self._tags)
        tree.ParentTree.Nums = Array(self._owners)
        places = [item for name in sorted(self._places) for item in (name, self._places[name])]
        self._whole.Root.Names = Dictionary(Dests=Dictionary(Names=Array(places)))
        write_bookmarks(self._whole, self._bookmarks)

    def _copied_root(self, source: Pdf) -> Object:
        """What a part's root holds besides pages, which are copied before and so found again."""
        wanted = {f"/{name}" for name in ("StructTreeRoot", "Names", "Outlines")}
        held = {name: value for name, value in source.Root.items() if name in wanted}
        return self._whole.copy_foreign(source.make_indirect(Dictionary(held)))

    def _graft(self, tree: Object, pages: Sequence[Page]) -> None:
        """Take a part's tags over, and number what they mark on from where we are."""
        base = len(self._owners) // 2
        self._tags += list(tree.K[0].K)
        numbers = list(tree.ParentTree.Nums)
        for key, owner in zip(numbers[::2], numbers[1::2], strict=True):
            self._owners += [base + int(key), owner]
        for page in pages:
            page.StructParents = base + int(page.StructParents)
            for link in page.get("/Annots", ()):
                link.StructParent = base + int(link.StructParent)
                _lead_within(link)


def _lead_within(link: Object) -> None:
    """Turn a link to elsewhere into one to a place of the whole document."""
    if "/A" in link and str(link.A.get("/URI", "")).startswith(ELSEWHERE):
        place = str(link.A.URI).removeprefix(ELSEWHERE)
        del link.A
        link.Dest = link.Contents = String(place)


def _places_of(root: Object) -> dict[str, Object]:
    if "/Names" not in root:
        return {}
    listed = list(root.Names.Dests.Names)
    return {str(name): place for name, place in zip(listed[::2], listed[1::2], strict=True)}


__all__ = ["ELSEWHERE", "Attachment", "LayOut", "Part", "bind", "lasting", "places_in"]
