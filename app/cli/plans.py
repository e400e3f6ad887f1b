"""`flask plans`: take forms in, and write plans to files."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.cli.answers import command_session, print_json, refuse_unwritable, write_file
from app.clock import today
from app.domain.plans import FIRST_YEAR, LAST_YEAR
from app.exchange.text_files import MOST_BYTES
from app.language.form_fields import field_name
from app.language.speaker import Speaker
from app.queries.plans import plan_by_code
from app.queries.scope import EVERYTHING
from app.services.actor import OPERATOR
from app.services.import_reports import Choices, ImportReport, as_json
from app.services.imports import rehearsal, rehearsed, take_in_file
from app.services.plan_exports import ExportFormat, exported
from models.vocabulary import Language

group = AppGroup("plans", help="Action learning plans and their forms.")


@group.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--office", help="Code of the office, like PE. A country without an office gets one.")
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Year of the forms.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--json", "wants_json", is_flag=True, help="Answer with one JSON document.")
def import_files(
    files: Sequence[Path], office: str | None, year: int | None, dry_run: bool, wants_json: bool
) -> None:
    """Take in forms: UNDP's form text, pages of its archive (*.md), our own JSON.

    Each FILE is one unit of work: all its forms are stored or none, and the others are taken in
    where one is refused. The same content again changes nothing; changed content updates the
    record unless somebody changed it here. Without --office the page's country decides, else the
    only office there is; without --year the page's year, else the current one, which is flagged.
    Exit 0: nothing was refused. Exit 1: a file was refused.
    """
    choices = Choices(office_code=office, year=year, this_year=today().year)
    reports = _rehearsed(files, choices) if dry_run else _taken_in(files, choices)
    if wants_json:
        print_json({"files": [as_json(report) for report in reports]})
    else:
        for report in reports:
            _say(report, dry_run=dry_run)
    if any(report.is_refused for report in reports):
        sys.exit(1)


@group.command("export")
@click.argument("code")
@click.option(
    "--format",
    "as_format",
    type=click.Choice([word.value for word in ExportFormat]),
    default=ExportFormat.JSON.value,
    show_default=True,
    help="json: everything; form: the text of UNDP's form.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write; without it the text goes to stdout.",
)
def export(code: str, as_format: str, output: Path | None) -> None:
    """Write the plan CODE to a file; importing the file gives the same plan."""
    with command_session(writes=False) as session:
        refuse_unwritable(output)
        plan = plan_by_code(session, code, scope=EVERYTHING)
        text = exported(session, plan, as_format=ExportFormat(as_format))
        if output:
            write_file(output, text.encode())
            return
    click.echo(text, nl=False)


def _taken_in(files: Sequence[Path], choices: Choices) -> list[ImportReport]:
    reports = []
    for file in files:
        with command_session() as session:
            reports += _take(session, file, choices)
    return reports


def _rehearsed(files: Sequence[Path], choices: Choices) -> list[ImportReport]:
    """All files one after the other as if stored, so that a closing form finds its plan."""
    with command_session() as session, rehearsal(session):
        reports = [report for file in files for report in _take(session, file, choices)]
    return rehearsed(reports)


def _take(session: Session, file: Path, choices: Choices) -> list[ImportReport]:
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    return take_in_file(session, content, name=file.name, choices=choices, by=OPERATOR)


def _say(report: ImportReport, *, dry_run: bool) -> None:
    speaker = Speaker(Language.EN)
    status = speaker.say(report.outlook) if dry_run else speaker.word(report.status)
    parts = [
        status.lower(),
        speaker.word(report.kind).lower() if report.kind else "",
        report.code or "",
        f"“{title}”" if (title := report.fields.get("title")) else "",
    ]
    click.echo(f"{report.file}: {' '.join(part for part in parts if part)}", err=report.is_refused)
    if report.error:
        click.echo(f"  {speaker.say(report.error)}", err=True)
        return
    for flag in report.flags:
        click.echo(f"  {speaker.say(field_name(flag.field))}: {speaker.say(flag.message)}")
    if report.unmapped:
        click.echo(f"  Kept without a field: {len(report.unmapped)}")
