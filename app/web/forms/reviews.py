"""The officer's answer."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.web.forms.base import VersionedForm
from app.web.forms.fields import LongTextField, Sometimes
from app.web.language import current_speaker
from models.vocabulary import Impact, ReviewState


class ReviewForm(VersionedForm):
    """Rate, comment, and accept or ask for changes."""

    impact = RadioField(
        _l("Impact on the programme so far"),
        choices=lambda: [SelectChoice(word.value, current_speaker().word(word)) for word in Impact],
        validate_choice=False,
        validators=[Sometimes()],
    )
    comment = LongTextField(_l("Comment"), [Sometimes()])
    state = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Accept, or ask for changes."))],
        choices=[
            SelectChoice(ReviewState.ACCEPTED.value, _l("Accept")),
            SelectChoice(ReviewState.RETURNED.value, _l("Ask for changes")),
        ],
        validate_choice=False,
    )
