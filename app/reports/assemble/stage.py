"""Assemble the snapshot of one stage of an experiment: what is known of it today."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.language.kept_sentences import kept
from app.queries.evidence import missing_of
from app.queries.experiments import experiment_by_code, reviews_of
from app.queries.findings import findings_until
from app.queries.plans import reflections_of
from app.queries.programmes import programmes_in
from app.queries.scope import EVERYTHING, Scope
from app.queries.undertakings import flags_in
from app.reports.assemble.experiments import section_of
from app.reports.assemble.quarterly import newest, programme_line
from app.reports.snapshot import Gap, GapKind, OfficeLine
from app.reports.stage_snapshot import FlagLine, InquiryLine, StageSnapshot
from models import Experiment, ImpactReview, LearningQuestion, Reflection, ReportIssue
from models.vocabulary import ReviewState

ANSWERED = frozenset({ReviewState.ACCEPTED, ReviewState.RETURNED})


def assemble(session: Session, issue: ReportIssue, *, today: date) -> StageSnapshot:
    """The snapshot of an issue's experiment and stage.

    It does not name the day it was made on: unchanged facts stay the same edition.
    """
    code = session.get_one(Experiment, issue.experiment_id).code
    one = experiment_by_code(session, code, scope=EVERYTHING)
    programmes = programmes_in(session, scope=Scope(office_ids=frozenset({one.office_id})))
    reviews = [each for each in reviews_of(session, one) if each.state in ANSWERED]
    question = one.learning_question
    closing = reflections_of(session, question.plan) if question else ()
    findings = findings_until(session, [one], today)
    section = section_of(one, reviews, until=today, programmes=programmes, findings=findings)
    return StageSnapshot(
        kind="stage",
        stage=issue.stage,
        office=OfficeLine(code=one.office.code, name=one.office.name),
        data_as_of=_as_of(one, reviews, closing, today),
        programmes=tuple(programme_line(each) for each in programmes),
        experiments=(section,),
        inquiry=_inquiry(question, closing) if question else None,
        flags=tuple(
            FlagLine(metric=flag.metric, said=kept(flag.message))
            for flag in flags_in(one, today=today)
        ),
        gaps=tuple(
            Gap(
                kind=GapKind(each.kind.value),
                experiment=code,
                metric=each.about,
                owed_by=section.owner,
            )
            for each in missing_of(one)
        ),
        data_collection=one.data_collection,
        manual=one.manual,
        fidelity_record=one.fidelity_record,
    )


def _as_of(
    one: Experiment, reviews: Sequence[ImpactReview], closing: Sequence[Reflection], today: date
) -> datetime | None:
    plan = [one.learning_question.plan] if one.learning_question else []
    moments = [newest([one], reviews, until=today), *(row.changed_at for row in (*plan, *closing))]
    return max((moment for moment in moments if moment), default=None)


def _inquiry(question: LearningQuestion, closing: Sequence[Reflection]) -> InquiryLine:
    """What the plan intended, beside what all its closing forms say was used."""
    used = [method for row in closing for method in (*row.methods, row.methods_used)]
    data = [source for row in closing for source in (*row.data_sources, row.data_used)]
    return InquiryLine(
        methods_planned=tuple(filter(None, (*question.methods, question.method_use))),
        methods_used=tuple(dict.fromkeys(filter(None, used))),
        data_planned=tuple(filter(None, [question.new_data_sources])),
        data_used=tuple(dict.fromkeys(filter(None, data))),
        data_gaps=question.data_gaps,
    )
