"""What a plan meant to use and whom to work with, against how it went, for its pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.database import current_session
from app.domain.plan_content import PartnerEntry, PlanContent
from app.domain.planned_and_actual import Comparison, compared, partners_compared
from app.queries.plan_contents import content_of, partner_of
from app.queries.plans import partnerships_under, reflections_of
from app.security.login import current_person
from app.security.policy import scope_of
from models import Plan, Reflection


@dataclass(frozen=True)
class PlannedAndActual:
    """The three comparisons, and how many experiments the reader cannot see are left out."""

    methods: Comparison[str]
    data_sources: Comparison[str]
    partners: Comparison[PartnerEntry]
    unseen_experiments: int


def planned_methods(content: PlanContent) -> list[str]:
    """The methods of a plan and of its questions."""
    asked = [name for entry in content.learning_questions for name in entry.methods]
    return [*content.methods, *asked]


def planned_and_actual(
    plan: Plan, reflections: Sequence[Reflection] | None = None
) -> PlannedAndActual | None:
    """The comparisons of a whole plan; None before it is closed: until then all is still open."""
    session = current_session()
    closing = reflections_of(session, plan) if reflections is None else reflections
    if not closing:
        return None
    content = content_of(plan)
    under, unseen = partnerships_under(session, plan, scope=scope_of(current_person()))
    told = [row for reflection in closing for row in reflection.partnerships]
    return PlannedAndActual(
        methods=compared(
            planned=planned_methods(content),
            actual=[name for row in closing for name in row.methods],
        ),
        data_sources=compared(
            planned=content.data_sources,
            actual=[name for row in closing for name in row.data_sources],
        ),
        partners=partners_compared(
            planned=content.partners, actual=[partner_of(row) for row in (*told, *under)]
        ),
        unseen_experiments=unseen,
    )
