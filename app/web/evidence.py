"""How templates show hypotheses, values and pictures of metrics: one filter each."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from app.domain.hypotheses import Form, said
from app.domain.progress import said as track_said
from app.language.sentences import Sentence, sentence
from app.queries.evidence import MetricEvidence, Reading, evidence_of, reading_of
from app.reports import charts
from app.reports.charts import Point, Series
from app.reports.charts.tiles import departments
from app.reports.magnitudes import DECIMALS, MOST_DECIMALS
from app.reports.wording import number_of
from app.services.hypotheses import slots_of
from app.web.language import current_speaker
from models import Hypothesis, Measurement, Metric
from models.vocabulary import MetricKind


def believed(hypothesis: Hypothesis) -> Sentence:
    """The hypothesis as “We believe that…”."""
    return said(slots_of(hypothesis), Form.BELIEVED)


def if_then(hypothesis: Hypothesis) -> Sentence:
    """The hypothesis as UNDP's IF … THEN …."""
    return said(slots_of(hypothesis), Form.IF_THEN)


def evidence(metric: Metric) -> MetricEvidence:
    """What the metric's readings add up to."""
    return evidence_of(metric)


def reading(measurement: Measurement, metric: Metric) -> Reading:
    """A measurement and the value its numbers make."""
    return reading_of(measurement, metric.kind)


def figure(value: Decimal | None, metric: Metric, at_most: int = DECIMALS) -> str:
    """A value as the reader writes numbers of its kind; nothing for no value."""
    return "" if value is None else number_of(metric.kind, current_speaker(), at_most)(value)


def exact(value: Decimal | None, metric: Metric) -> str:
    """A value to the last decimal that is kept."""
    return figure(value, metric, MOST_DECIMALS)


def distance(value: Decimal | None, metric: Metric) -> str:
    """A difference of two values: of two shares in points, else as a value."""
    if value is None or metric.kind is not MetricKind.PROPORTION:
        return figure(value, metric)
    speaker = current_speaker()
    return speaker.say(sentence("%(n)s percentage points", n=(value * 100).normalize()))


def standing(shown: MetricEvidence) -> Sentence:
    """Where the metric stands against its target, in words."""
    return track_said(shown.track)


def sparkline(shown: MetricEvidence) -> Markup:
    """The metric in the size of a word."""
    return charts.sparkline(_series(shown), current_speaker())


def described(shown: MetricEvidence) -> str:
    """The metric's course in one sentence."""
    return charts.described(_series(shown), current_speaker())[0]


def _series(shown: MetricEvidence) -> Series:
    metric = shown.metric
    return Series(
        name=metric.name,
        points=[
            Point(row.on, row.value, row.arm, place=_place(row.measurement.ubigeo))
            for row in shown.readings
        ],
        direction=metric.direction,
        number=number_of(metric.kind, current_speaker()),
        baseline=metric.baseline,
        baseline_on=metric.baseline_on,
        target=metric.target,
        target_on=metric.target_on,
    )


def _place(ubigeo: str | None) -> str:
    """The department's name; of another place its number."""
    named = (each.name for each in departments() if each.ubigeo == ubigeo)
    return next(named, ubigeo or "")


FILTERS: Mapping[str, Callable[..., Any]] = {
    shows.__name__: shows
    for shows in (
        believed,
        if_then,
        evidence,
        reading,
        figure,
        exact,
        distance,
        standing,
        sparkline,
        described,
    )
}
