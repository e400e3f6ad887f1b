"""Tie a closing form to the plan it closes."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.names import folded
from app.domain.refusals import InvalidError, Problem
from app.language.sentences import sentence
from app.services import history, plans
from app.services.actor import Actor
from app.services.imported_pages import latest_page
from models import Plan, Reflection


def plan_closed_by(
    session: Session, office_id: int, *, title: str, year: int | None
) -> Plan | None:
    """The plan a closing form of this title and year reflects on: its year's, or the year before.

    Without a year the latest plan of the title.
    """
    named = select(Plan).where(Plan.office_id == office_id).order_by(Plan.year.desc(), Plan.id)
    if year is not None:
        named = named.where(Plan.year.in_((year, year - 1)))
    titled = (plan for plan in session.scalars(named) if folded(plan.title) == folded(title))
    return next(titled, None)


def attach_waiting(session: Session, plan: Plan, *, by: Actor) -> None:
    """Tie closing forms that were imported before their plan."""
    waiting = session.scalars(
        select(Reflection).where(
            Reflection.office_id == plan.office_id,
            Reflection.plan_id.is_(None),
            or_(Reflection.year.is_(None), Reflection.year.in_((plan.year, plan.year + 1))),
        )
    )
    for reflection in waiting:
        if folded(reflection.title) == folded(plan.title):
            tie(session, reflection, plan, by=by)


def attach(session: Session, reflection: Reflection, plan: Plan, *, by: Actor) -> Reflection:
    """Tie a closing form to a plan of its own office, as a person decided."""
    if plan.office_id != reflection.office_id:
        raise InvalidError([Problem("plan", sentence("Choose a plan of the same office."))])
    tie(session, reflection, plan, by=by)
    return reflection


def tie(session: Session, reflection: Reflection, plan: Plan, *, by: Actor) -> None:
    """Set the plan. The closing form still counts as untouched since its import, if it was."""
    page = latest_page(session, reflection)
    was_untouched = page is not None and page.record_version == reflection.version
    reflection.plan_id = plan.id
    plans.note(
        session, plan, "plan.reflection_attached", by=by, changes=history.changes_of(reflection)
    )
    session.flush()
    if page is not None and was_untouched:
        page.record_version = reflection.version
