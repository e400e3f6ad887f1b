"""What the head writes when closing a quarter, and after."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l

from app.domain.quarters import Leave
from app.language.speaker import LIMA
from app.web.forms.base import Form, VersionedForm
from app.web.forms.choices import Asked, RecordField
from app.web.forms.fields import DayField, LongTextField
from models import Experiment


class IntroductionForm(VersionedForm):
    """The head's sentences for page one of the report."""

    introduction = LongTextField(_l("Your introduction"))


class ExceptionForm(Form):
    """Which experiment may be written to, until the end of which day, and why."""

    experiment = RecordField(_l("Experiment"), [Asked()])
    until = DayField(_l("Until the end of"), [Asked()])
    reason = LongTextField(_l("Why it is needed"), [Asked()])

    def offer(self, experiments: Iterable[Experiment]) -> None:
        """Set the experiments that can be chosen."""
        self.experiment.offer((one.id, f"{one.code} · {one.title}") for one in experiments)

    def leave(self) -> Leave:
        """What was written."""
        return Leave(until=_end_of(self.until.data), reason=(self.reason.data or "").strip())


class CorrectionForm(Form):
    """Why the quarter is frozen anew."""

    correction = LongTextField(_l("What was wrong"), [Asked()])

    def _placed(self, path: str | None) -> str | None:
        return "correction" if path == "reason" else path


def _end_of(day: date | None) -> datetime | None:
    """The midnight in Lima that ends a day; the last of all days has none."""
    if day is None or day == date.max:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LIMA)
