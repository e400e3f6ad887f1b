"""Quarters of an office: where each stands, what was frozen, and what is still open in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.locks import Closed
from app.domain.quarters import Quarter
from app.language.speaker import LIMA
from models import Closing, ImpactReview, OfficeQuarter, Programme, QuarterException
from models.vocabulary import ReviewState


def closed_for(session: Session, office_id: int, quarter: Quarter, experiment_id: int) -> Closed:
    """The quarter as an experiment meets it; one statement."""
    closed_at, until = session.execute(
        select(func.min(Closing.closed_at), func.max(QuarterException.until))
        .select_from(OfficeQuarter)
        .outerjoin(Closing, Closing.office_quarter_id == OfficeQuarter.id)
        .outerjoin(
            QuarterException,
            (QuarterException.office_quarter_id == OfficeQuarter.id)
            & (QuarterException.experiment_id == experiment_id),
        )
        .where(OfficeQuarter.office_id == office_id, OfficeQuarter.quarter == str(quarter))
    ).one()
    return Closed(quarter, closed_at.astimezone(LIMA).date() if closed_at else None, until)


def acceptances_in(
    session: Session, experiment_id: int, quarter: Quarter
) -> Sequence[tuple[str, datetime]]:
    """Which programmes' reviews of the experiment stand accepted in the quarter, and since when."""
    rows = session.execute(
        select(Programme.code, ImpactReview.accepted_at)
        .join(ImpactReview, ImpactReview.programme_id == Programme.id)
        .where(
            ImpactReview.experiment_id == experiment_id,
            ImpactReview.quarter == str(quarter),
            ImpactReview.state == ReviewState.ACCEPTED,
            ImpactReview.accepted_at.is_not(None),
        )
        .order_by(Programme.code)
    )
    return [(code, accepted_at) for code, accepted_at in rows if accepted_at is not None]
