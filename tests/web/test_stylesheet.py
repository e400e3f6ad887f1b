"""The stylesheet stays light, stays at home, and its colours can be read in both schemes."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"
CSS = (STATIC / "chaski.css").read_text(encoding="utf-8")
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), strict=True))
LIGHT = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", SCHEMES["light"]))
TOKENS = {
    "light": LIGHT,
    "dark": {**LIGHT, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", SCHEMES["dark"]))},
}
READ = [
    *[(ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "wash", "sunk")],
    *[(f"{tone}-ink", tone) for tone in ("note", "good", "warn", "bad")],
    *[("bad-ink", ground) for ground in ("paper", "wash")],
    ("ink", "note"),
]
SEEN = [
    *[(edge, ground) for edge in ("edge", "focus", "bad-mark") for ground in ("paper", "wash")],
]


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    full = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(full[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_stylesheet_is_at_most_6_kb_on_the_wire() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) <= 6 * 1024


def test_what_every_page_loads_leaves_room_for_the_page_in_14_kb() -> None:
    loaded = ("chaski.css", "chaski.js", "favicon.svg")
    assert sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in loaded) <= 9 * 1024


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name in ("chaski.css", "chaski.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert re.findall(r"https?:|//\w|@import|url\(", text) == []


@pytest.mark.parametrize("scheme", TOKENS)
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    tokens = TOKENS[scheme]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", TOKENS)
@pytest.mark.parametrize(("edge", "ground"), SEEN)
def test_edges_and_focus_can_be_seen(scheme: str, edge: str, ground: str) -> None:
    tokens = TOKENS[scheme]
    assert contrast(tokens[edge], tokens[ground]) >= 3


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21), ("#767676", "#ffffff", 4.54)]
)
def test_contrast_is_measured_as_wcag_does(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_every_token_that_is_used_is_set() -> None:
    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) <= {*TOKENS["light"], "r"}


def test_motion_is_only_for_those_who_want_it() -> None:
    for line in CSS.splitlines():
        if re.search(r"transition|animation|scroll-behavior", line):
            assert "prefers-reduced-motion: no-preference" in line
