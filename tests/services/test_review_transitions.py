"""Several people take steps on the reviews of one experiment in any order.

A model of a few lines says what each step must do; whatever the order, the stored reviews and the
history agree with it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, func, select

from app.database import UnitOfWork
from app.domain.quarters import Quarter
from app.domain.refusals import ChangedMeanwhileError, NotAllowedError, NotReadyError, RefusalError
from app.domain.reviews import Answer, Submission
from app.queries.reviews import QueueLine, queue_line
from app.queries.scope import EVERYTHING
from app.services import history, reviews
from app.services.actor import Actor
from models import HistoryEntry, ImpactReview, Person
from models.vocabulary import Door, Impact, ReviewState
from tests.cast import introduce
from tests.factories import an_experiment

THIRD = Quarter(2026, 3)
LAB = ("staff", "head")
OFFICERS = {"markets": "officer", "inclusion": "other_officer"}
PARTS = (*LAB, *OFFICERS.values(), "admin", "reader", "stranger")
MOVES = ("draft", "submit", "accept", "return")


@dataclass
class Kept:
    """What the model believes of one programme's review."""

    state: str = "draft"
    version: int | None = None
    author: str | None = None
    reviewer: str | None = None
    rating: Impact | None = None
    accepted_at: datetime | None = None


class Reviews(RuleBasedStateMachine):
    """Everybody of the cast at two reviews of one experiment."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.unit = UnitOfWork(engine, writes=True)
        self.session = self.unit.session
        self.people = introduce(self.session)
        self.experiment = an_experiment(
            self.session, self.people.peru, self.people.markets, self.people.inclusion
        )
        self.now = datetime(2026, 10, 2, 15, tzinfo=UTC)
        self.changed_at: datetime | None = None
        self.writers: set[str] = set()
        self.model = {programme: Kept() for programme in OFFICERS}
        self.told = 0
        self.last: tuple[str, str, str, str] | None = None

    def teardown(self) -> None:
        """Nothing lasts."""
        self.unit.close(commit=False)

    @rule(
        part=st.sampled_from(PARTS),
        programme=st.sampled_from(sorted(OFFICERS)),
        move=st.sampled_from(MOVES),
        has_looked=st.sampled_from([True, True, True, False]),
    )
    def act(self, part: str, programme: str, move: str, has_looked: bool) -> None:
        """Somebody tries a step, having looked at the review as it stands or at an older one."""
        words = f"At {self.now:%H:%M:%S}."
        kept = self.model[programme]
        refusal = self._refusal(part, programme, move, has_looked=has_looked)
        seen = kept.version if has_looked else (kept.version or 0) + 7
        if refusal:
            with pytest.raises(refusal):
                self._step(part, programme, move, words, seen)
        else:
            self._step(part, programme, move, words, seen)
            self._believe(part, programme, move)
            self.last = (part, programme, move, words)
        self._later()

    @rule(
        who=st.sampled_from(LAB),
        programme=st.sampled_from(sorted(OFFICERS)),
        move=st.sampled_from(["submit", "submit", "accept", "accept", "return", "draft"]),
    )
    def go_on(self, who: str, programme: str, move: str) -> None:
        """Whoever's step it may be tries it, having looked: so that steps follow on each other."""
        part = who if move in ("draft", "submit") else OFFICERS[programme]
        self.act(part, programme, move, has_looked=True)

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_the_last_step_again(self) -> None:
        """A form that is sent twice changes nothing the second time."""
        part, programme, move, words = self.last  # type: ignore[misc]
        if self._refusal(part, programme, move, has_looked=True) is not NotAllowedError:
            self._step(part, programme, move, words, seen=None)
        self._later()

    @rule(part=st.sampled_from(["staff", "staff", "staff", "officer"]))
    def write(self, part: str) -> None:
        """The experiment changes; who wrote any part of it reviews none of it from then on."""
        self._tell("experiment.edited", part)
        self.changed_at, self.last = self.now, None
        self.writers.add(part)
        self._later()

    @rule(part=st.sampled_from(PARTS))
    def talk(self, part: str) -> None:
        """Talk changes nothing and makes nobody an author."""
        self._tell("comment.written", part)
        self._later()

    @invariant()
    def what_is_stored_is_what_the_model_believes(self) -> None:
        """State, author, reviewer and rating, for every programme."""
        names = {person.id: part for part, person in self.people.everybody().items()}
        self.session.flush()
        stored = {
            "markets" if row.programme_id == self.people.markets.id else "inclusion": row
            for row in self.session.scalars(select(ImpactReview))
        }
        for programme, kept in self.model.items():
            row = stored.get(programme)
            assert (row is None) == (kept.version is None)
            if row is not None:
                assert (
                    Kept(
                        state=row.state.value,
                        version=row.version,
                        author=names.get(row.submitted_by_id),
                        reviewer=names.get(row.reviewed_by_id),
                        rating=row.impact,
                        accepted_at=row.accepted_at,
                    )
                    == kept
                )
                assert bool(row.facts) == (kept.accepted_at is not None)

    @invariant()
    def nobody_has_accepted_what_the_lab_did_not_hand_in(self) -> None:
        """An accepted review has an author and a reviewer, who are never one person."""
        for kept in self.model.values():
            if kept.state == "accepted":
                assert kept.author in LAB
                assert kept.reviewer in OFFICERS.values()

    @invariant()
    def every_step_is_told_once(self) -> None:
        """One entry of the history for each step that was taken, none for a refusal."""
        told = select(func.count()).where(HistoryEntry.event.like("review.%"))
        assert self.session.scalar(told) == self.told

    def _refusal(
        self, part: str, programme: str, move: str, *, has_looked: bool
    ) -> type[RefusalError] | None:
        """What the model says is in the way."""
        kept = self.model[programme]
        if move in ("draft", "submit"):
            is_theirs = part in LAB
        else:
            is_theirs = part == OFFICERS[programme] and part not in self.writers
        if not is_theirs:
            return NotAllowedError
        if not has_looked:
            return ChangedMeanwhileError
        has_changed = bool(
            kept.accepted_at and self.changed_at and self.changed_at > kept.accepted_at
        )
        is_open = {
            "draft": kept.state == "draft",
            "submit": kept.state in ("draft", "returned")
            or (kept.state == "accepted" and has_changed),
            "accept": kept.state == "submitted",
            "return": kept.state in ("submitted", "accepted"),
        }
        return None if is_open[move] else NotReadyError

    def _believe(self, part: str, programme: str, move: str) -> None:
        kept = self.model[programme]
        kept.version, self.told = (kept.version or 0) + 1, self.told + 1
        if move == "submit":
            kept.state, kept.author, kept.rating = "submitted", kept.author or part, None
        elif move == "accept":
            kept.state, kept.reviewer, kept.rating = "accepted", part, Impact.EMERGING
            kept.accepted_at = self.now
        elif move == "return":
            kept.state, kept.reviewer, kept.rating = "returned", part, None

    def _step(self, part: str, programme: str, move: str, words: str, seen: int | None) -> None:
        line, by = self._line(programme), Actor(self._person(part), Door.WEB)
        if move in ("draft", "submit"):
            step = reviews.draft if move == "draft" else reviews.submit
            step(self.session, line, Submission(words), by=by, at=self.now, seen_version=seen)
            return
        is_acceptance = move == "accept"
        said = Answer(
            ReviewState.ACCEPTED if is_acceptance else ReviewState.RETURNED,
            Impact.EMERGING if is_acceptance else None,
            words,
        )
        reviews.answer(self.session, line, said=said, by=by, at=self.now, seen_version=seen)

    def _line(self, programme: str) -> QueueLine:
        return queue_line(
            self.session,
            experiment_code=self.experiment.code,
            programme_code=getattr(self.people, programme).code,
            quarter=THIRD,
            scope=EVERYTHING,
        )

    def _person(self, part: str) -> Person:
        return self.people.everybody()[part]

    def _tell(self, event: str, part: str) -> None:
        subject = f"experiment:{self.experiment.code}"
        by = Actor(self._person(part), Door.WEB)
        history.record(self.session, subject=subject, event=event, by=by).at = self.now

    def _later(self) -> None:
        self.now += timedelta(seconds=1)


def test_whatever_the_order_the_reviews_are_what_the_rules_make_of_them(engine: Engine) -> None:
    budget = settings(max_examples=25, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(lambda: Reviews(engine), settings=budget)
