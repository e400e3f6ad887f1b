"""`flask reports`: make reports without a worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.cli.answers import (
    command_session,
    print_json,
    refusals_said,
    refuse_unwritable,
    settings,
    write_file,
)
from app.clock import now, today
from app.database import PATIENT_TRIES, engine, unit_of_work
from app.domain.quarters import Quarter, read_quarter
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.printing import layout_of
from app.queries.experiments import experiment_by_code
from app.queries.offices import office_named
from app.queries.plans import plan_by_code
from app.queries.programmes import programme_by_code
from app.queries.scope import EVERYTHING
from app.reports.snapshot import canonical_json
from app.reports.wording import STAGE_REPORTS
from app.services import reporting
from app.services.actor import OPERATOR
from app.services.report_checks import check_file
from app.services.reporting import AnyScope, PlanScope, Scope, StageScope
from models import ReportIssue
from models.vocabulary import Language, Stage

group = AppGroup("reports", help="Reports as PDF, Word document or spreadsheet.")
in_language = click.option(
    "--locale",
    type=click.Choice([word.value for word in Language]),
    default="es",
    show_default=True,
)
into_file = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="A name that ends in .docx or .xlsx asks for that; any other for the PDF.",
)
as_document = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")


@group.command("quarterly")
@click.option("--quarter", required=True, help="As in 2026-Q3; it must have begun.")
@click.option("--office", help="Code of the office; may be left out when there is one.")
@click.option("--programme", help="Code of one programme, to report on it alone.")
@in_language
@into_file
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    help="Also write the frozen facts as JSON.",
)
@click.option("--introduction", default="", help="Sentences of the head for page one.")
@as_document
def quarterly(
    quarter: str,
    office: str | None,
    programme: str | None,
    locale: str,
    output: Path,
    snapshot: Path | None,
    introduction: str,
    as_json: bool,
) -> None:
    """Make the quarterly report. Unchanged facts give the stored edition, byte for byte."""
    with refusals_said():
        for path in (output, snapshot):
            refuse_unwritable(path)
        one_by_one = OneByOne(engine())
        with one_by_one.writing() as session:
            scope = _scope(session, read_quarter(quarter, today=today()), office, programme)
            asked = reporting.begin(
                session, scope, language=Language(locale), introduction=introduction, by=OPERATOR
            )
        issue = _made(one_by_one, asked, output, snapshot)
    _answer(issue, output, as_json=as_json)


@group.command("stage")
@click.argument("code")
@click.option("--stage", required=True, type=click.Choice([stage.value for stage in STAGE_REPORTS]))
@in_language
@into_file
@as_document
def stage_report(code: str, stage: str, locale: str, output: Path, as_json: bool) -> None:
    """Make the report on a stage of an experiment. Unchanged facts give the stored edition."""

    def scope(session: Session) -> StageScope:
        return StageScope(experiment_by_code(session, code, scope=EVERYTHING), Stage(stage))

    _make(scope, Language(locale), output, as_json=as_json)


@group.command("plan")
@click.argument("code")
@in_language
@into_file
@as_document
def plan_report(code: str, locale: str, output: Path, as_json: bool) -> None:
    """Make the report of a plan. Unchanged facts give the stored edition, byte for byte."""

    def scope(session: Session) -> PlanScope:
        return PlanScope(plan_by_code(session, code, scope=EVERYTHING))

    _make(scope, Language(locale), output, as_json=as_json)


def _make(
    scope: Callable[[Session], AnyScope], language: Language, output: Path, *, as_json: bool
) -> None:
    """Make a report without an introduction; the scope is found in its first transaction."""
    with refusals_said():
        refuse_unwritable(output)
        one_by_one = OneByOne(engine())
        with one_by_one.writing() as session:
            asked = reporting.begin(session, scope(session), language=language, by=OPERATOR)
        issue = _made(one_by_one, asked, output)
    _answer(issue, output, as_json=as_json)


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_document
def verify(file: Path, as_json: bool) -> None:
    """Say which issued edition a PDF is, to the byte; exit 1 when it is none, or was altered."""
    with refusals_said(), command_session(writes=False) as session:
        checked = check_file(session, file.read_bytes())
        issue = checked.issue
        told = {
            "report": issue.id,
            "edition": issue.edition,
            "issued_at": issue.issued_at.isoformat() if issue.issued_at else None,
            "snapshot_sha256": checked.snapshot_sha256,
            "file_sha256": issue.file_sha256,
        }
    if as_json:
        print_json(told)
    else:
        click.echo(
            f"{file}: report {told['report']}, edition {told['edition']}, as issued on "
            f"{told['issued_at']}; snapshot {told['snapshot_sha256']}"
        )


def _made(
    transactions: "OneByOne", asked: ReportIssue, output: Path, snapshot: Path | None = None
) -> ReportIssue:
    """The edition made and written out, with its frozen facts where asked for."""
    folder = settings().reports_folder
    lay_out = partial(reporting.lay_out, layout=layout_of(settings()))
    issue, frozen = reporting.make_edition(
        transactions,
        asked.id,
        folder=folder,
        by=OPERATOR,
        today=today(),
        clock=now,
        lay_out=lay_out,
    )
    write = reporting.OTHER_FILES.get(_ending(output))
    pdf_of = partial(reporting.document_of, folder=folder, lay_out=lay_out)
    write_file(output, write(frozen) if write else pdf_of(issue))
    if snapshot:
        write_file(snapshot, canonical_json(frozen.snapshot))
    return issue


@dataclass(frozen=True)
class OneByOne:
    """The transactions of one command, none of which lasts."""

    engine: Engine

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that only reads."""
        return unit_of_work(self.engine, writes=False)

    def writing(self) -> AbstractContextManager[Session]:
        """A transaction that writes."""
        return unit_of_work(self.engine)

    def finishing(self) -> AbstractContextManager[Session]:
        """The last transaction, which waits longer for others."""
        return unit_of_work(self.engine, tries=PATIENT_TRIES)


def _scope(
    session: Session, quarter: Quarter, office_code: str | None, programme_code: str | None
) -> Scope:
    programme = (
        programme_by_code(session, programme_code, scope=EVERYTHING) if programme_code else None
    )
    office = office_named(session, office_code or (programme.office.code if programme else None))
    if programme and programme.office_id != office.id:
        raise UnknownError(
            sentence(
                "Programme %(programme)s is not one of office %(office)s.",
                programme=programme.code,
                office=office.code,
            )
        )
    return Scope(office, programme, quarter)


def _ending(output: Path) -> str:
    return output.suffix.lower()


def _answer(issue: ReportIssue, output: Path, *, as_json: bool) -> None:
    is_other = _ending(output) in reporting.OTHER_FILES
    if as_json:
        print_json(
            {
                "report": issue.id,
                "edition": issue.edition,
                "snapshot_sha256": issue.snapshot_sha256,
                "file_sha256": None if is_other else issue.file_sha256,
                "file": str(output),
                "nothing_recorded": reporting.records_nothing(issue),
            }
        )
    else:
        click.echo(f"{output}: edition {issue.edition}, snapshot {issue.snapshot_sha256}")
        if reporting.records_nothing(issue):
            click.echo("Nothing is recorded for this quarter: the report has no experiment.")
