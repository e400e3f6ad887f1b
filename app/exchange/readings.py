"""What a reader understood of one file: the shape every form reader answers with.

Every name of a kind's list below is always a key of ``Reading.fields``: text that was not
answered is ``""``, a list is ``[]``, and a value that is not text (a year, a closed-list word,
a share of time, an amount) is ``None``. Partners and learning questions without any answer are
left out. What was written and found no field is in ``unmapped``; what was mapped to a word or a
number of ours is kept as written in ``options_as_written`` ("field: wording") where the words
differ. So every word of the source stands somewhere in the reading.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from app.language.sentences import Sentence
from models.vocabulary import PageKind, Sector, Stage

FieldValue = str | int | list[str] | list[int] | None

PLAN_FIELDS: Mapping[str, FieldValue] = {
    "title": "",
    "challenge_type": None,
    "statement": "",
    "background": "",
    "quantitative_evidence": "",
    "qualitative_evidence": "",
    "value_proposition": "",
    "tweet": "",
    "early_leads": "",
}

REFLECTION_FIELDS: Mapping[str, FieldValue] = {
    "title": "",
    "insights": "",
    "links": "",
    "barriers": "",
    "time_sense": None,
    "time_explore": None,
    "time_test": None,
    "time_grow": None,
    "handover_outcomes": [],
    "handover_detail": "",
    "data_used": "",
    "methods_used": "",
    "partners_civil_society": "",
    "partners_academia": "",
    "partners_private_sector": "",
    "partners_government": "",
    "partners_united_nations": "",
    "partners_new_and_unusual": "",
    "bonus": "",
    "supporting_evidence": "",
}

EXPERIMENT_FIELDS: Mapping[str, FieldValue] = {
    "title": "",
    "prepared_by": "",
    "on_date": "",  # ISO where a day of the calendar was written, else the text as it stands
    "state": None,
    "status_text": "",
    "portfolio": "",
    "challenge": "",
    "action_learning_plan": "",
    "learning_question": "",
    "design_type": None,
    "partner_sectors": [],
    "partner_names": "",
    "learning_intent": "",
    "hypothesis": "",
    "control_group": None,
    "assignment": None,
    "actions": "",
    "unit_of_analysis": "",
    "data_collection": "",
    "timeline": "",
    "sample_band": None,
    "cost_band": None,
    "quality_checks": [],
    "resources_non_monetary": "",
    "links": "",
    "images": "",
    "outcome_statement": "",
    "methodology_observations": "",
    "duration_text": "",
    "duration_months": None,  # plain decimal text, only where the answer is one number of months
    "actual_cost_text": "",
    "actual_cost_usd": None,  # plain decimal text, only where the answer is one amount in dollars
    "follow_up": "",
    "scaling_plan": "",
    "scaling_outcomes": [],
    "learnings": "",
    "obstacles": "",
    "beneficiaries_inside": "",
    "beneficiaries_outside": "",
    "iterations": "",
    "advice": "",
    "replication": "",
    "cycle_influence": "",
    "surprises": "",
}

# What a page of any kind may state about itself, by its tags, its heading and its end.
PAGE_FIELDS: Mapping[str, FieldValue] = {
    "page_title": "",  # the heading above the form, where it says something else than the title
    "year": None,
    "country": "",
    "latitude": "",
    "longitude": "",
    "methods": [],
    "data_sources": [],
    "thematic_areas": [],
    "sdgs": [],
    "learning_cycle_stages": [],
    "comments": "",
    "options_as_written": [],
}

FIELDS_OF: Mapping[PageKind, Mapping[str, FieldValue]] = {
    PageKind.PLAN: {**PLAN_FIELDS, **PAGE_FIELDS},
    PageKind.REFLECTION: {**REFLECTION_FIELDS, **PAGE_FIELDS},
    PageKind.EXPERIMENT: {**EXPERIMENT_FIELDS, **PAGE_FIELDS},
}


def blank_fields(kind: PageKind) -> dict[str, FieldValue]:
    """Every field of the kind, unanswered, in the form's order."""
    return {name: _copied(value) for name, value in FIELDS_OF[kind].items()}


def _copied(value: FieldValue) -> FieldValue:
    return [] if isinstance(value, list) else value


def _as_sentence(value: object) -> object:
    """A message that came back from JSON is a sentence without values."""
    return Sentence(value) if isinstance(value, str) else value


class PartnerReading(BaseModel):
    """One partner in rank order; 1 is the most important."""

    rank: int
    name: str
    sector: Sector | None = None
    collaboration: str = ""
    new_and_unusual: bool | None = None


class LearningQuestionReading(BaseModel):
    """One learning question with the stages, methods and gaps stated beside it."""

    text: str
    stages: list[Stage] = Field(default_factory=list)
    methods: list[str] = Field(default_factory=list)
    method_use: str = ""
    new_data_sources: str = ""
    data_gaps: str = ""


class Flag(BaseModel):
    """A doubt about a field that a person should look at; nothing was lost or invented.

    In JSON the message is its English text.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    field: str
    message: Annotated[
        Sentence,
        BeforeValidator(_as_sentence),
        PlainSerializer(str, return_type=str, when_used="json"),
    ]


class Reading(BaseModel):
    """One form as understood: named fields, partners, questions, doubts and the unmapped rest."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind: PageKind
    fields: dict[str, FieldValue] = Field(default_factory=dict)
    partners: list[PartnerReading] = Field(default_factory=list)
    learning_questions: list[LearningQuestionReading] = Field(default_factory=list)
    flags: list[Flag] = Field(default_factory=list)
    unmapped: list[str] = Field(default_factory=list)

    def text(self, field: str) -> str:
        """The field's text, ``""`` where it has none."""
        value = self.fields.get(field)
        return value if isinstance(value, str) else ""

    def listed(self, field: str) -> Sequence[str]:
        """The field's list of text, empty where it has none."""
        value = self.fields.get(field)
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
