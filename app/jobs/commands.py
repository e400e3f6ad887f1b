"""`flask jobs work`, a worker by itself, and `flask mail digest`: this door's own commands."""

import logging
import signal
import threading
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import Engine

from app import schema
from app.clock import now
from app.database import engine
from app.domain.refusals import RefusalError
from app.jobs import TASKS
from app.jobs.digest import put_digest, week_of, write_letters
from app.jobs.worker import work_once, work_together

group = AppGroup("jobs", help="Background work.")
letters = AppGroup("mail", help="Letters to people of the tracker.")


@group.command("work")
@click.option("--once", is_flag=True, help="Do what waits now, then end.")
def work(once: bool) -> None:
    """Take jobs and do them until stopped; the job at hand is finished first."""
    try:
        _work(once=once)
    except RefusalError as refusal:
        raise click.ClickException(str(refusal.message)) from refusal


def _work(*, once: bool) -> None:
    schema.refuse_unless_current(engine())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = current_app.config["SETTINGS"]
    if once:
        _plan(engine())
        while work_once(engine(), settings, TASKS):
            pass
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("Waiting for work; Ctrl-C stops it.", err=True)
    work_together(stop, engine(), settings, TASKS, plan=partial(_plan, engine()))


def _plan(database: Engine) -> None:
    put_digest(database, at=now())


@letters.command("digest")
def digest() -> None:
    """Write this week's letters now to who has none yet; the worker sends them.

    Nobody gets a second one in the same week. What did not leave in the last seven days is sent
    again.
    """
    at = now()
    site = current_app.config["SETTINGS"].site
    done = write_letters(engine(), week=week_of(at), site=site, at=at)
    click.echo(f"{done.written} letters written, {done.again} sent again.")


def attach(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)
    app.cli.add_command(letters)
