"""Asking for a report: of a quarter, of a stage of an experiment, or of a plan."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.reports.wording import STAGE_REPORTS
from app.web.forms.base import Form
from app.web.forms.fields import LongTextField, TextField, WordField
from models.vocabulary import Language


class QuarterlyForm(Form):
    """Quarter, scope, language and the head's sentences."""

    quarter = TextField(_l("Quarter"), [InputRequired()], render_kw={"placeholder": "2026-Q3"})
    scope = SelectField(_l("What it covers"), [InputRequired()])
    language = WordField(_l("Language"), list(Language), validators=[InputRequired()])
    introduction = LongTextField(_l("Sentences for page one"))


class StageForm(Form):
    """Stage and language."""

    stage = WordField(_l("Stage"), list(STAGE_REPORTS), validators=[InputRequired()])
    language = WordField(_l("Language"), list(Language), validators=[InputRequired()])


class PlanReportForm(Form):
    """Language."""

    language = WordField(_l("Language"), list(Language), validators=[InputRequired()])
