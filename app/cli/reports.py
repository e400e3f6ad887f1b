"""`flask reports`: make reports without a worker."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.cli.answers import command_session, print_json, settings
from app.clock import now, today
from app.domain.quarters import Quarter, read_quarter
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.offices import office_named
from app.queries.programmes import programme_by_code
from app.queries.scope import EVERYTHING
from app.reports.assemble.quarterly import assemble
from app.reports.snapshot import canonical_json
from app.services import reporting
from app.services.actor import OPERATOR
from app.services.reporting import Frozen, Scope
from models import ReportIssue
from models.vocabulary import Language

group = AppGroup("reports", help="Reports as PDF.")


@group.command("quarterly")
@click.option("--quarter", required=True, help="As in 2026-Q3; it must have begun.")
@click.option("--office", help="Code of the office; may be left out when there is one.")
@click.option("--programme", help="Code of one programme, to report on it alone.")
@click.option(
    "--locale",
    type=click.Choice([word.value for word in Language]),
    default="es",
    show_default=True,
)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--snapshot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the frozen facts as JSON.",
)
@click.option("--introduction", default="", help="Sentences of the head for page one.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
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
    with command_session() as session:
        scope = _scope(session, read_quarter(quarter, today=today()), office, programme)
        issue = reporting.begin(
            session, scope, language=Language(locale), introduction=introduction, by=OPERATOR
        )
        frozen = reporting.freeze(session, issue, assemble(session, issue, today=today()))
        content = _document(frozen)
        name = reporting.keep_file(settings().reports_folder, content)
        reporting.issue_edition(session, issue, file_name=name, by=OPERATOR, at=now())
        output.write_bytes(content)
        if snapshot:
            snapshot.write_bytes(canonical_json(frozen.snapshot))
        _answer(issue, output, as_json=as_json)


def _document(frozen: Frozen) -> bytes:
    stored = settings().reports_folder / (frozen.file_name or "")
    return stored.read_bytes() if stored.is_file() else reporting.lay_out(frozen)


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


def _answer(issue: ReportIssue, output: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "report": issue.id,
                "edition": issue.edition,
                "snapshot_sha256": issue.snapshot_sha256,
                "file_sha256": issue.file_sha256,
                "file": str(output),
            }
        )
    else:
        click.echo(f"{output}: edition {issue.edition}, snapshot {issue.snapshot_sha256}")
