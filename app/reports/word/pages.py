"""Upright and turned pages: a section of the document for each run of either."""

from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn

from app.reports.word.elements import element

MARGINS = 2 * 1134


class Pages:
    """The pages of a document's body; ``page`` is what its last section is like."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._upright = body.sectPr
        self._is_turned = False
        body.remove(self._upright)

    @property
    def width(self) -> int:
        """How wide a text can be, in twips."""
        return int(self._page().find(qn("w:pgSz")).get(qn("w:w"))) - MARGINS

    def turn(self, *, is_turned: bool) -> bool:
        """Go on upright or turned; whether that began a new page."""
        begins = is_turned is not self._is_turned
        if begins:
            self._end_section()
            self._is_turned = is_turned
        return begins

    def end(self) -> None:
        """No more text comes."""
        self._body.append(self._page())

    def _end_section(self) -> None:
        """What a section's pages are like stands in its last paragraph."""
        last = self._body[-1]
        if last.tag != qn("w:p"):
            last = element("p", self._body)
            element("pStyle", element("pPr", last), val="TableText")
        last.find(qn("w:pPr")).append(self._page())

    def _page(self) -> Any:
        page = deepcopy(self._upright)
        if self._is_turned:
            size = page.find(qn("w:pgSz"))
            wide, high = size.get(qn("w:w")), size.get(qn("w:h"))
            for name, value in (("w", high), ("h", wide), ("orient", "landscape")):
                size.set(qn(f"w:{name}"), value)
        return page
