"""How long a text may be: every limit in one place, asked by the rules of every record."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any
from unicodedata import category

from app.domain.refusals import Problem
from app.language.sentences import Sentence, sentence

# As wide as the columns of names and titles.
MOST_LINE = 300
# A part of a sentence that is printed as one.
MOST_SLOT = 1_000
MOST_TEXT = 20_000
MOST_QUOTED = 60
# Unicode's categories of control and format characters, of blanks and of what stands on a letter.
CONTROLS = frozenset(("Cc", "Cf"))
UNSEEN = CONTROLS | {"Zs", "Zl", "Zp", "Mn", "Me"}
# Letters and signs without a shape: Hangul fillers and the blank pattern of Braille.
EMPTY_SHAPES = "\u115f\u1160\u3164\uffa0\u2800"
LINE_ENDS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
JOINERS = "\u200c\u200d"
STRAY_JOINERS = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)")
ALL_LONG: Mapping[str, int] = {}


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of the text."""
    return all(category(each) in UNSEEN or each in EMPTY_SHAPES for each in text)


def one_line(text: str) -> str:
    """A text of one line: no line ends, no blanks around it, nothing that nobody sees.

    What joins two letters or signs into one shape (ZERO WIDTH JOINER and NON-JOINER) stays.
    """
    spaced = LINE_ENDS.sub(" ", text)
    seen = "".join(each for each in spaced if category(each) not in CONTROLS or each in JOINERS)
    line = STRAY_JOINERS.sub("", seen).strip()
    return "" if is_blank(line) else line


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
