"""The foot of every page: which edition it belongs to, and page X of Y.

Both are known only when all parts are together, so a part is laid out without its feet. The feet
are laid out as samples, one for each number of digits, and the digits exchanged: all are equally
wide in our fonts.
"""

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from pikepdf import Array, Object, Pdf

from app.reports.binding.fonts import SharedFonts
from app.reports.binding.streams import stream

DIGITS: Final = "0123456789"
# What a sheet of samples shows for a number of the document, and on its last page.
LayOut = Callable[[Sequence[str], int], bytes]
BEGIN, END = b"q\n", b"\nEMC\n"
FOOT = b"\nQ\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n"
MARKED = re.compile(rb"(/\w+\s+<<[^>]*>>\s+BDC|/Artifact\s+BMC|EMC)\s")
GLYPHS = re.compile(rb"<([0-9a-f]{4})>")


def put_feet(whole: Pdf, numbers: Sequence[int], *, lay_out: LayOut, fonts: SharedFonts) -> None:
    """Write its foot on each page of these numbers, counted from 0.

    ``lay_out(samples, of)`` gives a document that holds, for each of these page numbers, a page
    with its foot alone, then the same pages turned, and at last a page with the ten digits alone.
    """
    of = len(whole.pages)
    unused = next(digit for digit in DIGITS if digit not in str(of))
    samples = [unused * length for length in range(1, len(str(of)) + 1)]
    source = Pdf.open(BytesIO(lay_out(samples, of)))
    lent = whole.copy_foreign(source.make_indirect(source.pages[0].Resources))
    fonts.add(lent.Font)
    *feet, digits = (MARKED.sub(b"", page.Contents.read_bytes()) for page in source.pages)
    glyphs = dict(zip(DIGITS, GLYPHS.findall(digits), strict=True))
    begin = stream(whole, BEGIN)
    for n in numbers:
        number = str(n + 1)
        page = whole.pages[n]
        turned = len(samples) if page.mediabox[2] > page.mediabox[3] else 0
        foot = _numbered(feet[turned + len(number) - 1], unused, number, glyphs)
        page.Contents = Array([begin, page.Contents, stream(whole, FOOT + foot + END)])
        _lend(page.Resources, lent)


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
