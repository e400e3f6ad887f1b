"""Lay a plan's content over its rows, keeping the rows that others point at."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.services.partners import partner_named
from models import LearningQuestion, Partnership, Plan, PlanEvidence

PLAIN_COLUMNS = (
    "title",
    "year",
    "challenge_type",
    "statement",
    "background",
    "value_proposition",
    "tweet",
    "early_leads",
    "comments",
)
LISTED_COLUMNS = ("thematic_areas", "sdgs", "methods", "data_sources")


def lay(session: Session, plan: Plan, content: PlanContent, *, respell: bool = False) -> None:
    """Make the plan's rows say the content. Rows that already say it are left alone."""
    # Partners first: a new organisation is stored at once, and nothing else must be half done.
    lay_partners(session, plan.partnerships, content.partners, respell=respell)
    for name in PLAIN_COLUMNS:
        _put(plan, name, getattr(content, name))
    for name in LISTED_COLUMNS:
        _put(plan, name, list(getattr(content, name)))
    _lay_evidence(plan, content.evidence)
    _lay_questions(plan, content.learning_questions)


def lay_partners(
    session: Session,
    partnerships: list[Partnership],
    partners: Sequence[PartnerEntry],
    *,
    respell: bool = False,
) -> None:
    """Make the partnerships of a plan, reflection or experiment say these, ranked by order."""
    organisations = [
        partner_named(session, entry.name, sector=entry.sector, respell=respell)
        for entry in partners
    ]
    del partnerships[len(partners) :]
    for rank, (entry, partner) in enumerate(zip(partners, organisations, strict=True), start=1):
        if rank > len(partnerships):
            partnerships.append(Partnership(partner=partner, rank=rank))
        row = partnerships[rank - 1]
        if row.partner is not partner:
            row.partner = partner
        _put(row, "rank", rank)
        for name in ("sector", "collaboration", "new_and_unusual"):
            _put(row, name, getattr(entry, name))


def _lay_evidence(plan: Plan, evidence: Sequence[EvidencePiece]) -> None:
    del plan.evidence[len(evidence) :]
    for position, piece in enumerate(evidence, start=1):
        if position > len(plan.evidence):
            plan.evidence.append(PlanEvidence(position=position))
        row = plan.evidence[position - 1]
        for name in ("kind", "text", "link"):
            _put(row, name, getattr(piece, name))
        _put(row, "position", position)


def _lay_questions(plan: Plan, questions: Sequence[QuestionEntry]) -> None:
    rows = {row.id: row for row in plan.learning_questions if row.id is not None}
    laid = [_question_row(rows.pop(entry.id or 0, None), entry) for entry in questions]
    for position, row in enumerate(laid, start=1):
        _put(row, "position", position)
    if laid != list(plan.learning_questions):
        plan.learning_questions[:] = laid


def _question_row(row: LearningQuestion | None, entry: QuestionEntry) -> LearningQuestion:
    row = row or LearningQuestion()
    for name in ("text", "method_use", "new_data_sources", "data_gaps"):
        _put(row, name, getattr(entry, name))
    for name in ("stages", "methods"):
        _put(row, name, list(getattr(entry, name)))
    return row


def _put(row: object, name: str, value: object) -> None:
    """Assign only what differs, so that an unchanged row stays unchanged."""
    if getattr(row, name) != value:
        setattr(row, name, value)
