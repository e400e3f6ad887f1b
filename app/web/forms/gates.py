"""Asking to pass a gate, and the head's decision."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.domain.gates import Asking, GateRuling
from app.web.forms.base import Form
from app.web.forms.fields import LongTextField, Sometimes, TicksField
from app.web.language import current_speaker
from models.vocabulary import GateItem, GateState


class AskForm(Form):
    """What the asker vouches for. ``offer`` says which items the gate leaves to people."""

    ticked = TicksField(_l("What you vouch for"), choices=[])
    note = LongTextField(_l("Note to the head"))

    def offer(self, items: Sequence[GateItem]) -> None:
        """Set the items that can be ticked."""
        say = current_speaker().word
        self.ticked.choices = [SelectChoice(item.value, say(item)) for item in items]

    def asking(self) -> Asking:
        """What was written."""
        return Asking(ticked=tuple(self.ticked.data or ()), note=self.note.data or "")


class GateForm(Form):
    """Let it through, or send it back."""

    answer = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Let it through, or send it back."))],
        choices=[
            SelectChoice(GateState.LET_THROUGH.value, _l("Let it through")),
            SelectChoice(GateState.SENT_BACK.value, _l("Send it back")),
        ],
    )
    reason = LongTextField(_l("Reason"), [Sometimes()])
    overridden_because = LongTextField(_l("Why it passes with something missing"), [Sometimes()])
    resources_committed = LongTextField(_l("Resources committed"), [Sometimes()])

    @property
    def sends_back(self) -> bool:
        """Whether it is sent back."""
        return bool(self.answer.data == GateState.SENT_BACK.value)

    def ruling(self) -> GateRuling:
        """What was written."""
        return GateRuling(
            **{name: self[name].data or "" for name in GateRuling.__dataclass_fields__}
        )
