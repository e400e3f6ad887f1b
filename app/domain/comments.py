"""What may be said in a comment, and who is named in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.texts import is_blank, too_long
from app.language.sentences import sentence

MOST_COMMENT = 5_000


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


def mentioned_in(text: str, people: Mapping[int, str]) -> list[int]:
    """Who of these people (id → name) is named as "@Rosa Quispe", or "@Rosa" where one is."""
    said = folded(text)
    return [key for key, names in _callings(people).items() if any(_calls(said, n) for n in names)]


def _callings(people: Mapping[int, str]) -> dict[int, list[str]]:
    """The whole name of each, and the first name where nobody else has it."""
    whole = {key: folded(name) for key, name in people.items()}
    first = {key: name.partition(" ")[0] for key, name in whole.items()}
    alone = {name for name in first.values() if list(first.values()).count(name) == 1}
    return {
        key: [name, *([first[key]] if first[key] in alone else [])] for key, name in whole.items()
    }


def _calls(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", said) is not None
