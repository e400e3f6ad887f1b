"""Asking for the report of a plan, from the plan's page."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.queries.plans import plan_by_code
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import reporting
from app.services.reporting import PlanScope
from app.web.forms.reports import PlanReportForm
from app.web.language import current_language
from models import Plan

pages = Blueprint("plan_reports", __name__, url_prefix="/plans/<code>/report")


@pages.get("")
@requires(Permission.MAKE_PLAN_REPORT)
def new(code: str) -> ResponseReturnValue:
    """In which language."""
    return _page(_plan(code), PlanReportForm(language=current_language()))


@pages.post("")
@requires(Permission.MAKE_PLAN_REPORT)
def create(code: str) -> ResponseReturnValue:
    """Ask for it; a worker makes it."""
    plan, form = _plan(code), PlanReportForm()
    if not form.validate_on_submit():
        return _page(plan, form)
    issue = reporting.ask(
        current_session(), PlanScope(plan), language=form.language.data, by=current_actor()
    )
    return redirect(url_for("reports.show", issue_id=issue.id), 303)


def _plan(code: str) -> Plan:
    plan = plan_by_code(current_session(), code, scope=scope_of(current_person()))
    ensure(Permission.MAKE_PLAN_REPORT, office_id=plan.office_id)
    return plan


def _page(plan: Plan, form: PlanReportForm) -> ResponseReturnValue:
    return render_template("reports/plan.html", plan=plan, form=form), form.status
