"""Readings: recorded once, never overwritten; a correction supersedes and says why."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disaggregations import cells_of
from app.domain.measurements import (
    Circumstances,
    Numbers,
    problems_of,
    problems_of_day,
    problems_of_reason,
)
from app.domain.refusals import ChangedMeanwhileError, InvalidError, Problem
from app.domain.texts import MOST_LINE, text_problems
from app.language.sentences import sentence
from app.services import findings, history
from app.services.actor import Actor
from app.services.locks import refuse_accepted, refuse_locked
from app.services.versions import MEANWHILE
from models import Experiment, Measurement, Metric, Place
from models.base import now
from models.vocabulary import ChangeReason

NUMBERS = tuple(Numbers.__dataclass_fields__)
CIRCUMSTANCES = tuple(Circumstances.__dataclass_fields__)
TOLD = (*NUMBERS, *CIRCUMSTANCES)


def record(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    numbers: Numbers,
    circumstances: Circumstances,
    *,
    by: Actor,
    today: date,
    at: datetime | None = None,
    device_key: str | None = None,
    is_demonstration: bool = False,
) -> Measurement:
    """Record a reading. The same ``device_key`` with the same content records it once.

    Raises NotReadyError where its day lies in a closed quarter.
    """
    if sent := _sent_before(session, metric, device_key):
        return _same_as_before(sent, numbers, circumstances)
    _refuse(problems_with(session, metric, numbers, circumstances, today=today))
    refuse_locked(session, experiment, circumstances.measured_on, at=at or now())
    measurement = _new_row(metric, numbers, circumstances, by=by)
    measurement.device_key, measurement.is_demonstration = device_key, is_demonstration
    session.add(measurement)
    told = {name: pair for name, pair in history.values_of(measurement).items() if name in TOLD}
    _note(session, experiment, metric, "measurement.recorded", by, told)
    findings.recompute(session, experiment, today=today)
    return measurement


def correct(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    wrong: Measurement,
    numbers: Numbers,
    circumstances: Circumstances,
    *,
    reason_code: ChangeReason | None,
    reason: str,
    by: Actor,
    today: date,
    at: datetime | None = None,
    device_key: str | None = None,
) -> Measurement:
    """Put a reading in the place of a wrong one, which stays readable.

    It takes a reason: a word of the list, and words.

    Raises ChangedMeanwhileError for a reading that was corrected already: the last of its
    corrections is the one to correct. Refuses one that a programme accepted, and from or to a day
    in a closed quarter.
    """
    if sent := _sent_before(session, metric, device_key):
        return _same_as_before(sent, numbers, circumstances)
    _refuse_superseded(session, wrong)
    refuse_accepted(session, experiment, wrong)
    found = problems_with(
        session, metric, numbers, circumstances, today=today, standing=wrong.disaggregation
    )
    _refuse([*found, *problems_of_reason(reason_code, reason)])
    _refuse_same(wrong, numbers, circumstances)
    for day in (wrong.measured_on, circumstances.measured_on):
        refuse_locked(session, experiment, day, at=at or now())
    right = _new_row(metric, numbers, circumstances, by=by)
    right.device_key, right.is_demonstration = device_key, wrong.is_demonstration
    session.add(right)
    session.flush()
    wrong.superseded_by_id = right.id
    wrong.correction_code, wrong.correction_reason = reason_code, reason
    _note(
        session,
        experiment,
        metric,
        "measurement.corrected",
        by,
        _differences(wrong, right),
        reason_code=reason_code,
        reason=reason,
    )
    findings.recompute(session, experiment, today=today)
    return right


def problems_with(
    session: Session,
    metric: Metric,
    numbers: Numbers,
    circumstances: Circumstances,
    *,
    today: date,
    standing: str = "",
) -> list[Problem]:
    """What keeps the metric from having this reading.

    ``standing`` is the cell of the reading that is corrected, which it may keep.
    """
    return [
        *problems_of(metric.kind, numbers),
        *problems_of_day(circumstances.measured_on, today=today),
        *_place_problems(session, circumstances),
        *_cell_problems(metric, circumstances, standing),
        *text_problems(circumstances, {"wave": MOST_LINE}),
    ]


def _refuse_superseded(session: Session, wrong: Measurement) -> None:
    right = select(Measurement.superseded_by_id).where(Measurement.id == wrong.id)
    if session.scalar(right) is not None:
        raise ChangedMeanwhileError(MEANWHILE)


def _sent_before(session: Session, metric: Metric, device_key: str | None) -> Measurement | None:
    """What this form recorded before; two sendings at once wait for each other.

    They wait at the experiment, as every change that is judged does: what holds one record and
    wants another would wait for ever.
    """
    session.execute(
        select(Experiment.id).where(Experiment.id == metric.experiment_id).with_for_update()
    )
    if device_key is None:
        return None
    return session.scalar(select(Measurement).where(Measurement.device_key == device_key))


def _same_as_before(
    sent: Measurement, numbers: Numbers, circumstances: Circumstances
) -> Measurement:
    """The reading this form made; other numbers under the same key are no repetition."""
    if _says(sent, numbers, circumstances):
        return sent
    said = sentence(
        "This form was saved already with other numbers. Open a new form for another reading, "
        "or correct the one that was saved."
    )
    raise InvalidError([Problem(None, said)])


def _says(row: Measurement, numbers: Numbers, circumstances: Circumstances) -> bool:
    told = [(numbers, name) for name in NUMBERS] + [(circumstances, name) for name in CIRCUMSTANCES]
    return all(_plain(getattr(row, name)) == _plain(getattr(part, name)) for part, name in told)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(problems)


def _place_problems(session: Session, circumstances: Circumstances) -> list[Problem]:
    ubigeo = circumstances.ubigeo
    if ubigeo is None or session.get(Place, ubigeo) is not None:
        return []
    return [Problem("ubigeo", sentence("Choose among the departments listed."))]


def _cell_problems(metric: Metric, circumstances: Circumstances, standing: str) -> list[Problem]:
    cell = circumstances.disaggregation
    if cell in ("", standing, *cells_of(metric.disaggregations)):
        return []
    said = sentence("The metric names no such part: choose one of those listed.")
    return [Problem("disaggregation", said)]


def _refuse_same(wrong: Measurement, numbers: Numbers, circumstances: Circumstances) -> None:
    if _says(wrong, numbers, circumstances):
        said = sentence("Nothing differs from the reading that stands.")
        raise InvalidError([Problem(None, said)])


def _new_row(
    metric: Metric, numbers: Numbers, circumstances: Circumstances, *, by: Actor
) -> Measurement:
    said = {name: _plain(getattr(numbers, name)) for name in NUMBERS}
    around = {name: getattr(circumstances, name) for name in CIRCUMSTANCES}
    return Measurement(metric_id=metric.id, recorded_by_id=by.id, **said, **around)


def _differences(wrong: Measurement, right: Measurement) -> dict[str, Any]:
    pairs = {name: [getattr(wrong, name), getattr(right, name)] for name in NUMBERS + CIRCUMSTANCES}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _note(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    event: str,
    by: Actor,
    changes: dict[str, Any],
    reason_code: ChangeReason | None = None,
    reason: str = "",
) -> None:
    """The entry names the metric, and a place by its name."""
    if "ubigeo" in changes:
        codes = changes.pop("ubigeo")
        changes["place"] = [_place_name(session, code) for code in codes]
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=event,
        by=by,
        changes={"metric": [metric.name, metric.name], **changes},
        reason_code=reason_code,
        reason=reason,
    )


def _place_name(session: Session, ubigeo: str | None) -> str | None:
    place = session.get(Place, ubigeo) if ubigeo else None
    return place.name if place else None
