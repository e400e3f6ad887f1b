"""The answers of an Action Learning Plan as the fields of a plan."""

from collections.abc import Sequence

from app.exchange.drafts import Draft
from app.exchange.form_marks import Answer
from app.exchange.form_text import key_of, without_bullet
from app.exchange.learning_questions import QUESTION_FIELDS, record_questions
from app.exchange.option_words import CHALLENGE_TYPES
from app.exchange.partner_blocks import PARTNER_FIELDS, record_partners
from app.exchange.readings import PLAN_FIELDS
from app.language.sentences import sentence

MOST_SIGNS_OF_A_TWEET = 280
BLOCK_FIELDS = PARTNER_FIELDS | QUESTION_FIELDS


def record_plan(draft: Draft, answers: Sequence[Answer]) -> None:
    """Put the answers of the initial form into the draft."""
    record_partners(draft, answers)
    for answer in answers:
        field = answer.prompt.field if answer.prompt else ""
        if field == "challenge_type":
            draft.choose_one("challenge_type", _joined(answer.text), CHALLENGE_TYPES)
        elif field in PLAN_FIELDS or field == "comments":
            draft.put(answer)
        elif field not in BLOCK_FIELDS:
            draft.keep_answer(answer)
    record_questions(draft, answers)
    _point_at_a_long_tweet(draft)


def _joined(text: str) -> str:
    """The type written over two lines ("BIG", "BET") as one answer."""
    lines = [without_bullet(line) for line in text.split("\n")]
    return " ".join(lines) if key_of(text) == "big bet" else text


def _point_at_a_long_tweet(draft: Draft) -> None:
    length = len(draft.text("tweet"))
    if length > MOST_SIGNS_OF_A_TWEET:
        draft.flag(
            "tweet",
            sentence("The summary has %(length)s characters where 280 are allowed.", length=length),
        )
