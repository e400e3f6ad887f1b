"""One copy of each font for all parts.

Every part comes with the glyphs it uses. The layout engine keeps the font's own glyph numbers, so
one subset with the glyphs of all parts serves each of them as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Object, Pdf

FILES = {
    path.stem.replace("-", "").removesuffix("Regular"): path
    for path in (Path(__file__).parents[1] / "fonts").glob("*.ttf")
}
# As the layout engine drops them: the text is shaped already.
USELESS = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")
MAPPED = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
MOST_IN_A_BLOCK = 100


@dataclass
class _Face:
    """One font: where it is described, glyph → text in the parts, and the lists that name it."""

    described: Object
    texts: dict[int, bytes] = field(default_factory=dict)
    lists: list[Object] = field(default_factory=list)


class SharedFonts:
    """The fonts of the parts, each by its name in the pages."""

    def __init__(self) -> None:
        self._faces: dict[str, _Face] = {}

    def add(self, fonts: Object) -> None:
        """Take in the fonts that the pages of a part list."""
        for name, font in fonts.items():
            face = self._faces.setdefault(name, _Face(font))
            face.lists.append(fonts)
            for glyph, text in MAPPED.findall(font.ToUnicode.read_bytes()):
                face.texts.setdefault(int(glyph, 16), text)

    def settle(self, whole: Pdf) -> None:
        """Make one font of each, and let every list name it."""
        for name, face in self._faces.items():
            _describe(whole, face.described, dict(sorted(face.texts.items())))
            for fonts in face.lists:
                fonts[name] = face.described


def _describe(whole: Pdf, font: Object, texts: Mapping[int, bytes]) -> None:
    descendant = font.DescendantFonts[0]
    path = FILES[str(font.BaseFont).partition("+")[2].replace("-", "")]
    subset, widths = _subset(path, tuple(texts))
    descendant.FontDescriptor.FontFile2 = whole.make_stream(subset, Length1=len(subset))
    descendant.W = Array([item for n, width in widths for item in (n, Array([width]))])
    font.ToUnicode = whole.make_stream(b"\n".join(_to_unicode(texts)))


@lru_cache(maxsize=16)
def _subset(path: Path, glyphs: tuple[int, ...]) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """The font with these glyphs alone, under their own numbers, and their widths in 1/1000 em."""
    font = TTFont(BytesIO(path.read_bytes()), lazy=True, recalcTimestamp=False)
    names = font.getGlyphOrder()
    own = [n for n in glyphs if n < len(names)]
    em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
    widths = tuple((n, round(advances[names[n]][0] * 1000 / em)) for n in own)
    options = Options(retain_gids=True, hinting=False, notdef_outline=True, glyph_names=False)
    options.drop_tables = [*USELESS, "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(gids=own)
    subsetter.subset(font)
    written = BytesIO()
    font.save(written)
    return written.getvalue(), widths


def _to_unicode(texts: Mapping[int, bytes]) -> Iterator[bytes]:
    yield b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
    yield b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
    yield b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def"
    yield b"1 begincodespacerange <0000> <ffff> endcodespacerange"
    listed = list(texts.items())
    for first in range(0, len(listed), MOST_IN_A_BLOCK):
        block = listed[first : first + MOST_IN_A_BLOCK]
        yield b"%d beginbfchar" % len(block)
        yield from (b"<%04x> <%s>" % pair for pair in block)
        yield b"endbfchar"
    yield b"endcmap CMapName currentdict /CMap defineresource pop end end"
