"""Fields whose choices are records, and the answer yes, no or nothing said."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from app.web.forms.fields import TicksField

NOT_LISTED = _l("Choose one of the list.")
UNKNOWN_KEY = -1


class Asked:
    """Marks a field as needed; the rule itself says in its own words when it is missing."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Leave the judgement to the rule."""


class RecordField(SelectField):
    """One record by its key, or none. ``offer`` says which there are."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_key, choices=[("", "—")], **kwargs)
        self.offered: set[int] = set()

    def offer(self, records: Iterable[tuple[int, str]]) -> None:
        """Set the records to choose among as (key, label)."""
        listed = list(records)
        self.choices = [("", "—"), *listed]
        self.offered = {key for key, _label in listed}

    def pre_validate(self, _form: Any) -> None:
        """Refuse a record that is not offered."""
        if self.data is not None and self.data not in self.offered:
            raise ValidationError(NOT_LISTED)


class RecordsField(TicksField):
    """Several records by their keys, as tick boxes."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_key, choices=[], **kwargs)
        self.offered: set[int] = set()

    def offer(self, records: Iterable[tuple[int, str]]) -> None:
        """Set the records to choose among as (key, label)."""
        listed = list(records)
        self.choices = listed
        self.offered = {key for key, _label in listed}

    def pre_validate(self, _form: Any) -> None:
        """Refuse records that are not offered."""
        if not set(self.data or ()) <= self.offered:
            raise ValidationError(NOT_LISTED)


class YesNoField(SelectField):
    """Yes, no, or nothing said: True, False or None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        choices = [("", _l("Not said")), ("yes", _l("Yes")), ("no", _l("No"))]
        super().__init__(label, coerce=_answer, choices=choices, **kwargs)


def _key(value: Any) -> int | None:
    if value in ("", None):
        return None
    return int(value) if str(value).isascii() and str(value).isdigit() else UNKNOWN_KEY


def _answer(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "no": False}.get(str(value))
