"""The desk: what waits for the person who opens it."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.clock import today
from app.database import current_session
from app.domain.quarters import Quarter, quarter_of
from app.queries.desk import (
    drafts_in,
    incomplete_of,
    progress_by_programme,
    returned,
    reviews_waiting,
    to_submit,
)
from app.queries.reports import report_issues
from app.queries.reviews import review_queue
from app.security.guards import signed_in
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import may, scope_of

pages = Blueprint("desk", __name__)


@pages.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """What is due, returned or missing, by what the person's roles allow."""
    quarter = quarter_of(today())
    waiting = {
        **(_as_officer(quarter) if _may(Permission.REVIEW_IMPACT) else {}),
        **(_as_lab(quarter) if _may(Permission.WRITE_EXPERIMENT) else {}),
        **(_as_reader() if _may(Permission.READ_REPORT) else {}),
    }
    return render_template("desk/index.html", quarter=quarter, **waiting)


def _may(permission: Permission) -> bool:
    return may(current_person(), permission)


def _as_officer(quarter: Quarter) -> dict[str, Any]:
    person = current_person()
    scope = scope_of(person, Permission.REVIEW_IMPACT)
    waiting = reviews_waiting(current_session(), person.id, quarter=quarter, scope=scope)
    return {"waiting": waiting}


def _as_lab(quarter: Quarter) -> dict[str, Any]:
    session, person = current_session(), current_person()
    scope = scope_of(person, Permission.WRITE_EXPERIMENT)
    lines = review_queue(session, quarter=quarter, scope=scope)
    return {
        "returned": returned(lines),
        "to_submit": to_submit(lines, person.id),
        "progress": progress_by_programme(lines) if _may(Permission.MAKE_REPORT) else [],
        "incomplete": incomplete_of(session, person.id, scope=scope),
        "drafts": drafts_in(session, scope=scope),
    }


def _as_reader() -> dict[str, Any]:
    scope = scope_of(current_person(), Permission.READ_REPORT)
    return {"issued": report_issues(current_session(), reads=scope, most=5)}
