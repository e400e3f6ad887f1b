"""What the plans of an office add to its portfolio: open questions, and who is a new partner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import LearningQuestion, Partnership, Plan


def questions_of_year(
    session: Session, office_id: int, year: int, *, until: datetime
) -> Sequence[LearningQuestion]:
    """The learning questions of the office's plans of a year that were submitted before then."""
    return session.scalars(
        select(LearningQuestion)
        .join(Plan)
        .where(Plan.office_id == office_id, Plan.year == year, Plan.submitted_at < until)
        .options(joinedload(LearningQuestion.plan))
        .order_by(Plan.code, LearningQuestion.position, LearningQuestion.id)
    ).all()


def new_partners(session: Session, office_id: int) -> dict[int, bool]:
    """Whether a partner is new and unusual, as the newest plan of the office that says so has it.

    By the partner's key.
    """
    rows = session.execute(
        select(Partnership.partner_id, Partnership.new_and_unusual)
        .join(Plan, Plan.id == Partnership.plan_id)
        .where(Plan.office_id == office_id, Partnership.new_and_unusual.is_not(None))
        .order_by(Plan.year, Plan.id, Partnership.rank)
    )
    return {partner_id: bool(is_new) for partner_id, is_new in rows}
