"""The form of a reading: only the numbers of its metric's kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.domain.disaggregations import cells_of
from app.domain.measurements import ANSWERS, FIELDS, Circumstances, Numbers
from app.services.measurements import CIRCUMSTANCES
from app.web.forms.base import Form, VersionedForm
from app.web.forms.choices import NOTHING, Asked
from app.web.forms.fields import (
    DayField,
    LongTextField,
    NumberField,
    TextField,
    WholeNumberField,
    WordField,
)
from app.web.forms.keys import KeyField
from models import Measurement, Metric, Place
from models.vocabulary import Arm, ChangeReason, MetricKind

LABELS: Mapping[tuple[MetricKind, str], Any] = {
    (MetricKind.PROPORTION, "n"): _l("Out of how many"),
    (MetricKind.RATE, "count"): _l("How often it was counted"),
    (MetricKind.COUNT, "count"): _l("How many were counted"),
    (MetricKind.MONEY, "mean"): _l("Average in US dollars"),
}


class PlaceField(SelectField):
    """A place by its ubigeo, or none."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=lambda value: value or None, choices=[NOTHING], **kwargs)

    def offer(self, places: Iterable[Place]) -> None:
        """Set the places to choose among."""
        self.choices = [NOTHING, *(SelectChoice(place.ubigeo, place.name) for place in places)]


class CellField(SelectField):
    """A part of the group by its cell, or the whole group."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[], **kwargs)

    def offer(self, cells: Iterable[str]) -> None:
        """Set the cells to choose among."""
        whole = SelectChoice("", _l("The whole group"))
        self.choices = [whole, *(SelectChoice(cell, cell) for cell in cells)]


class MeasurementForm(Form):
    """The numbers of one kind, and the circumstances they were taken in."""

    successes = WholeNumberField(_l("How many did it, or said yes"), [Asked()])
    mean = NumberField(_l("Average"), [Asked()])
    sd = NumberField(_l("Standard deviation"))
    n = WholeNumberField(_l("How many were measured"), [Asked()])
    count = NumberField(_l("Count"), [Asked()])
    exposure = NumberField(_l("Exposure"), [Asked()])
    to_yes = WholeNumberField(_l("Changed from no to yes"))
    to_no = WholeNumberField(_l("Changed from yes to no"))
    change_mean = NumberField(_l("Average change of each one"))
    change_sd = NumberField(_l("Standard deviation of the changes"))
    promoters = WholeNumberField(_l("Promoters: answered 9 or 10"), [Asked()])
    passives = WholeNumberField(_l("Passives: answered 7 or 8"), [Asked()])
    detractors = WholeNumberField(_l("Detractors: answered 0 to 6"), [Asked()])
    answers = FieldList(
        WholeNumberField(_l("Answers")),
        _l("How many gave each answer"),
        min_entries=ANSWERS,
        max_entries=ANSWERS,
    )
    measured_on = DayField(_l("Day it was measured"), [Asked()])
    arm = WordField(_l("Group"), list(Arm), default=Arm.TREATMENT, validators=[Asked()])
    disaggregation = CellField(_l("Part of the group"))
    wave = TextField(_l("Wave"))
    ubigeo = PlaceField(_l("Place"))
    source = LongTextField(_l("Source"))
    note = LongTextField(_l("Note"))
    device_key = KeyField()

    def keep_to(
        self, metric: Metric, places: Iterable[Place], wrong: Measurement | None = None
    ) -> None:
        """Leave out what other metrics ask for, and set the cells and the places."""
        for name in Numbers.__dataclass_fields__:
            if name not in FIELDS[metric.kind]:
                del self[name]
            elif label := LABELS.get((metric.kind, name)):
                self[name].label.text = label
        standing = [wrong.disaggregation] if wrong and wrong.disaggregation else []
        if cells := list(dict.fromkeys([*cells_of(metric.disaggregations), *standing])):
            self.disaggregation.offer(cells)
        else:
            del self.disaggregation
        self.ubigeo.offer(places)

    def numbers(self) -> Numbers:
        """What was counted or computed."""
        said = {name: self[name].data for name in Numbers.__dataclass_fields__ if name in self}
        if "answers" in said:
            # An answer nobody gave may be left empty; five empty ones are no reading.
            given = said["answers"]
            is_empty = all(n is None for n in given)
            said["answers"] = None if is_empty else tuple(n or 0 for n in given)
        return Numbers(**said)

    def circumstances(self) -> Circumstances:
        """When, where and how."""
        return Circumstances(**{name: self[name].data for name in CIRCUMSTANCES if name in self})


class CorrectionForm(MeasurementForm, VersionedForm):
    """A reading in the place of a wrong one, and what was wrong.

    The wrong one is the version its address names: what corrected that meanwhile stands beside it.
    """

    on_no_record = frozenset({"device_key", "reason_code", "reason"})

    reason_code = WordField(
        _l("Why it is corrected"), list(ChangeReason), optional=True, validators=[Asked()]
    )
    reason = LongTextField(_l("What was wrong"), [Asked()])

    def settle(self) -> None:
        """An answer that was left empty is kept as none."""
        for entry in self.answers if "answers" in self else ():
            if entry.data is None:
                entry.process(MultiDict({entry.name: "0"}))


def shown(measurement: Measurement) -> dict[str, Any]:
    """A reading as the form that corrects it shows it."""
    names = [*Numbers.__dataclass_fields__, *CIRCUMSTANCES]
    values = {name: getattr(measurement, name) for name in names}
    return values | {"answers": measurement.answers or []}
