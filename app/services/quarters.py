"""An office's quarter: closing it, and what may still be done once it is closed.

Each step holds the office, so that two heads at once take their turns, and asks the one table of
app/domain/quarters.py. Only the head of the office takes them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.quarters import (
    CLOSERS,
    Leave,
    Move,
    Quarter,
    problems_of_correction,
    problems_of_introduction,
    problems_of_leave,
    refuse_unended,
    state_after,
)
from app.domain.refusals import InvalidError, NotAllowedError, NotReadyError, Problem, UnknownError
from app.domain.roles import is_held_at
from app.language.sentences import sentence
from app.queries.history import newest_seal
from app.queries.quarters import exceptions_running, newest_closing, standing_quarter
from app.queries.reports import programme_editions
from app.reports.assemble.keeping import NONE_KEPT, Shares, programmes_kept
from app.reports.assemble.quarterly import assemble
from app.reports.comparing import SinceEdition, since_edition
from app.reports.snapshot import ClosingLine, QuarterlySnapshot, canonical_json, digest, read_json
from app.services import history, reporting
from app.services.actor import Actor
from app.services.codes import lock_office
from app.services.locks import hold_closing
from app.services.versions import refuse_stale
from models import (
    Closing,
    Experiment,
    Office,
    OfficeQuarter,
    Programme,
    QuarterException,
    ReportIssue,
)
from models.vocabulary import Language, QuarterState

PAST: Mapping[Move, str] = {
    Move.INTRODUCE: "introduced",
    Move.START_CLOSING: "closing_begun",
    Move.REOPEN: "reopened",
    Move.CLOSE: "closed",
    Move.EXCEPT: "excepted",
    Move.END_EXCEPTION: "exception_ended",
    Move.CORRECT: "corrected",
}
SAME_FACTS = sentence(
    "Nothing that the report tells has changed since the quarter was frozen: there is nothing to "
    "correct."
)


def introduce(
    session: Session,
    office: Office,
    quarter: Quarter,
    introduction: str,
    *,
    seen_version: int | None,
    by: Actor,
) -> OfficeQuarter:
    """Keep the head's sentences for page one; until the quarter is closed they may change.

    Raises ChangedMeanwhileError when ``seen_version`` is not the one that stands.
    """
    introduction = introduction.strip()
    _refuse(problems_of_introduction(introduction))
    row = held(session, office, quarter, Move.INTRODUCE, by=by)
    if row.id is not None and row.introduction != introduction:
        refuse_stale(session, row, seen_version=seen_version)
    row.introduction = introduction
    return _kept(session, office, row, Move.INTRODUCE, by=by)


def start_closing(
    session: Session, office: Office, quarter: Quarter, *, by: Actor
) -> OfficeQuarter:
    """Begin to close: who owes what can be nudged. Nothing is locked yet."""
    row = held(session, office, quarter, Move.START_CLOSING, by=by)
    return _kept(session, office, row, Move.START_CLOSING, by=by)


def reopen(session: Session, office: Office, quarter: Quarter, *, by: Actor) -> OfficeQuarter:
    """Leave the closing for later."""
    row = held(session, office, quarter, Move.REOPEN, by=by)
    return _kept(session, office, row, Move.REOPEN, by=by)


def close(
    session: Session, office: Office, quarter: Quarter, *, by: Actor, at: datetime
) -> Closing:
    """Freeze the quarter for every experiment at once, and ask for its reports.

    What others were writing when it began is waited for and is in it; what comes after is refused.
    """
    row = held(session, office, quarter, Move.CLOSE, by=by)
    refuse_unended(quarter, today=day_of(at))
    hold_closing(session, office.id)
    snapshot = _facts_now(session, office, row, at=at)
    closing = _frozen(session, row, snapshot, edition=1, reason="", by=by, at=at)
    _kept(session, office, row, Move.CLOSE, by=by, told=_told(closing))
    _ask_for_reports(session, office, quarter, by=by)
    return closing


def give_exception(
    session: Session,
    office: Office,
    quarter: Quarter,
    experiment: Experiment | None,
    leave: Leave,
    *,
    by: Actor,
    at: datetime,
) -> QuarterException:
    """Let one experiment be written to in a closed quarter for a time, and say why.

    What still runs for it in that quarter ends at that moment: one is open at a time.
    """
    row = held(session, office, quarter, Move.EXCEPT, by=by)
    problems = problems_of_leave(leave, at=at)
    if experiment is None or experiment.office_id != office.id:
        problems.append(Problem("experiment", sentence("Choose one of the office's experiments.")))
    if problems or experiment is None:
        raise InvalidError(problems)
    for running in exceptions_running(session, row.id, experiment.id, at=at):
        _end(session, office, row, running, experiment, by=by, at=at)
    given = QuarterException(
        office_quarter_id=row.id,
        experiment_id=experiment.id,
        until=leave.until,
        reason=leave.reason.strip(),
        given_by_id=by.id,
        given_at=at,
    )
    session.add(given)
    told: dict[str, list[object]] = {
        "experiment": [None, experiment.code],
        "until": [None, given.until],
    }
    _kept(session, office, row, Move.EXCEPT, by=by, told=told, reason=given.reason)
    return given


def end_exception(
    session: Session,
    office: Office,
    quarter: Quarter,
    exception_id: int,
    *,
    by: Actor,
    at: datetime,
) -> QuarterException:
    """End an exception before its day; one that has ended stays as it is."""
    row = held(session, office, quarter, Move.END_EXCEPTION, by=by)
    given = session.get(QuarterException, exception_id, populate_existing=True)
    if given is None or given.office_quarter_id != row.id:
        raise UnknownError(sentence("There is no such exception in %(on)s.", on=row.quarter))
    if given.until > at:
        experiment = session.get_one(Experiment, given.experiment_id)
        _end(session, office, row, given, experiment, by=by, at=at)
    return given


def correct(
    session: Session, office: Office, quarter: Quarter, *, reason: str, by: Actor, at: datetime
) -> Closing:
    """Freeze the quarter again as its data now stand; the edition before stays readable.

    Refused where nothing that is told has changed. The reports are asked for anew.
    """
    row = held(session, office, quarter, Move.CORRECT, by=by)
    _refuse(problems_of_correction(reason))
    hold_closing(session, office.id)
    standing = newest_closing(session, office.id, str(quarter))
    kept = programmes_kept(session, row, standing) if standing else {}
    snapshot = _facts_now(session, office, row, at=at, kept=kept)
    if standing is None or _compared(snapshot) == _compared(read_json(standing.snapshot_json)):
        raise NotReadyError(SAME_FACTS)
    edition = standing.edition + 1
    closing = _frozen(session, row, snapshot, edition=edition, reason=reason.strip(), by=by, at=at)
    _kept(session, office, row, Move.CORRECT, by=by, told=_told(closing), reason=closing.reason)
    _ask_for_reports(session, office, quarter, by=by)
    return closing


def what_a_correction_tells(
    session: Session, office: Office, quarter: Quarter, *, at: datetime
) -> tuple[QuarterlySnapshot, SinceEdition] | None:
    """The facts as they would be frozen now, and what is told otherwise than by what stands.

    None where the quarter is not closed.
    """
    row = standing_quarter(session, office.id, str(quarter))
    standing = newest_closing(session, office.id, str(quarter))
    if row is None or standing is None:
        return None
    kept = programmes_kept(session, row, standing)
    facts = _compared(_facts_now(session, office, row, at=at, kept=kept))
    frozen = _compared(read_json(standing.snapshot_json))
    return facts, since_edition(frozen, standing.edition, facts)


def held(
    session: Session, office: Office, quarter: Quarter, move: Move, *, by: Actor
) -> OfficeQuarter:
    """The office's quarter where the move may be made now; held until the transaction ends."""
    _refuse_others(by, office)
    lock_office(session, office.id)
    row = standing_quarter(session, office.id, str(quarter)) or OfficeQuarter(
        office_id=office.id, quarter=str(quarter), state=QuarterState.OPEN, introduction=""
    )
    state_after(move, row.state)
    return row


def _end(
    session: Session,
    office: Office,
    row: OfficeQuarter,
    given: QuarterException,
    experiment: Experiment,
    *,
    by: Actor,
    at: datetime,
) -> None:
    told: dict[str, list[object]] = {
        "experiment": [experiment.code, experiment.code],
        "until": [given.until, at],
    }
    given.until = at
    _kept(session, office, row, Move.END_EXCEPTION, by=by, told=told)


def _facts_now(
    session: Session,
    office: Office,
    row: OfficeQuarter,
    *,
    at: datetime,
    kept: Mapping[str, Shares] = NONE_KEPT,
) -> QuarterlySnapshot:
    """The facts as they stand, whatever the session had loaded before others were finished."""
    session.flush()
    asked = ReportIssue(office_id=office.id, quarter=row.quarter, introduction=row.introduction)
    with Session(session.connection()) as fresh:
        return assemble(fresh, asked, today=day_of(at), kept=kept)


def _frozen(
    session: Session,
    row: OfficeQuarter,
    facts: QuarterlySnapshot,
    *,
    edition: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> Closing:
    line = ClosingLine(
        edition=edition,
        closed_on=day_of(at).isoformat(),
        closed_by=by.person.name if by.person else "",
        reason=reason,
    )
    snapshot = facts.model_copy(update={"closing": line})
    closing = Closing(
        office_quarter_id=row.id,
        edition=edition,
        snapshot_json=canonical_json(snapshot).decode(),
        snapshot_sha256=digest(snapshot),
        history_sha256=newest_seal(session),
        reason=reason,
        closed_by_id=by.id,
        closed_at=at,
    )
    session.add(closing)
    return closing


def _compared(snapshot: QuarterlySnapshot) -> QuarterlySnapshot:
    """What it tells, without who froze it and when the newest of it was recorded."""
    return snapshot.model_copy(update={"closing": None, "data_as_of": None})


def _told(closing: Closing) -> dict[str, list[object]]:
    return {
        "edition": [None, closing.edition],
        "snapshot_sha256": [None, closing.snapshot_sha256],
    }


def _ask_for_reports(session: Session, office: Office, quarter: Quarter, *, by: Actor) -> None:
    """The office's in each language, and anew what its programmes had of the quarter."""
    made: list[tuple[Programme | None, Language]] = [(None, language) for language in Language]
    made += programme_editions(session, office.id, str(quarter))
    for programme, language in made:
        scope = reporting.Scope(office, programme, quarter)
        reporting.ask(session, scope, language=language, introduction="", by=by)


def _kept(
    session: Session,
    office: Office,
    row: OfficeQuarter,
    move: Move,
    *,
    by: Actor,
    told: dict[str, list[object]] | None = None,
    reason: str = "",
) -> OfficeQuarter:
    row.state = state_after(move, row.state)
    session.add(row)
    session.flush()
    history.record(
        session,
        subject=f"quarter:{office.code}:{row.quarter}",
        event=f"quarter.{PAST[move]}",
        by=by,
        changes=told or {"state": [None, row.state]},
        reason=reason,
    )
    session.flush()
    return row


def _refuse_others(by: Actor, office: Office) -> None:
    if by.person is None or not any(
        held.role in CLOSERS and is_held_at(held, office_id=office.id, programme_ids=())
        for held in by.person.memberships
    ):
        raise NotAllowedError(sentence("Only the head of experimentation closes a quarter."))


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidError(problems)
