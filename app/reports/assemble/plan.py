"""Assemble the snapshot of a plan: the form as filled, what answers it, how it closed.

A closing form counts from the moment it is saved, as it has no draft; one that an import left
waiting for its plan belongs to none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.plan_content import PartnerEntry, PlanContent, QuestionEntry
from app.domain.planned_and_actual import Comparison, planned_and_actual
from app.domain.reflections import ReflectionContent
from app.language.kept_sentences import kept
from app.queries.history import entries_of
from app.queries.imports import flags_of, only_on_the_page, pages_behind
from app.queries.plan_contents import content_of, partner_of, reflection_content_of
from app.queries.plans import (
    experiments_answering,
    partnerships_under,
    plan_by_code,
    reflections_of,
)
from app.queries.scope import EVERYTHING
from app.reports.plan_snapshot import (
    AnsweringLine,
    ComparedLine,
    EvidenceLine,
    ImportLine,
    NamesCompared,
    PartnersCompared,
    PlanPartner,
    PlanSnapshot,
    QuestionLine,
    ReflectionLine,
    TimeShares,
)
from app.reports.snapshot import OfficeLine
from models import Experiment, ImportedPage, Partnership, Plan, Reflection, ReportIssue
from models.vocabulary import Stage

# What a plan's content and its snapshot hold alike.
ALIKE = (
    *("title", "year", "challenge_type", "statement", "background", "value_proposition", "tweet"),
    *("early_leads", "comments", "thematic_areas", "sdgs", "methods", "data_sources"),
)
# The answers of a closing form in words, as UNDP's form asks for them.
TEXTS = (
    *("barriers", "handover_detail", "data_used", "methods_used", "partners_civil_society"),
    *("partners_academia", "partners_private_sector", "partners_government"),
    *("partners_united_nations", "partners_new_and_unusual", "bonus", "supporting_evidence"),
)


def assemble(session: Session, issue: ReportIssue, *, today: date) -> PlanSnapshot:  # noqa: ARG001
    """The snapshot of an issue's plan, in a constant number of statements.

    It does not name the day it was made on: unchanged facts stay the same edition.
    """
    plan = plan_by_code(session, session.get_one(Plan, issue.plan_id).code, scope=EVERYTHING)
    closing, answering = reflections_of(session, plan), experiments_answering(session, plan)
    pages = pages_behind(session, plan, closing)
    under, _unseen = partnerships_under(session, plan, scope=EVERYTHING)
    content, forms = content_of(plan), [reflection_content_of(row) for row in closing]
    return PlanSnapshot(
        kind="plan",
        office=OfficeLine(code=plan.office.code, name=plan.office.name),
        data_as_of=_as_of(plan, closing, answering, pages),
        code=plan.code,
        **{name: getattr(content, name) for name in ALIKE},
        evidence=tuple(EvidenceLine(**vars(piece)) for piece in content.evidence),
        partners=_partners(content.partners),
        questions=tuple(_question(each, answering) for each in content.learning_questions),
        written_by=plan.created_by.name if plan.created_by else "",
        submitted_at=plan.submitted_at,
        submitted_by=_submitter(session, plan),
        reflections=tuple(map(_reflection, closing, forms)),
        compared=_compared(content, forms, under),
        imports=tuple(_import(page) for page in pages),
        is_demonstration=plan.is_demonstration,
    )


def _as_of(
    plan: Plan,
    closing: Iterable[Reflection],
    answering: Iterable[Experiment],
    pages: Iterable[ImportedPage],
) -> datetime:
    moments = [row.changed_at for row in (plan, *closing, *answering)]
    moments += [row.recorded_at for one in answering for row in one.decisions]
    return max(moments + [page.imported_at for page in pages])


def _submitter(session: Session, plan: Plan) -> str:
    """Who submitted it last; "" for a draft."""
    if not plan.is_submitted:
        return ""
    entries = entries_of(session, f"plan:{plan.code}")
    last = next((each for each in entries if each.event == "plan.submitted"), None)
    return last.by.name if last and last.by else ""


def _partners(entries: Iterable[PartnerEntry]) -> tuple[PlanPartner, ...]:
    return tuple(PlanPartner(**vars(entry)) for entry in entries)


def _question(entry: QuestionEntry, answering: Sequence[Experiment]) -> QuestionLine:
    return QuestionLine(
        text=entry.text,
        stages=tuple(stage for stage in Stage if stage.value in entry.stages),
        methods=entry.methods,
        method_use=entry.method_use,
        new_data_sources=entry.new_data_sources,
        data_gaps=entry.data_gaps,
        experiments=tuple(
            _answering(one) for one in answering if one.learning_question_id == entry.id
        ),
    )


def _answering(one: Experiment) -> AnsweringLine:
    decisions = sorted(one.decisions, key=lambda row: (row.decided_on, row.id))
    last = decisions[-1] if decisions else None
    return AnsweringLine(
        code=one.code,
        title=one.title,
        stage=one.stage,
        state=one.state,
        pause_reason=one.pause_reason,
        verdict=one.verdict,
        evidence_level=one.evidence_level,
        decision=last.kind if last else None,
        decided_on=last.decided_on if last else None,
        is_demonstration=_holds_demonstration(one),
    )


def _holds_demonstration(one: Experiment) -> bool:
    return (
        one.is_demonstration
        or any(decision.is_demonstration for decision in one.decisions)
        or any(row.is_demonstration for metric in one.metrics for row in metric.measurements)
    )


def _reflection(row: Reflection, form: ReflectionContent) -> ReflectionLine:
    return ReflectionLine(
        title=row.title,
        year=row.year,
        insights=form.insights,
        links=form.links,
        time=TimeShares(
            sense=form.time_sense,
            explore=form.time_explore,
            test=form.time_test,
            grow=form.time_grow,
        ),
        handover_outcomes=form.handover_outcomes,
        methods=form.methods,
        data_sources=form.data_sources,
        partners=_partners(form.partners),
        texts=tuple((name, getattr(form, name)) for name in TEXTS),
    )


def _compared(
    content: PlanContent, forms: Sequence[ReflectionContent], under: Iterable[Partnership]
) -> ComparedLine | None:
    found = planned_and_actual(content, forms, partners_under=[partner_of(row) for row in under])
    if found is None:
        return None
    partners = found.partners
    return ComparedLine(
        methods=_names(found.methods),
        data_sources=_names(found.data_sources),
        partners=PartnersCompared(
            as_planned=_partners(partners.as_planned),
            not_used=_partners(partners.not_used),
            unplanned=_partners(partners.unplanned),
        ),
    )


def _names(found: Comparison[str]) -> NamesCompared:
    return NamesCompared(
        as_planned=tuple(found.as_planned),
        not_used=tuple(found.not_used),
        unplanned=tuple(found.unplanned),
    )


def _import(page: ImportedPage) -> ImportLine:
    return ImportLine(
        kind=page.kind,
        file_name=page.file_name,
        imported_at=page.imported_at,
        sha256=page.content_sha256,
        fields=tuple(only_on_the_page(page).items()),
        unmapped=tuple(page.unmapped),
        doubts=tuple((flag.field or "", kept(flag.message)) for flag in flags_of(page)),
    )
