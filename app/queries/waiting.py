"""What one line of a desk says, alike on the page and in a letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from textwrap import shorten
from typing import Any

from app.language.sentences import Sentence, sentence
from models import Experiment, Programme

MOST_LINES = 8
MOST_CHARACTERS = 200
SOON = timedelta(days=14)


class Part(StrEnum):
    """The parts of a desk, what is most urgent first."""

    GATES_TO_DECIDE = "gates-to-decide"
    TO_ANSWER = "waiting"
    RETURNED = "returned"
    GATES_SENT_BACK = "gates-sent-back"
    MENTIONS = "mentions"
    QUARTERS = "quarters"
    DECISIONS = "decisions"
    TO_SUBMIT = "to-submit"
    READINGS = "readings"
    UNANSWERED = "unanswered"
    DRAFTS = "drafts"
    INCOMPLETE = "incomplete"
    PASSWORDS = "passwords"
    FAILURES = "failures"
    REPORTS = "reports"


# There to be read, or for somebody else to do, or without a day by which it is due.
ASKS_NOTHING = frozenset({Part.REPORTS, Part.UNANSWERED, Part.INCOMPLETE})
# Part → its heading, and what is said where nothing waits in it.
SAID: dict[Part, tuple[Sentence, Sentence]] = {
    Part.GATES_TO_DECIDE: (
        sentence("Gates to decide"),
        sentence("No gate waits for your decision."),
    ),
    Part.TO_ANSWER: (
        sentence("Reviews waiting for you"),
        sentence("No review waits for your answer."),
    ),
    Part.RETURNED: (
        sentence("Officers asked for changes"),
        sentence("No review was sent back to the lab."),
    ),
    Part.GATES_SENT_BACK: (sentence("Gates sent back"), sentence("No gate was sent back.")),
    Part.MENTIONS: (sentence("Comments that name you"), sentence("No new comment names you.")),
    Part.QUARTERS: (
        sentence("The quarter: who owes what"),
        sentence("Nothing is missing for the quarter's report."),
    ),
    Part.DECISIONS: (
        sentence("Decisions to look at again"),
        sentence("No decision has to be looked at again soon."),
    ),
    Part.TO_SUBMIT: (
        sentence("Reviews to submit"),
        sentence("Every review of your experiments is submitted."),
    ),
    Part.READINGS: (
        sentence("Readings that are missing"),
        sentence("No reading of your experiments is missing."),
    ),
    Part.UNANSWERED: (
        sentence("Sent back by you, not submitted again"),
        sentence("The lab has answered all that you sent back."),
    ),
    Part.DRAFTS: (sentence("Plans not submitted yet"), sentence("Every plan is submitted.")),
    Part.INCOMPLETE: (
        sentence("Your experiments that lack something"),
        sentence("Nothing is missing in the experiments you own."),
    ),
    Part.PASSWORDS: (
        sentence("Temporary passwords that ran out"),
        sentence("No temporary password ran out."),
    ),
    Part.FAILURES: (
        sentence("What did not work"),
        sentence("No report and no letter failed in the last two weeks."),
    ),
    Part.REPORTS: (sentence("Newest reports"), sentence("No report is issued yet.")),
}


@dataclass(frozen=True)
class Line:
    """One thing: of which record, what is the matter, since when, and due by which day.

    ``path`` is the page where it is done, from the tracker's root.
    """

    title: Sentence
    path: str
    said: Sentence | None = None
    code: str = ""
    programme: Programme | None = None
    since: datetime | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Section:
    """A part of the desk: its most urgent lines, and of how many they are the first.

    ``more`` is the page that lists all of them, "" where there is none.
    """

    part: Part
    lines: tuple[Line, ...]
    count: int
    more: str = ""

    @property
    def title(self) -> Sentence:
        """Its heading."""
        return SAID[self.part][0]

    @property
    def nothing(self) -> Sentence:
        """What is said of it when it is empty."""
        return SAID[self.part][1]

    @property
    def waits(self) -> bool:
        """Whether it asks something of the person now."""
        return self.part not in ASKS_NOTHING and self.count > 0


def section(
    part: Part,
    lines: Iterable[Line],
    *,
    more: str = "",
    is_ordered: bool = False,
) -> Section:
    """A part of these lines: what is due first comes first, then what waits longest.

    ``is_ordered`` leaves them in the order they come in.
    """
    ordered = list(lines) if is_ordered else sorted(lines, key=_urgency)
    return Section(part, tuple(ordered[:MOST_LINES]), len(ordered), more)


def verbatim(text: str) -> Sentence:
    """Somebody's own words, on one line and not too long, as they are in any language."""
    return Sentence("%(text)s", {"text": shorten(text, MOST_CHARACTERS, placeholder=" …")})


def line_on(experiment: Experiment, path: str, **said: Any) -> Line:
    """A line about an experiment; ``path`` is whole, with ``page_of`` where it is beneath it."""
    return Line(verbatim(experiment.title), path, code=experiment.code, **said)


def page_of(experiment: Experiment, beneath: str = "") -> str:
    """The page of an experiment, or one beneath it."""
    return f"/experiments/{experiment.code}{beneath}"


def _urgency(line: Line) -> tuple[bool, date, bool, float]:
    since = line.since.timestamp() if line.since else 0
    return (line.due_on is None, line.due_on or date.max, line.since is None, since)
