"""Reports: asked for, frozen as a snapshot, laid out from it, issued as an edition.

The four steps are separate, so that no database is held while a document is laid out, and a
worker that takes a dead one's job goes on from the snapshot already kept.

The report of a closed quarter is made from what was frozen last, and never from the tables as
they stand; a programme's is its part of the same.
"""

import hashlib
import logging
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Protocol
from zipfile import BadZipFile, ZipFile

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, object_session

from app.domain.quarters import Quarter, problems_of_introduction
from app.domain.refusals import (
    DamagedError,
    InvalidError,
    NotReadyError,
    Problem,
    UnknownError,
)
from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.queries.editions import edition_before
from app.queries.quarters import newest_closing, standing_quarter
from app.queries.reports import SAME_REPORT
from app.reports.assemble import plan, quarterly, stage
from app.reports.attachments import facts_of
from app.reports.layout import Layout, LayoutError, OnPart, unheard
from app.reports.render import Rendering
from app.reports.restricting import restricted
from app.reports.snapshot import ProgrammeLine, QuarterlySnapshot, canonical_json, digest, read_json
from app.reports.stage_snapshot import AnySnapshot, read_any
from app.reports.word import write_docx
from app.reports.wording import STAGE_REPORTS
from app.reports.workbook import write_xlsx
from app.services import history, queue
from app.services.actor import Actor
from app.whole_files import write_whole
from models import Experiment, Job, Office, Plan, Programme, ReportIssue
from models.vocabulary import JobKind, JobState, Language, QuarterState, ReportKind, Stage

log = logging.getLogger(__name__)
STEPS = 10
TOO_MUCH = sentence(
    "The pages could not be laid out: a text, table or picture in them takes too much time or "
    "memory. Shorten the longest one and ask again."
)
ASSEMBLERS: Mapping[ReportKind, Callable[..., AnySnapshot]] = {
    ReportKind.QUARTERLY: quarterly.assemble,
    ReportKind.STAGE: stage.assemble,
    ReportKind.PLAN: plan.assemble,
}


@dataclass(frozen=True)
class Scope:
    """What a report covers: a quarter of an office, or of one of its programmes."""

    office: Office
    programme: Programme | None
    quarter: Quarter

    job: ClassVar = JobKind.QUARTERLY_REPORT

    def columns(self) -> dict[str, Any]:
        """What tells this report from every other."""
        return {
            "kind": ReportKind.QUARTERLY,
            "office_id": self.office.id,
            "programme_id": self.programme.id if self.programme else None,
            "quarter": str(self.quarter),
            "experiment_id": None,
            "stage": None,
            "plan_id": None,
        }


@dataclass(frozen=True)
class StageScope:
    """A stage of an experiment. Raises InvalidError when there is nothing to report of it."""

    experiment: Experiment
    stage: Stage

    job: ClassVar = JobKind.STAGE_REPORT

    def __post_init__(self) -> None:
        """Refuse a stage without reports, and one that the experiment never entered."""
        if self.stage not in STAGE_REPORTS:
            message = sentence("There are no reports of the stage %(stage)s.", stage=self.stage)
            raise InvalidError([Problem("stage", message)])
        if not any(entry.stage is self.stage for entry in self.experiment.stages):
            message = sentence(
                "%(code)s never entered the stage %(stage)s, so it has no report of it.",
                code=self.experiment.code,
                stage=self.stage,
            )
            raise InvalidError([Problem("stage", message)])

    def columns(self) -> dict[str, Any]:
        """What tells this report from every other."""
        return {
            "kind": ReportKind.STAGE,
            "office_id": self.experiment.office_id,
            "programme_id": None,
            "quarter": "",
            "experiment_id": self.experiment.id,
            "stage": self.stage,
            "plan_id": None,
        }


@dataclass(frozen=True)
class PlanScope:
    """A plan, a draft too: what is missing in it is said."""

    plan: Plan

    job: ClassVar = JobKind.PLAN_REPORT

    def columns(self) -> dict[str, Any]:
        """What tells this report from every other."""
        return {
            "kind": ReportKind.PLAN,
            "office_id": self.plan.office_id,
            "programme_id": None,
            "quarter": "",
            "experiment_id": None,
            "stage": None,
            "plan_id": self.plan.id,
        }


AnyScope = Scope | StageScope | PlanScope


@dataclass(frozen=True)
class Frozen:
    """A snapshot and its edition; ``file_name`` when it has been laid out already.

    ``before`` is the edition it follows: its document tells what changed since.
    """

    snapshot: AnySnapshot
    language: Language
    edition: int
    file_name: str | None
    before: AnySnapshot | None = None


class Transactions(Protocol):
    """How a door opens its transactions; ``finishing`` is the last, which stores the result."""

    def reading(self) -> AbstractContextManager[Session]:
        """One that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """A short one before the last."""
        ...

    def finishing(self) -> AbstractContextManager[Session]:
        """The last."""
        ...


def ask(
    session: Session,
    scope: AnyScope,
    *,
    language: Language,
    introduction: str = "",
    by: Actor,
) -> ReportIssue:
    """Ask for a report; a worker makes it.

    Asking again while the same report is still being made gives the one under way. Of a closed
    quarter it is the same only with the same facts: each report keeps those it was asked with.
    """
    facts = _closed_facts(session, scope.columns())
    introduction = _introduction(session, scope, introduction)
    under_way = _under_way(session, scope, language, introduction, facts)
    if under_way is not None:
        return under_way
    issue = begin(session, scope, language=language, introduction=introduction, by=by)
    if facts is not None:
        freeze(session, issue, facts)
    job = queue.put(
        session,
        kind=scope.job,
        arguments={"issue_id": issue.id},
        all_steps=STEPS,
        by=by,
    )
    issue.job_id = job.id
    session.flush()
    return issue


def begin(
    session: Session,
    scope: AnyScope,
    *,
    language: Language,
    introduction: str = "",
    by: Actor,
) -> ReportIssue:
    """Write down that a report was asked for, without queueing it.

    A report of the whole office without an introduction takes the one kept for the quarter.
    Raises InvalidError for an introduction that is too long, or of a quarter that is closed: its
    own was frozen with it.
    """
    introduction = _introduction(session, scope, introduction)
    _refuse_introduction(session, scope, introduction)
    issue = ReportIssue(
        **scope.columns(),
        language=language,
        introduction=introduction,
        asked_by_id=by.id,
    )
    session.add(issue)
    session.flush()
    history.record(
        session,
        subject=f"report:{issue.id}",
        event="report.asked",
        by=by,
        changes=history.values_of(issue),
    )
    return issue


def make_edition(
    transactions: Transactions,
    issue_id: int,
    *,
    folder: Path,
    by: Actor,
    today: date,
    clock: Callable[[], datetime],
    lay_out: Callable[[Frozen], bytes],
) -> tuple[ReportIssue, Frozen]:
    """Freeze, lay out, keep the file and issue: the way of every door.

    Each step has a short transaction of its own and the layout has none: it takes seconds, and
    SQLite has one writer. Begun again after a crash it goes on from the kept snapshot.
    """
    with transactions.reading() as session:
        issue = session.get_one(ReportIssue, issue_id)
        snapshot = _closed_facts(session, _columns_of(issue)) or ASSEMBLERS[issue.kind](
            session, issue, today=today
        )
    with transactions.writing() as session:
        frozen = freeze(session, session.get_one(ReportIssue, issue_id), snapshot)
    name = frozen.file_name
    if name is None:
        name = keep_file(folder, lay_out(frozen))
        for ending, write in OTHER_FILES.items():
            _keep(folder, _beside(name, ending), write(frozen))
    else:
        _as_issued(name, folder, partial(lay_out, frozen))
    with transactions.finishing() as session:
        issue = session.get_one(ReportIssue, issue_id)
        issue_edition(session, issue, file_name=name, by=by, at=clock())
    return issue, frozen


def freeze(session: Session, issue: ReportIssue, snapshot: AnySnapshot) -> Frozen:
    """Keep the snapshot with its digest and edition; one already kept stays.

    Facts once printed give their edition again, in the other language too, whatever was issued
    in between. Where the quarter was closed meanwhile, what was frozen then is taken instead.
    """
    if issue.snapshot_json is None:
        _serialize_editions(session, issue)
        snapshot = _closed_facts(session, _columns_of(issue)) or snapshot
        issue.snapshot_json = canonical_json(snapshot).decode()
        issue.snapshot_sha256 = digest(snapshot)
        issue.edition = _edition_for(session, issue)
        session.flush()
    return Frozen(
        read_any(issue.snapshot_json),
        issue.language,
        issue.edition or 1,
        _stored_file(session, issue),
        _before(session, issue),
    )


def lay_out(frozen: Frozen, layout: Layout, *, on_part: OnPart = unheard) -> bytes:
    """The PDF of a frozen snapshot, with the facts attached; no database, no clock.

    ``on_part`` is told how many parts of all are done; what it raises stops the work. Raises
    NotReadyError when some of it cannot be laid out.
    """
    attachments = facts_of(frozen.snapshot)
    try:
        return layout.pdf(rendering_of(frozen), attachments=attachments, on_part=on_part)
    except LayoutError as error:
        log.warning("a report could not be laid out: %s", error)
        raise NotReadyError(TOO_MUCH) from error


def rendering_of(frozen: Frozen) -> Rendering:
    """A frozen snapshot about to be printed."""
    speaker = Speaker(frozen.language)
    return Rendering(frozen.snapshot, speaker, edition=frozen.edition, before=frozen.before)


def records_nothing(issue: ReportIssue) -> bool:
    """Whether a frozen quarter has no experiment: nothing was recorded by its end."""
    is_frozen = issue.kind is ReportKind.QUARTERLY and issue.snapshot_json is not None
    return is_frozen and not read_any(issue.snapshot_json or "").experiments


def document_of(issue: ReportIssue, *, folder: Path, lay_out: Callable[[Frozen], bytes]) -> bytes:
    """The PDF of an edition as it was issued; a file lost or altered is laid out again.

    Raises UnknownError before it is issued, DamagedError when the document comes out another.
    """
    return _as_issued(_issued_name(issue), folder, lambda: lay_out(issued_facts(issue)))


def issued_facts(issue: ReportIssue) -> Frozen:
    """What an issued edition was made from. Raises UnknownError before it is issued."""
    _issued_name(issue)
    return frozen_facts(issue)


def frozen_facts(issue: ReportIssue) -> Frozen:
    """What an edition is or will be made from. Raises UnknownError before it is frozen."""
    if issue.snapshot_json is None:
        raise UnknownError(sentence("The facts of this report are not frozen yet."))
    before = _before(object_session(issue), issue)
    snapshot = read_any(issue.snapshot_json)
    return Frozen(snapshot, issue.language, issue.edition or 1, issue.file_name, before)


def word_of(frozen: Frozen) -> bytes:
    """A frozen snapshot as a Word document."""
    return write_docx(
        frozen.snapshot, Speaker(frozen.language), edition=frozen.edition, before=frozen.before
    )


def spreadsheet_of(frozen: Frozen) -> bytes:
    """A frozen snapshot as a spreadsheet."""
    return write_xlsx(frozen.snapshot, Speaker(frozen.language), edition=frozen.edition)


# Beside the PDF, by the ending of their files.
OTHER_FILES: Mapping[str, Callable[[Frozen], bytes]] = {".docx": word_of, ".xlsx": spreadsheet_of}


def other_file_of(issue: ReportIssue, ending: str, *, folder: Path) -> bytes:
    """An edition in another format, as kept beside its PDF; one lost or damaged is made again.

    Raises UnknownError before it is issued.
    """
    path = folder / _beside(_issued_name(issue), ending)
    return _whole_archive(path) or OTHER_FILES[ending](issued_facts(issue))


def _whole_archive(path: Path) -> bytes | None:
    """A kept archive whose every part has its checksum; None when it is missing or damaged."""
    try:
        content = path.read_bytes()
        with ZipFile(BytesIO(content)) as archive:
            return content if archive.testzip() is None else None
    except (OSError, BadZipFile, ValueError, EOFError, NotImplementedError, zlib.error):
        return None


def _beside(name: str, ending: str) -> str:
    return name.removesuffix(".pdf") + ending


def is_kept_whole(issue: ReportIssue, *, folder: Path) -> bool:
    """Whether the file of an issued edition is there, to the byte."""
    return issue.file_name is not None and _kept(folder, issue.file_name) is not None


def _issued_name(issue: ReportIssue) -> str:
    if issue.file_name is None or not issue.is_issued:
        raise UnknownError(sentence("This report has no file yet."))
    return issue.file_name


def keep_file(folder: Path, content: bytes) -> str:
    """Store a document under its digest, whole or not at all; returns its file name."""
    name = _name_of(content)
    _keep(folder, name, content)
    return name


def _keep(folder: Path, name: str, content: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content)
    except OSError as error:
        reason = error.strerror or str(error)
        said = sentence("The report could not be kept: %(reason)s. Ask again.", reason=reason)
        raise NotReadyError(said) from error


def issue_edition(
    session: Session, issue: ReportIssue, *, file_name: str, by: Actor, at: datetime
) -> None:
    """Say that the edition is out; from here on it is never edited."""
    if issue.is_issued:
        return
    issue.file_name = file_name
    issue.file_sha256 = file_name.removesuffix(".pdf")
    issue.issued_at = at
    history.record(
        session,
        subject=f"report:{issue.id}",
        event="report.issued",
        by=by,
        changes=history.changes_of(issue),
    )
    session.flush()


def _as_issued(name: str, folder: Path, again: Callable[[], bytes]) -> bytes:
    content = _kept(folder, name)
    if content is None:
        content = again()
        _refuse_another(content, name)
        keep_file(folder, content)
    return content


def _kept(folder: Path, name: str) -> bytes | None:
    """A stored document; None when it is missing or no longer what its name says."""
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    return content if _name_of(content) == name else None


def _name_of(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.pdf"


def _refuse_another(content: bytes, name: str) -> None:
    # Another version of the software may lay the same facts out otherwise.
    if _name_of(content) == name:
        return
    message = sentence(
        "The stored file of this edition is missing or was altered, and this version of Chaski "
        "lays it out otherwise. Put the file %(name)s back from a backup.",
        name=name,
    )
    raise DamagedError(message)


def _closed_facts(session: Session, about: Mapping[str, Any]) -> QuarterlySnapshot | None:
    """What a closed quarter's report tells; None while it is not closed."""
    closing = newest_closing(session, about["office_id"], about["quarter"])
    if closing is None:
        return None
    snapshot = read_json(closing.snapshot_json)
    if about["programme_id"] is None:
        return snapshot
    one = session.get_one(Programme, about["programme_id"])
    line = ProgrammeLine(code=one.code, name_en=one.name_en, name_es=one.name_es)
    return restricted(snapshot, line)


def _introduction(session: Session, scope: AnyScope, given: str) -> str:
    """What was given; else, until the quarter is closed, what the head keeps for the office."""
    given, about = given.strip(), scope.columns()
    if given or about["kind"] is not ReportKind.QUARTERLY or about["programme_id"]:
        return given
    row = standing_quarter(session, about["office_id"], about["quarter"])
    return row.introduction if row and row.state is not QuarterState.CLOSED else ""


def _refuse_introduction(session: Session, scope: AnyScope, introduction: str) -> None:
    problems, about = problems_of_introduction(introduction), scope.columns()
    if introduction and newest_closing(session, about["office_id"], about["quarter"]):
        said = sentence(
            "%(quarter)s is closed: page one bears the sentences it was closed with.",
            quarter=about["quarter"],
        )
        problems.append(Problem("introduction", said))
    if problems:
        raise InvalidError(problems)


def _under_way(
    session: Session,
    scope: AnyScope,
    language: Language,
    introduction: str,
    facts: QuarterlySnapshot | None,
) -> ReportIssue | None:
    same_facts = (ReportIssue.snapshot_sha256 == digest(facts),) if facts else ()
    return session.scalar(
        select(ReportIssue)
        .join(Job, Job.id == ReportIssue.job_id)
        .where(
            *_same_report(scope.columns()),
            *same_facts,
            ReportIssue.language == language,
            ReportIssue.introduction == introduction,
            Job.state.in_((JobState.WAITING, JobState.RUNNING)),
        )
        .limit(1)
    )


def _edition_for(session: Session, issue: ReportIssue) -> int:
    same = ReportIssue.snapshot_sha256 == issue.snapshot_sha256
    first, newest = session.execute(
        select(func.min(case((same, ReportIssue.edition))), func.max(ReportIssue.edition)).where(
            *_siblings(issue)
        )
    ).one()
    return int(first or (newest or 0) + 1)


def _stored_file(session: Session, issue: ReportIssue) -> str | None:
    return session.scalar(
        select(func.min(ReportIssue.file_name)).where(
            *_siblings(issue),
            ReportIssue.language == issue.language,
            ReportIssue.edition == issue.edition,
            ReportIssue.snapshot_sha256 == issue.snapshot_sha256,
            ReportIssue.issued_at.is_not(None),
        )
    )


def _before(session: Session | None, issue: ReportIssue) -> AnySnapshot | None:
    """What the edition before told; the same for ever, as no edition is ever changed."""
    last = edition_before(session, issue) if session else None
    return read_any(last.snapshot_json) if last and last.snapshot_json else None


def _siblings(issue: ReportIssue) -> tuple[ColumnElement[bool], ...]:
    return (
        *_same_report(_columns_of(issue)),
        ReportIssue.id != issue.id,
    )


def _columns_of(issue: ReportIssue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in SAME_REPORT}


def _same_report(columns: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    return tuple(
        getattr(ReportIssue, name).is_not_distinct_from(value) for name, value in columns.items()
    )


def _serialize_editions(session: Session, issue: ReportIssue) -> None:
    # Two reports frozen at once must not both become edition 2; SQLite has one writer anyway.
    # Whoever adds a row of the office is not kept waiting: they may hold up who is closing.
    office = select(Office.id).where(Office.id == issue.office_id)
    session.execute(office.with_for_update(key_share=True))
