"""Plans: writing them down, changing them, submitting them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.names import folded
from app.domain.plan_content import PlanContent, changes_between
from app.domain.plans import no_room_for, not_ready, problems_of
from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotReadyError, Problem
from app.language.sentences import sentence
from app.queries.plan_contents import content_of
from app.services import history
from app.services.actor import Actor
from app.services.codes import lock_office, next_plan_code
from app.services.plan_rows import lay
from models import Experiment, Office, Plan
from models.base import now
from models.vocabulary import ChallengeType


def add(
    session: Session,
    office: Office,
    content: PlanContent,
    *,
    by: Actor,
    is_demonstration: bool = False,
) -> Plan:
    """Add a draft plan; the office and year give it its code.

    The same content of the same person again is a form sent twice: the plan it made is the answer.
    """
    lock_office(session, office.id)
    if sent := _sent_before(session, office, content, by):
        return sent
    _refuse(problems_of(content) + _taken_title(session, office, content))
    plan = new_plan(
        session, office, content, code=next_plan_code(session, office, year=content.year), by=by
    )
    plan.is_demonstration = is_demonstration
    note(session, plan, "plan.added", by=by, changes=changes_between(None, content))
    session.flush()
    return plan


def edit(
    session: Session,
    plan: Plan,
    content: PlanContent,
    *,
    seen_version: int,
    by: Actor,
) -> Plan:
    """Change a plan as a whole. ``seen_version`` is the one its editor saw.

    A question keeps its row, and so its experiments, by the entry's ``id``. Refuses what a plan
    may not hold, a question's removal while experiments hang on it, and a stale version; but where
    the plan says all of the content already, nothing is left to refuse.
    """
    lock_office(session, plan.office_id)
    if seen_version != plan.version and _says(whole_plan(session, plan.id), content):
        return plan
    refuse_stale(session, plan, seen_version)
    _refuse(
        problems_of(content, before=content_of(plan))
        + _taken_title(session, plan.office, content, besides=plan)
        + _orphaned_experiments(session, plan, content)
        + _full_year(session, plan, content)
    )
    if changes := replace_content(session, plan, content, respell=True):
        note(session, plan, "plan.edited", by=by, changes=changes)
    session.flush()
    return plan


def submit(session: Session, plan: Plan, *, seen_version: int, by: Actor, at: datetime) -> Plan:
    """Hand the plan in: complete enough, within its limits, and within the year's challenges."""
    lock_office(session, plan.office_id)
    refuse_stale(session, plan, seen_version)
    if plan.is_submitted:
        return plan
    submitted = submitted_by_type(session, plan.office_id, year=plan.year)
    if problems := not_ready(content_of(plan), submitted=submitted):
        refusal = NotReadyError(problems[0].message, field=problems[0].field)
        refusal.problems = problems
        raise refusal
    plan.submitted_at = at
    note(session, plan, "plan.submitted", by=by, changes=history.changes_of(plan))
    session.flush()
    return plan


def take_back(session: Session, plan: Plan, *, seen_version: int, by: Actor) -> Plan:
    """Make a submitted plan a draft again."""
    lock_office(session, plan.office_id)
    refuse_stale(session, plan, seen_version)
    if not plan.is_submitted:
        return plan
    plan.submitted_at = None
    note(session, plan, "plan.taken_back", by=by, changes=history.changes_of(plan))
    session.flush()
    return plan


def new_plan(
    session: Session, office: Office, content: PlanContent, *, code: str, by: Actor
) -> Plan:
    """A new row and its parts, unjudged: imports keep what they found."""
    plan = Plan(
        office=office,
        office_id=office.id,
        code=code,
        created_by_id=by.id,
        evidence=[],
        partnerships=[],
        learning_questions=[],
    )
    lay(session, plan, content)
    session.add(plan)
    session.flush()
    return plan


def replace_content(
    session: Session, plan: Plan, content: PlanContent, *, respell: bool = False
) -> dict[str, tuple[object, object]]:
    """Lay the content over a stored plan; answers what changed by path.

    The plan's version rises even where only one of its parts changed.
    """
    before = content_of(plan)
    lay(session, plan, content, respell=respell)
    changes = changes_between(before, content_of(plan))
    if changes:
        plan.changed_at = now()
    return changes


def note(session: Session, plan: Plan, event: str, *, by: Actor, changes: Any) -> None:
    """Write down what happened to a plan."""
    history.record(session, subject=f"plan:{plan.code}", event=event, by=by, changes=changes)


def refuse_stale(session: Session, plan: Plan, seen_version: int) -> None:
    """Refuse when the plan is no longer what its editor saw."""
    stands_at = session.scalar(select(Plan.version).where(Plan.id == plan.id))
    if not stands_at == plan.version == seen_version:
        raise ChangedMeanwhileError(
            sentence(
                "Somebody else changed this plan meanwhile. What you typed is kept below:"
                " compare it with the plan as it stands now and save again."
            )
        )


def submitted_by_type(
    session: Session, office_id: int, *, year: int, besides: int | None = None
) -> dict[ChallengeType, int]:
    """How many plans of the office and year are submitted, by challenge type."""
    counted = session.execute(
        select(Plan.challenge_type, func.count())
        .where(
            Plan.office_id == office_id,
            Plan.year == year,
            Plan.submitted_at.is_not(None),
            Plan.challenge_type.is_not(None),
            Plan.id != (besides or 0),
        )
        .group_by(Plan.challenge_type)
    )
    return {kind: n for kind, n in counted if kind is not None}


def whole_plan(session: Session, plan_id: int) -> Plan:
    """A stored plan with all that ``edit`` and ``replace_content`` look at."""
    return session.scalars(
        select(Plan)
        .where(Plan.id == plan_id)
        .options(
            joinedload(Plan.office),
            selectinload(Plan.evidence),
            selectinload(Plan.partnerships),
            selectinload(Plan.learning_questions),
        )
        .execution_options(populate_existing=True)
    ).one()


def plan_titled(session: Session, office_id: int, *, title: str, year: int) -> Plan | None:
    """The office's plan of this title and year."""
    return session.scalar(
        select(Plan).where(Plan.office_id == office_id, Plan.year == year, Plan.title == title)
    )


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidError(problems)


def _sent_before(session: Session, office: Office, content: PlanContent, by: Actor) -> Plan | None:
    made = plan_titled(session, office.id, title=content.title, year=content.year)
    is_theirs = made is not None and by.id is not None and made.created_by_id == by.id
    return made if made and is_theirs and _says(whole_plan(session, made.id), content) else None


def _says(plan: Plan, content: PlanContent) -> bool:
    """Whether the plan holds just this content, its partners spelled one way or another."""
    return not changes_between(_folded(content_of(plan)), _folded(content))


def _folded(content: PlanContent) -> PlanContent:
    partners = (replace(partner, name=folded(partner.name)) for partner in content.partners)
    return replace(content, partners=tuple(partners))


def _taken_title(
    session: Session, office: Office, content: PlanContent, *, besides: Plan | None = None
) -> list[Problem]:
    other = plan_titled(session, office.id, title=content.title, year=content.year)
    if other is None or other is besides:
        return []
    said = sentence(
        "%(code)s already has this title for %(year)s: choose another title.",
        code=other.code,
        year=str(content.year),
    )
    return [Problem("title", said)]


def _orphaned_experiments(session: Session, plan: Plan, content: PlanContent) -> list[Problem]:
    """A problem for each question that would go while experiments hang on it."""
    staying = {entry.id for entry in content.learning_questions}
    going = {row.id: row for row in plan.learning_questions if row.id not in staying}
    hanging = session.execute(
        select(Experiment.learning_question_id, func.min(Experiment.code))
        .where(Experiment.learning_question_id.in_(going))
        .group_by(Experiment.learning_question_id)
    )
    return [
        Problem(
            "learning_questions",
            sentence(
                "Experiment %(code)s answers “%(question)s”: this question cannot be removed.",
                code=code,
                question=going[row_id].text,
            ),
        )
        for row_id, code in hanging
        if row_id is not None
    ]


def _full_year(session: Session, plan: Plan, content: PlanContent) -> list[Problem]:
    """A submitted plan may not move into a type and year that are full."""
    moved = (content.challenge_type, content.year) != (plan.challenge_type, plan.year)
    if not (plan.is_submitted and moved and content.challenge_type):
        return []
    others = submitted_by_type(session, plan.office_id, year=content.year, besides=plan.id)
    room = no_room_for(
        content.challenge_type, others=others.get(content.challenge_type, 0), year=content.year
    )
    return [Problem("challenge_type", room)] if room else []
