"""The lab's submission and the officer's answer, of one review or of many."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.domain.reviews import Answer, Submission
from app.web.forms.base import Form, VersionedForm
from app.web.forms.fields import LongTextField, Sometimes, TicksField
from app.web.language import current_speaker
from models.vocabulary import Impact, ReviewState


class _Rated(Form):
    """The officer's rating and comment."""

    impact = RadioField(
        _l("Impact on the programme so far"),
        choices=lambda: [SelectChoice(word.value, current_speaker().word(word)) for word in Impact],
        validate_choice=False,
        validators=[Sometimes()],
    )
    comment = LongTextField(_l("Comment"), [Sometimes()])

    def answer(self, state: ReviewState) -> Answer:
        """What was written, as an answer of that kind."""
        impact = self.impact.data
        return Answer(
            state=state,
            impact=Impact(impact) if impact in set(Impact) else None,
            comment=self.comment.data or "",
        )


class ReviewForm(VersionedForm, _Rated):
    """Rate, comment, and accept or ask for changes: each answer has its button."""

    of_the_act = frozenset({"impact", "comment", "state"})

    state = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Accept, or ask for changes."))],
        choices=[
            SelectChoice(ReviewState.ACCEPTED.value, _l("Accept")),
            SelectChoice(ReviewState.RETURNED.value, _l("Ask for changes")),
        ],
        validate_choice=False,
    )

    def said(self) -> Answer:
        """What was written; a state nobody can answer with is none of the answers."""
        state = self.state.data
        return self.answer(ReviewState(state) if state in set(ReviewState) else ReviewState.DRAFT)


class AcceptManyForm(_Rated):
    """One rating and comment for all the ticked lines, which the page lays out."""

    lines = TicksField(_l("Reviews to accept"), choices=[], validate_choice=False)


class SubmitForm(Form):
    """A note to the officers, and what is handed in with it: the page lays out its lines."""

    lines = TicksField(_l("Reviews to submit"), choices=[], validate_choice=False)
    note = LongTextField(_l("Note to the officer"))

    def submission(self) -> Submission:
        """What was written."""
        return Submission(note=self.note.data or "")
