"""Signs our fonts lack print as a box; all that the region's languages need is there."""

import string

import pytest
from fontTools.ttLib import TTFont

from app.reports.signs import FACES, FONTS, holds_strangers, printable

SPANISH = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»“”‘’–—…ºª€"
NATIVE = "ñÑ’ʼ'äÄïÏüÜāĀ ch chh ch’ k q qh sh tʼ ẽ ỹ ɨ ʔ ŋ"
SIGNS = "→ ← ↔ ≥ ≤ ≠ ≈ − × ± √ ∞ ✓ ✗ ● ○ ■ □ ▲ ☐ ☑ § № ° µ Δ"


@pytest.mark.parametrize(
    "text", [string.printable.strip(), SPANISH, NATIVE, SIGNS, "a\u00a0b\tc\nd"]
)
def test_what_the_region_writes_can_be_printed(text: str) -> None:
    assert printable(text) == text
    assert not holds_strangers(text)


@pytest.mark.parametrize(("text", "printed"), [("日本", "□□"), ("a😀b", "a□b"), ("✓\ufe0f", "✓")])
def test_what_our_fonts_lack_is_a_box(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_bold_and_italic_hold_what_the_regular_holds() -> None:
    regular = TTFont(FONTS / FACES[0]).getBestCmap().keys()
    for face in ("NotoSans-Bold.ttf", "NotoSans-Italic.ttf"):
        assert TTFont(FONTS / face).getBestCmap().keys() == regular
