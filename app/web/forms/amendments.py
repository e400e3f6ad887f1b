"""What the forms of a registered experiment ask beyond their fields: why the plan changes."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.web.forms.base import Form, VersionedForm
from app.web.forms.fields import LongTextField, Sometimes


class AmendingForm(VersionedForm):
    """An edit form of something a registration freezes."""

    on_no_record = frozenset({"amendment_reason"})

    amendment_reason = LongTextField(_l("Why the plan changes"), [Sometimes()])


class RemovalForm(Form):
    """Taking away something that a registration froze."""

    removal_reason = LongTextField(_l("Why it is taken away"), [Sometimes()])

    def _placed(self, path: str | None) -> str | None:
        return "removal_reason" if path == "amendment_reason" else path


class RestoreForm(Form):
    """Bringing back what was taken away."""

    amendment_reason = LongTextField(_l("Why it is brought back"), [Sometimes()])


class RegistrationForm(Form):
    """The plan the person saw, by its digest."""

    sha256 = HiddenField()
