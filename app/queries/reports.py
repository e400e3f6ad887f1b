"""Reports asked for and issued."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.scope import Scope
from models import ReportIssue


def report_issues(session: Session, *, scope: Scope, most: int = 100) -> list[ReportIssue]:
    """The newest reports of a scope, with what a list of them shows."""
    return list(session.scalars(_visible(scope).order_by(ReportIssue.id.desc()).limit(most)))


def report_issue(session: Session, issue_id: int, *, scope: Scope) -> ReportIssue:
    """One report, or UnknownError when it is not open to this scope."""
    issue = session.scalar(_visible(scope).where(ReportIssue.id == issue_id))
    if issue is None:
        raise UnknownError(sentence("There is no such report, or it is not open to you."))
    return issue


def _visible(scope: Scope) -> Select[ReportIssue]:
    issues = select(ReportIssue).options(
        joinedload(ReportIssue.job),
        joinedload(ReportIssue.asked_by),
        joinedload(ReportIssue.office),
        joinedload(ReportIssue.programme),
    )
    if scope.everything:
        return issues
    return issues.where(
        or_(
            ReportIssue.office_id.in_(scope.office_ids),
            ReportIssue.programme_id.in_(scope.programme_ids),
        )
    )
