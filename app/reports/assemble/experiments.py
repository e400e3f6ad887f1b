"""One experiment's record to its section: what was known of it by the end of the quarter."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.clock import day_of
from app.domain.assessment import assess
from app.domain.evidence_levels import missing_for_next
from app.domain.integrity import Watched, taken
from app.domain.progress import is_on_track, track_of
from app.domain.registration import days_before
from app.queries.evidence import (
    Reading,
    began_on,
    evidence_of,
    first_measured_on,
    latest_of,
    way_of,
)
from app.queries.findings import MetricFinding
from app.queries.undertakings import undertaking_of, watched_of
from app.reports.assemble.findings import (
    finding_line,
    found_of,
    grounds_by,
    level_by,
    verdict_in,
)
from app.reports.snapshot import (
    AmendedField,
    AmendmentLine,
    BaselineLine,
    DecisionLine,
    ExperimentSection,
    GateLine,
    HypothesisLine,
    MeasurementPoint,
    MetricLine,
    PartnerLine,
    PlanLine,
    ProgrammeShare,
    RegistrationLine,
    ReviewLine,
    StageEntryLine,
    WaveLine,
)
from models import (
    Amendment,
    Decision,
    Experiment,
    Finding,
    Gate,
    Hypothesis,
    ImpactReview,
    LearningQuestion,
    Metric,
    Partnership,
    Place,
    Programme,
    StageEntry,
)
from models.vocabulary import GateItem, GateState, MetricRole, ReviewState, ScalingOutcome


def first_seen_on(experiment: Experiment) -> date:
    """The first day anything of the experiment is dated to."""
    decided = (decision.decided_on for decision in experiment.decisions)
    return min([began_on(experiment), *decided])


def section_of(
    one: Experiment,
    reviews: Sequence[ImpactReview],
    *,
    until: date,
    programmes: Sequence[Programme],
    findings: Mapping[int, Finding],
    new_partners: Mapping[int, bool] | None = None,
    kept: tuple[ProgrammeShare, ...] | None = None,
) -> ExperimentSection:
    """The section of one experiment as of a day; findings by their metric's key.

    ``new_partners`` is what plans say of partners of whom the experiment itself does not;
    ``kept`` are the programmes it stays reported under, whatever it serves now. Asks the database
    nothing of an experiment that is loaded whole.
    """
    journey = _journey(one.stages, until=until)
    places = {place.ubigeo: place for place in one.places}
    found = found_of(one, findings)
    grounds = grounds_by(one, found, until=until)
    return ExperimentSection(
        code=one.code,
        title=one.title,
        learning_intent=one.learning_intent,
        plan=question_line(one.learning_question) if one.learning_question else None,
        kind=one.kind,
        **_standing(one, journey),
        registered_on=first_seen_on(one),
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        owner=one.owner.name if one.owner else "",
        programmes=_shares(one, programmes) if kept is None else kept,
        places=tuple(place.name for place in one.places),
        departments=tuple(sorted({place.ubigeo[:2] for place in one.places})),
        partners=tuple(each.partner.name for each in one.partnerships),
        partnerships=tuple(_partner(each, new_partners or {}) for each in one.partnerships),
        groups_reached=one.groups_reached,
        design_type=one.design_type,
        control_group=one.control_group,
        assignment=one.assignment,
        sample_planned=one.sample_planned,
        budget_planned_usd=one.budget_planned_usd,
        cost_actual_usd=one.cost_actual_usd,
        journey=journey,
        gates=_gates(one.gates, until=until),
        hypotheses=tuple(_hypothesis(each) for each in one.hypotheses),
        registration=_registration(one, until=until),
        first_measured_on=first_measured_on(one, until=until),
        metrics=tuple(_metric(one, each, places, until=until) for each in found),
        verdict=verdict_in(found),
        evidence_level=level_by(one, grounds),
        level_lacks=tuple(said.template for said in missing_for_next(grounds)),
        what_happened=one.what_happened,
        obstacles=one.obstacles,
        surprises=one.surprises,
        advice=one.advice,
        scaling_outcomes=tuple(ScalingOutcome(word) for word in one.scaling_outcomes),
        decisions=tuple(_decision(each) for each in one.decisions if each.decided_on <= until),
        reviews=tuple(review_line(each) for each in reviews),
        source=one.source,
        is_demonstration=one.is_demonstration,
    )


def _shares(one: Experiment, programmes: Sequence[Programme]) -> tuple[ProgrammeShare, ...]:
    known = {programme.id for programme in programmes}
    return tuple(
        ProgrammeShare(code=link.programme.code, role=link.role)
        for link in one.programmes
        if link.programme_id in known
    )


def _journey(entries: Sequence[StageEntry], *, until: date) -> tuple[StageEntryLine, ...]:
    """Stages and states entered by then; a later first one stands for all that came before."""
    reached = [entry for entry in entries if day_of(entry.entered_at) <= until] or entries[:1]
    return tuple(
        StageEntryLine(
            stage=entry.stage,
            state=entry.state,
            entered_on=day_of(entry.entered_at),
            pause_reason=entry.pause_reason,
            reason=entry.reason,
        )
        for entry in reached
    )


def _gates(gates: Sequence[Gate], *, until: date) -> tuple[GateLine, ...]:
    """The gates that were let through by then."""
    return tuple(
        GateLine(
            to_stage=gate.to_stage,
            decided_on=day_of(gate.decided_at),
            decided_by=gate.decided_by.name if gate.decided_by else "",
            missing=tuple(GateItem(word) for word in gate.missing),
            overridden_because=gate.overridden_because,
            resources_committed=gate.resources_committed,
            is_demonstration=gate.is_demonstration,
        )
        for gate in gates
        if gate.state is GateState.LET_THROUGH
        and gate.decided_at
        and day_of(gate.decided_at) <= until
    )


def question_line(one: LearningQuestion) -> PlanLine:
    """A learning question with its plan."""
    return PlanLine(code=one.plan.code, title=one.plan.title, question=one.text)


def _partner(one: Partnership, new_partners: Mapping[int, bool]) -> PartnerLine:
    is_new = one.new_and_unusual
    return PartnerLine(
        name=one.partner.name,
        sector=one.sector or one.partner.sector,
        new_and_unusual=new_partners.get(one.partner_id) if is_new is None else is_new,
    )


def _hypothesis(one: Hypothesis) -> HypothesisLine:
    return HypothesisLine(
        change=one.change,
        audience=one.audience,
        direction=one.direction,
        outcome=one.outcome,
        threshold=one.threshold,
        within=one.within,
        because=one.because,
        free_text=one.free_text,
    )


def _registration(one: Experiment, *, until: date) -> RegistrationLine | None:
    """The registration and its amendments, of those made by then."""
    made = one.registration
    if made is None or day_of(made.registered_at) > until:
        return None
    on = day_of(made.registered_at)
    return RegistrationLine(
        on=on,
        days_before=days_before(on, first_measured_on(one, until=until)),
        sha256=made.sha256,
        amendments=tuple(
            _amendment(each) for each in made.amendments if day_of(each.amended_at) <= until
        ),
        is_demonstration=made.is_demonstration,
    )


def _amendment(one: Amendment) -> AmendmentLine:
    return AmendmentLine(
        on=day_of(one.amended_at),
        reason=one.reason,
        is_major=one.is_major,
        is_after_data=one.is_after_data,
        changes=tuple(AmendedField(**change) for change in one.changes),
    )


def _metric(
    experiment: Experiment, found: MetricFinding, places: dict[str, Place], *, until: date
) -> MetricLine:
    one = found.metric
    readings = [each for each in evidence_of(one).readings if each.on <= until]
    latest = latest_of(readings, one)
    track = track_of(way_of(one), latest.value, on=latest.on) if latest else None
    return MetricLine(
        name=one.name,
        unit=one.unit,
        kind=one.kind,
        direction=one.direction,
        role=found.role,
        baseline=_baseline(one),
        target=one.target,
        target_on=one.target_on,
        on_track=is_on_track(track),
        finding=finding_line(found),
        points=tuple(_point(each, places) for each in readings),
        waves=_waves(one, until=until),
        looked_on=_looks(experiment, one, until=until),
        **_now(latest, readings),
    )


def _now(latest: Reading | None, readings: Sequence[Reading]) -> dict[str, MeasurementPoint]:
    """All places together, where the newest reading is of one of several."""
    if latest is None or latest in readings:
        return {}
    point = MeasurementPoint(on=latest.on, value=latest.value, arm=latest.arm, n=latest.size)
    return {"now": point}


def _waves(one: Metric, *, until: date) -> tuple[WaveLine, ...]:
    watched = _watched(one, until=until)
    return tuple(
        WaveLine(name=wave.name, due_on=wave.due_on, taken=taken(wave, watched, today=until))
        for wave in watched.waves
    )


def _looks(experiment: Experiment, one: Metric, *, until: date) -> tuple[date, ...]:
    """The days on which the results could be looked at; only a primary metric's count."""
    if one.role is not MetricRole.PRIMARY:
        return ()
    layout = undertaking_of(experiment).layout
    return tuple(assess(_watched(one, until=until).measured, layout).looked_on)


def _watched(one: Metric, *, until: date) -> Watched:
    rows = [row for row in one.measurements if row.measured_on <= until]
    return watched_of(one, rows, one.planned_waves)


def _baseline(one: Metric) -> BaselineLine | None:
    if one.baseline is None:
        return None
    return BaselineLine(
        value=one.baseline, n=one.baseline_n, on=one.baseline_on, source=one.baseline_source
    )


def _point(reading: Reading, places: dict[str, Place]) -> MeasurementPoint:
    row = reading.measurement
    place = places.get(row.ubigeo or "")
    return MeasurementPoint(
        on=row.measured_on,
        value=reading.value,
        arm=row.arm,
        n=reading.size,
        answers=tuple(row.answers or ()),
        wave=row.wave,
        place=place.name if place else (row.ubigeo or ""),
        source=row.source,
        is_demonstration=row.is_demonstration,
    )


def _decision(one: Decision) -> DecisionLine:
    return DecisionLine(
        kind=one.kind,
        decided_on=one.decided_on,
        people=one.people,
        reason=one.reason,
        evidence_cited=one.evidence_cited,
        resources_committed=one.resources_committed,
        review_on=one.review_on,
        next_step=one.next_step,
        verdict=one.verdict,
        against_because=one.against_because,
        is_demonstration=one.is_demonstration,
    )


def _standing(one: Experiment, journey: Sequence[StageEntryLine]) -> dict[str, Any]:
    """Where it stood at the end of its journey."""
    here = journey[-1] if journey else None
    return {
        "stage": here.stage if here else one.stage,
        "state": here.state if here else one.state,
        "pause_reason": here.pause_reason if here else one.pause_reason,
        "state_reason": here.reason if here else one.state_reason,
    }


def review_line(one: ImpactReview) -> ReviewLine:
    """The answer as it stands; what is submitted waits for one, whatever was said before.

    Loaded with its programme and reviewer.
    """
    is_answered = one.state is not ReviewState.SUBMITTED
    return ReviewLine(
        programme=one.programme.code,
        state=one.state,
        impact=one.impact,
        comment=one.comment if is_answered else "",
        reviewer=one.reviewed_by.name if is_answered and one.reviewed_by else "",
        reviewed_on=day_of(one.reviewed_at) if is_answered and one.reviewed_at else None,
        is_demonstration=one.is_demonstration,
    )
