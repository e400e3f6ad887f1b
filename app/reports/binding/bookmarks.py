"""The bookmarks of the parts, joined into one tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pikepdf import Array, Object, OutlineItem, Pdf


@dataclass(frozen=True)
class Bookmark:
    """A place with a title; ``depth`` counts from 1."""

    depth: int
    title: str
    place: Object


def bookmarks_of(root: Object, *, depth: int) -> Iterator[Bookmark]:
    """A part's bookmarks in reading order, its outermost at ``depth``."""
    if "/Outlines" in root:
        yield from _below(root.Outlines, depth)


def write_bookmarks(whole: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """Make them the document's tree: each stands below the last one that is less deep."""
    with whole.open_outline() as outline:
        outline.root.clear()
        above: list[tuple[int, list[OutlineItem]]] = [(0, outline.root)]
        for bookmark in bookmarks:
            while above[-1][0] >= bookmark.depth:
                above.pop()
            item = OutlineItem(bookmark.title, destination=Array(bookmark.place))
            above[-1][1].append(item)
            above.append((bookmark.depth, item.children))


def _below(parent: Object, depth: int) -> Iterator[Bookmark]:
    item = parent.get("/First")
    while item is not None:
        yield Bookmark(depth, str(item.Title), item.Dest)
        yield from _below(item, depth + 1)
        item = item.get("/Next")
