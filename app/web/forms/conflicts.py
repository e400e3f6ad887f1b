"""Saving a form; and two people at one: what the second typed, beside what the first saved."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from wtforms import FieldList, FormField

from app.domain.refusals import RefusalError
from app.web.forms.base import Form, Rules, VersionedForm
from app.web.language import current_speaker

# (label, as saved, as typed)
Differences = list[tuple[str, str, str]]
Row = TypeVar("Row")
Edited = TypeVar("Edited", bound=VersionedForm)


def saved(form: Form, save: Callable[[], Row], *, rules: Rules = tuple) -> Row | None:
    """What was saved; None when the form stays, with what is in the way beside its fields.

    ``rules`` are asked of a form that could not be read whole: see ``validate_on_submit``.
    """
    if not form.validate_on_submit(rules=rules):
        return None
    try:
        return save()
    except RefusalError as refusal:
        form.refuse(refusal)
        return None


def saved_or_compared(
    form: Edited,
    save: Callable[[], Row],
    *,
    standing: Callable[[], Edited],
    rules: Rules = tuple,
) -> tuple[bool, Differences]:
    """Whether it is saved; else, beside what was typed, what was saved meanwhile (``standing``).

    A form sent twice finds itself saved: where nothing differs, there is nothing left to save.
    """
    if saved(form, save, rules=rules) is not None:
        return True, []
    differences = compared(form, standing()) if form.is_stale else []
    return form.is_stale and not differences, differences


def compared(typed: VersionedForm, saved: VersionedForm) -> Differences:
    """Every field that differs; ``saved`` shows the record as it stands.

    The typed form then carries the saved version, so that sending it again is a choice made with
    both in view.
    """
    typed.version.data = saved.version.data
    typed.settle()
    return [
        (str(field.label.text), _written(saved[field.name]), _written(field))
        for field in _told_fields(typed)
        if field.name != "amendment_reason" and _differ(saved[field.name], field)
    ]


def told(form: Form) -> list[tuple[str, str]]:
    """(label, as typed) of every field."""
    return [(str(field.label.text), _written(field)) for field in _told_fields(form)]


def _told_fields(form: Form) -> list[Any]:
    return [field for field in form if field.name not in ("version", "csrf_token")]


def _differ(one: Any, other: Any) -> bool:
    """Ticks have no order, and a number may be written in more than one way."""
    return one.data != other.data and _written(one) != _written(other)


def _written(field: Any) -> str:
    """A field's value as its reader would write it; rows one a line, without the blank ones."""
    if isinstance(field, FieldList):
        return "\n".join(line for line in map(_written, field) if line)
    if isinstance(field, FormField):
        parts = [(str(part.label.text), _written(part)) for part in field.form]
        return "; ".join(f"{label}: {text}" for label, text in parts if text)
    if hasattr(field, "iter_choices"):
        chosen = (str(one.label) for one in field.iter_choices() if one.selected and one.value)
        return ", ".join(chosen)
    if isinstance(field.data, date):
        return current_speaker().date(field.data)
    if field.raw_data:
        return str(field.raw_data[0]).strip().replace("\r\n", "\n")
    return "" if field.data is None else str(field._value())
