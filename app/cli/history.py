"""`flask history`: whether the history is what was written."""

import click
from flask.cli import AppGroup

from app.cli.answers import command_session, print_json, refuse
from app.domain.refusals import NotReadyError
from app.domain.sealing import checked
from app.language.sentences import sentence
from app.queries.history import chain, missing_seals

group = AppGroup("history", help="The history of every change.")


@group.command("verify")
@click.option("--seal", help="A seal written down earlier, which the history must still hold.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def verify(seal: str | None, as_json: bool) -> None:
    """Follow the chain of seals; exit 1 at the first entry that was changed or taken out.

    Every seal noted when a quarter was closed must be in it too: a history cut off at its end
    holds by itself. Write down the newest seal elsewhere and give it with --seal to be surer.

    What is verified is the history alone. Whoever changes another table directly, past Chaski,
    leaves no entry, and nothing here tells it.
    """
    with command_session(writes=False) as session:
        found = checked(chain(session))
        missing = missing_seals(session, [seal] if seal else [])
    fault = found.fault
    if fault is None and missing:
        fault = sentence("The history no longer holds the seal %(seal)s.", seal=missing[0])
    if as_json:
        print_json({"entries": found.entries, "seal": found.sha256, "holds": fault is None})
    if fault:
        refuse(NotReadyError(fault))
    if not as_json:
        click.echo(f"{found.entries} entries hold. The newest seal: {found.sha256}")
