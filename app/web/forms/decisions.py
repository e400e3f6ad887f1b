"""The form of a decision."""

from flask_babel import lazy_gettext as _l

from app.domain.decisions import Ruling
from app.web.forms.base import Form
from app.web.forms.choices import Asked
from app.web.forms.fields import DayField, LongTextField, Sometimes, WordField
from models.vocabulary import DecisionKind


class DecisionForm(Form):
    """What was decided, when, by whom and why."""

    kind = WordField(_l("Decision"), list(DecisionKind), optional=True, validators=[Asked()])
    decided_on = DayField(_l("Decided on"), [Asked()])
    people = LongTextField(_l("Who decided"), [Asked()])
    reason = LongTextField(_l("Why"), [Asked()])
    against_because = LongTextField(_l("Why against the verdict"), [Sometimes()])
    options_considered = LongTextField(_l("Options considered"))
    evidence_cited = LongTextField(_l("Evidence it rests on"))
    resources_committed = LongTextField(_l("Resources committed"), [Sometimes()])
    review_on = DayField(_l("Look at it again on"))
    next_step = LongTextField(_l("Next step"))

    def ruling(self) -> Ruling:
        """What was written."""
        return Ruling(**{name: self[name].data for name in Ruling.__dataclass_fields__})
