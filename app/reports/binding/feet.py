"""The foot of every page: which edition it belongs to, and page X of Y.

Both are known only when all parts are together, so a part is laid out without its feet. The feet
are laid out as samples, one for each number of digits, and the digits exchanged: all are equally
wide in our fonts.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from pikepdf import Array, Object, Page, Pdf

from app.reports.binding.fonts import SharedFonts

DIGITS: Final = "0123456789"
# What a sheet of samples shows for a number of the document, and on its last page.
LayOut = Callable[[Sequence[str], int], bytes]
BEGIN, END = b"q\n", b"\nEMC\n"
FOOT = b"\nQ\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n"
MARKED = re.compile(rb"(/\w+\s+<<[^>]*>>\s+BDC|/Artifact\s+BMC|EMC)\s")
Shape = tuple[float, ...]
GLYPHS = re.compile(rb"<([0-9a-f]{4})>")


def put_feet(whole: Pdf, numbers: Sequence[int], *, lay_out: LayOut, fonts: SharedFonts) -> None:
    """Write its foot on each page of these numbers, counted from 0.

    ``lay_out(samples, of)`` gives a document that holds, for each shape of a page and each of
    these page numbers, a page with its foot alone, and at last a page with the ten digits alone.
    """
    of = len(whole.pages)
    unused = next(digit for digit in DIGITS if digit not in str(of))
    samples = [unused * length for length in range(1, len(str(of)) + 1)]
    source = Pdf.open(BytesIO(lay_out(samples, of)))
    lent = whole.copy_foreign(source.make_indirect(source.pages[0].Resources))
    fonts.add(lent.Font)
    *sheets, digits = source.pages
    feet: dict[Shape, list[bytes]] = defaultdict(list)
    for sheet in sheets:
        feet[_shape(sheet)].append(_content(sheet))
    glyphs = dict(zip(DIGITS, GLYPHS.findall(_content(digits)), strict=True))
    begin = whole.make_stream(BEGIN)
    for n in numbers:
        number = str(n + 1)
        page = whole.pages[n]
        foot = _numbered(feet[_shape(page)][len(number) - 1], unused, number, glyphs)
        page.Contents = Array([begin, page.Contents, whole.make_stream(FOOT + foot + END)])
        _lend(page.Resources, lent)


def _shape(page: Page) -> Shape:
    return tuple(map(float, page.MediaBox))


def _content(page: Page) -> bytes:
    return MARKED.sub(b"", page.Contents.read_bytes())


def _numbered(foot: bytes, unused: str, number: str, glyphs: dict[str, bytes]) -> bytes:
    def run(text: str) -> bytes:
        return b"[%s] TJ" % b"".join(b"<%s>0" % glyphs[digit] for digit in text)

    before, after = foot.split(run(unused * len(number)))
    return before + run(number) + after


def _lend(resources: Object, lent: Object) -> None:
    for kind in ("/Font", "/ExtGState"):
        for name, thing in lent[kind].items():
            if name not in resources[kind]:
                resources[kind][name] = thing
