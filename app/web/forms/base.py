"""What every form shares: the token, WTForms' messages in the reader's language, refusals."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, HiddenField

from app.domain.refusals import RefusalError
from app.errors import status_of
from app.web.language import current_speaker


class Form(FlaskForm):  # type: ignore[misc]
    """A form. ``status`` is what the page answers: 200 fresh, 422 or 409 after a refusal."""

    status = 200

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether it was sent and every field could be read."""
        if not self.is_submitted():
            return False
        if self.validate(extra_validators):
            return True
        self.status = 422
        return False

    def refuse(self, refusal: RefusalError) -> None:
        """Put a refusal's sentences beside their fields; what cannot be placed goes on top.

        The page then answers 4xx, which rolls back whatever the service had begun.
        """
        self.status = status_of(refusal)
        for problem in refusal.problems:
            said = current_speaker().say(problem.message)
            *around, field = _way_to(self, problem.field) or [None]
            if field is None:
                self.form_errors.append(said)
                continue
            field.errors = [*field.errors, said]
            for rows in around:
                # A list of rows keeps its own account of what is wrong within it.
                if isinstance(rows, FieldList):
                    rows.errors = [*rows.errors, {field.short_name: [said]}]


class VersionedForm(Form):
    """An edit form that remembers which version of the record it shows."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version the person saw, or None when the form carries none."""
        seen = self.version.data or ""
        return int(seen) if seen.isdigit() else None


def _way_to(form: Any, path: str | None) -> list[Any]:
    """The fields a path like "partners.0.name" leads through, the one it names last; else []."""
    way: list[Any] = [form]
    for step in (path or "").split("."):
        found = _within(way[-1], step)
        if found is None:
            return []
        way.append(found)
    return way[1:]


def _within(holder: Any, step: str) -> Field | None:
    if isinstance(holder, FieldList):
        is_there = step.isdigit() and int(step) < len(holder)
        return holder[int(step)] if is_there else None
    inner = holder.form if isinstance(holder, FormField) else holder
    fields: dict[str, Field] = getattr(inner, "_fields", {})
    return fields.get(step)
