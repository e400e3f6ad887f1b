"""How a command answers: one unit of work, refusals as one sentence on stderr and exit 1."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.database import engine, unit_of_work
from app.domain.refusals import NotReadyError, RefusalError
from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.whole_files import write_whole
from models.vocabulary import Language


@contextmanager
def refusals_said(*, naming_fields: bool = False) -> Iterator[None]:
    """A refusal within ends the command with exit 1, its sentences on stderr."""
    try:
        yield
    except RefusalError as refusal:
        refuse(refusal, naming_fields=naming_fields)


@contextmanager
def command_session(*, writes: bool = True) -> Iterator[Session]:
    """A unit of work for one command; a refusal rolls it back and ends with exit 1."""
    with refusals_said(), unit_of_work(engine(), writes=writes) as session:
        yield session


def refuse(
    refusal: RefusalError, *, language: Language = Language.EN, naming_fields: bool = False
) -> None:
    """Say every problem on stderr, on request with its field, and leave with 1."""
    speaker = Speaker(language)
    for problem in refusal.problems:
        place = f"{problem.field}: " if naming_fields and problem.field else ""
        click.echo(place + speaker.say(problem.message), err=True)
    sys.exit(1)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def refuse_unwritable(path: Path | None) -> None:
    """Raise NotReadyError when no file could be written there; asked before anything is made."""
    if path is None or _is_device(path):
        return
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(None, "no permission")
        with TemporaryFile(dir=path.resolve().parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def write_file(path: Path, content: bytes) -> None:
    """Write what a command made, whole or not at all; NotReadyError where that fails."""
    try:
        if _is_device(path):
            path.write_bytes(content)
        else:
            write_whole(path.resolve(), content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_device(path: Path) -> bool:
    """Whether it is something like /dev/stdout, which nothing can take the place of."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _unwritable(path: Path, error: OSError) -> NotReadyError:
    reason = error.strerror or str(error)
    return NotReadyError(
        sentence("%(path)s cannot be written: %(reason)s.", path=str(path), reason=reason)
    )


def settings() -> Any:
    """The running app's settings."""
    return current_app.config["SETTINGS"]
