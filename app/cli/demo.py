"""`flask demo`: the demonstration portfolio."""

import click
from flask.cli import AppGroup

from app.cli.answers import command_session, print_json
from app.clock import now
from app.services import demonstration

group = AppGroup("demo", help="The demonstration portfolio.")


@group.command("load")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def load(as_json: bool) -> None:
    """Load it into an empty installation. A second time changes nothing."""
    with command_session() as session:
        is_new = demonstration.load(session, at=now())
    if as_json:
        print_json({"loaded": is_new})
    else:
        click.echo("The demonstration portfolio is loaded." if is_new else "It is there already.")
