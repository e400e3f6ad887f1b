"""What may no longer be written: days of a closed quarter, and readings that were accepted.

Each rule answers with why and with what to do, or with None where nothing stands in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.quarters import Quarter
from app.language.sentences import Sentence, sentence


@dataclass(frozen=True)
class Closed:
    """A quarter as an experiment meets it.

    ``on`` is the day it was closed, None while it is not; ``open_until`` the end of the longest
    exception given to the experiment.
    """

    quarter: Quarter
    on: date | None = None
    open_until: datetime | None = None


def why_closed(closed: Closed, code: str, *, at: datetime) -> Sentence | None:
    """Why nothing dated in the quarter is written of the experiment; an exception opens it."""
    if closed.on is None or (closed.open_until is not None and closed.open_until > at):
        return None
    return sentence(
        "%(quarter)s is closed since %(day)s: nothing of %(code)s that is dated in it can be "
        "written or changed. Ask the head of experimentation for an exception.",
        quarter=str(closed.quarter),
        day=closed.on,
        code=code,
    )


def why_not_begun(closed: Closed) -> Sentence | None:
    """Why no experiment begins in the quarter: one that is not logged has no exception."""
    if closed.on is None:
        return None
    return sentence(
        "%(quarter)s is closed since %(day)s: begin the experiment in an open quarter, and tell "
        "of earlier days in words.",
        quarter=str(closed.quarter),
        day=closed.on,
    )


def why_accepted(
    recorded_at: datetime, acceptances: Sequence[tuple[str, datetime]]
) -> Sentence | None:
    """Why a reading is not corrected: programmes (code, when) accepted what it was part of."""
    programmes = _accepted_by(recorded_at, acceptances)
    if not programmes:
        return None
    return sentence(
        "%(programmes)s accepted the quarter with this reading in it. Ask the officer to return "
        "the review; then it can be corrected.",
        programmes=programmes,
    )


def why_baseline_accepted(
    there_since: datetime, acceptances: Sequence[tuple[str, datetime]]
) -> Sentence | None:
    """Why a metric's baseline is not changed: programmes accepted what it was part of."""
    programmes = _accepted_by(there_since, acceptances)
    if not programmes:
        return None
    return sentence(
        "%(programmes)s accepted the quarter of this baseline. Ask the officer to return the "
        "review; then it can be changed.",
        programmes=programmes,
    )


def why_counted(
    recorded_at: datetime, acceptances: Sequence[tuple[str, datetime]]
) -> Sentence | None:
    """Why a metric stays: its baseline or readings, from ``recorded_at`` on, were accepted."""
    programmes = _accepted_by(recorded_at, acceptances)
    if not programmes:
        return None
    return sentence(
        "%(programmes)s accepted a quarter with numbers of this metric in it. Ask the officer to "
        "return the review; then it can be removed.",
        programmes=programmes,
    )


def _accepted_by(recorded_at: datetime, acceptances: Sequence[tuple[str, datetime]]) -> str:
    return ", ".join(code for code, accepted_at in acceptances if recorded_at <= accepted_at)
