"""`flask offices`: the labs this installation serves."""

import click
from flask.cli import AppGroup

from app.cli.answers import command_session, print_json
from app.queries.programmes import offices_in
from app.queries.scope import EVERYTHING
from app.services import offices
from app.services.actor import OPERATOR
from models import Office

group = AppGroup("offices", help="Offices (labs).")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")


@group.command("add")
@click.argument("code")
@click.option("--name", required=True, help='As in "UNDP Peru Accelerator Lab".')
@as_json
def add(code: str, name: str, as_json: bool) -> None:
    """Add the office CODE (the country's two letters, as a rule)."""
    with command_session() as session:
        office = offices.add(session, code=code, name=name, by=OPERATOR)
    if as_json:
        print_json(_facts(office))
    else:
        click.echo(f"Office {office.code} is added.")


@group.command("list")
@as_json
def list_offices(as_json: bool) -> None:
    """Print the offices."""
    with command_session(writes=False) as session:
        found = offices_in(session, scope=EVERYTHING)
    if as_json:
        print_json([_facts(office) for office in found])
    for office in () if as_json else found:
        click.echo(f"{office.code}\t{office.name}")


def _facts(office: Office) -> dict[str, object]:
    return {"code": office.code, "name": office.name}
