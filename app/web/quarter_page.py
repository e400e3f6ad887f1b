"""The page of a quarter: where it stands, who owes what, what was frozen, what is open in it."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import LONGEST_INTRODUCTION, Quarter
from app.queries.choices import experiments_of
from app.queries.quarters import (
    exceptions_of,
    nudged_last,
    quarters_of,
    reports_of,
    standing_quarter,
)
from app.reports.assemble.readiness import as_it_stands, debtors_of
from app.reports.snapshot import Gap, QuarterlySnapshot, read_json
from app.security.login import current_person
from app.security.policy import scope_of
from app.web.debts import Owing, owing
from app.web.forms.base import Form
from app.web.forms.conflicts import Differences, told
from app.web.forms.quarters import CorrectionForm, ExceptionForm, IntroductionForm
from app.web.history import entries_shown
from app.web.record_history import record_history
from models import Office, OfficeQuarter
from models.vocabulary import QuarterState


def quarter_page(
    office: Office,
    quarter: Quarter,
    form: Form | None = None,
    *,
    differences: Differences | None = None,
) -> ResponseReturnValue:
    """The page; ``form`` is one that was refused, shown with what was typed."""
    session = current_session()
    standing_quarter(session, office.id, str(quarter))
    row = quarters_of(session, office.id).get(str(quarter))
    snapshot = _snapshot(office, quarter, row)
    state = row.state if row else QuarterState.OPEN
    page = render_template(
        "quarters/show.html",
        office=office,
        quarter=quarter,
        row=row,
        state=state,
        has_ended=quarter.ends_on < today(),
        owing=_owing(office, row, snapshot),
        closings=list(reversed(row.closings)) if row else [],
        reports=reports_of(session, office.id, str(quarter)),
        exceptions=exceptions_of(session, row.id) if row else [],
        history=record_history(entries_shown(f"quarter:{office.code}:{quarter}")),
        now=now(),
        refused=form or Form(formdata=None),
        forms=_forms(office, row, form),
        differences=differences,
        typed=_homeless(form, state),
        longest_introduction=LONGEST_INTRODUCTION,
    )
    return page, form.status if form else 200


def _homeless(form: Form | None, state: QuarterState) -> list[tuple[str, str]]:
    """What was typed into a form that the page has no room for any more."""
    is_closed = state is QuarterState.CLOSED
    if form is None or isinstance(form, IntroductionForm) is not is_closed:
        return []
    return told(form)


def _snapshot(office: Office, quarter: Quarter, row: OfficeQuarter | None) -> QuarterlySnapshot:
    """What was frozen last; before that, what the report would tell now."""
    if row and row.closings:
        return read_json(row.closings[-1].snapshot_json)
    return as_it_stands(current_session(), office.id, str(quarter), today=today())


def _owing(office: Office, row: OfficeQuarter | None, snapshot: QuarterlySnapshot) -> list[Owing]:
    session = current_session()
    debtors = debtors_of(session, office.id, _seen(office, snapshot))
    nudged = nudged_last(session, row.id) if row else {}
    return owing(debtors, snapshot, nudged, office_id=office.id)


def _seen(office: Office, snapshot: QuarterlySnapshot) -> Sequence[Gap]:
    """What concerns the reader: in an office everything, in programmes what lies in them."""
    scope = scope_of(current_person())
    if scope.everything or office.id in scope.office_ids:
        return snapshot.gaps
    own = {held.programme.code for held in current_person().memberships if held.programme}
    experiments = {
        section.code
        for section in snapshot.experiments
        if not own.isdisjoint(share.code for share in section.programmes)
    }
    return [
        gap
        for gap in snapshot.gaps
        if gap.experiment in experiments and gap.programme in {"", *own}
    ]


def _forms(office: Office, row: OfficeQuarter | None, refused: Form | None) -> dict[str, Form]:
    """The page's forms by their name; the refused one keeps what was typed."""
    forms: dict[str, Form] = {
        "introduction": IntroductionForm(formdata=None, obj=row),
        "exception": ExceptionForm(formdata=None),
        "correction": CorrectionForm(formdata=None),
    }
    for name, form in forms.items():
        if refused is not None and type(refused) is type(form):
            forms[name] = refused
    exception = forms["exception"]
    if isinstance(exception, ExceptionForm):
        exception.offer(experiments_of(current_session(), office.id))
    return forms
