"""A plan as our own JSON: written by the export, read by the import. See docs/formats.md."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent
from app.domain.refusals import InvalidError, Problem
from app.domain.texts import MOST_LINE, one_line
from app.exchange.plan_readings import partner_reading, question_entry, question_reading
from app.exchange.readings import FieldValue, LearningQuestionReading, Reading, blank_fields
from app.language.sentences import Sentence, sentence
from models.vocabulary import (
    ChallengeType,
    EvidenceKind,
    HandoverOutcome,
    PageKind,
    Sector,
)

MOST_PROBLEMS_SAID = 5

Title = Annotated[str, AfterValidator(one_line), Field(min_length=1, max_length=MOST_LINE)]
Share = Annotated[int, Field(ge=0, le=100)]


class Part(BaseModel):
    """A part of the document: unknown names are refused, so that nothing is dropped unseen."""

    model_config = ConfigDict(extra="forbid")


class OfficeName(Part):
    """The office a plan belongs to."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(default="", max_length=300)


class EvidenceLine(Part):
    """One piece of evidence."""

    kind: EvidenceKind
    text: str = ""
    link: str = ""


class PartnerLine(Part):
    """A partner; the most important has rank 1."""

    rank: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=300)
    sector: Sector | None = None
    collaboration: str = ""
    new_and_unusual: bool | None = None


class QuestionLine(LearningQuestionReading, Part):
    """A learning question."""


class ReflectionDocument(Part):
    """The closing form of a plan."""

    title: Title
    year: int | None = None
    insights: str = ""
    links: str = ""
    barriers: str = ""
    time_sense: Share | None = None
    time_explore: Share | None = None
    time_test: Share | None = None
    time_grow: Share | None = None
    handover_outcomes: list[HandoverOutcome] = []
    handover_detail: str = ""
    data_used: str = ""
    methods_used: str = ""
    methods: list[str] = []
    data_sources: list[str] = []
    partners_civil_society: str = ""
    partners_academia: str = ""
    partners_private_sector: str = ""
    partners_government: str = ""
    partners_united_nations: str = ""
    partners_new_and_unusual: str = ""
    partners: list[PartnerLine] = []
    bonus: str = ""
    supporting_evidence: str = ""

    def reading(self) -> Reading:
        """The closing form as if it had been read from a page."""
        fields: dict[str, FieldValue] = blank_fields(PageKind.REFLECTION)
        written = self.model_dump(mode="json", exclude={"partners"})
        fields.update(written)
        partners = [
            partner_reading(partner.rank, _partner_entry(partner))
            for partner in sorted(self.partners, key=lambda each: each.rank)
        ]
        return Reading(kind=PageKind.REFLECTION, fields=fields, partners=partners)


class PlanDocument(Part):
    """A whole plan with its closing forms."""

    format: Literal["chaski-plan"] = "chaski-plan"
    version: Literal[1] = 1
    code: str = Field(max_length=40)
    office: OfficeName
    year: int = Field(ge=2000, le=2100)
    title: Title
    challenge_type: ChallengeType | None = None
    statement: str = ""
    background: str = ""
    value_proposition: str = ""
    tweet: str = ""
    early_leads: str = ""
    comments: str = ""
    thematic_areas: list[str] = []
    sdgs: list[int] = []
    methods: list[str] = []
    data_sources: list[str] = []
    evidence: list[EvidenceLine] = []
    partners: list[PartnerLine] = []
    learning_questions: list[QuestionLine] = []
    submitted_at: datetime | None = None
    reflections: list[ReflectionDocument] = []

    def content(self) -> PlanContent:
        """The plan's content, as the rules and rows speak of it."""
        return PlanContent(
            title=self.title,
            year=self.year,
            challenge_type=self.challenge_type,
            statement=self.statement,
            background=self.background,
            value_proposition=self.value_proposition,
            tweet=self.tweet,
            early_leads=self.early_leads,
            comments=self.comments,
            thematic_areas=tuple(self.thematic_areas),
            sdgs=tuple(self.sdgs),
            methods=tuple(self.methods),
            data_sources=tuple(self.data_sources),
            evidence=tuple(EvidencePiece(**line.model_dump()) for line in self.evidence),
            partners=tuple(
                _partner_entry(line) for line in sorted(self.partners, key=lambda each: each.rank)
            ),
            learning_questions=tuple(question_entry(line) for line in self.learning_questions),
        )


def document_from(
    content: PlanContent,
    *,
    code: str,
    office: OfficeName,
    submitted_at: datetime | None,
    reflections: Sequence[ReflectionDocument] = (),
) -> PlanDocument:
    """A plan's content as a document."""
    return PlanDocument(
        code=code,
        office=office,
        year=content.year,
        title=content.title,
        challenge_type=content.challenge_type,
        statement=content.statement,
        background=content.background,
        value_proposition=content.value_proposition,
        tweet=content.tweet,
        early_leads=content.early_leads,
        comments=content.comments,
        thematic_areas=list(content.thematic_areas),
        sdgs=list(content.sdgs),
        methods=list(content.methods),
        data_sources=list(content.data_sources),
        evidence=[
            EvidenceLine(kind=piece.kind, text=piece.text, link=piece.link)
            for piece in content.evidence
        ],
        partners=partner_lines(content.partners),
        learning_questions=[
            QuestionLine(**question_reading(entry).model_dump())
            for entry in content.learning_questions
        ],
        submitted_at=submitted_at,
        reflections=list(reflections),
    )


def partner_lines(partners: Sequence[PartnerEntry]) -> list[PartnerLine]:
    """Partners ranked by their order."""
    return [
        PartnerLine(
            rank=rank,
            name=entry.name,
            sector=entry.sector,
            collaboration=entry.collaboration,
            new_and_unusual=entry.new_and_unusual,
        )
        for rank, entry in enumerate(partners, start=1)
    ]


def looks_like_json(text: str) -> bool:
    """Whether a text is meant as JSON and not as a form."""
    return text.lstrip().startswith("{")


def read_plan_document(text: str, *, name: str) -> PlanDocument:
    """Read our JSON. Raises InvalidError beside "file" that says where it is not ours."""
    try:
        return PlanDocument.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidError([Problem("file", _not_ours(error, name))]) from error


def _not_ours(error: Exception, name: str) -> Sentence:
    if not isinstance(error, ValidationError):
        return sentence("%(name)s begins like JSON but is none: it cannot be read.", name=name)
    places = [".".join(str(step) for step in each["loc"]) for each in error.errors()]
    return sentence(
        "%(name)s is no plan exported from Chaski. Look at: %(places)s.",
        name=name,
        places=", ".join(dict.fromkeys(places[:MOST_PROBLEMS_SAID])),
    )


def _partner_entry(line: PartnerLine) -> PartnerEntry:
    return PartnerEntry(
        name=line.name,
        sector=line.sector,
        collaboration=line.collaboration,
        new_and_unusual=line.new_and_unusual,
    )
