"""`flask programmes`: what experiments serve and officers review."""

import click
from flask.cli import AppGroup

from app.cli.answers import command_session, print_json
from app.queries.offices import office_named
from app.queries.programmes import programmes_in
from app.queries.scope import EVERYTHING, Scope
from app.services import programmes
from app.services.actor import OPERATOR
from models import Programme

group = AppGroup("programmes", help="Programmes of the offices.")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")


@group.command("add")
@click.argument("code")
@click.option("--office", help="Code of the office; may be left out when there is one.")
@click.option("--name-es", default="", help="Its name in Spanish.")
@click.option("--name-en", default="", help="Its name in English.")
@click.option("--source", default="", help="Where it is described, an address for example.")
@as_json
def add(
    code: str, office: str | None, name_es: str, name_en: str, source: str, as_json: bool
) -> None:
    """Add the programme CODE, as in PE-INCLUSION. One of the two names may be left out."""
    with command_session() as session:
        programme = programmes.add(
            session,
            office_named(session, office),
            code=code,
            name_en=name_en,
            name_es=name_es,
            source=source,
            by=OPERATOR,
        )
    if as_json:
        print_json(_facts(programme))
    else:
        click.echo(f"Programme {programme.code} is added.")


@group.command("list")
@click.option("--office", help="Code of an office: only its programmes.")
@as_json
def list_programmes(office: str | None, as_json: bool) -> None:
    """Print the programmes."""
    with command_session(writes=False) as session:
        scope = EVERYTHING
        if office:
            scope = Scope(office_ids=frozenset({office_named(session, office).id}))
        found = programmes_in(session, scope=scope)
    if as_json:
        print_json([_facts(programme) for programme in found])
    for programme in () if as_json else found:
        name = programme.name_es or programme.name_en
        click.echo(f"{programme.code}\t{programme.office.code}\t{name}")


def _facts(programme: Programme) -> dict[str, object]:
    return {
        "code": programme.code,
        "office": programme.office.code,
        "name_es": programme.name_es,
        "name_en": programme.name_en,
        "source": programme.source,
    }
