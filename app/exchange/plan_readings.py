"""From a reading of a plan to the plan's content, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.domain.plans import MOST_NAME
from app.domain.texts import is_blank, one_line
from app.exchange.readings import (
    FieldValue,
    Flag,
    LearningQuestionReading,
    PartnerReading,
    Reading,
    blank_fields,
)
from app.language.sentences import Sentence, sentence
from models.vocabulary import ChallengeType, EvidenceKind, PageKind, Stage

EVIDENCE_FIELDS: Mapping[str, EvidenceKind] = {
    "quantitative_evidence": EvidenceKind.QUANTITATIVE,
    "qualitative_evidence": EvidenceKind.QUALITATIVE,
}


@dataclass
class Fitted:
    """What a record can hold of a reading, and what had to be kept beside it."""

    flags: list[Flag] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)

    def flag(self, name: str, message: Sentence) -> None:
        """Point a person at a field."""
        self.flags.append(Flag(field=name, message=message))

    def title(self, text: str) -> str:
        """A title short enough to be stored; the whole one is kept where it was cut."""
        return self._shortened("title", one_line(text))

    def partners(self, readings: Sequence[PartnerReading]) -> tuple[PartnerEntry, ...]:
        """Partners with a name, in rank; what is said of one without a name is kept as text."""
        named = [partner for partner in readings if not is_blank(partner.name)]
        self.unmapped += [each.collaboration for each in readings if is_blank(each.name)]
        return tuple(self._partner(partner) for partner in named)

    def _partner(self, partner: PartnerReading) -> PartnerEntry:
        line = one_line(partner.name)
        name = self._shortened("partners", line)
        whole = "" if name == line else f"{partner.name}\n\n"
        return PartnerEntry(
            name=name,
            sector=partner.sector,
            collaboration=f"{whole}{partner.collaboration}".strip(),
            new_and_unusual=partner.new_and_unusual,
        )

    def _shortened(self, name: str, text: str) -> str:
        if len(text) <= MOST_NAME:
            return text
        self.flag(
            name,
            sentence(
                "“%(text)s…” is longer than %(most)s characters and was shortened.",
                text=text[:40],
                most=MOST_NAME,
            ),
        )
        if name == "title":
            self.unmapped.append(text)
        return f"{text[: MOST_NAME - 1].rstrip()}…"


def content_from(reading: Reading, *, year: int, fitted: Fitted) -> PlanContent:
    """The content of a plan that a reading holds; ``fitted`` collects what did not fit."""
    kind = reading.text("challenge_type")
    return PlanContent(
        title=fitted.title(reading.text("title")),
        year=year,
        challenge_type=ChallengeType(kind) if kind else None,
        statement=reading.text("statement"),
        background=reading.text("background"),
        value_proposition=reading.text("value_proposition"),
        tweet=reading.text("tweet"),
        early_leads=reading.text("early_leads"),
        comments=reading.text("comments"),
        thematic_areas=tuple(reading.listed("thematic_areas")),
        sdgs=numbers_in(reading, "sdgs"),
        methods=tuple(reading.listed("methods")),
        data_sources=tuple(reading.listed("data_sources")),
        evidence=tuple(
            EvidencePiece(kind=evidence, text=reading.text(name))
            for name, evidence in EVIDENCE_FIELDS.items()
            if reading.text(name)
        ),
        partners=fitted.partners(reading.partners),
        learning_questions=tuple(question_entry(each) for each in reading.learning_questions),
    )


def reading_from(content: PlanContent) -> Reading:
    """A plan as a reading: what a reader of its form would have understood."""
    fields: dict[str, FieldValue] = {
        **blank_fields(PageKind.PLAN),
        "title": content.title,
        "year": content.year,
        "challenge_type": content.challenge_type.value if content.challenge_type else None,
        "statement": content.statement,
        "background": content.background,
        "value_proposition": content.value_proposition,
        "tweet": content.tweet,
        "early_leads": content.early_leads,
        "comments": content.comments,
        "thematic_areas": list(content.thematic_areas),
        "sdgs": list(content.sdgs),
        "methods": list(content.methods),
        "data_sources": list(content.data_sources),
    }
    for name, kind in EVIDENCE_FIELDS.items():
        fields[name] = content.evidence_of(kind)
    return Reading(
        kind=PageKind.PLAN,
        fields=fields,
        partners=[
            partner_reading(rank, entry) for rank, entry in enumerate(content.partners, start=1)
        ],
        learning_questions=[question_reading(each) for each in content.learning_questions],
    )


def partner_reading(rank: int, entry: PartnerEntry) -> PartnerReading:
    """A partner as read at this rank."""
    return PartnerReading(
        rank=rank,
        name=entry.name,
        sector=entry.sector,
        collaboration=entry.collaboration,
        new_and_unusual=entry.new_and_unusual,
    )


def numbers_in(reading: Reading, name: str) -> tuple[int, ...]:
    """A field's list of numbers, empty where it has none."""
    value = reading.fields.get(name)
    return tuple(each for each in value if isinstance(each, int)) if isinstance(value, list) else ()


def question_entry(reading: LearningQuestionReading) -> QuestionEntry:
    """A learning question as the rules and rows speak of it."""
    return QuestionEntry(
        text=reading.text,
        stages=tuple(stage.value for stage in reading.stages),
        methods=tuple(reading.methods),
        method_use=reading.method_use,
        new_data_sources=reading.new_data_sources,
        data_gaps=reading.data_gaps,
    )


def question_reading(entry: QuestionEntry) -> LearningQuestionReading:
    """A learning question as read."""
    return LearningQuestionReading(
        text=entry.text,
        stages=[Stage(stage) for stage in entry.stages],
        methods=list(entry.methods),
        method_use=entry.method_use,
        new_data_sources=entry.new_data_sources,
        data_gaps=entry.data_gaps,
    )
