"""Quarters of an office: who owes what, closing one, and what may be done once it is closed."""

from collections.abc import Callable, Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import (
    Quarter,
    problems_of_correction,
    problems_of_introduction,
    problems_of_leave,
)
from app.domain.refusals import Problem, UnknownError
from app.language.sentences import sentence
from app.queries.choices import experiments_of
from app.queries.offices import offices_reached
from app.queries.quarters import quarters_known, quarters_of
from app.reports.assemble.readiness import as_it_stands
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import may, scope_of
from app.services import nudges, quarters
from app.web.addresses import whole, words
from app.web.forms.base import Form, Rules
from app.web.forms.conflicts import saved, saved_or_compared
from app.web.forms.quarters import CorrectionForm, ExceptionForm, IntroductionForm
from app.web.quarter_differences import changes_shown, gaps_said
from app.web.quarter_page import quarter_page
from app.web.record_history import end_of
from models import Office
from models.vocabulary import QuarterState

pages = Blueprint("quarters", __name__, url_prefix="/quarters")
pages.add_app_template_filter(end_of, "end_of")


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def index() -> ResponseReturnValue:
    """The quarters of an office, the present one first, and where each stands."""
    office = _office()
    rows = quarters_of(current_session(), office.id)
    listed = [
        (quarter, row, row.state if row else QuarterState.OPEN)
        for quarter in quarters_known(current_session(), office.id, today=today())
        for row in [rows.get(str(quarter))]
    ]
    return render_template("quarters/index.html", office=office, offices=_offices(), rows=listed)


@pages.get("/<quarter>")
@requires(Permission.READ_PORTFOLIO)
def show(quarter: str) -> ResponseReturnValue:
    """Where the quarter stands: what is missing, what was frozen, what is open in it."""
    office = _office()
    return quarter_page(office, _quarter(office, quarter))


@pages.get("/<quarter>/close")
@requires(Permission.CLOSE_QUARTER)
def confirm(quarter: str) -> ResponseReturnValue:
    """What will be frozen and what stays missing, before it is done."""
    office, asked = _asked(quarter)
    row = quarters_of(current_session(), office.id).get(str(asked))
    if row is None or row.state is not QuarterState.CLOSING:
        return redirect(_address(office, asked))
    snapshot = as_it_stands(current_session(), office.id, str(asked), today=today())
    return render_template(
        "quarters/close.html", office=office, quarter=asked, row=row, snapshot=snapshot
    )


@pages.post("/<quarter>/close")
@requires(Permission.CLOSE_QUARTER)
def close(quarter: str) -> ResponseReturnValue:
    """Freeze it for every experiment."""
    office, asked = _asked(quarter)

    def save() -> object:
        return quarters.close(current_session(), office, asked, by=current_actor(), at=now())

    return _stepped(office, asked, save, _("It is closed. Its reports are being made."))


@pages.post("/<quarter>/begin")
@requires(Permission.CLOSE_QUARTER)
def begin(quarter: str) -> ResponseReturnValue:
    """Begin to close."""
    office, asked = _asked(quarter)

    def save() -> object:
        return quarters.start_closing(current_session(), office, asked, by=current_actor())

    return _stepped(office, asked, save, _("The closing has begun. Nothing is locked yet."))


@pages.post("/<quarter>/reopen")
@requires(Permission.CLOSE_QUARTER)
def reopen(quarter: str) -> ResponseReturnValue:
    """Leave the closing for later."""
    office, asked = _asked(quarter)

    def save() -> object:
        return quarters.reopen(current_session(), office, asked, by=current_actor())

    return _stepped(office, asked, save, _("The closing is left for later."))


@pages.post("/<quarter>/nudge")
@requires(Permission.CLOSE_QUARTER)
def nudge(quarter: str) -> ResponseReturnValue:
    """Write to one person who owes something, ?person=, or to all."""
    office, asked = _asked(quarter)

    def save() -> object:
        return nudges.nudge(
            current_session(),
            office,
            asked,
            person_id=whole("person"),
            site=current_app.config["SETTINGS"].site,
            by=current_actor(),
            at=now(),
        )

    return _stepped(office, asked, save, _("The letters are on their way."))


@pages.post("/<quarter>/introduction")
@requires(Permission.CLOSE_QUARTER)
def introduce(quarter: str) -> ResponseReturnValue:
    """Keep the head's sentences."""
    (office, asked), form = _asked(quarter), IntroductionForm()

    def save() -> object:
        return quarters.introduce(
            current_session(),
            office,
            asked,
            form.introduction.data or "",
            seen_version=form.seen_version,
            by=current_actor(),
        )

    is_saved, differences = saved_or_compared(
        form,
        save,
        standing=lambda: IntroductionForm(
            formdata=None, obj=quarters_of(current_session(), office.id).get(str(asked))
        ),
        rules=lambda: problems_of_introduction(form.introduction.data or ""),
    )
    if is_saved:
        return _back(office, asked, _("Your introduction is kept."))
    return quarter_page(office, asked, form, differences=differences)


@pages.post("/<quarter>/exceptions")
@requires(Permission.CLOSE_QUARTER)
def give_exception(quarter: str) -> ResponseReturnValue:
    """Open a closed quarter to one experiment for a time."""
    (office, asked), form = _asked(quarter), ExceptionForm()
    experiments = {one.id: one for one in experiments_of(current_session(), office.id)}
    form.offer(experiments.values())

    def save() -> object:
        return quarters.give_exception(
            current_session(),
            office,
            asked,
            experiments.get(form.experiment.data),
            form.leave(),
            by=current_actor(),
            at=now(),
        )

    def rules() -> list[Problem]:
        return problems_of_leave(form.leave(), at=now())

    return _stepped(office, asked, save, _("The exception is given."), form=form, rules=rules)


@pages.post("/<quarter>/exceptions/<int:exception_id>/end")
@requires(Permission.CLOSE_QUARTER)
def end_exception(quarter: str, exception_id: int) -> ResponseReturnValue:
    """End an exception before its day."""
    office, asked = _asked(quarter)

    def save() -> object:
        return quarters.end_exception(
            current_session(), office, asked, exception_id, by=current_actor(), at=now()
        )

    return _stepped(office, asked, save, _("The exception is ended."))


@pages.get("/<quarter>/differences")
@requires(Permission.CLOSE_QUARTER)
def differences(quarter: str) -> ResponseReturnValue:
    """What a correction would tell otherwise than the edition that stands."""
    office, asked = _asked(quarter)
    told = quarters.what_a_correction_tells(current_session(), office, asked, at=now())
    if told is None:
        return redirect(_address(office, asked))
    facts, since = told
    return render_template(
        "quarters/differences.html",
        office=office,
        quarter=asked,
        since=since,
        changes=changes_shown(since.changes, facts),
        gaps_new=gaps_said(since.gaps_new, facts),
        gaps_met=gaps_said(since.gaps_met, facts),
    )


@pages.post("/<quarter>/corrections")
@requires(Permission.CLOSE_QUARTER)
def correct(quarter: str) -> ResponseReturnValue:
    """Freeze it anew as its data now stand."""
    (office, asked), form = _asked(quarter), CorrectionForm()

    def save() -> object:
        said = form.correction.data or ""
        return quarters.correct(
            current_session(), office, asked, reason=said, by=current_actor(), at=now()
        )

    def rules() -> list[Problem]:
        return problems_of_correction(form.correction.data or "")

    done = _("The correction is frozen. Its reports are being made.")
    return _stepped(office, asked, save, done, form=form, rules=rules)


def _stepped(
    office: Office,
    quarter: Quarter,
    save: Callable[[], object],
    done: str,
    *,
    form: Form | None = None,
    rules: Rules = tuple,
) -> ResponseReturnValue:
    """Take one step and go back to the quarter; refused, say why there."""
    form = form or Form()
    if saved(form, save, rules=rules) is None:
        return quarter_page(office, quarter, form)
    return _back(office, quarter, done)


def _back(office: Office, quarter: Quarter, done: str) -> ResponseReturnValue:
    flash(done, "success")
    return redirect(_address(office, quarter), 303)


def _address(office: Office, quarter: Quarter) -> str:
    return url_for("quarters.show", quarter=str(quarter), office=office.code)


def _asked(spelled: str) -> tuple[Office, Quarter]:
    """The office and the quarter that the address names, for who closes quarters there."""
    office = _own_office()
    return office, _quarter(office, spelled)


def _quarter(office: Office, spelled: str) -> Quarter:
    """One of the office's quarters, or UnknownError."""
    known = quarters_known(current_session(), office.id, today=today())
    for quarter in known:
        if str(quarter) == spelled.upper():
            return quarter
    raise UnknownError(
        sentence(
            "There is no such quarter of %(office)s: its quarters go from %(first)s to %(last)s.",
            office=office.name,
            first=str(known[-1]),
            last=str(known[0]),
        )
    )


def _offices() -> Sequence[Office]:
    return offices_reached(current_session(), scope_of(current_person()))


def _office() -> Office:
    """The office the address names; else one the person closes quarters of, else the first."""
    offices, code = _offices(), words("office").upper()
    found = [one for one in offices if one.code == code] if code else _own_first(offices)
    if not found:
        raise UnknownError(sentence("There is no such office, or it is not open to you."))
    return found[0]


def _own_first(offices: Sequence[Office]) -> list[Office]:
    return sorted(
        offices,
        key=lambda one: not may(current_person(), Permission.CLOSE_QUARTER, office_id=one.id),
    )


def _own_office() -> Office:
    office = _office()
    ensure(Permission.CLOSE_QUARTER, office_id=office.id)
    return office
