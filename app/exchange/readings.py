"""What a reader understood of one file: the shape every form reader answers with."""

from pydantic import BaseModel, ConfigDict, Field

from app.language.sentences import Sentence
from models.vocabulary import PageKind, Sector, Stage


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
    data_gaps: str = ""


class Flag(BaseModel):
    """A doubt about a field that a person should look at; nothing was lost or invented."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    field: str
    message: Sentence


class Reading(BaseModel):
    """One file as understood: named fields, partners, questions, doubts and the unmapped rest."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind: PageKind
    fields: dict[str, str | int | list[str] | list[int] | None] = Field(default_factory=dict)
    partners: list[PartnerReading] = Field(default_factory=list)
    learning_questions: list[LearningQuestionReading] = Field(default_factory=list)
    flags: list[Flag] = Field(default_factory=list)
    unmapped: list[str] = Field(default_factory=list)
