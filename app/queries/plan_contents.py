"""A stored plan as the plain values the rules, the forms and the files speak of."""

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from models import LearningQuestion, Partnership, Plan, PlanEvidence


def content_of(plan: Plan) -> PlanContent:
    """The plan's content; its evidence, partnerships and questions must be loaded."""
    return PlanContent(
        title=plan.title,
        year=plan.year,
        challenge_type=plan.challenge_type,
        statement=plan.statement,
        background=plan.background,
        value_proposition=plan.value_proposition,
        tweet=plan.tweet,
        early_leads=plan.early_leads,
        comments=plan.comments,
        thematic_areas=tuple(plan.thematic_areas),
        sdgs=tuple(plan.sdgs),
        methods=tuple(plan.methods),
        data_sources=tuple(plan.data_sources),
        evidence=tuple(_evidence(row) for row in plan.evidence),
        partners=tuple(_partner(row) for row in plan.partnerships),
        learning_questions=tuple(_question(row) for row in plan.learning_questions),
    )


def _evidence(row: PlanEvidence) -> EvidencePiece:
    return EvidencePiece(kind=row.kind, text=row.text, link=row.link)


def _partner(row: Partnership) -> PartnerEntry:
    return PartnerEntry(
        name=row.partner.name,
        sector=row.sector,
        collaboration=row.collaboration,
        new_and_unusual=row.new_and_unusual,
    )


def _question(row: LearningQuestion) -> QuestionEntry:
    return QuestionEntry(
        text=row.text,
        stages=tuple(row.stages),
        methods=tuple(row.methods),
        method_use=row.method_use,
        new_data_sources=row.new_data_sources,
        data_gaps=row.data_gaps,
        id=row.id,
    )
