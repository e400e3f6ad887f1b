"""`flask jobs work`: a worker by itself; it belongs to this door, as it opens no other."""

import logging
import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import schema
from app.database import engine
from app.domain.refusals import RefusalError
from app.jobs import TASKS
from app.jobs.worker import work_once, work_until

group = AppGroup("jobs", help="Background work.")


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
        while work_once(engine(), settings, TASKS):
            pass
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("Waiting for work; Ctrl-C stops it.", err=True)
    work_until(stop, engine(), settings, TASKS)


def attach(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)
