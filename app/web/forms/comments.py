"""The form of a comment, and of an answer to one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.domain.comments import Remark
from app.web.forms.base import Form
from app.web.forms.choices import Asked, RecordsField
from app.web.forms.fields import LongTextField
from app.web.forms.keys import KeyField

LONGEST_NUMBER = 9


class CommentForm(Form):
    """What one has to say, and who should read it."""

    text = LongTextField(_l("Your comment"), [Asked()])
    told = RecordsField(_l("Who should read it"))
    hypothesis = HiddenField()
    review = HiddenField()
    answers = HiddenField()
    submission_key = KeyField()

    def remark(self) -> Remark:
        """What was written."""
        return Remark(
            text=self.text.data or "",
            hypothesis_id=_number(self.hypothesis.data),
            review_id=_number(self.review.data),
            answers_id=_number(self.answers.data),
            told=tuple(each for each in self.told.data or () if each),
        )


def _number(sent: Any) -> int | None:
    """A record's number; one that is none is no record's."""
    text = str(sent or "")
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else 0
