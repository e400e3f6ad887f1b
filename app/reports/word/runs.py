"""The text inside a paragraph: HTML's inline elements as Word's runs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.reports.word.elements import begin_field, element, end_field, text_in

BLANKS = re.compile(r"[ \t\n\r\f]+")
BLANKS_IN_LINE = re.compile(r"[ \t\r\f]+")
ENDS_OF_LINE = re.compile(r" ?\n ?")
_FROM_THE_RIGHT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
FROM_THE_RIGHT = re.compile(f"({_FROM_THE_RIGHT}+(?:[^\\w]+{_FROM_THE_RIGHT}+)*)")
NOT_A_NAME = re.compile(r"\W", re.ASCII)

STYLES = {
    "missing": "Missing",
    "demonstration": "Demonstration",
    "detail": "Detail",
    "verdict-note": "Detail",
    "digest": "Detail",
    "signed": "Detail",
}
FIELDS = {"page-number": "PAGE", "page-total": "NUMPAGES"}


@dataclass(frozen=True)
class Look:
    """How a text looks; ``target`` is the place it links to, ``field`` what Word counts."""

    style: str = ""
    is_bold: bool = False
    is_italic: bool = False
    keeps_lines: bool = False
    target: str = ""
    field: str = ""


PLAIN = Look()
Piece = tuple[str, Look]


def pieces_of(node: Any, look: Look = PLAIN) -> Iterator[Piece]:
    """An inline element's text with its looks; pictures inside a line are left out."""
    if not isinstance(node.tag, str) or node.tag == "svg":
        return
    if node.tag == "br":
        yield "\n", replace(look, keeps_lines=True)
        return
    own = _look_of(node, look)
    yield ("1" if own.field else node.text or ""), own
    for child in node:
        yield from pieces_of(child, own)
        yield child.tail or "", own


def collapsed(pieces: Iterable[Piece]) -> list[Piece]:
    """With one blank where HTML shows one, and none where a line begins or ends."""
    kept: list[Piece] = []
    ended = True
    for text, look in pieces:
        one_by_one = _lines(text) if look.keeps_lines else BLANKS.sub(" ", text)
        shown = one_by_one[ended and one_by_one.startswith(" ") :]
        if shown:
            kept.append((shown, look))
            ended = shown[-1] in " \n"
    return _without_end(kept)


class Places(dict[str, str]):
    """The bookmark of each address inside the document: Word takes letters, digits and 40 signs."""

    def __missing__(self, address: str) -> str:
        """A name for an address not met before."""
        self[address] = f"{NOT_A_NAME.sub('_', address)[:30]}_{len(self) + 1}"
        return self[address]


def write_runs(paragraph: Any, pieces: Iterable[Piece], places: Places) -> None:
    """Write the pieces into a paragraph, those that link inside hyperlinks."""
    for text, look in pieces:
        parent = paragraph
        if look.target:
            parent = element("hyperlink", paragraph, anchor=places[look.target], history=1)
        if look.field:
            begin_field(paragraph, look.field)
        for n, stretch in enumerate(FROM_THE_RIGHT.split(text)):
            if stretch:
                _write_run(parent, stretch, look, from_the_right=n % 2 == 1)
        if look.field:
            end_field(paragraph)


def begins_from_the_right(pieces: Iterable[Piece]) -> bool:
    """Whether the first letter is of a script written from the right."""
    letters = (letter for text, _look in pieces for letter in text if letter.isalpha())
    return FROM_THE_RIGHT.match(next(letters, "")) is not None


def _look_of(node: Any, look: Look) -> Look:
    names = (node.get("class") or "").split()
    return replace(
        look,
        style=next((STYLES[name] for name in names if name in STYLES), look.style),
        is_bold=look.is_bold or node.tag in ("b", "strong"),
        is_italic=look.is_italic or node.tag in ("i", "em"),
        keeps_lines=look.keeps_lines or "written" in names,
        target=(node.get("href") or "").removeprefix("#") if node.tag == "a" else look.target,
        field=next((FIELDS[name] for name in names if name in FIELDS), ""),
    )


def _lines(text: str) -> str:
    return ENDS_OF_LINE.sub("\n", BLANKS_IN_LINE.sub(" ", text))


def _without_end(pieces: list[Piece]) -> list[Piece]:
    while pieces:
        text, look = pieces.pop()
        if text := text.rstrip(" \n"):
            return [*pieces, (text, look)]
    return pieces


def _write_run(parent: Any, text: str, look: Look, *, from_the_right: bool) -> None:
    run = element("r", parent)
    if look != PLAIN or from_the_right:
        looks = element("rPr", run)
        style = look.style or ("Hyperlink" if look.target else "")
        if style:
            element("rStyle", looks, val=style)
        for name, is_on in (("b", look.is_bold), ("i", look.is_italic), ("rtl", from_the_right)):
            if is_on:
                element(name, looks)
    text_in(run, text)
