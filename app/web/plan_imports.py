"""Import a form: paste or upload, look at what was understood, correct, save."""

from collections.abc import Sequence
from contextlib import closing

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.refusals import RefusalError
from app.exchange.learning_questions import split_questions
from app.exchange.readings import Reading
from app.exchange.text_files import MOST_BYTES, read_pasted, read_text
from app.security.guards import ensure, requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services.import_reports import Choices, ImportReport
from app.services.imports import forms_in, rehearsal, take_in
from app.web.forms.plan_imports import ImportForm, ReviewForm, correctable
from app.web.own_offices import own_office, own_offices
from app.web.reading_words import reading_words
from models import Office
from models.vocabulary import PageKind

pages = Blueprint("plan_imports", __name__, url_prefix="/plans/import")
LOOK_AGAIN = "again"


@pages.get("")
@requires(Permission.WRITE_PLAN)
def new() -> ResponseReturnValue:
    """Ask for a text or a file."""
    return _import_page(ImportForm())


@pages.post("")
@requires(Permission.WRITE_PLAN)
def review() -> ResponseReturnValue:
    """Show what was understood. Nothing is stored: the text travels on in the form."""
    form = ImportForm()
    if not (form.validate_on_submit() and form.has_one_source()):
        return _import_page(form)
    try:
        office = own_office(form.office.data)
        name, text = _received(form)
        readings = [reading for reading, _document in forms_in(text, name=name)]
    except RefusalError as refusal:
        form.refuse(refusal)
        return _import_page(form)
    looked_at = ReviewForm(
        formdata=None,
        text=text,
        file_name=name,
        office=office.code,
        year=form.year.data,
        readings=correctable(readings),
    )
    return _review_page(looked_at, office, readings)


@pages.post("/save")
@requires(Permission.WRITE_PLAN)
def save() -> ResponseReturnValue:
    """Store what was looked at, with its corrections; or look again."""
    form = ReviewForm()
    try:
        office = own_office(form.office.data)
        text = read_pasted(form.text.data or "", name=_name(form))
        readings = [reading for reading, _document in forms_in(text, name=_name(form))]
    except RefusalError as refusal:
        lost = ImportForm(formdata=None, text=form.text.data, year=form.year.data)
        lost.refuse(refusal)
        return _import_page(lost)
    if not form.validate_on_submit() or LOOK_AGAIN in request.form:
        return _review_page(form, office, readings)
    _ensure_kinds(office, readings)
    reports = take_in(
        current_session(),
        text,
        name=_name(form),
        choices=_choices(form, office),
        by=current_actor(),
    )
    if any(report.is_refused for report in reports):
        form.status = 409
        return _review_page(form, office, readings)
    flash(_("Imported. Look at what is marked, and fill in what is missing."), "success")
    return redirect(_address_of(reports[0]), 303)


def _received(form: ImportForm) -> tuple[str, str]:
    """The name and the clean text of what was pasted or chosen."""
    if form.file.data:
        name = form.file.data.filename or _("The file")
        with closing(form.file.data) as received:
            return name, read_text(received.read(MOST_BYTES + 1), name=name)
    name = _("The pasted text")
    return name, read_pasted(form.text.data or "", name=name)


def _name(form: ReviewForm) -> str:
    return form.file_name.data or _("The pasted text")


def _choices(form: ReviewForm, office: Office) -> Choices:
    return Choices(
        office_code=office.code,
        year=form.year.data,
        this_year=today().year,
        corrections=form.corrections(),
    )


def _ensure_kinds(office: Office, readings: Sequence[Reading]) -> None:
    """An experiment's form needs the right to write experiments."""
    if any(reading.kind is PageKind.EXPERIMENT for reading in readings):
        ensure(Permission.WRITE_EXPERIMENT, office_id=office.id)


def _address_of(report: ImportReport) -> str:
    match report.kind:
        case PageKind.REFLECTION if report.code is None:
            return url_for("plan_reflections.show", key=report.record_id)
        case PageKind.EXPERIMENT:
            return url_for("experiments.show", code=report.code)
        case _:
            return url_for("plans.show", code=report.code)


def _import_page(form: ImportForm) -> ResponseReturnValue:
    form.offer_offices(own_offices())
    return render_template("plans/import.html", form=form), form.status


def _review_page(
    form: ReviewForm, office: Office, readings: Sequence[Reading]
) -> ResponseReturnValue:
    """Rehearse the import and show its reports beside the readings they are about."""
    session = current_session()
    with rehearsal(session):
        reports = take_in(
            session,
            form.text.data or "",
            name=_name(form),
            choices=_choices(form, office),
            by=current_actor(),
        )
    body = render_template(
        "plans/review.html",
        form=form,
        office=office,
        looked_at=list(zip(readings, reports, form.readings, strict=True)),
        parts_of=split_questions,
        **reading_words(),
    )
    return body, form.status
