"""What the forms of a registered experiment ask beyond their fields: why the plan changes."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.web.forms.base import Form, VersionedForm
from app.web.forms.fields import LongTextField, Sometimes, WordField
from models.vocabulary import ChangeReason

REMOVAL = {"reason_code": "removal_code", "amendment_reason": "removal_reason"}


def _coded_reason() -> WordField:
    """Asked for only where what was reported changes."""
    label = _l("Why reported data change")
    return WordField(label, list(ChangeReason), optional=True, validators=[Sometimes()])


class AmendingForm(VersionedForm):
    """An edit form of something a registration freezes."""

    on_no_record = frozenset({"amendment_reason"})

    amendment_reason = LongTextField(_l("Why the plan changes"), [Sometimes()])


class ReportedForm(AmendingForm):
    """An edit form of something that may have been reported: then a change takes a coded reason."""

    on_no_record = AmendingForm.on_no_record | {"reason_code"}

    reason_code = _coded_reason()


class RemovalForm(Form):
    """Taking away something that a registration froze, or that was measured or reported."""

    removal_code = _coded_reason()
    removal_reason = LongTextField(_l("Why it is taken away"), [Sometimes()])

    def _placed(self, path: str | None) -> str | None:
        return REMOVAL.get(path or "", path)


class RestoreForm(Form):
    """Bringing back what was taken away."""

    reason_code = _coded_reason()
    amendment_reason = LongTextField(_l("Why it is brought back"), [Sometimes()])


class RegistrationForm(Form):
    """The plan the person saw, by its digest."""

    sha256 = HiddenField()
