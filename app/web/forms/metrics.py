"""The form of a metric: shares are typed in per cent and kept as 0 to 1."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.hypotheses import Form as HypothesisForm
from app.domain.hypotheses import said
from app.domain.metrics import MetricFacts, as_stored, as_written
from app.services.hypotheses import slots_of
from app.services.metrics import facts_of
from app.web.forms.amendments import ReportedForm
from app.web.forms.choices import Asked, RecordField
from app.web.forms.fields import (
    DayField,
    LongTextField,
    NumberField,
    TextField,
    WavesField,
    WholeNumberField,
    WordField,
)
from app.web.forms.keys import KeyField
from app.web.language import current_speaker
from models import Hypothesis, Metric
from models.vocabulary import Cumulation, Direction, MetricKind, MetricRole

SCALED = ("baseline", "target", "minimum_meaningful_effect", "guardrail_margin")
LONGEST = 110


class MetricForm(ReportedForm):
    """What is measured, from where it starts and where it should get."""

    name = TextField(_l("Name"), [Asked()])
    kind = WordField(_l("Kind of number"), list(MetricKind), validators=[Asked()])
    unit = TextField(_l("Unit"))
    direction = WordField(_l("Direction"), list(Direction), validators=[Asked()])
    role = WordField(_l("Role"), list(MetricRole), validators=[Asked()])
    hypothesis_id = RecordField(_l("Hypothesis it would show"))
    baseline = NumberField(_l("Baseline"))
    baseline_n = WholeNumberField(_l("How many were asked"))
    baseline_on = DayField(_l("Day of the baseline"))
    baseline_source = LongTextField(_l("Source of the baseline"))
    target = NumberField(_l("Target"))
    target_on = DayField(_l("Day of the target"))
    minimum_meaningful_effect = NumberField(_l("Smallest effect that matters"))
    guardrail_margin = NumberField(_l("How much worse it may get"))
    cumulation = WordField(
        _l("How readings add up"), list(Cumulation), default=Cumulation.NOT_CUMULATIVE
    )
    denominator = LongTextField(_l("Denominator"))
    source = LongTextField(_l("Where the numbers come from"))
    measured_by = LongTextField(_l("Who measures"))
    waves = LongTextField(_l("When it is measured"))
    planned_waves = WavesField(_l("Planned waves"))
    disaggregations = LongTextField(_l("Disaggregations"))

    def offer(self, hypotheses: Sequence[Hypothesis]) -> None:
        """Set the hypotheses it may be linked to."""
        self.hypothesis_id.offer((row.id, _short(row)) for row in hypotheses)

    def facts(self) -> MetricFacts:
        """What was written, as the record keeps it."""
        written = {name: self[name].data for name in MetricFacts.__dataclass_fields__}
        scaled = {name: as_stored(self.kind.data, written[name]) for name in SCALED}
        waves = self.planned_waves.data or ()
        return MetricFacts(**written | scaled | {"planned_waves": waves})


class NewMetricForm(MetricForm):
    """A metric to add, once however often the form is sent."""

    submission_key = KeyField()


def shown(metric: Metric) -> dict[str, Any]:
    """A record as its form shows it."""
    values = vars(facts_of(metric))
    scaled = {name: as_written(metric.kind, values[name]) for name in SCALED}
    return values | scaled | {"version": metric.version}


def _short(hypothesis: Hypothesis) -> str:
    text = current_speaker().say(said(slots_of(hypothesis), HypothesisForm.BELIEVED))
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
