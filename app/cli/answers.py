"""How a command answers: one unit of work, refusals as one sentence on stderr and exit 1."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.database import engine, unit_of_work
from app.domain.refusals import RefusalError
from app.language.speaker import Speaker
from models.vocabulary import Language


@contextmanager
def command_session(*, writes: bool = True) -> Iterator[Session]:
    """A unit of work for one command; a refusal rolls it back and ends with exit 1."""
    try:
        with unit_of_work(engine(), writes=writes) as session:
            yield session
    except RefusalError as refusal:
        refuse(refusal)


def refuse(refusal: RefusalError, *, language: Language = Language.EN) -> None:
    """Say every problem on stderr and leave with 1."""
    speaker = Speaker(language)
    for problem in refusal.problems:
        click.echo(speaker.say(problem.message), err=True)
    sys.exit(1)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def settings() -> Any:
    """The running app's settings."""
    return current_app.config["SETTINGS"]
