"""What a plan meant to use and whom to work with, against how it went, for its pages."""

from collections.abc import Sequence

from app.database import current_session
from app.domain import planned_and_actual as rules
from app.domain.planned_and_actual import PlannedAndActual
from app.queries.plan_contents import content_of, partner_of, reflection_content_of
from app.queries.plans import partnerships_under, reflections_of
from app.security.login import current_person
from app.security.policy import scope_of
from models import Plan, Reflection


def planned_and_actual(
    plan: Plan, reflections: Sequence[Reflection] | None = None
) -> PlannedAndActual | None:
    """The comparisons of a whole plan as far as the reader sees; None before it is closed."""
    session = current_session()
    closing = reflections_of(session, plan) if reflections is None else reflections
    if not closing:
        return None
    under, unseen = partnerships_under(session, plan, scope=scope_of(current_person()))
    return rules.planned_and_actual(
        content_of(plan),
        [reflection_content_of(row) for row in closing],
        partners_under=[partner_of(row) for row in under],
        unseen_experiments=unseen,
    )
