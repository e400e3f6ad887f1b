"""A stored plan as the plain values the rules, the forms and the files speak of."""

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.domain.reflections import ReflectionContent, insights_in, links_in
from models import LearningQuestion, Partnership, Plan, PlanEvidence, Reflection
from models.vocabulary import HandoverOutcome

# What a closing form's row and its content hold alike.
PLAIN_IN_REFLECTION = (
    *("barriers", "time_sense", "time_explore", "time_test", "time_grow"),
    *("handover_detail", "methods_used", "data_used"),
    *("partners_civil_society", "partners_academia", "partners_private_sector"),
    *("partners_government", "partners_united_nations", "partners_new_and_unusual"),
    *("bonus", "supporting_evidence"),
)


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
        partners=tuple(partner_of(row) for row in plan.partnerships),
        learning_questions=tuple(_question(row) for row in plan.learning_questions),
    )


def reflection_content_of(reflection: Reflection) -> ReflectionContent:
    """The closing form's content; its partnerships must be loaded."""
    return ReflectionContent(
        insights=insights_in(reflection.insights),
        links=links_in(reflection.links),
        handover_outcomes=tuple(map(HandoverOutcome, reflection.handover_outcomes)),
        methods=tuple(reflection.methods),
        data_sources=tuple(reflection.data_sources),
        partners=tuple(partner_of(row) for row in reflection.partnerships),
        **{name: getattr(reflection, name) for name in PLAIN_IN_REFLECTION},
    )


def partner_of(row: Partnership) -> PartnerEntry:
    """A partnership in its words."""
    return PartnerEntry(
        name=row.partner.name,
        sector=row.sector,
        collaboration=row.collaboration,
        new_and_unusual=row.new_and_unusual,
    )


def _evidence(row: PlanEvidence) -> EvidencePiece:
    return EvidencePiece(kind=row.kind, text=row.text, link=row.link)


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
