"""What a list of experiments is narrowed to, read from the address and written back to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request, url_for

from app.domain.evidence_levels import HIGHEST
from app.domain.quarters import Quarter, quarter_of, read_quarter
from app.domain.refusals import RefusalError
from app.language.sentences import Sentence, sentence
from app.queries.experiments import NEWEST_FIRST, SORTS, ExperimentFilters
from app.web.addresses import page_number, whole, words
from models.vocabulary import ExperimentState, Stage, Verdict

Word = TypeVar("Word", bound=StrEnum)
NAMES = ("q", "stage", "state", "programme", "owner", "quarter", "verdict", "level")
RECENT_QUARTERS = 8
LEVELS = range(HIGHEST + 1)


@dataclass
class Asked:
    """The filters understood, the page asked for, and what could not be understood."""

    filters: ExperimentFilters
    page: int
    doubts: list[Sentence] = field(default_factory=list)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return any(request.args.get(name) for name in NAMES)


def read(*, today: date) -> Asked:
    """The filters of the address. What is unknown is left out and said."""
    doubts: list[Sentence] = []
    filters = ExperimentFilters(
        stage=_word("stage", Stage, doubts),
        state=_word("state", ExperimentState, doubts),
        programme=words("programme") or None,
        owner_id=whole("owner"),
        quarter=_quarter(doubts, today),
        verdict=_word("verdict", Verdict, doubts),
        level=_level(doubts),
        words=words("q"),
        sort=_sort(),
    )
    return Asked(filters, page_number(), doubts)


def address(**changes: object) -> str:
    """The list's address with some parts changed; a part that is None goes."""
    kept = {name: request.args.get(name) for name in (*NAMES, "sort")}
    asked = {name: value for name, value in {**kept, **changes}.items() if value}
    return url_for("experiments.index", **asked)  # type: ignore[arg-type]


def sort_address(key: str, asked: Asked) -> str:
    """The address that sorts by a column: upwards first, downwards when it does already."""
    return address(sort=f"-{key}" if asked.filters.sort == key else key)


def sorted_by(key: str, asked: Asked) -> str | None:
    """How a column is sorted, in ARIA's words."""
    return {key: "ascending", f"-{key}": "descending"}.get(asked.filters.sort)


def recent_quarters(today: date) -> list[Quarter]:
    """The quarters a list offers, the present one first."""
    return list(_backwards(quarter_of(today), RECENT_QUARTERS))


def chips(said: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The filters in use as (name, value, address without it), from parameter → (name, value)."""
    return [
        (name, value, address(**{parameter: None}))
        for parameter, (name, value) in said.items()
        if value
    ]


def _backwards(quarter: Quarter, count: int) -> Iterator[Quarter]:
    for _step in range(count):
        yield quarter
        quarter = quarter.previous


def _word(name: str, listed: type[Word], doubts: list[Sentence]) -> Word | None:
    text = request.args.get(name, "")
    if text in ("", *listed):
        return listed(text) if text else None
    doubts.append(sentence("“%(text)s” is not in the list and was left out.", text=text))
    return None


def _level(doubts: list[Sentence]) -> int | None:
    text = request.args.get("level", "")
    if text in ("", *map(str, LEVELS)):
        return int(text) if text else None
    doubts.append(sentence("“%(text)s” is not in the list and was left out.", text=text))
    return None


def _quarter(doubts: list[Sentence], today: date) -> Quarter | None:
    text = request.args.get("quarter", "")
    if not text:
        return None
    try:
        return read_quarter(text, today=today)
    except RefusalError as refusal:
        doubts.append(refusal.message)
        return None


def _sort() -> str:
    text = request.args.get("sort", "")
    return text if text.removeprefix("-") in SORTS else NEWEST_FIRST
