"""Reports asked for and issued, and who may read which (docs/decisions/0105)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, exists, false, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload

from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.experiments import visible
from app.queries.scope import Scope
from models import Experiment, Job, Programme, ReportIssue
from models.vocabulary import JobState, Language

UNDER_WAY = (JobState.WAITING, JobState.RUNNING)
SAME_REPORT = (
    *("kind", "office_id", "programme_id", "quarter", "experiment_id", "stage", "plan_id"),
)
SAME_EDITION = (*SAME_REPORT, "language", "edition")
NOBODYS = Scope()


@dataclass(frozen=True)
class Reach:
    """Where somebody reads what is issued, and makes reports of quarters, stages and plans."""

    reads: Scope
    makes: Scope = NOBODYS
    makes_stages: Scope = NOBODYS
    makes_plans: Scope = NOBODYS


def report_issues(session: Session, reach: Reach, *, most: int = 100) -> list[ReportIssue]:
    """What is under way, then the newest reports: one for each edition and language.

    Issued ones where somebody reads, others where they make such. An edition asked for again is
    listed as it was first issued.
    """
    is_under_way = case((Job.state.in_(UNDER_WAY), 0), else_=1)
    listed = (
        _visible(reach)
        .where(or_(ReportIssue.issued_at.is_not(None), ReportIssue.job_id.is_not(None)))
        .where(~_earlier_issues(ReportIssue, aliased(ReportIssue)))
        .order_by(is_under_way, ReportIssue.id.desc())
        .limit(most)
    )
    return list(session.scalars(listed))


def report_issue(session: Session, issue_id: int, reach: Reach) -> ReportIssue:
    """One report, or UnknownError when it is out of reach."""
    found = _visible(reach).where(ReportIssue.id == issue_id)
    issue = session.scalar(found)
    if issue is None:
        raise UnknownError(sentence("There is no such report, or it is not open to you."))
    return issue


def first_issue(session: Session, issue: ReportIssue) -> ReportIssue:
    """The edition as it was first issued in this language: the issue itself, mostly."""
    earlier, asked = aliased(ReportIssue), aliased(ReportIssue)
    found = session.scalar(
        select(earlier)
        .join(asked, asked.id == issue.id)
        .where(*_is_earlier(asked, earlier))
        .order_by(earlier.issued_at, earlier.id)
        .limit(1)
    )
    return found or issue


@dataclass(frozen=True)
class Succession:
    """What an edition gave way to, and what the edition that stands took the place of."""

    stands: ReportIssue | None = None
    superseded: ReportIssue | None = None


def succession_of(session: Session, issue: ReportIssue) -> Succession:
    """The edition asked for last stands: of facts that were undone that is an old one again.

    Each is named as it was first issued, in the issue's language where it was.
    """
    if not issue.is_issued:
        return Succession()
    issued = session.scalars(
        select(ReportIssue)
        .where(*_same(SAME_REPORT, issue), ReportIssue.issued_at.is_not(None))
        .options(defer(ReportIssue.snapshot_json))
        .order_by(ReportIssue.id.desc())
    ).all()
    if issue.edition != issued[0].edition:
        return Succession(stands=_first_of(issued, issued[0].edition, issue.language))
    before = next((one.edition for one in issued if one.edition != issue.edition), None)
    return Succession(superseded=_first_of(issued, before, issue.language))


def _first_of(
    issued: Sequence[ReportIssue], edition: int | None, language: Language
) -> ReportIssue | None:
    return min(
        (one for one in issued if one.edition == edition),
        key=lambda one: (one.language is not language, one.issued_at, one.id),
        default=None,
    )


def programme_editions(
    session: Session, office_id: int, quarter: str
) -> Sequence[tuple[Programme, Language]]:
    """The programmes of an office that have an edition of a quarter, and in which language."""
    rows = session.execute(
        select(Programme, ReportIssue.language)
        .join(ReportIssue, ReportIssue.programme_id == Programme.id)
        .where(
            ReportIssue.office_id == office_id,
            ReportIssue.quarter == quarter,
            ReportIssue.edition.is_not(None),
        )
        .distinct()
        .order_by(Programme.code, ReportIssue.language)
    )
    return [(programme, language) for programme, language in rows]


def _earlier_issues(asked: type[ReportIssue], earlier: type[ReportIssue]) -> ColumnElement[bool]:
    return exists(select(earlier.id).where(*_is_earlier(asked, earlier)))


def _is_earlier(
    asked: type[ReportIssue], earlier: type[ReportIssue]
) -> Iterable[ColumnElement[bool]]:
    """That ``earlier`` is the same edition in the same language, issued before ``asked`` was."""
    yield from _same(SAME_EDITION, asked, earlier)
    yield tuple_(earlier.issued_at, earlier.id) < tuple_(asked.issued_at, asked.id)


def _same(
    columns: Iterable[str],
    asked: ReportIssue | type[ReportIssue],
    other: type[ReportIssue] = ReportIssue,
) -> Iterable[ColumnElement[bool]]:
    for column in columns:
        yield getattr(other, column).is_not_distinct_from(getattr(asked, column))


def _visible(reach: Reach) -> Select[ReportIssue]:
    is_issued, reads = ReportIssue.issued_at.is_not(None), reach.reads
    of_stages, of_plans = _of_experiments(reach.makes_stages), _of_plans(reach.makes_plans)
    return (
        select(ReportIssue)
        .outerjoin(ReportIssue.job)
        .options(
            contains_eager(ReportIssue.job),
            joinedload(ReportIssue.asked_by),
            joinedload(ReportIssue.office),
            joinedload(ReportIssue.programme),
            joinedload(ReportIssue.experiment),
            joinedload(ReportIssue.plan),
        )
        .where(
            or_(
                is_issued & (_within(reads) | _of_the_office(reads) | _of_experiments(reads)),
                ~is_issued & (_within(reach.makes) | of_stages | of_plans),
            )
        )
    )


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    return or_(
        ReportIssue.office_id.in_(scope.office_ids),
        ReportIssue.programme_id.in_(scope.programme_ids),
    )


def _of_the_office(scope: Scope) -> ColumnElement[bool]:
    """The report of a whole office or of a plan is made to be read by its programmes too."""
    if not scope.programme_ids:
        return false()
    offices = select(Programme.office_id).where(Programme.id.in_(scope.programme_ids))
    is_whole = ReportIssue.programme_id.is_(None) & ReportIssue.experiment_id.is_(None)
    return is_whole & ReportIssue.office_id.in_(offices)


def _of_experiments(scope: Scope) -> ColumnElement[bool]:
    """The report of a stage is open to whom its experiment is open to."""
    return ReportIssue.experiment_id.in_(select(Experiment.id).where(visible(scope)))


def _of_plans(scope: Scope) -> ColumnElement[bool]:
    """The report of a plan is made by those who write it."""
    return ReportIssue.plan_id.is_not(None) & (
        true() if scope.everything else ReportIssue.office_id.in_(scope.office_ids)
    )
