"""The key of a form: made when it is opened, so that sending it twice saves once."""

from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError


class KeyField(HiddenField):
    """A UUID. A form sent without one is shown again with a new one: it could be saved twice."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was sent, if it is a key."""
        self.data = _known(str(valuelist[0])) if valuelist else None

    def pre_validate(self, _form: Any) -> None:
        """Ask for the key."""
        if self.data is None:
            raise ValidationError(_l("The form came without its key. Send it once more."))

    def _value(self) -> str:
        return self.data or str(uuid4())


def _known(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
