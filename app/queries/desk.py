"""What is due, returned and waiting for somebody, by what their roles allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.clock import day_of
from app.language.sentences import sentence
from app.queries import desk_admin, desk_lab, desk_reviews
from app.queries.comments import unseen_mentions
from app.queries.desk_reviews import ReviewProgress, open_lines
from app.queries.reports import Reach, report_issues
from app.queries.scope import Scope
from app.queries.waiting import Line, Part, Section, line_on, page_of, section, verbatim

NEWEST_REPORTS = 5


@dataclass(frozen=True)
class Places:
    """Where somebody reads experiments, works in the lab, reviews, decides and so on.

    None: nowhere, their roles do not do this.
    """

    reads: Scope | None = None
    lab: Scope | None = None
    officer: Scope | None = None
    head: Scope | None = None
    admin: Scope | None = None
    reports: Scope | None = None


@dataclass(frozen=True)
class Desk:
    """The parts of a desk that the person's roles have, the most urgent first, empty ones too.

    ``progress`` tells a head how far this quarter's reviews are.
    """

    sections: Sequence[Section]
    progress: Sequence[ReviewProgress] = ()

    @property
    def waiting(self) -> int:
        """How many things wait for the person."""
        return sum(one.count for one in self.sections if one.waits)

    def overdue(self, today: date) -> int:
        """How many of those shown should have been done before this day."""
        lines = (line for one in self.sections if one.waits for line in one.lines)
        return sum(line.due_on is not None and line.due_on < today for line in lines)


def desk_of(
    session: Session,
    person_id: int,
    *,
    places: Places,
    at: datetime,
    quarters: Section | None = None,
) -> Desk:
    """Somebody's desk at a moment; as many statements for much work as for little.

    ``quarters`` is what the quarters that the person closes still lack.
    """
    today = day_of(at)
    sections, progress = [quarters] if quarters else [], list[ReviewProgress]()
    if places.lab:
        lab, progress = _of_lab(session, person_id, places.lab, places.head, today)
        sections += lab
    if places.officer:
        sections += _of_officer(session, person_id, places.officer, today)
    if places.head:
        sections.append(desk_lab.gates_to_decide(session, person_id, scope=places.head))
    if places.admin:
        sections.append(desk_admin.passwords_out(session, scope=places.admin, at=at))
        sections.append(desk_admin.failures(session, scope=places.admin, at=at))
    if places.reads:
        sections.append(_mentions(session, person_id, places.reads))
    if places.reports:
        sections.append(_reports(session, places.reports))
    order = list(Part)
    return Desk(
        sorted(sections, key=lambda one: order.index(one.part)), progress if places.head else ()
    )


def _of_lab(
    session: Session, person_id: int, scope: Scope, head: Scope | None, today: date
) -> tuple[list[Section], list[ReviewProgress]]:
    reviews = open_lines(session, scope=scope, today=today)
    sections = [
        desk_reviews.returned(reviews.lines),
        desk_reviews.to_submit(reviews.due, person_id),
        desk_lab.gates_sent_back(session, scope=scope),
        desk_lab.decisions_due(session, person_id, lab=scope, head=head, today=today),
        desk_lab.readings_missing(session, reviews.of_quarter, person_id, scope=scope, today=today),
        desk_lab.drafts(session, scope=scope),
        desk_lab.incomplete(session, person_id, scope=scope),
    ]
    return sections, desk_reviews.progress_by_programme(reviews.of_quarter)


def _of_officer(session: Session, person_id: int, scope: Scope, today: date) -> list[Section]:
    reviews = open_lines(session, scope=scope, today=today)
    return [
        desk_reviews.to_answer(session, reviews.lines, person_id),
        desk_reviews.unanswered(reviews.lines, person_id),
    ]


def _mentions(session: Session, person_id: int, scope: Scope) -> Section:
    return section(
        Part.MENTIONS,
        (
            line_on(
                one.experiment,
                page_of(one.experiment, f"/comments#comment-{one.answers_id or one.id}"),
                said=sentence(
                    "%(name)s: %(text)s",
                    name=one.by.name if one.by else "",
                    text=verbatim(one.text),
                ),
                since=one.created_at,
            )
            for one in unseen_mentions(session, person_id, scope=scope)
        ),
    )


def _reports(session: Session, scope: Scope) -> Section:
    issues = report_issues(session, Reach(reads=scope), most=NEWEST_REPORTS)
    lines = (
        Line(
            sentence("%(kind)s %(quarter)s", kind=issue.kind, quarter=issue.about),
            f"/reports/{issue.id}",
            said=sentence(
                "%(office)s, %(language)s", office=issue.office.name, language=issue.language
            ),
            programme=issue.programme,
            since=issue.issued_at,
        )
        for issue in issues
        if issue.issued_at
    )
    return section(Part.REPORTS, lines, more="/reports", is_ordered=True)
