"""Whether a learning question is answered, from the verdicts of its experiments."""

from collections.abc import Iterable
from enum import StrEnum

from models.vocabulary import Verdict

# They say something of the hypothesis, whichever way it went.
CONCLUSIVE = frozenset(
    {
        Verdict.SUPPORTED,
        Verdict.NOT_SUPPORTED,
        Verdict.NO_MEANINGFUL_EFFECT,
        Verdict.HARM_SIGNAL,
    }
)


class Answer(StrEnum):
    """How far a question is answered."""

    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


def answer_by(verdicts: Iterable[Verdict | None]) -> Answer:
    """Answered once every experiment came to a conclusion, partly when one did or is promising.

    A null result and a harmful one answer a question as well as a good one.
    """
    reached = list(verdicts)
    concluded = [verdict for verdict in reached if verdict in CONCLUSIVE]
    if reached and len(concluded) == len(reached):
        return Answer.ANSWERED
    return Answer.PARTLY if concluded or Verdict.PROMISING in reached else Answer.OPEN
