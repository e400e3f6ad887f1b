"""What is read from UNDP's forms, field by field, in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.exchange.readings import (
    EXPERIMENT_FIELDS,
    PAGE_FIELDS,
    PLAN_FIELDS,
    REFLECTION_FIELDS,
    FieldValue,
)
from app.language.form_fields import answer_as_written, field_name
from app.language.goals import GOALS
from app.queries.imports import ONLY_ON_THE_PAGE
from app.web.language import current_speaker
from models import Reflection
from models.vocabulary import (
    Assignment,
    ChallengeType,
    ControlGroup,
    CostBand,
    DesignType,
    ExperimentState,
    HandoverOutcome,
    PageKind,
    QualityCheck,
    SampleBand,
    ScalingOutcome,
    Sector,
    Stage,
)

WORDS: Mapping[str, type[StrEnum]] = {
    "challenge_type": ChallengeType,
    "handover_outcomes": HandoverOutcome,
    "state": ExperimentState,
    "design_type": DesignType,
    "partner_sectors": Sector,
    "control_group": ControlGroup,
    "assignment": Assignment,
    "sample_band": SampleBand,
    "cost_band": CostBand,
    "quality_checks": QualityCheck,
    "scaling_outcomes": ScalingOutcome,
    "learning_cycle_stages": Stage,
}
ASKED: Mapping[PageKind, Mapping[str, FieldValue]] = {
    PageKind.PLAN: PLAN_FIELDS,
    PageKind.REFLECTION: REFLECTION_FIELDS,
    PageKind.EXPERIMENT: EXPERIMENT_FIELDS,
}


def field_label(name: str) -> str:
    """The name of a field of a form."""
    return current_speaker().say(field_name(name))


def field_text(name: str, value: Any) -> str:
    """A field's value as text: words by their label, lists one a line, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(field_text(name, each) for each in value)
    if name == "options_as_written":
        return current_speaker().say(answer_as_written(str(value)))
    if name == "sdgs" and value in GOALS:
        return f"{value}. {current_speaker().say(GOALS[value])}"
    words = WORDS.get(name)
    return current_speaker().word(words(value)) if words and value in list(words) else str(value)


def asked_fields(kind: PageKind) -> list[str]:
    """The fields the form of this kind asks for, in its order."""
    return list(ASKED[kind])


def page_fields() -> list[str]:
    """What a page of any kind may say about itself."""
    return list(PAGE_FIELDS)


def handover_words(reflection: Reflection) -> list[str]:
    """The handover outcomes of a closing form by their label."""
    return [field_text("handover_outcomes", value) for value in reflection.handover_outcomes]


def reading_words() -> dict[str, Any]:
    """What the templates of imports need, by the names they use."""
    return {
        "field_label": field_label,
        "field_text": field_text,
        "asked_fields": asked_fields,
        "page_fields": page_fields,
        "page_only": ONLY_ON_THE_PAGE,
        "handover_words": handover_words,
    }
