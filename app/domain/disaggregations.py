"""The parts a metric is also told by, as "sex: women, men", one disaggregation a line.

A reading of one part names its cell as "sex: women". Cells are shown and checked against the
reading of the whole group, and never counted again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.texts import MOST_LINE, one_line, quoted
from app.language.sentences import sentence

FIELD = "disaggregations"
FEWEST_CELLS = 2
APART = re.compile(r"[;,]")


@dataclass(frozen=True)
class Disaggregation:
    """By what the group is parted, and its parts. ``name`` is "" where a line names none."""

    line: str
    name: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Each part as a reading names it."""
        return tuple(f"{self.name}: {part}" for part in self.parts)


def read(text: str) -> list[Disaggregation]:
    """The disaggregations a text names, line by line."""
    return [_read(line) for line in map(one_line, text.splitlines()) if line]


def cells_of(text: str) -> list[str]:
    """Every cell a reading may speak of."""
    return [cell for each in read(text) for cell in each.cells]


def name_of(cell: str) -> str:
    """By what a cell parts the group; "" where it does not say."""
    name, colon, _part = cell.partition(":")
    return name.strip() if colon else ""


def problems_of(text: str) -> Iterator[Problem]:
    """What keeps these disaggregations from being kept."""
    found = read(text)
    for each in found:
        if not each.name or len(each.parts) < FEWEST_CELLS:
            said = sentence(
                "“%(line)s”: write by what, a colon and at least two parts, as in “sex: women,"
                " men”.",
                line=quoted(each.line),
            )
            yield Problem(FIELD, said)
        elif len(set(map(folded, each.parts))) < len(each.parts):
            said = sentence("“%(line)s” names a part twice.", line=quoted(each.line))
            yield Problem(FIELD, said)
    if len({folded(each.name) for each in found}) < len(found):
        yield Problem(FIELD, sentence("Two lines part the group by the same thing: join them."))
    if any(len(cell) > MOST_LINE for each in found for cell in each.cells):
        said = sentence("A part and its name have at most %(most)s characters.", most=MOST_LINE)
        yield Problem(FIELD, said)


def _read(line: str) -> Disaggregation:
    name, colon, rest = line.partition(":")
    parts = tuple(part.strip() for part in APART.split(rest) if part.strip())
    return Disaggregation(line, name.strip() if colon else "", parts)
