"""HTML of our print templates as Word's paragraphs, lists and tables: same content, same order.

What a report says is decided there alone. Word gets no pictures: each is read out, by the words
its drawing carries, unless a table beside it holds its numbers.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from app.reports.word.elements import begin_field, element, end_field
from app.reports.word.runs import (
    PLAIN,
    Piece,
    Places,
    begins_from_the_right,
    collapsed,
    pieces_of,
    write_runs,
)

BLOCKS = frozenset(
    {
        *("section", "header", "div", "figure", "figcaption", "blockquote", "p", "h1", "h2", "h3"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "svg"),
    }
)
# By element and class, then by element; whatever is not named looks like what it stands in.
STYLES = {
    "h1": "Title",
    "h2": "Heading1",
    "h3": "Heading2",
    "p.cover-quarter": "Subtitle",
    "p.opening": "Heading1",
    "p.chapter-name": "Heading2",
    "p.card-name": "Term",
    "p.contents-programme": "TOC2",
    "p.note": "Note",
    "li": "ListBullet",
    "blockquote": "Quote",
    "p.hypothesis": "Quote",
    "figcaption": "Caption",
    "caption": "Caption",
    "dt": "Term",
    "svg.stage-path": "Normal",
    "svg": "ReadOut",
}
# In the sections that stand under "Experiments, one by one".
DEEPER = {
    "programme": {"h2": "Heading2", "h3": "Heading3"},
    "experiment": {"h2": "Heading3", "h3": "Heading4"},
}
# Beside them stands in words all that they show.
SAID_BESIDE = frozenset({"share-bar", "way-bar"})
MOST_UPRIGHT = 8  # columns
NARROWEST, WIDEST = 9, 48  # letters


class Flow:
    """Writes blocks into one place: the body of a document, a cell of a table, a foot.

    ``width`` is that of its tables.
    """

    def __init__(
        self, parent: Any, places: Places, *, width: int = 0, style: str = "Normal"
    ) -> None:
        self._parent = parent
        self.width = width
        self._places = places
        self._style = style
        self._headings: dict[str, str] = {}
        self._addresses: list[str] = []
        self._breaks_page = False

    def section(self, root: Any, *, breaks_page: bool) -> None:
        """One section of a report; some have their headings deeper."""
        deeper = (found for name, found in DEEPER.items() if _is(root, name))
        self._headings = next(deeper, {})
        self._breaks_page = breaks_page
        self.put(root, self._style)

    def put(self, node: Any, style: str) -> None:
        """A block; ``style`` is that of what it stands in."""
        self._addresses += [node.get("id")] if node.get("id") and node.tag != "svg" else []
        own = self._style_of(node, style)
        if node.tag == "table":
            self._table(node)
        elif node.tag == "svg":
            self.paragraph([(_read_out(node), PLAIN)], own)
        elif _is(node, "contents-list"):
            self._contents(node)
        else:
            self.content(node, own)

    def content(self, node: Any, style: str) -> None:
        """What stands in an element; text that stands there loose becomes a paragraph."""
        loose: list[Piece] = [(node.text or "", PLAIN)]
        for child in node:
            if child.tag in BLOCKS:
                self.paragraph(loose, style)
                self.put(child, style)
                loose = []
            else:
                loose += pieces_of(child)
            loose.append((child.tail or "", PLAIN))
        self.paragraph(loose, style)

    def paragraph(self, pieces: Iterable[Piece], style: str) -> None:
        """A paragraph, unless there is nothing to say."""
        shown = collapsed(pieces)
        if not shown:
            return
        made = element("p", self._parent)
        looks = element("pPr", made)
        element("pStyle", looks, val=style)
        if self._breaks_page:
            element("pageBreakBefore", looks)
        if begins_from_the_right(shown):
            element("bidi", looks)
        self._breaks_page = False
        self._bookmark(made)
        write_runs(made, shown, self._places)

    def _style_of(self, node: Any, style: str) -> str:
        if (
            node.tag == "h2"
            and (after := node.getnext()) is not None
            and _is(after, "contents-list")
        ):
            return "TOCHeading"
        if node.tag in self._headings:
            return self._headings[node.tag]
        names = [f"{node.tag}.{name}" for name in (node.get("class") or "").split()]
        return next((STYLES[name] for name in (*names, node.tag) if name in STYLES), style)

    def _bookmark(self, paragraph: Any) -> None:
        for address in self._addresses:
            name = self._places[address]
            number = name.rpartition("_")[2]
            element("bookmarkStart", paragraph, id=number, name=name)
            element("bookmarkEnd", paragraph, id=number)
        self._addresses = []

    def _contents(self, node: Any) -> None:
        """Word's own table of contents. Until it is updated it shows ours, without page numbers."""
        before = len(self._parent)
        for line, level in _lines_of_contents(node, 1):
            self.paragraph(pieces_of(line), f"TOC{level}")
        shown = self._parent[before:]
        _looks, *runs = shown[0]
        begin_field(shown[0], r'TOC \o "1-3" \h \z \u')
        shown[0].extend(runs)  # moves them behind the beginning
        end_field(shown[-1])

    def _table(self, node: Any) -> None:
        caption = node.find("caption")
        if caption is not None:
            self.put(caption, self._style)
        elif len(self._parent) and self._parent[-1].tag.endswith("}tbl"):
            element("p", self._parent)  # else Word takes two tables for one
        heads = [list(row) for row in node.iterfind("thead/tr")]
        rows_in = (lambda row: [list(row)]) if heads else _facts_in
        rows = [cells for row in node.iterfind("tbody/tr") for cells in rows_in(row)]
        widths = _widths([*heads, *rows], self.width)
        table = element("tbl", self._parent)
        _describe(table, widths, "" if caption is None else caption.text_content().strip(), heads)
        for cells in (*heads, *rows):
            row = element("tr", table)
            if cells in heads:
                element("tblHeader", element("trPr", row))
            for cell, width in zip_longest(cells, widths):
                self._cell(element("tc", row), cell, width)

    def _cell(self, made: Any, cell: Any, width: int) -> None:
        element("tcW", element("tcPr", made), w=width, type="dxa")
        inside = Flow(made, self._places, style="TableText")
        if cell is not None:
            inside.content(cell, "TableText")
        if len(made) == 1:
            element("p", made)  # a cell without a paragraph is damage to Word


def needs_width(root: Any) -> bool:
    """Whether a section holds a table that would be crammed on an upright page."""
    return any(len(row) > MOST_UPRIGHT for row in root.iter("tr"))


def _is(node: Any, name: str) -> bool:
    return name in (node.get("class") or "").split()


def _read_out(node: Any) -> str:
    """What a drawing says in words; nothing where the same stands beside it."""
    has_table = any(figure.find("table") is not None for figure in node.iterancestors("figure"))
    if has_table or any(_is(node, name) for name in SAID_BESIDE):
        return ""
    return " ".join(filter(None, (node.findtext("title"), node.findtext("desc"))))


def _lines_of_contents(listed: Any, level: int) -> Iterator[tuple[Any, int]]:
    """The lines of a list of contents with their level; names of programmes stand between."""
    for item in listed:
        for part in item:
            if part.tag == "ol":
                yield from _lines_of_contents(part, level + 2)
            else:
                yield part, level if part.tag == "a" else level + 1


def _facts_in(row: Any) -> Iterator[list[Any]]:
    """The facts of a row of a table without heads, each by itself: its name, then what it is."""
    cells = list(row)
    begins = [n for n, cell in enumerate(cells) if cell.tag == "th"] or [0]
    for begin, end in zip(begins, [*begins[1:], len(cells)], strict=True):
        yield cells[begin:end]


def _widths(rows: list[list[Any]], width: int) -> list[int]:
    """The columns by their longest texts; a single long word never widens the page."""
    columns = zip_longest(*([len(cell.text_content().strip()) for cell in row] for row in rows))
    letters = [max(NARROWEST, min(WIDEST, max(n or 0 for n in column))) for column in columns]
    return [width * each // sum(letters) for each in letters]


def _describe(table: Any, widths: list[int], caption: str, heads: list[Any]) -> None:
    looks = element("tblPr", table)
    element("tblStyle", looks, val="ChaskiTable")
    element("tblW", looks, w=sum(widths), type="dxa")
    element("tblLayout", looks, type="fixed")
    element("tblLook", looks, firstRow=int(bool(heads)), firstColumn=1, noVBand=1)
    if caption:
        element("tblCaption", looks, val=caption)
    grid = element("tblGrid", table)
    for width in widths:
        element("gridCol", grid, w=width)
