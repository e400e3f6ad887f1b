"""`flask serve`: the web server and the job workers, side by side until Ctrl-C.

It is a command beside ``flask jobs work`` because it needs what a command needs: the settings,
the database's schema and one way of refusing. ``make run`` ends here.
"""

import os
import socket
import sys
import time

import click
from flask import current_app

from app import schema
from app.cli import first_start
from app.cli.answers import refuse
from app.cli.side_by_side import Program, SideBySide
from app.config import ROOT, Settings
from app.database import engine, unit_of_work
from app.domain.refusals import NotReadyError, RefusalError
from app.language.sentences import sentence

# Fewer than the connections the engine's pool holds, so that no request waits for one in vain.
THREADS = 8
READY_SECONDS = 30.0
COMMAND_MARK = "FLASK_RUN_FROM_CLI"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port."
)
@click.option("--prepare", is_flag=True, help="First bring the database up to date.")
def command(host: str, port: int, prepare: bool) -> None:
    """Start the web server and the job workers; Ctrl-C stops both."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        refuse_taken_port(host, port)
        if prepare:
            first_start.prepare(engine(), settings)
        schema.refuse_unless_current(engine())
    except RefusalError as refusal:
        refuse(refusal)
    together = side_by_side(settings, host, port)
    together.start()
    if _answers(together, host, port):
        with unit_of_work(engine(), writes=False) as session:
            lines = list(first_start.sign_in_lines(session))
        click.echo("\n".join([f"Chaski is at {address(host, port)}", *lines, "Ctrl-C stops it."]))
    sys.exit(together.wait())


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse kindly when another program listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotReadyError(
                sentence(
                    "Port %(port)s of %(host)s cannot be used (%(reason)s): stop the other "
                    "program or choose another port, as in: make run PORT=8001",
                    port=str(port),
                    host=host,
                    reason=error.strerror or str(error),
                )
            ) from error


def side_by_side(settings: Settings, host: str, port: int) -> SideBySide:
    """The web server and as many job workers as the server has processes."""
    worker = (sys.executable, "-m", "flask", "jobs", "work")
    return SideBySide(
        programs=[
            Program("The web server", _server(settings, host, port), vital=True),
            *(Program("A job worker", worker) for _ in range(settings.workers)),
        ],
        folder=str(ROOT),
        # The server is no command: as in any other process, it then refuses an unknown schema.
        environment={key: value for key, value in os.environ.items() if key != COMMAND_MARK},
    )


def address(host: str, port: int) -> str:
    """The address as typed into a browser."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _server(settings: Settings, host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "wsgi:app", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(settings.workers)),
        *("--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
    ]


def _answers(together: SideBySide, host: str, port: int) -> bool:
    """Wait until the server accepts connections; false when it was stopped before."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not together.stopping.wait(0.1):
        try:
            with socket.create_connection((host, port), timeout=1):
                return True
        except OSError:
            if together.programs[0].process and together.programs[0].process.poll() is not None:
                return False
    return False
