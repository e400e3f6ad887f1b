"""Quarters of the calendar year, spelled "2026-Q3", and the life of one in an office."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.refusals import InvalidError, NotReadyError, Problem
from app.domain.texts import is_blank, text_problems
from app.language.sentences import Sentence, sentence
from models.vocabulary import QuarterState, Role

SPELLED = re.compile(r"(\d{4})-Q([1-4])")
CLOSERS = frozenset({Role.HEAD})
LONGEST_INTRODUCTION = 2000
MOST_DAYS_OPEN = 31


class Move(StrEnum):
    """What is done with a quarter."""

    INTRODUCE = "introduce"
    START_CLOSING = "start_closing"
    REOPEN = "reopen"
    NUDGE = "nudge"
    CLOSE = "close"
    EXCEPT = "except"
    END_EXCEPTION = "end_exception"
    CORRECT = "correct"


# Move → the state it is done in → the state it leads to. What is closed is never opened again.
TRANSITIONS: Mapping[Move, Mapping[QuarterState, QuarterState]] = {
    Move.INTRODUCE: {
        QuarterState.OPEN: QuarterState.OPEN,
        QuarterState.CLOSING: QuarterState.CLOSING,
    },
    Move.START_CLOSING: {QuarterState.OPEN: QuarterState.CLOSING},
    Move.REOPEN: {QuarterState.CLOSING: QuarterState.OPEN},
    Move.NUDGE: {QuarterState.CLOSING: QuarterState.CLOSING},
    Move.CLOSE: {QuarterState.CLOSING: QuarterState.CLOSED},
    Move.EXCEPT: {QuarterState.CLOSED: QuarterState.CLOSED},
    Move.END_EXCEPTION: {QuarterState.CLOSED: QuarterState.CLOSED},
    Move.CORRECT: {QuarterState.CLOSED: QuarterState.CLOSED},
}
# Why a move is not made, by the state it meets.
NOT_NOW: Mapping[QuarterState, Sentence] = {
    QuarterState.OPEN: sentence("This quarter is open: begin to close it first."),
    QuarterState.CLOSING: sentence("This quarter is being closed: close it first."),
    QuarterState.CLOSED: sentence(
        "This quarter is closed and stays so: give an exception for one experiment, then correct "
        "the report."
    ),
}
# What is said instead where a move was made already.
MADE: Mapping[tuple[Move, QuarterState], Sentence] = {
    (Move.START_CLOSING, QuarterState.CLOSING): sentence("Closing this quarter has begun already."),
    (Move.REOPEN, QuarterState.OPEN): sentence("This quarter is open."),
    (Move.CLOSE, QuarterState.CLOSED): sentence("This quarter was closed meanwhile."),
}


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months; ``number`` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts_on(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """The last day."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.starts_on <= day <= self.ends_on


def quarter_kept(spelled: str) -> Quarter:
    """The quarter that records keep as "2026-Q3"."""
    year, _dash, number = spelled.partition("-Q")
    return Quarter(int(year), int(number))


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarters_since(first: date, *, today: date) -> list[Quarter]:
    """The present quarter and those before it, back to the one of a day; the newest first."""
    quarters = [quarter_of(today)]
    while quarters[-1].starts_on > first:
        quarters.append(quarters[-1].previous)
    return quarters


def read_quarter(text: str, *, today: date) -> Quarter:
    """A quarter that has begun, from its spelling.

    Raises InvalidError for another spelling and NotReadyError for a quarter of the future.
    """
    found = SPELLED.fullmatch(text.strip().upper())
    if not found or not 1990 <= int(found[1]) <= 2100:
        raise InvalidError(
            [
                Problem(
                    "quarter",
                    sentence("“%(text)s” is no quarter. Write it like 2026-Q3.", text=text),
                )
            ]
        )
    quarter = Quarter(int(found[1]), int(found[2]))
    if quarter.starts_on > today:
        raise NotReadyError(
            sentence(
                "%(quarter)s has not begun: it starts on %(day)s.",
                quarter=str(quarter),
                day=quarter.starts_on,
            ),
            field="quarter",
        )
    return quarter


def state_after(move: Move, state: QuarterState) -> QuarterState:
    """Where a move leads. Raises NotReadyError, with the reason, where it is not made."""
    if state in TRANSITIONS[move]:
        return TRANSITIONS[move][state]
    raise NotReadyError(MADE.get((move, state), NOT_NOW[state]))


def refuse_unended(quarter: Quarter, *, today: date) -> None:
    """A quarter is closed once its last day has passed."""
    if quarter.ends_on >= today:
        raise NotReadyError(
            sentence(
                "%(quarter)s ends on %(day)s: it can be closed from the day after.",
                quarter=str(quarter),
                day=quarter.ends_on,
            )
        )


def problems_of_introduction(text: str) -> list[Problem]:
    """What keeps the head's sentences from standing on page one."""
    if len(text) <= LONGEST_INTRODUCTION:
        return []
    said = sentence(
        "The sentences for page one have %(n)s characters; at most %(most)s fit.",
        n=len(text),
        most=LONGEST_INTRODUCTION,
    )
    return [Problem("introduction", said)]


@dataclass(frozen=True)
class Leave:
    """An exception asked for: until when, and why."""

    until: datetime | None
    reason: str


def problems_of_leave(leave: Leave, *, at: datetime) -> list[Problem]:
    """An exception ends later than now, at most so many whole days on, and has a reason."""
    problems = list(text_problems(leave))
    if leave.until is None or leave.until <= at:
        problems.append(Problem("until", sentence("An exception ends on a day to come.")))
    elif leave.until > at + timedelta(days=MOST_DAYS_OPEN + 1):
        said = sentence(
            "An exception ends within %(most)s days; it can be given again.", most=MOST_DAYS_OPEN
        )
        problems.append(Problem("until", said))
    if is_blank(leave.reason):
        problems.append(
            Problem("reason", sentence("Say why this experiment is written to after the closing."))
        )
    return problems


def problems_of_correction(reason: str) -> list[Problem]:
    """A correction says what was wrong: it is printed in the report."""
    if not is_blank(reason):
        return []
    return [Problem("reason", sentence("Say what was wrong: the corrected report prints it."))]
