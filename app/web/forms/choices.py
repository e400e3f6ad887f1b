"""Fields whose choices are records, and the answer yes, no or nothing said."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.web.forms.fields import TicksField

NOTHING = SelectChoice("", "—")
UNKNOWN_KEY = -1
LONGEST_KEY = 9
MEANINGS: dict[Any, bool | None] = {"yes": True, "no": False, "": None, True: True, False: False}


class Asked:
    """Marks a field as needed; the rule itself says in its own words when it is missing."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Leave the judgement to the rule."""


class RecordField(SelectField):
    """One record by its key, or none. ``offer`` says which there are."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_key, choices=[NOTHING], **kwargs)

    def offer(self, records: Iterable[tuple[int, str]]) -> None:
        """Set the records to choose among as (key, label)."""
        self.choices = [NOTHING, *(SelectChoice(str(key), label) for key, label in records)]


class RecordsField(TicksField):
    """Several records by their keys, as tick boxes."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_key, choices=[], **kwargs)

    def offer(self, records: Iterable[tuple[int, str]]) -> None:
        """Set the records to choose among as (key, label)."""
        self.choices = [SelectChoice(str(key), label) for key, label in records]


class YesNoField(SelectField):
    """Yes, no, or nobody said; data are True, False and None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=self._meant, choices=self._listed, **kwargs)

    def _listed(self) -> list[SelectChoice]:
        labels = (("", _l("Not stated")), ("yes", _l("Yes")), ("no", _l("No")))
        return [SelectChoice(value, label) for value, label in labels]

    def _meant(self, value: Any) -> bool | None:
        if value not in MEANINGS:
            raise ValueError(value)
        return MEANINGS[value]


def _key(value: Any) -> int | None:
    if value in ("", None):
        return None
    text = str(value)
    is_key = text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY
    return int(text) if is_key else UNKNOWN_KEY
