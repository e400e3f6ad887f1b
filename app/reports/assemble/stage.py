"""Assemble the snapshot of one stage of an experiment: what is known of it today."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.registration import lines_of
from app.language.kept_sentences import kept
from app.queries.evidence import missing_of
from app.queries.experiments import experiment_by_code, reviews_of
from app.queries.findings import findings_until
from app.queries.plans import reflections_of
from app.queries.programmes import programmes_in
from app.queries.scope import EVERYTHING, Scope
from app.queries.undertakings import flags_in
from app.reports.assemble.experiments import review_line, section_of
from app.reports.assemble.quarterly import newest_of, programme_line
from app.reports.snapshot import (
    ConductLine,
    ExperimentSection,
    FlagLine,
    FrozenField,
    Gap,
    GapKind,
    LearningLine,
    OfficeLine,
    StageReview,
    StageSnapshot,
)
from models import Experiment, ImpactReview, LearningQuestion, Reflection, ReportIssue
from models.vocabulary import HandoverOutcome


def assemble(session: Session, issue: ReportIssue, *, today: date) -> StageSnapshot:
    """The snapshot of an issue's experiment and stage.

    It does not name the day it was made on: unchanged facts stay the same edition.
    """
    code = session.get_one(Experiment, issue.experiment_id).code
    one = experiment_by_code(session, code, scope=EVERYTHING)
    programmes = programmes_in(session, scope=Scope(office_ids=frozenset({one.office_id})))
    reviews = reviews_of(session, one)
    question = one.learning_question
    reflections = reflections_of(session, question.plan) if question else ()
    findings = findings_until(session, [one], today)
    section = section_of(one, [], until=today, programmes=programmes, findings=findings)
    return StageSnapshot(
        office=OfficeLine(code=one.office.code, name=one.office.name),
        stage=issue.stage,
        data_as_of=_as_of(one, reviews, reflections, today),
        programmes=tuple(programme_line(each) for each in programmes),
        experiment=section,
        frozen_plan=tuple(_frozen(one)),
        learning=_learning(question, reflections) if question else None,
        conduct=_conduct(one),
        flags=tuple(
            FlagLine(metric=flag.metric, is_decisive=flag.is_decisive, message=kept(flag.message))
            for flag in flags_in(one, today=today)
        ),
        reviews=tuple(
            StageReview(**dict(review_line(each)), quarter=each.quarter) for each in reviews
        ),
        gaps=tuple(_gaps(one, section)),
    )


def _as_of(
    one: Experiment, reviews: Sequence[ImpactReview], closing: Sequence[Reflection], today: date
) -> datetime | None:
    known = newest_of([one], reviews, until=today)
    plan = [one.learning_question.plan] if one.learning_question else []
    moments = [known, *(each.changed_at for each in (*plan, *closing))]
    return max((moment for moment in moments if moment), default=None)


def _frozen(one: Experiment) -> Iterator[FrozenField]:
    if one.registration is None:
        return
    for line in lines_of(json.loads(one.registration.document)):
        yield FrozenField(
            part=line.part, name=line.name, about=line.about, kind=line.kind, value=line.value
        )


def _learning(question: LearningQuestion, reflections: Sequence[Reflection]) -> LearningLine:
    """The plan's intentions beside its newest closing form."""
    planned = {
        "methods_planned": tuple(question.methods),
        "method_use": question.method_use,
        "data_planned": question.new_data_sources,
        "data_gaps": question.data_gaps,
    }
    if not reflections:
        return LearningLine(**planned)
    last = reflections[-1]
    return LearningLine(
        **planned,
        is_closed=True,
        methods_used=tuple(last.methods),
        methods_because=last.methods_used,
        data_used=tuple(filter(None, (*last.data_sources, last.data_used))),
        insights=last.insights,
        barriers=last.barriers,
        handovers=tuple(HandoverOutcome(word) for word in last.handover_outcomes),
        handover_detail=last.handover_detail,
    )


def _conduct(one: Experiment) -> ConductLine:
    return ConductLine(
        actions=one.actions,
        unit_of_analysis=one.unit_of_analysis,
        data_collection=one.data_collection,
        timeline=one.timeline,
        consent_given=one.consent_given,
        do_no_harm_checked=one.do_no_harm_checked,
        cost_note=one.cost_note,
        manual=one.manual,
        fidelity=one.fidelity_record,
        repeats=one.repeats.code if one.repeats else "",
        repeated_elsewhere=one.repeated_elsewhere,
    )


def _gaps(one: Experiment, section: ExperimentSection) -> Iterator[Gap]:
    for missing in missing_of(one):
        yield Gap(
            kind=GapKind(missing.kind.value),
            experiment=one.code,
            metric=missing.about,
            owed_by=section.owner,
        )
