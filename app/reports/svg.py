"""SVG as text: elements, coordinates and the width of a word. No library, no clock, no ids.

Looks are given as presentation attributes and classes, never as ``style``: pages forbid inline
style, and a page's stylesheet may restyle the classes for the dark scheme.
"""

import re
from html import escape

from markupsafe import Markup

FONT = "Noto Sans, system-ui, sans-serif"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The signs numbers are written with in both languages.
IN_NUMBER = re.compile(r"[\d.,\u00a0]")
CUT_NUMBER = re.compile(r"[\d.,\u00a0]+$")

# Advance widths of Noto Sans in thousandths of the size, by group; what is in none is 580.
WIDTHS = {
    "iljI.,:;'|!·’ ()[]\u00a0": 290,
    "ft r-/*": 370,
    "mwMW%": 880,
    "ABCDEGHKNOPQRSTUVXYZ≥≤=+<>−": 650,
}
ADVANCE = {letter: width for letters, width in WIDTHS.items() for letter in letters}


def text_width(text: str, size: float) -> float:
    """About how wide a text is at a size; exact enough to leave room, always the same."""
    return sum(ADVANCE.get(letter, 580) for letter in text) * size / 1000


def shortened(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits into a width, ending in "…"; no number is ever cut."""
    if text_width(text, size) <= width:
        return text
    room, taken, kept = width - text_width("…", size), 0.0, 0
    for letter in text:
        taken += ADVANCE.get(letter, 580) * size / 1000
        if taken > room:
            break
        kept += 1
    is_within_number = IN_NUMBER.match(text[kept]) is not None
    whole = CUT_NUMBER.sub("", text[:kept]) if is_within_number else text[:kept]
    return whole.rstrip() + "…"


def coordinate(value: float) -> str:
    """A length to a tenth: "12", "12.5", never "-0"."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:.1f}".removesuffix(".0")


def element(name: str, *children: str, **attributes: str | float | None) -> str:
    """An element; ``stroke_width`` becomes ``stroke-width``, ``class_`` ``class``, None nothing."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _written(value: str | float) -> str:
    return words(value) if isinstance(value, str) else coordinate(value)


def words(text: str) -> str:
    """Text made safe to stand in an element or an attribute of valid XML."""
    return escape(NOT_XML.sub("", text))


def label(text: str, x: float, y: float, *, size: float = 9, **attributes: str | float) -> str:
    """One line of text; its baseline is ``y``."""
    return element("text", words(text), x=x, y=y, font_size=size, **attributes)


def path(points: list[tuple[float, float]]) -> str:
    """The ``d`` of a line through points."""
    return "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)


def picture(
    *children: str,
    width: float,
    height: float,
    kind: str,
    title: str,
    desc: str,
    ident: str = "",
) -> Markup:
    """A whole picture with its alternative text: ``title`` says it all, ``desc`` the details.

    ``ident``, unique on its page, lets a reader's program find both whatever stands around them.
    """
    names = {"title": f"{ident}-title", "desc": f"{ident}-desc"} if ident else {}
    told = {"title": title, "desc": desc}
    return Markup(
        element(
            "svg",
            *(
                element(name, words(text), id=names.get(name))
                for name, text in told.items()
                if text
            ),
            *children,
            xmlns="http://www.w3.org/2000/svg",
            class_=f"chart {kind}",
            viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
            width=width,
            height=height,
            role="img",
            aria_labelledby=names.get("title"),
            aria_describedby=names.get("desc") if desc else None,
            font_family=FONT,
        )
    )
