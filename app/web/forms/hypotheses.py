"""The form of a hypothesis, slot by slot."""

from flask_babel import lazy_gettext as _l

from app.domain.hypotheses import Slots
from app.web.forms.amendments import AmendingForm
from app.web.forms.choices import Asked
from app.web.forms.fields import LongTextField, TextField, WordField
from app.web.forms.keys import KeyField
from models.vocabulary import Direction


class HypothesisForm(AmendingForm):
    """We believe that [change] for [audience] will [direction] [outcome] …."""

    change = LongTextField(_l("What we would change"), [Asked()])
    audience = LongTextField(_l("For whom, and where"))
    direction = WordField(_l("Direction"), list(Direction), optional=True)
    outcome = LongTextField(_l("What it should move"), [Asked()])
    threshold = TextField(_l("By at least"))
    within = TextField(_l("Within"))
    because = LongTextField(_l("Because"))
    free_text = LongTextField(_l("As it was imported"))

    def slots(self) -> Slots:
        """What was written."""
        return Slots(**{name: self[name].data for name in Slots.__dataclass_fields__})


class NewHypothesisForm(HypothesisForm):
    """A hypothesis to add, once however often the form is sent."""

    submission_key = KeyField()
