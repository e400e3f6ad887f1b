"""What the fields of a form say: to their readers, as a browser sends it, and as a short mark."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from wtforms import FieldList, FormField, HiddenField, SelectMultipleField, StringField

from app.web.language import current_speaker

# What a form carries beside what the person fills in.
CARRIED = frozenset({"version", "opened", "csrf_token"})
MARK = 16


def told_fields(form: Any) -> list[Any]:
    """The fields a person fills in."""
    return [field for field in form if field.name not in CARRIED]


def written(field: Any) -> str:
    """A field's value as its reader would write it; rows one a line, without the blank ones."""
    if isinstance(field, FieldList):
        return "\n".join(line for line in map(written, field) if line)
    if isinstance(field, FormField):
        seen = [part for part in field.form if not isinstance(part, HiddenField)]
        parts = [(str(part.label.text), written(part)) for part in seen]
        return "; ".join(f"{label}: {text}" for label, text in parts if text)
    if hasattr(field, "iter_choices"):
        chosen = (str(one.label) for one in field.iter_choices() if one.selected and one.value)
        return ", ".join(chosen)
    if isinstance(field.data, date):
        return current_speaker().date(field.data)
    if field.raw_data and not isinstance(field, StringField):
        return str(field.raw_data[0]).strip()
    return "" if field.data is None else str(field._value()).strip().replace("\r\n", "\n")


def mark(field: Any) -> str:
    """A short digest of what is written in a field; ticks have no order."""
    is_ticks = isinstance(field, SelectMultipleField)
    text = "\n".join(sorted(map(str, field.data or ()))) if is_ticks else written(field)
    return sha256(text.encode()).hexdigest()[:MARK]


def marks(form: Any) -> str:
    """The mark of every field, to be carried by the form itself: "title=5feceb66… year=6b86b2…"."""
    return " ".join(f"{field.name}={mark(field)}" for field in told_fields(form))


def as_sent(field: Any) -> Iterator[tuple[str, str]]:
    """(name, value) of what a browser sends of a field that nobody touches."""
    if isinstance(field, FieldList | FormField):
        for part in field if isinstance(field, FieldList) else field.form:
            yield from as_sent(part)
    elif hasattr(field, "iter_choices"):
        yield from ((field.name, str(one.value)) for one in field.iter_choices() if one.selected)
    else:
        yield field.name, str(field._value())
