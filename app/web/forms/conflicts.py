"""Two people at one form: what the second typed, beside what the first saved."""

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
    return [
        (str(field.label.text), _written(saved[field.name]), _written(field))
        for field in typed
        if field.name not in ("version", "csrf_token")
        and _plain(field.data) != _plain(saved[field.name].data)
    ]


def _plain(data: Any) -> Any:
    """Nothing is nothing, however a field spells it."""
    return None if data in ("", [], ()) else data


def _written(field: Any) -> str:
    """A field's value as its reader would write it."""
    if choices := list(field.iter_choices()) if hasattr(field, "iter_choices") else []:
        return ", ".join(str(label) for value, label, chosen, *_ in choices if chosen and value)
    if field.raw_data:
        return str(field.raw_data[0])
    if field.data is None:
        return ""
    return str(field._value()) if hasattr(field, "_value") else current_speaker().say(field.data)
