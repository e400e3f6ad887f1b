"""The editions of a report: the newest that was issued, and the one that another follows."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.queries.reports import SAME_REPORT
from models import ReportIssue
from models.vocabulary import ReportKind


def newest_edition(
    session: Session, office_id: int, programme_id: int | None, quarter: str
) -> ReportIssue | None:
    """The newest edition that was issued of a quarter's report; None before there is one."""
    return session.scalar(
        select(ReportIssue)
        .where(
            ReportIssue.kind == ReportKind.QUARTERLY,
            ReportIssue.office_id == office_id,
            ReportIssue.programme_id.is_not_distinct_from(programme_id),
            ReportIssue.quarter == quarter,
            ReportIssue.issued_at.is_not(None),
        )
        .order_by(ReportIssue.edition.desc(), ReportIssue.id)
        .limit(1)
    )


def edition_before(session: Session, issue: ReportIssue) -> ReportIssue | None:
    """The edition of the same report that a frozen one follows; None for the first."""
    same = (
        getattr(ReportIssue, name).is_not_distinct_from(getattr(issue, name))
        for name in SAME_REPORT
    )
    return session.scalar(
        select(ReportIssue)
        .where(*same, ReportIssue.edition == (issue.edition or 0) - 1)
        .order_by(ReportIssue.id)
        .limit(1)
    )
