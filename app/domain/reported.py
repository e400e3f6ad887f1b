"""What was measured or reported changes only with a reason: a word of the list, and words."""

from app.domain.refusals import Problem
from app.domain.texts import MOST_TEXT, too_long
from app.language.sentences import sentence
from models.vocabulary import ChangeReason


def problems_of_change(reason_code: ChangeReason | None, reason: str) -> list[Problem]:
    """What is missing of the reason; its words are those that an amended plan asks for."""
    problems = []
    if reason_code is None:
        said = sentence("This changes what was measured or reported: choose why.")
        problems.append(Problem("reason_code", said))
    if not reason.strip():
        said = sentence("This changes what was measured or reported: say why in words.")
        problems.append(Problem("amendment_reason", said))
    elif len(reason) > MOST_TEXT:
        problems.append(Problem("amendment_reason", too_long(MOST_TEXT)))
    return problems
