"""The form that lowers an evidence level."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.web.forms.base import Form
from app.web.forms.choices import Asked
from app.web.forms.fields import LongTextField


class LevelForm(Form):
    """To which level, and why."""

    to = SelectField(_l("Lower it to"), [Asked()], coerce=int, choices=[])
    because = LongTextField(_l("Why"), [Asked()])

    def offer(self, standing: int) -> None:
        """The levels below the one that stands, the nearest first."""
        self.to.choices = [(level, str(level)) for level in reversed(range(standing))]
