"""What the readings of a metric add up to, and where an experiment's chain is broken.

Works on records that are loaded already; asks the database nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.clock import day_of
from app.domain.accumulation import added
from app.domain.chains import Chain, MetricLink, Missing, missing_in
from app.domain.measurements import Numbers, size_of, value_of
from app.domain.progress import Track, Way, due_by, track_of
from models import Experiment, Measurement, Metric
from models.vocabulary import Arm, Cumulation, MetricKind, MetricRole


@dataclass(frozen=True)
class Reading:
    """A measurement with the one value its numbers make, and how many units it rests on."""

    measurement: Measurement
    value: Decimal
    size: int | None

    @property
    def on(self) -> date:
        """The day it was measured."""
        return self.measurement.measured_on

    @property
    def arm(self) -> Arm:
        """The group it was taken in."""
        return self.measurement.arm


@dataclass(frozen=True)
class MetricEvidence:
    """A metric, its standing readings in time, and how the newest stands against the target.

    ``readings`` holds both groups and leaves out what was superseded and what speaks of a part
    of the group only. ``due`` is what was due by the day of the newest reading.
    """

    metric: Metric
    readings: Sequence[Reading]
    latest: Reading | None
    due: Decimal | None
    track: Track | None

    def of(self, arm: Arm) -> list[Reading]:
        """The readings of one group."""
        return [reading for reading in self.readings if reading.arm is arm]


def standing_for(metric: Metric, measurement: Measurement) -> Measurement:
    """The last of a reading's corrections; itself where there is none."""
    readings = {one.id: one for one in metric.measurements}
    while (right := measurement.superseded_by_id) is not None:
        measurement = readings[right]
    return measurement


def numbers_of(measurement: Measurement) -> Numbers:
    """The sufficient numbers as the rules take them."""
    said = {name: getattr(measurement, name) for name in Numbers.__dataclass_fields__}
    answers = measurement.answers
    return Numbers(**said | {"answers": None if answers is None else tuple(answers)})


def reading_of(measurement: Measurement, kind: MetricKind) -> Reading:
    """A measurement and its value."""
    numbers = numbers_of(measurement)
    return Reading(measurement, value_of(kind, numbers), size_of(kind, numbers))


def evidence_of(metric: Metric) -> MetricEvidence:
    """What a metric's loaded measurements show; of sums, each reading with all before it."""
    standing = [row for row in metric.measurements if row.is_current and not row.disaggregation]
    if metric.cumulation is Cumulation.SUMS:
        readings = list(_running_sums(standing, metric.kind))
    else:
        readings = [reading_of(row, metric.kind) for row in standing]
    latest = latest_of(readings, metric)
    return MetricEvidence(
        metric=metric,
        readings=readings,
        latest=latest,
        due=due_by(way_of(metric), latest.on) if latest else None,
        track=track_of(way_of(metric), latest.value, on=latest.on) if latest else None,
    )


def latest_of(readings: Sequence[Reading], metric: Metric) -> Reading | None:
    """The treated group's newest reading; of several places, the newest of each taken together.

    No one place stands for all of them. What sums has all places in its newest reading already.
    """
    treated = [reading for reading in readings if reading.arm is Arm.TREATMENT]
    placed = (reading for reading in treated if reading.measurement.ubigeo)
    newest = {reading.measurement.ubigeo: reading for reading in placed}
    if len(newest) < 2 or metric.cumulation is Cumulation.SUMS:
        return treated[-1] if treated else None
    numbers = added(metric.kind, [numbers_of(each.measurement) for each in newest.values()])
    value, size = value_of(metric.kind, numbers), size_of(metric.kind, numbers)
    return Reading(treated[-1].measurement, value, size)


def _running_sums(rows: Sequence[Measurement], kind: MetricKind) -> Iterator[Reading]:
    """Each reading with what its group's readings have added up to by then."""
    so_far: dict[Arm, Numbers] = {}
    for row in rows:
        numbers = [so_far[row.arm], numbers_of(row)] if row.arm in so_far else [numbers_of(row)]
        so_far[row.arm] = added(kind, numbers)
        yield Reading(row, value_of(kind, so_far[row.arm]), size_of(kind, so_far[row.arm]))


def way_of(metric: Metric) -> Way:
    """The way a metric has to go."""
    return Way(
        direction=metric.direction,
        role=metric.role,
        baseline=metric.baseline,
        baseline_on=metric.baseline_on,
        target=metric.target,
        target_on=metric.target_on,
    )


def first_measured_on(experiment: Experiment, *, until: date = date.max) -> date | None:
    """The day of the first measurement, of those measured by then."""
    rows = [row for metric in experiment.metrics for row in metric.measurements]
    return first_day_of(row for row in rows if row.measured_on <= until)


def first_day_of(rows: Iterable[Measurement]) -> date | None:
    """The earliest day that any of them named; of a corrected reading, also before correction.

    Whoever wrote a reading down had seen it: correcting its day unsees nothing.
    """
    return min((row.measured_on for row in rows), default=None)


def began_on(experiment: Experiment) -> date:
    """The first day it is known of: written down, begun, entered a stage, or measured."""
    moments = [experiment.created_at, *(entry.entered_at for entry in experiment.stages)]
    days = [day_of(moment) for moment in moments]
    known = (experiment.starts_on, first_measured_on(experiment))
    return min([*days, *(day for day in known if day)])


def main_metric(experiment: Experiment) -> Metric | None:
    """The metric a list shows: the first primary one, else the first."""
    primary = [row for row in experiment.metrics if row.role is MetricRole.PRIMARY]
    return next(iter([*primary, *experiment.metrics]), None)


def missing_of(experiment: Experiment) -> list[Missing]:
    """Where the experiment's chain is broken."""
    return missing_in(chain_of(experiment))


def chain_of(experiment: Experiment) -> Chain:
    """An experiment's links as the rule sees them."""
    return Chain(
        state=experiment.state,
        has_programme=bool(experiment.programmes),
        has_owner=experiment.owner_id is not None,
        has_question=experiment.learning_question_id is not None,
        hypothesis_ids=[hypothesis.id for hypothesis in experiment.hypotheses],
        metrics=[_link(metric) for metric in experiment.metrics],
        has_consent=experiment.consent_given is True,
        has_harm_check=experiment.do_no_harm_checked is True,
        has_result=bool(experiment.what_happened),
        has_decision=bool(experiment.decisions),
    )


def _link(metric: Metric) -> MetricLink:
    return MetricLink(
        id=metric.id,
        name=metric.name,
        hypothesis_id=metric.hypothesis_id,
        has_baseline=metric.baseline is not None,
        has_target=metric.target is not None,
        has_reading=any(row.is_current for row in metric.measurements),
        is_guardrail=metric.role is MetricRole.GUARDRAIL,
    )
