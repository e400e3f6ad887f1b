"""Which signs the printed fonts hold; the others print as "□" instead of as chance has it."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
# Bold and italic hold what the regular holds.
FACES = ("NotoSans-Regular.ttf", "NotoSansMath-Regular.ttf", "NotoSansSymbols2-Regular.ttf")
STAND_IN = "□"
BLANKS = "\t\n\r"
# They choose between looks of the sign before them and are nothing by themselves.
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def printable(text: str) -> str:
    """The text with each sign our fonts lack shown as "□"."""
    return _strangers().sub(STAND_IN, SELECTORS.sub("", text))


def holds_strangers(text: str) -> bool:
    """Whether any sign of the text is one our fonts lack."""
    return _strangers().search(SELECTORS.sub("", text)) is not None


@lru_cache(maxsize=1)
def _strangers() -> re.Pattern[str]:
    held = {ord(blank) for blank in BLANKS}
    for face in FACES:
        with TTFont(FONTS / face, lazy=True) as font:
            held |= set(font.getBestCmap())
    return re.compile("[^" + "".join(_ranges(sorted(held))) + "]")


def _ranges(codes: Iterable[int]) -> Iterator[str]:
    """Runs of neighbouring code points as a character class spells them."""
    first = last = -1
    for code in (*codes, -1):
        if code == last + 1 and first >= 0:
            last = code
            continue
        if first >= 0:
            yield f"\\U{first:08x}-\\U{last:08x}"
        first = last = code
