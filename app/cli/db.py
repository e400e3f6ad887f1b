"""`flask db`: move the database's schema, and say whether it is the one this program needs."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.util import CommandError

from app import schema
from app.cli.answers import print_json, refusals_said, refuse
from app.database import engine
from app.domain.refusals import NotReadyError
from app.language.sentences import sentence

group = click.Group("db", help="The database's schema.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@group.command()
@click.argument("revision", default="head")
@as_json
def upgrade(revision: str, as_json: bool) -> None:
    """Move up to REVISION (the newest unless given), keeping a copy of a SQLite file first."""
    with _refusals():
        _tell(schema.upgrade(engine(), revision), as_json=as_json)


@group.command()
@click.argument("revision")
@as_json
def downgrade(revision: str, as_json: bool) -> None:
    """Move down to REVISION: "base", a revision's name, or -- -1 for one step.

    What only the newer schema can hold is lost; a SQLite file is copied first.
    """
    with _refusals():
        _tell(schema.downgrade(engine(), revision), as_json=as_json)


@group.command()
@as_json
def check(as_json: bool) -> None:
    """Exit 0 when the schema is the newest and equals the models, else 1."""
    current, newest = schema.current(engine()), schema.head()
    differences = schema.differences(engine()) if current == newest else []
    if as_json:
        print_json({"current": current, "newest": newest, "differences": differences})
    if current != newest:
        refuse(schema.not_current(current))
    if differences:
        refuse(NotReadyError(sentence("The models say more than the schema: write a migration.")))
    if not as_json:
        click.echo(f"The schema is current: {current}")


@group.command()
@click.argument("message")
@click.option("--first", is_flag=True, help="Begin anew. Only before the first release.")
def revision(message: str, first: bool) -> None:
    """Write a migration named MESSAGE from the newest revision to the models, for reading over."""
    with _refusals():
        click.echo(schema.write_revision(message, first=first))


@contextmanager
def _refusals() -> Iterator[None]:
    """Say what Alembic refuses (an unknown revision, mostly) as a command refuses: exit 1."""
    try:
        with refusals_said():
            yield
    except CommandError as error:
        refuse(NotReadyError(sentence("The schema cannot be moved: %(reason)s", reason=str(error))))


def _tell(move: schema.Move, *, as_json: bool) -> None:
    if as_json:
        copy = str(move.copy) if move.copy else None
        print_json({"before": move.before, "after": move.after, "copy": copy})
    elif not move.changed:
        click.echo(f"The schema is already at {move.after or 'the beginning'}.")
    else:
        click.echo(
            f"The schema moved from {move.before or 'nothing'} to {move.after or 'nothing'}."
        )
        if move.copy:
            click.echo(f"A copy from before: {move.copy}")
