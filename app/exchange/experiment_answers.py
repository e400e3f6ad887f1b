"""The answers of an experiment form (version 1 or 2) as the fields of an experiment."""

from collections.abc import Sequence

from app.exchange.drafts import Draft
from app.exchange.form_marks import Answer
from app.exchange.form_text import excerpt, has_words
from app.exchange.option_words import (
    ASSIGNMENTS,
    CONTROL_GROUPS,
    COST_BANDS,
    DESIGN_TYPES,
    QUALITY_CHECKS,
    SAMPLE_BANDS,
    SCALING_OUTCOMES,
    SECTORS,
    STATES,
    Rules,
    understood,
)
from app.exchange.plain_values import day_in, dollars_in, months_in
from app.exchange.readings import EXPERIMENT_FIELDS
from app.language.sentences import sentence

CHOICES_OF_ONE: dict[str, Rules] = {
    "design_type": DESIGN_TYPES,
    "control_group": CONTROL_GROUPS,
    "assignment": ASSIGNMENTS,
    "sample_band": SAMPLE_BANDS,
    "cost_band": COST_BANDS,
}
CHOICES_OF_MANY: dict[str, Rules] = {
    "partner_sectors": SECTORS,
    "quality_checks": QUALITY_CHECKS,
    "scaling_outcomes": SCALING_OUTCOMES,
}


def record_experiment(draft: Draft, answers: Sequence[Answer]) -> None:
    """Put the answers of the experiment form into the draft."""
    for answer in answers:
        field = answer.prompt.field if answer.prompt else ""
        if field in CHOICES_OF_ONE:
            draft.choose_one(field, answer.text, CHOICES_OF_ONE[field])
        elif field in CHOICES_OF_MANY:
            draft.choose_many(field, answer.text, CHOICES_OF_MANY[field])
        elif field == "on_date":
            _record_day(draft, answer)
        elif field in EXPERIMENT_FIELDS or field == "comments":
            draft.put(answer)
        else:
            draft.keep_answer(answer)
    _record_state(draft)
    draft.set("duration_months", months_in(draft.text("duration_text")))
    draft.set("actual_cost_usd", dollars_in(draft.text("actual_cost_text")))


def _record_day(draft: Draft, answer: Answer) -> None:
    """The day as ISO text; what is no day of the calendar stays as written."""
    if not has_words(answer.text):
        return
    day = day_in(answer.text)
    if day is None:
        draft.flag("on_date", sentence("“%(text)s” is not a date.", text=excerpt(answer.text)))
        draft.put(answer)
        return
    draft.put(answer)
    if draft.text("on_date") == answer.text:
        draft.set("on_date", day.isoformat())
        draft.keep_as_written("on_date", answer.text, [day.isoformat()])


def _record_state(draft: Draft) -> None:
    """The state the status says; a status in other words stays as text alone."""
    status = draft.text("status_text")
    meant = understood(status, STATES)
    if len(meant.values) == 1 and not meant.unknown:
        draft.set("state", meant.values[0])
    elif has_words(status):
        draft.flag(
            "state", sentence("“%(text)s” is not among the answers here.", text=excerpt(status))
        )
