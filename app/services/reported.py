"""Hold what was measured or reported: it changes only with a coded reason and words."""

from dataclasses import dataclass

from app.domain.refusals import InvalidError
from app.domain.reported import problems_of_change
from models.vocabulary import ChangeReason


@dataclass(frozen=True)
class Why:
    """The reason that the history keeps beside a change; empty where none is asked for."""

    code: ChangeReason | None = None
    words: str = ""


UNASKED = Why()


def reason_for(is_reported: bool, reason_code: ChangeReason | None, words: str) -> Why:
    """Why something changes that is reported; nothing where it is not.

    Raises InvalidError beside ``reason_code`` and ``amendment_reason`` where one is missing: the
    words are asked for once, whether a plan changes or data.
    """
    if not is_reported:
        return UNASKED
    if problems := problems_of_change(reason_code, words):
        raise InvalidError(problems)
    return Why(reason_code, words)
