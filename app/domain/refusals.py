"""Families of errors a rule may raise; ``app/errors.py`` says how each door answers them.

Every refusal carries the sentence its reader will see, and the field it belongs beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.language.sentences import Sentence


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; ``field`` is None when it concerns the whole.

    ``judged_by`` are the other fields without which nothing can be said of this one.
    """

    field: str | None
    message: Sentence
    judged_by: tuple[str, ...] = ()


class RefusalError(Exception):
    """A rule said no. Nothing was changed."""

    def __init__(self, message: Sentence, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.problems: Sequence[Problem] = (Problem(field, message),)

    @property
    def message(self) -> Sentence:
        """The first problem's sentence."""
        return self.problems[0].message


class InvalidError(RefusalError):
    """What was sent cannot be understood or breaks a rule of its fields (422)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message, field=problems[0].field)
        self.problems = tuple(problems)


class UnknownError(RefusalError):
    """What was asked for does not exist, or not for this person (404)."""


class NotAllowedError(RefusalError):
    """The person may not do this (403)."""


class NotReadyError(RefusalError):
    """Something must happen first (409)."""


class ChangedMeanwhileError(RefusalError):
    """Somebody else changed the record since the form was opened (409)."""


class TooManyTriesError(RefusalError):
    """Too many attempts in a short time (429)."""


class DamagedError(RefusalError):
    """What was kept is no longer what it was (500)."""


class BusyError(RefusalError):
    """Others were writing for too long; the same may be asked again (503)."""
