"""What a form of an experiment cannot be saved with, said before anybody types."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.clock import now
from app.database import current_session
from app.domain.locks import Closed, why_accepted, why_closed
from app.domain.quarters import Quarter, quarter_of
from app.language.sentences import Sentence
from app.queries.quarters import acceptances_in, closed_for_each, closed_quarters
from models import Experiment, Measurement

# Older ones are seldom written to; the rule refuses them all the same.
MOST_CLOSED = 2


@dataclass(frozen=True)
class Locked:
    """The keys of the experiments of which a quarter takes nothing more, and why."""

    keys: Collection[int]
    why: Sequence[Sentence]


def closed_to(experiment: Experiment, day: date | None = None) -> list[Sentence]:
    """Which quarters nothing of the experiment can be dated in, and why; the newest first.

    Before them the quarter of ``day``, to which what is being changed is dated now.
    """
    met = closed_quarters(current_session(), experiment.office_id, experiment.id)
    met.sort(key=lambda one: day is None or not one.quarter.holds(day))
    at = now()
    said = [why_closed(one, experiment.code, at=at) for one in met]
    return [one for one in said if one][:MOST_CLOSED]


def locked_reviews(quarter: Quarter, experiments: Iterable[Experiment]) -> Locked:
    """Of which nothing of the quarter is submitted or answered; what closed on one day, once."""
    codes = {one.id: one.code for one in experiments}
    met, at = closed_for_each(current_session(), quarter, codes.keys()), now()
    shut = {key: met[key].on for key in codes if key in met and why_closed(met[key], "", at=at)}
    said = [
        why_closed(
            Closed(quarter, day), ", ".join(codes[key] for key in shut if shut[key] == day), at=at
        )
        for day in dict.fromkeys(shut.values())
    ]
    return Locked(shut.keys(), [one for one in said if one])


def locked_reading(experiment: Experiment, reading: Measurement) -> list[Sentence]:
    """Why a reading cannot be corrected now, besides the quarters that are closed."""
    quarter = quarter_of(reading.measured_on)
    accepted = acceptances_in(current_session(), experiment.id, quarter)
    said = why_accepted(reading.recorded_at, accepted)
    return [said] if said else []
