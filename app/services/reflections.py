"""Closing forms of plans: written on the web, changed there, laid over the same rows by imports."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.names import folded
from app.domain.plan_content import PartnerEntry, changes_between
from app.domain.reflections import (
    NOTHING,
    ReflectionContent,
    insights_text,
    links_text,
    problems_of,
)
from app.domain.refusals import InvalidError, NotReadyError
from app.language.sentences import sentence
from app.queries.plan_contents import reflection_content_of
from app.queries.plans import reflections_of
from app.services import history
from app.services.actor import Actor
from app.services.codes import lock_office
from app.services.plan_rows import lay_partners
from app.services.versions import refuse_stale
from models import Plan, Reflection
from models.base import now


def write(
    session: Session,
    plan: Plan,
    content: ReflectionContent,
    *,
    by: Actor,
    key: str | None = None,
) -> Reflection:
    """Write the closing form of a plan, once: it carries the plan's title and year.

    The same ``key`` with the same content is a form sent twice: what it made is the answer.
    Raises NotReadyError where the plan has a closing form, InvalidError for what cannot be saved.
    """
    lock_office(session, plan.office_id)
    written = reflections_of(session, plan)
    if sent := _sent_before(written, content, key):
        return sent
    if written or _is_taken(session, key):
        raise NotReadyError(
            sentence(
                "This plan has its closing form already. Nothing was saved; what you typed stands"
                " below: take it over into the one that is there."
            )
        )
    if problems := problems_of(content):
        raise InvalidError(problems)
    reflection = Reflection(
        office_id=plan.office_id,
        plan_id=plan.id,
        submission_key=key,
        title=plan.title,
        year=plan.year,
        partnerships=[],
    )
    lay(session, reflection, _columns(NOTHING, content), content.partners)
    session.add(reflection)
    changes = changes_between(None, content)
    note(session, reflection, plan, "plan.reflection_written", by=by, changes=changes)
    session.flush()
    return reflection


def edit(
    session: Session,
    reflection: Reflection,
    content: ReflectionContent,
    *,
    seen_version: int | None,
    by: Actor,
) -> Reflection:
    """Change a closing form; its partnerships and plan are loaded. Its source stays beside it.

    What nobody changed keeps its wording to the letter. Raises ChangedMeanwhileError when
    ``seen_version`` is not the one that stands.
    """
    refuse_stale(session, reflection, seen_version=seen_version)
    before = reflection_content_of(reflection)
    if problems := problems_of(content, before=before):
        raise InvalidError(problems)
    partners = content.partners
    lay(
        session,
        reflection,
        _columns(before, content),
        partners,
        respell=partners != before.partners,
    )
    if changes := changes_between(before, reflection_content_of(reflection)):
        reflection.changed_at = now()
        plan = reflection.plan
        note(session, reflection, plan, "plan.reflection_edited", by=by, changes=changes)
    session.flush()
    return reflection


def lay(
    session: Session,
    reflection: Reflection,
    values: Mapping[str, Any],
    partners: Sequence[PartnerEntry],
    *,
    respell: bool = False,
) -> None:
    """Make the rows of a closing form say this, unjudged: imports keep what they found."""
    lay_partners(session, reflection.partnerships, partners, respell=respell)
    for name, value in values.items():
        setattr(reflection, name, value)


def note(
    session: Session,
    reflection: Reflection,
    plan: Plan | None,
    event: str,
    *,
    by: Actor,
    changes: Mapping[str, Sequence[Any]],
) -> None:
    """Write down what happened to a closing form: under its plan, where it has one."""
    subject = f"plan:{plan.code}" if plan else f"reflection:{reflection.id}"
    history.record(session, subject=subject, event=event, by=by, changes=changes)


def _sent_before(
    written: Sequence[Reflection], content: ReflectionContent, key: str | None
) -> Reflection | None:
    made = next((row for row in written if key and row.submission_key == key), None)
    is_same = made is not None and not _differing(reflection_content_of(made), content)
    return made if is_same else None


def _is_taken(session: Session, key: str | None) -> bool:
    known = select(Reflection.id).where(Reflection.submission_key == key)
    return key is not None and session.scalar(known) is not None


def _differing(before: ReflectionContent, after: ReflectionContent) -> list[str]:
    """The fields that say something else: ticks have no order, partners more than one spelling."""
    names = [each.name for each in fields(after)]
    return [name for name in names if _told(name, before) != _told(name, after)]


def _told(name: str, content: ReflectionContent) -> Any:
    value = getattr(content, name)
    if name in ("methods", "data_sources", "handover_outcomes"):
        return set(value)
    if name == "partners":
        return [replace(partner, name=folded(partner.name)) for partner in value]
    return value.strip() if isinstance(value, str) else value


def _columns(before: ReflectionContent, after: ReflectionContent) -> dict[str, Any]:
    """The columns that are to change, as they are stored."""
    stored = {
        "insights": insights_text(after.insights),
        "links": links_text(after.links),
        "handover_outcomes": [each.value for each in after.handover_outcomes],
        "methods": list(after.methods),
        "data_sources": list(after.data_sources),
    }
    return {
        name: stored.get(name, getattr(after, name))
        for name in _differing(before, after)
        if name != "partners"
    }
