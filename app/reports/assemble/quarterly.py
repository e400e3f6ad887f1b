"""Assemble the quarterly snapshot: what was known of the quarter, as plain values.

Only what lies in the quarter or before it counts: a reading taken later belongs to a later
report, and recording it leaves this quarter's snapshot, and so its edition, as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.quarters import Quarter, read_quarter
from app.language.speaker import LIMA
from app.queries.editions import newest_edition
from app.queries.experiments import experiments_of_office, experiments_of_programme
from app.queries.findings import findings_until
from app.queries.portfolio import new_partners, questions_of_year
from app.queries.programmes import officers_of, programmes_in
from app.queries.reviews import reviews_in
from app.queries.scope import EVERYTHING, Scope
from app.reports import overview
from app.reports.assemble.experiments import first_seen_on, question_line, section_of
from app.reports.assemble.gaps import gaps_of
from app.reports.assemble.keeping import NONE_KEPT, Shares
from app.reports.comparing import changes_between
from app.reports.snapshot import (
    ExperimentSection,
    Gap,
    OfficeLine,
    PlanLine,
    ProgrammeLine,
    QuarterlySnapshot,
    SinceQuarter,
    SourceLine,
    read_json,
)
from models import Experiment, ImpactReview, Office, Programme, ReportIssue
from models.vocabulary import ReviewState


def assemble(
    session: Session,
    issue: ReportIssue,
    *,
    today: date,
    kept: Mapping[str, Shares] = NONE_KEPT,
    lists_awaited: bool = False,
) -> QuarterlySnapshot:
    """The snapshot of an issue's scope and quarter, in a constant number of statements.

    ``kept`` are the programmes that an experiment, by its code, stays reported under. Of a quarter
    that still runs, what falls due on a later day is missing only where it ``lists_awaited``.
    """
    quarter = read_quarter(issue.quarter, today=today)
    programmes = programmes_in(session, scope=Scope(office_ids=frozenset({issue.office_id})))
    found = _experiments(session, issue)
    reviews = [
        review
        for review in reviews_in(session, quarter=quarter, experiment_ids=[one.id for one in found])
        if review.state is not ReviewState.DRAFT
    ]
    reviewed = {review.experiment_id for review in reviews}
    known = [one for one in found if first_seen_on(one) <= quarter.ends_on or one.id in reviewed]
    findings = findings_until(session, known, quarter.ends_on)
    said_new = new_partners(session, issue.office_id)
    pairs = [
        (
            one,
            section_of(
                one,
                _of(one, reviews),
                until=min(today, quarter.ends_on),
                programmes=programmes,
                findings=findings,
                new_partners=said_new,
                kept=kept.get(one.code),
            ),
        )
        for one in known
    ]
    asked = [one for one in programmes if issue.programme_id in (None, one.id)]
    reviewers = officers_of(session, asked)
    due_until = max(today, quarter.ends_on) if lists_awaited else today
    gaps = [
        gap
        for one, section in pairs
        for gap in gaps_of(one, section, quarter=quarter, reviewers=reviewers)
        if gap.due_on is None or gap.due_on <= due_until.isoformat()
    ]
    office = session.get_one(Office, issue.office_id)
    snapshot = _snapshot(issue, office, quarter, programmes, pairs, reviews, gaps)
    update = _surroundings(session, issue, quarter, snapshot)
    if today < quarter.ends_on:
        update["told_until"] = _newest_due(snapshot, until=today.isoformat())
    return snapshot.model_copy(update=update)


def _newest_due(snapshot: QuarterlySnapshot, *, until: str) -> str:
    """The newest day of the quarter by then on which something fell due; else its first.

    Not the day itself: facts are the same on every day on which nothing falls due.
    """
    days = [one.on for one in overview.due(snapshot, snapshot.experiments) if one.on]
    return max([snapshot.starts_on, *(day for day in days if day <= until)])


def _surroundings(
    session: Session, issue: ReportIssue, quarter: Quarter, snapshot: QuarterlySnapshot
) -> dict[str, Any]:
    """What the report tells beside its experiments: open questions, and what changed since."""
    return {
        "questions": () if issue.programme_id else _questions(session, issue.office_id, quarter),
        "since_quarter": _since(session, issue, quarter, snapshot),
    }


def _questions(session: Session, office_id: int, quarter: Quarter) -> tuple[PlanLine, ...]:
    ended = datetime.combine(quarter.next.starts_on, time(), tzinfo=LIMA)
    return tuple(
        question_line(one)
        for one in questions_of_year(session, office_id, quarter.year, until=ended)
    )


def _since(
    session: Session, issue: ReportIssue, quarter: Quarter, snapshot: QuarterlySnapshot
) -> SinceQuarter | None:
    """What changed since the newest edition of the same report on the quarter before."""
    last = newest_edition(session, issue.office_id, issue.programme_id, str(quarter.previous))
    if last is None or last.snapshot_json is None or last.edition is None:
        return None
    before = read_json(last.snapshot_json)
    return SinceQuarter(
        quarter=before.quarter,
        edition=last.edition,
        changes=changes_between(before.experiments, snapshot.experiments),
    )


def _snapshot(
    issue: ReportIssue,
    office: Office,
    quarter: Quarter,
    programmes: Sequence[Programme],
    pairs: Sequence[tuple[Experiment, ExperimentSection]],
    reviews: Sequence[ImpactReview],
    gaps: Sequence[Gap],
) -> QuarterlySnapshot:
    scope = next((one.code for one in programmes if one.id == issue.programme_id), "")
    return QuarterlySnapshot(
        office=OfficeLine(code=office.code, name=office.name),
        scope=scope,
        quarter=str(quarter),
        starts_on=quarter.starts_on.isoformat(),
        ends_on=quarter.ends_on.isoformat(),
        data_as_of=newest([one for one, _section in pairs], reviews, until=quarter.ends_on),
        introduction=issue.introduction,
        programmes=tuple(programme_line(one) for one in _shown(programmes, pairs, scope)),
        experiments=tuple(section for _one, section in pairs),
        gaps=tuple(gaps),
        sources=_sources(programmes),
    )


def _experiments(session: Session, issue: ReportIssue) -> Sequence[Experiment]:
    if issue.programme_id is None:
        return experiments_of_office(session, issue.office_id, EVERYTHING)
    return experiments_of_programme(session, issue.programme_id, EVERYTHING)


def _of(experiment: Experiment, reviews: Iterable[ImpactReview]) -> list[ImpactReview]:
    return [review for review in reviews if review.experiment_id == experiment.id]


def _shown(
    programmes: Sequence[Programme],
    pairs: Sequence[tuple[Experiment, ExperimentSection]],
    scope: str,
) -> list[Programme]:
    """The programme reported on with those its experiments also serve; else all of the office."""
    if not scope:
        return list(programmes)
    named = {share.code for _one, section in pairs for share in section.programmes} | {scope}
    return [one for one in programmes if one.code in named]


def programme_line(programme: Programme) -> ProgrammeLine:
    """A programme with its names."""
    return ProgrammeLine(code=programme.code, name_en=programme.name_en, name_es=programme.name_es)


def _sources(programmes: Sequence[Programme]) -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(text=text) for text in sorted({one.source for one in programmes} - {""})
    )


def newest(
    experiments: Sequence[Experiment], reviews: Sequence[ImpactReview], *, until: date
) -> datetime | None:
    """When the newest of the facts dated to then or before was recorded."""
    moments: list[datetime] = [review.changed_at for review in reviews]
    for one in experiments:
        moments.append(one.changed_at)
        moments += [each.changed_at for each in (*one.hypotheses, *one.metrics)]
        moments += [each.recorded_at for each in one.decisions if each.decided_on <= until]
        moments += [
            each.recorded_at
            for metric in one.metrics
            for each in metric.measurements
            if each.measured_on <= until
        ]
        moments += [moment for moment in _frozen_at(one) if day_of(moment) <= until]
    return max(moments) if moments else None


def _frozen_at(one: Experiment) -> list[datetime]:
    """When the plan was registered, and each time it was amended."""
    made = one.registration
    return [made.registered_at, *(each.amended_at for each in made.amendments)] if made else []
