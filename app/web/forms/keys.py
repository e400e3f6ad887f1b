"""The key of a form: made when it is opened, so that sending it twice saves once."""

from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField


class KeyField(HiddenField):
    """A UUID; one that is missing or spelled wrong is made anew."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was sent, if it is a key."""
        self.data = _known(str(valuelist[0])) if valuelist else None

    def _value(self) -> str:
        return self.data or str(uuid4())


def _known(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
