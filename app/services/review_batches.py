"""Many reviews in one go: each line takes the single step, with all its effects and refusals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.refusals import RefusalError
from app.domain.reviews import Answer, Submission
from app.language.sentences import Sentence
from app.queries.reviews import QueueLine
from app.services import reviews
from app.services.actor import Actor


@dataclass(frozen=True)
class Chosen:
    """A line somebody ticked, and the version of its review they saw (None: none yet)."""

    line: QueueLine
    seen_version: int | None


@dataclass(frozen=True)
class Outcome:
    """What became of a line: ``refusal`` says why nothing did."""

    line: QueueLine
    refusal: Sentence | None = None


def submit_all(
    session: Session, chosen: Sequence[Chosen], submission: Submission, *, by: Actor, at: datetime
) -> list[Outcome]:
    """Submit each line; one that is refused leaves the others alone."""

    def step(one: Chosen) -> None:
        reviews.submit(session, one.line, submission, by=by, at=at, seen_version=one.seen_version)

    return _each(session, chosen, step)


def draft_all(
    session: Session, chosen: Sequence[Chosen], submission: Submission, *, by: Actor, at: datetime
) -> list[Outcome]:
    """Keep the note with each line, not handed in."""

    def step(one: Chosen) -> None:
        reviews.draft(session, one.line, submission, by=by, at=at, seen_version=one.seen_version)

    return _each(session, chosen, step)


def answer_all(
    session: Session, chosen: Sequence[Chosen], *, said: Answer, by: Actor, at: datetime
) -> list[Outcome]:
    """Answer each line; one that is refused leaves the others alone."""

    def step(one: Chosen) -> None:
        reviews.answer(session, one.line, said=said, by=by, at=at, seen_version=one.seen_version)

    return _each(session, chosen, step)


def _each(
    session: Session, chosen: Sequence[Chosen], step: Callable[[Chosen], None]
) -> list[Outcome]:
    """Always in the same order, so that two people at many lines never wait for each other."""
    ordered = sorted(chosen, key=lambda one: (one.line.experiment.id, one.line.programme.id))
    return [_tried(session, one, step) for one in ordered]


def _tried(session: Session, one: Chosen, step: Callable[[Chosen], None]) -> Outcome:
    try:
        with session.begin_nested():
            step(one)
    except RefusalError as refusal:
        return Outcome(one.line, refusal.message)
    return Outcome(one.line)
