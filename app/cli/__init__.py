"""Door 4: the operator's command line. Exit 0 done, 1 refused by a rule, 2 wrong usage.

Each module holds one group of commands; its commands open their own unit of work.
"""

import click
from flask import Flask

from app.cli import db, demo, evidence, history, offices, people, plans, programmes, reports, serve

GROUPS: tuple[click.Command, ...] = (
    db.group,
    demo.group,
    evidence.group,
    history.group,
    offices.group,
    people.group,
    plans.group,
    programmes.group,
    reports.group,
    serve.command,
)


def attach(app: Flask) -> None:
    """Register every command group."""
    for group in GROUPS:
        app.cli.add_command(group)
