"""How long a text may be: every limit in one place, asked by the rules of every record."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from app.domain.refusals import Problem
from app.language.sentences import Sentence, sentence

# As wide as the columns of names and titles.
MOST_LINE = 300
# A part of a sentence that is printed as one.
MOST_SLOT = 1_000
MOST_TEXT = 20_000
MOST_QUOTED = 60
ALL_LONG: Mapping[str, int] = {}


def too_long(most: int) -> Sentence:
    """The refusal of a text over its limit."""
    return sentence("At most %(most)s characters.", most=most)


def text_problems(
    record: Any, limits: Mapping[str, int] = ALL_LONG, *, under: str = ""
) -> Iterator[Problem]:
    """Every text of a record (a dataclass) over its limit: its own in ``limits``, else MOST_TEXT.

    A list of texts counts as one. ``under`` begins the path of the fields: "partners.0.".
    """
    for each in fields(record):
        most, length = limits.get(each.name, MOST_TEXT), _length(getattr(record, each.name))
        if length > most:
            yield Problem(f"{under}{each.name}", too_long(most))


def quoted(text: str) -> str:
    """What was typed, short enough to stand within a sentence."""
    plain = text.strip()
    return plain if len(plain) <= MOST_QUOTED else f"{plain[:MOST_QUOTED]}…"


def _length(value: Any) -> int:
    match value:
        case str():
            return len(value)
        case tuple() | list():
            return sum(len(each) for each in value if isinstance(each, str))
        case _:
            return 0
