"""Two people at one form: what the second typed, beside what the first saved."""

from datetime import date
from typing import Any

from app.web.forms.base import VersionedForm
from app.web.language import current_speaker

# (label, as saved, as typed)
Differences = list[tuple[str, str, str]]


def compared(typed: VersionedForm, saved: VersionedForm) -> Differences:
    """Every field that differs; ``saved`` shows the record as it stands.

    The typed form then carries the saved version, so that sending it again is a choice made with
    both in view.
    """
    typed.version.data = saved.version.data
    told = [
        (str(field.label.text), _written(saved[field.name]), _written(field))
        for field in typed
        if field.name not in ("version", "csrf_token")
    ]
    return [(label, before, after) for label, before, after in told if before != after]


def _written(field: Any) -> str:
    """A field's value as its reader would write it."""
    if hasattr(field, "iter_choices"):
        chosen = (str(one.label) for one in field.iter_choices() if one.selected and one.value)
        return ", ".join(chosen)
    if isinstance(field.data, date):
        return current_speaker().date(field.data)
    if field.raw_data:
        return str(field.raw_data[0]).strip().replace("\r\n", "\n")
    return "" if field.data is None else str(field._value())
