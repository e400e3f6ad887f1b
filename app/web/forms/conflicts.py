"""Saving a form; and two people at one: what the second typed, beside what the first saved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import FieldList

from app.domain.refusals import RefusalError
from app.web.forms.base import Form, Rules, VersionedForm
from app.web.forms.written import as_sent, mark, told_fields, written

Row = TypeVar("Row")
Edited = TypeVar("Edited", bound=VersionedForm)


@dataclass(frozen=True)
class Difference:
    """A field of which two versions were written.

    ``choice`` names the radio buttons; sent with ``mark`` it asks for what was saved, unless the
    person wrote on in the field after choosing.
    """

    label: str
    saved: str
    typed: str
    choice: str
    mark: str


@dataclass(frozen=True)
class Differences:
    """Where a form differed from what was saved meanwhile; empty when nowhere.

    ``both`` wrote in these fields; ``theirs`` only the other person, taken over into the form;
    ``mine`` only this person, kept.
    """

    both: list[Difference] = field(default_factory=list)
    theirs: list[Difference] = field(default_factory=list)
    mine: list[Difference] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.both or self.theirs or self.mine)


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
    take_chosen(form, standing)
    if saved(form, save, rules=rules) is not None:
        return True, Differences()
    differences = compared(form, standing()) if form.is_stale else Differences()
    return form.is_stale and not differences, differences


def take_chosen(form: Edited, standing: Callable[[], Edited]) -> None:
    """Write into the form what was saved, where the person chose that beside their own."""
    chosen = [
        typed for typed in told_fields(form) if request.form.get(_choice(typed)) == mark(typed)
    ]
    if chosen:
        stands = standing()
        for typed in chosen:
            _take_over(typed, stands[typed.name])


def compared(typed: VersionedForm, saved: VersionedForm) -> Differences:
    """Every field that differs; ``saved`` shows the record as it stands.

    A field that this person left as it was opened takes what was saved. The typed form then
    carries the saved version, and what stands in it, so that sending it again is a choice made
    with both in view. A form that does not say what was opened has everything to be chosen.
    """
    typed.settle()
    opened, differences = typed.opened_marks, Differences()
    for mine, theirs in _differing(typed, saved):
        was = opened.get(mine.name)
        difference = Difference(
            str(mine.label.text), written(theirs), written(mine), _choice(mine), mark(mine)
        )
        if was == mark(mine):
            _take_over(mine, theirs)
            differences.theirs.append(difference)
        else:
            kept = differences.mine if was == mark(theirs) else differences.both
            kept.append(difference)
    typed.version.data, typed.opened.data = saved.version.data, saved.opened._value()
    return differences


def told(form: Form) -> list[tuple[str, str]]:
    """(label, as typed) of every field."""
    return [(str(field.label.text), written(field)) for field in told_fields(form)]


def _differing(typed: VersionedForm, saved: VersionedForm) -> Iterator[tuple[Any, Any]]:
    for mine in told_fields(typed):
        theirs = saved[mine.name]
        # Ticks have no order, and a number may be written in more than one way.
        differ = mine.data != theirs.data and written(mine) != written(theirs)
        if mine.name not in typed.on_no_record and differ:
            yield mine, theirs


def _take_over(typed: Any, saved: Any) -> None:
    """Read into a field what a browser would send of the saved one."""
    if isinstance(typed, FieldList):
        typed.max_entries = saved.max_entries
    typed.process(MultiDict(as_sent(saved)))


def _choice(typed: Any) -> str:
    return f"{typed.name}-choice"
