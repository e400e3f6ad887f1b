"""The parts of a desk that tell of reviews: what the lab hands in and what officers answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.quarters import Quarter, quarter_of
from app.language.sentences import sentence
from app.queries.reviews import QueueLine, review_queue, written_by
from app.queries.scope import Scope
from app.queries.waiting import Line, Part, Section, line_on, section, verbatim
from models import OfficeQuarter
from models.vocabulary import QuarterState, ReviewState

Stands = dict[tuple[int, str], QuarterState]


@dataclass(frozen=True)
class ReviewProgress:
    """How far the quarter's reviews of one programme have come."""

    name_en: str
    name_es: str
    accepted: int
    submitted: int
    asked: int


@dataclass(frozen=True)
class OpenLines:
    """The reviews of this quarter and the last, but for those of a quarter that is closed.

    ``due`` holds those of them that the lab is asked for: this quarter's, and the last one's
    while its office is closing it.
    """

    lines: Sequence[QueueLine]
    due: Sequence[QueueLine]
    of_quarter: Sequence[QueueLine]


def open_lines(session: Session, *, scope: Scope, today: date) -> OpenLines:
    """What is under review in a scope on a day."""
    this = quarter_of(today)
    quarters = (this.previous, this)
    stands = _stands(session, quarters)
    queue = [
        (line, stands.get((line.experiment.office_id, str(quarter)), QuarterState.OPEN))
        for quarter in quarters
        for line in review_queue(session, quarter=quarter, scope=scope)
    ]
    return OpenLines(
        lines=[line for line, state in queue if state is not QuarterState.CLOSED],
        due=[
            line
            for line, state in queue
            if state is QuarterState.CLOSING
            or (line.quarter == this and state is QuarterState.OPEN)
        ],
        of_quarter=[line for line, _state in queue if line.quarter == this],
    )


def returned(lines: Sequence[QueueLine]) -> Section:
    """What officers sent back and the lab has not submitted again."""
    back = [line for line in lines if line.state is ReviewState.RETURNED]
    return section(Part.RETURNED, (_sent_back(line, _submission(line)) for line in back))


def to_submit(lines: Sequence[QueueLine], person_id: int) -> Section:
    """What the person owns and has still to hand in, but for what was sent back."""
    owed = {
        (line.experiment.code, str(line.quarter)): _review(line, _submission(line))
        for line in lines
        if line.experiment.owner_id == person_id
        and line.is_owed_by_lab
        and line.state is not ReviewState.RETURNED
    }
    return section(Part.TO_SUBMIT, owed.values(), more="/reviews/submit")


def to_answer(session: Session, lines: Sequence[QueueLine], officer_id: int) -> Section:
    """What an officer answers next, but for what they wrote: others answer that."""
    waiting = [line for line in lines if line.is_waiting]
    own = _own(session, waiting, officer_id)
    theirs = [line for line in waiting if line.experiment.id not in own]
    return section(
        Part.TO_ANSWER, (_review(line, _answer(line)) for line in theirs), more="/reviews"
    )


def unanswered(lines: Sequence[QueueLine], officer_id: int) -> Section:
    """What the officer sent back and the lab has not submitted again."""
    back = [
        line
        for line in lines
        if line.state is ReviewState.RETURNED
        and line.review
        and line.review.reviewed_by_id == officer_id
    ]
    return section(Part.UNANSWERED, (_sent_back(line, _answer(line)) for line in back))


def progress_by_programme(lines: Sequence[QueueLine]) -> list[ReviewProgress]:
    """The quarter's reviews by programme, by its code."""
    programmes = {line.programme.code: line.programme for line in lines}
    return [
        ReviewProgress(
            name_en=programme.name_en,
            name_es=programme.name_es,
            accepted=sum(line.state is ReviewState.ACCEPTED for line in of_it),
            submitted=sum(line.is_waiting for line in of_it),
            asked=len(of_it),
        )
        for code, programme in sorted(programmes.items())
        if (of_it := [line for line in lines if line.programme.code == code])
    ]


def _stands(session: Session, quarters: Collection[Quarter]) -> Stands:
    rows = session.execute(
        select(OfficeQuarter.office_id, OfficeQuarter.quarter, OfficeQuarter.state).where(
            OfficeQuarter.quarter.in_([str(quarter) for quarter in quarters])
        )
    )
    return {(office_id, quarter): state for office_id, quarter, state in rows}


def _own(session: Session, lines: Sequence[QueueLine], officer_id: int) -> Collection[int]:
    return written_by(session, officer_id, [line.experiment.id for line in lines])


def _submission(line: QueueLine) -> str:
    return f"/reviews/submit?experiment={line.experiment.code}&quarter={line.quarter}"


def _answer(line: QueueLine) -> str:
    return f"/reviews/{line.quarter}/{line.programme.code}/{line.experiment.code}"


def _review(line: QueueLine, path: str) -> Line:
    return line_on(
        line.experiment,
        path,
        said=sentence("Review of %(quarter)s", quarter=str(line.quarter)),
        programme=line.programme,
        since=line.review.handed_in_at if line.review and line.is_waiting else None,
        due_on=line.quarter.ends_on,
    )


def _sent_back(line: QueueLine, path: str) -> Line:
    return line_on(
        line.experiment,
        path,
        said=verbatim(line.review.comment) if line.review else None,
        programme=line.programme,
        since=line.review.reviewed_at if line.review else None,
        due_on=line.quarter.ends_on,
    )
