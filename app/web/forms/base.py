"""What every form shares: the token, what WTForms says, no zero bytes, refusals."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, FormField, HiddenField
from wtforms import Form as PlainForm

from app.domain.refusals import ChangedMeanwhileError, Problem, RefusalError
from app.errors import status_of
from app.web.forms.fields import NOT_LISTED
from app.web.forms.written import marks
from app.web.language import current_speaker

LONGEST_VERSION = 9
# What WTForms says of a choice that is in no list; we say one sentence instead.
NOT_A_CHOICE = frozenset(
    (
        "Not a valid choice.",
        "Invalid Choice: could not coerce.",
        "Invalid choice(s): one or more data inputs could not be coerced.",
        "'%(value)s' is not a valid choice for this field.",
    )
)
Rules = Callable[[], Iterable[Problem]]


class Sentences:
    """WTForms' sentences: one of ours for every forged choice, else its own, translated."""

    def gettext(self, text: str) -> str:
        """A sentence of WTForms."""
        return str(NOT_LISTED if text in NOT_A_CHOICE else translations.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """A sentence of WTForms about one or many."""
        return str(NOT_LISTED if one in NOT_A_CHOICE else translations.ngettext(one, many, n))


SENTENCES = Sentences()


class PartForm(PlainForm):
    """A part of a form: one row of a list."""

    class Meta(PlainForm.Meta):  # type: ignore[misc]
        """What WTForms asks of every form."""

        def get_translations(self, _form: Any) -> Any:
            """The sentences of the whole form."""
            return SENTENCES


class Form(FlaskForm):  # type: ignore[misc]
    """A form. ``status`` is what the page answers: 200 fresh, 422 or 409 after a refusal.

    ``is_stale``: it was refused because somebody else changed the record meanwhile.
    """

    status = 200
    is_stale = False

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What WTForms asks of every form."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, without zero bytes: no keyboard types them, PostgreSQL keeps none."""
            sent = super().wrap_formdata(form, formdata)
            return sent if sent is None else _without_zero_bytes(sent)

        def get_translations(self, _form: Any) -> Any:
            """Sentences of our own before WTForms'."""
            return SENTENCES

    def validate_on_submit(self, extra_validators: Any = None, *, rules: Rules = tuple) -> bool:
        """Whether it was sent and every field could be read.

        If not, what the ``rules`` say of the fields that could be read is shown as well, so that
        nobody corrects a form twice.
        """
        if not self.is_submitted():
            return False
        if self.validate(extra_validators):
            return True
        self.status = 422
        unread = {name for name, field in self._fields.items() if field.errors}
        for problem in rules():
            about = (problem.field or "", *problem.judged_by)
            if unread.isdisjoint(path.partition(".")[0] for path in about):
                self._show(problem)
        return False

    def refuse(self, refusal: RefusalError) -> None:
        """Put a refusal's sentences beside their fields; what cannot be placed goes on top.

        The page then answers 4xx, which rolls back whatever the service had begun.
        """
        self.status = status_of(refusal)
        self.is_stale = isinstance(refusal, ChangedMeanwhileError)
        for problem in refusal.problems:
            self._show(problem)

    def _show(self, problem: Problem) -> None:
        said = current_speaker().say(problem.message)
        *around, field = _way_to(self, self._placed(problem.field)) or [None]
        if field is None:
            self.form_errors.append(said)
            return
        field.errors = [*field.errors, said]
        for rows in around:
            # A list of rows keeps its own account of what is wrong within it.
            if isinstance(rows, FieldList):
                rows.errors = [*rows.errors, {field.short_name: [said]}]

    def _placed(self, path: str | None) -> str | None:
        """Where in the form the field of a rule stands."""
        return path


class OpenedField(HiddenField):
    """What stood in every field when the person opened the form, as marks; nobody vouches for it.

    A form that was sent without it stays without it: what was typed is not what was opened.
    """

    shown_in: Form | None = None

    def _value(self) -> str:
        is_fresh = self.raw_data is None and self.data is None
        return marks(self.shown_in) if is_fresh else self.data or ""


class VersionedForm(Form):
    """An edit form that remembers which version of the record it shows, and what stood there.

    ``of_the_act`` names the fields that belong to this save more than to the record: what another
    person gave in them is never taken over unasked. ``on_no_record`` names those that no record
    shows again, so that there is nothing to compare them with.
    """

    of_the_act: ClassVar[frozenset[str]] = frozenset()
    on_no_record: ClassVar[frozenset[str]] = frozenset()

    version = HiddenField()
    opened = OpenedField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened.shown_in = self

    @property
    def seen_version(self) -> int | None:
        """The version the person saw, or None when the form carries none."""
        seen = self.version.data or ""
        is_number = seen.isascii() and seen.isdigit() and len(seen) <= LONGEST_VERSION
        return int(seen) if is_number else None

    @property
    def opened_marks(self) -> dict[str, str]:
        """The mark each field had when the form was opened, of those that can be told."""
        told = (one.partition("=") for one in (self.opened.data or "").split())
        return {name: mark for name, _is, mark in told if name not in self.of_the_act}

    def settle(self) -> None:
        """Turn what was typed into what saving it makes of it, to compare it with the record."""


def _without_zero_bytes(sent: Any) -> Any:
    clean = MultiDict[str, Any]()
    for name, value in sent.items(multi=True):
        clean.add(name, value.replace("\0", "") if isinstance(value, str) else value)
    return clean


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
