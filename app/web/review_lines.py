"""Reviews as rows that can be ticked, and what was ticked, with the version that was seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import request

from app.clock import today
from app.domain.quarters import Quarter, quarter_of, read_quarter
from app.domain.refusals import InvalidError, Problem
from app.language.sentences import sentence
from app.queries.reviews import QueueLine
from app.services.review_batches import Chosen, Outcome
from app.web.forms.base import Form


@dataclass(frozen=True)
class Row:
    """A line of the page; ``key`` is what its tick sends, ``n`` its place."""

    n: int
    line: QueueLine
    key: str
    is_ticked: bool


def rows_of(lines: Sequence[QueueLine], ticked: Collection[str] | None) -> list[Row]:
    """The lines as rows; ``ticked`` are the keys that were sent, None ticks every one."""
    keys = [(line, _spelled(line) + _version(line)) for line in lines]
    return [
        Row(n, line, key, is_ticked=ticked is None or key in ticked)
        for n, (line, key) in enumerate(keys)
    ]


def chosen(lines: Sequence[QueueLine], keys: Sequence[str] | None) -> list[Chosen]:
    """The lines that were ticked. InvalidError for none, or for one that is not among them."""
    if not keys:
        raise InvalidError([Problem(None, sentence("Tick at least one line."))])
    listed = {_spelled(line): line for line in lines}
    return [_chosen(listed, key) for key in keys]


def is_unsaved(form: Form, outcomes: Sequence[Outcome] | None) -> bool:
    """Whether what was typed went with none, or not with all, of what was ticked."""
    return form.is_submitted() and (outcomes is None or any(one.refusal for one in outcomes))


def asked_quarter() -> Quarter:
    """The quarter the address asks for; else the present one."""
    asked = request.args.get("quarter")
    return read_quarter(asked, today=today()) if asked else quarter_of(today())


def _chosen(listed: dict[str, QueueLine], key: str) -> Chosen:
    spelled, _slash, version = key.rpartition("/")
    line = listed.get(f"{spelled}/")
    if line is None:
        raise InvalidError([Problem(None, sentence("Choose one from the list."))])
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    return Chosen(line, seen_version=int(version) if is_number else None)


def _spelled(line: QueueLine) -> str:
    return f"{line.programme.code}/{line.experiment.code}/"


def _version(line: QueueLine) -> str:
    return str(line.review.version) if line.review else ""
