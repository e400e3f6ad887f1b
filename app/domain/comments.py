"""What may be said in a comment, and who is named in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.texts import is_blank, too_long
from app.language.sentences import sentence

MOST_COMMENT = 5_000
LONGEST_NAME = 200
STOPS = ".,;:!?)]}*_\"'”’»…"
# A folded name → the keys of those around who have it.
Names = dict[str, list[int]]


@dataclass(frozen=True)
class Remark:
    """A comment as it was written: what about, in answer to which, and who should read it.

    About the whole experiment where neither a hypothesis nor a review is named.
    """

    text: str
    hypothesis_id: int | None = None
    review_id: int | None = None
    answers_id: int | None = None
    told: tuple[int, ...] = ()


def problems_of(remark: Remark) -> list[Problem]:
    """What keeps a comment from being kept."""
    if is_blank(remark.text):
        return [Problem("text", sentence("Write something."))]
    if len(remark.text) > MOST_COMMENT:
        return [Problem("text", too_long(MOST_COMMENT))]
    return []


@dataclass(frozen=True)
class Called:
    """Whom a comment names: people by their keys, and as it was typed what names nobody."""

    people: tuple[int, ...]
    nobody: tuple[str, ...]


def called_in(text: str, around: Mapping[int, str], elsewhere: Iterable[str] = ()) -> Called:
    """Who of those around (id → name) is named as "@Rosa Quispe", or "@Rosa" where one is.

    The longest whole name counts, also that of somebody ``elsewhere`` who cannot read it: they
    are named then, and nobody around whose name begins alike. A name of several is nobody's.
    """
    whole, first = _names(around, elsewhere)
    people: set[int] = set()
    nobody: dict[str, None] = {}
    for at in re.finditer(r"(?<!\w)@(?=\w)", text):
        after = text[at.end() : at.end() + LONGEST_NAME]
        typed = _typed(after)
        found = _longest(whole, after)
        if found is None and len(typed.split()) == 1:
            found = _longest(first, after)
        if found is not None and len(found) == 1:
            people.update(found)
        else:
            nobody[typed] = None
    return Called(tuple(sorted(people)), tuple(nobody))


def _names(around: Mapping[int, str], elsewhere: Iterable[str]) -> tuple[Names, Names]:
    """Whole names, and first names, with those around who have them."""
    whole: Names = {folded(name): [] for name in elsewhere}
    first: Names = {}
    for key, name in around.items():
        whole.setdefault(folded(name), []).append(key)
        first.setdefault(folded(name).partition(" ")[0], []).append(key)
    return whole, first


def _longest(names: Names, after: str) -> list[int] | None:
    """Who has the longest of the names that the text begins with; None where it is no name."""
    said = folded(after)
    begun = [name for name in names if re.match(rf"{re.escape(name)}(?!\w)", said)]
    return names[max(begun, key=len)] if begun else None


def _typed(after: str) -> str:
    """The name as it was typed: a word, and on the same line those after it with a capital."""
    words: list[str] = []
    for word in after.partition("\n")[0].split():
        if words and not word[0].isupper():
            break
        words.append(word.rstrip(STOPS))
        if word[-1] in STOPS:
            break
    return " ".join(words)
