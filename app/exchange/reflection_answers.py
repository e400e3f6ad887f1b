"""The answers of a closing form (2021-2022 or 2023 on) as the fields of a reflection."""

from collections.abc import Sequence

from app.exchange.drafts import Draft
from app.exchange.form_marks import Answer
from app.exchange.form_text import excerpt, has_words
from app.exchange.option_words import HANDOVER_OUTCOMES
from app.exchange.partner_blocks import PARTNER_FIELDS, record_partners
from app.exchange.plain_values import share_in, stage_shares_in
from app.exchange.readings import REFLECTION_FIELDS
from app.language.sentences import sentence
from models.vocabulary import Stage

SHARE_FIELDS = tuple(f"time_{stage}" for stage in Stage)


def record_reflection(draft: Draft, answers: Sequence[Answer]) -> None:
    """Put the answers of the closing form into the draft."""
    record_partners(draft, answers)
    for answer in answers:
        field = answer.prompt.field if answer.prompt else ""
        if field == "handover_outcomes":
            draft.choose_many(field, answer.text, HANDOVER_OUTCOMES)
        elif field == "time":
            _record_shares(draft, answer.text)
        elif field in SHARE_FIELDS:
            _record_share(draft, field, answer)
        elif field in REFLECTION_FIELDS or field == "comments":
            draft.put(answer)
        elif field not in PARTNER_FIELDS:
            draft.keep_answer(answer)
    _point_at_a_wrong_total(draft)


def _record_shares(draft: Draft, text: str) -> None:
    shares = stage_shares_in(text)
    if shares is None:
        if has_words(text):
            draft.keep(text)
            draft.flag(
                "time_sense", sentence("“%(text)s” is not a share of time.", text=excerpt(text))
            )
        return
    for stage, share in shares.items():
        draft.set(f"time_{stage}", share)


def _record_share(draft: Draft, field: str, answer: Answer) -> None:
    text, share = answer.text, share_in(answer.text)
    if share is not None and draft.value(field) in (None, share):
        draft.set(field, share)
    elif has_words(text):
        draft.keep(f"{answer.wording}: {text}" if answer.wording else text)
        draft.flag(field, sentence("“%(text)s” is not a share of time.", text=excerpt(text)))


def _point_at_a_wrong_total(draft: Draft) -> None:
    shares = [draft.value(field) for field in SHARE_FIELDS]
    numbers = [share for share in shares if isinstance(share, int)]
    if numbers and sum(numbers) != 100:
        draft.flag(
            "time_sense",
            sentence("The shares of time add up to %(total)s and not to 100.", total=sum(numbers)),
        )
