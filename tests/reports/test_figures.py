"""What a report counts."""

from decimal import Decimal
from typing import Any

import pytest

from app.reports import figures
from app.reports.figures import StateGroup
from app.reports.snapshot import (
    Gap,
    GapKind,
    MeasurementPoint,
    ProgrammeShare,
    StageEntryLine,
)
from models.vocabulary import (
    Arm,
    DecisionKind,
    ExperimentState,
    Impact,
    PauseReason,
    ProgrammeRole,
    ReviewState,
    Stage,
)
from tests.reports import samples


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_the_states_of_page_one_add_up_to_the_register(count: int) -> None:
    snapshot = samples.many_experiments(count)
    assert sum(figures.totals(snapshot).states.values()) == count == len(snapshot.experiments)


def test_abandoned_and_stopped_experiments_are_counted_by_name() -> None:
    states = (ExperimentState.ARCHIVED, ExperimentState.STOPPED_EARLY, ExperimentState.IDEA)
    sections = [samples.bare_experiment(f"PE-2026-10{n}", state=s) for n, s in enumerate(states)]
    counted = figures.totals(samples.quarter(experiments=sections)).states
    assert counted[StateGroup.ARCHIVED] == counted[StateGroup.STOPPED_EARLY] == 1
    assert counted[StateGroup.PREPARING] == 1
    assert counted[StateGroup.RUNNING] == 0


def test_only_what_lies_in_the_quarter_counts_for_it() -> None:
    old = samples.decision(decided_on="2026-06-30")
    section = samples.experiment(decisions=(old, samples.decision()), registered_on="2026-09-30")
    totals = figures.totals(samples.quarter(experiments=(section,)))
    assert totals.decisions_this_quarter == {DecisionKind.PERSEVERE: 1}
    assert totals.begun_this_quarter == 1
    assert totals.readings_this_quarter == 3 + 2 + 3
    assert totals.experiments_read_this_quarter == 1


def test_pauses_reviews_and_gaps_are_counted() -> None:
    waiting = samples.review(state=ReviewState.SUBMITTED, impact=Impact.CLEAR, programme="GOV")
    snapshot = samples.quarter(
        experiments=(
            samples.experiment(reviews=(samples.review(), waiting)),
            samples.bare_experiment(
                state=ExperimentState.PAUSED, pause_reason=PauseReason.CONNECTIVITY
            ),
        ),
        gaps=(
            Gap(kind=GapKind.NO_METRIC, experiment="PE-2026-900"),
            Gap(kind=GapKind.NO_OWNER, experiment="PE-2026-900"),
        ),
    )
    totals = figures.totals(snapshot)
    assert totals.pause_reasons == {PauseReason.CONNECTIVITY: 1}
    assert totals.reviews == {ReviewState.ACCEPTED: 1, ReviewState.SUBMITTED: 1}
    assert totals.impacts == {Impact.EMERGING: 1}, "an impact counts once it is accepted"
    assert (totals.gaps, totals.experiments_with_gaps) == (2, 1)


def test_an_experiment_of_two_programmes_is_counted_once_in_all() -> None:
    matrix = figures.matrix(samples.one_experiment())
    assert [row.total for row in matrix.rows] == [1, 1, 0]
    assert matrix.total == matrix.totals[Stage.TEST] == 1
    assert matrix.shared == 1


def test_an_experiment_without_a_programme_has_a_row_of_its_own() -> None:
    matrix = figures.matrix(samples.quarter(experiments=(samples.bare_experiment(),)))
    assert matrix.rows[-1].programme is None
    assert matrix.rows[-1].total == 1


def test_a_programme_report_has_the_row_of_its_scope_only() -> None:
    snapshot = samples.quarter(scope="GOV", experiments=(samples.experiment(),))
    assert [row.programme.code for row in figures.matrix(snapshot).rows if row.programme] == ["GOV"]
    (chapter,) = figures.chapters(snapshot)
    assert chapter.programme is not None
    assert chapter.programme.code == "GOV"


def test_moves_are_those_of_the_quarter_in_time() -> None:
    snapshot = samples.quarter(
        experiments=(
            samples.experiment(),
            samples.experiment("PE-2026-002", journey=_journey("2026-07-09", "2026-09-30")),
            samples.experiment("PE-2026-003", journey=_journey("2026-06-30", "2026-10-01")),
        )
    )
    moves = figures.moves(snapshot)
    assert [(m.section.code, m.after.entered_on) for m in moves] == [
        ("PE-2026-002", "2026-07-09"),
        ("PE-2026-001", "2026-08-03"),
        ("PE-2026-002", "2026-09-30"),
    ]
    assert [move.changes_stage for move in moves] == [False, True, True]
    assert moves[0].before is None


def _journey(first: str, second: str) -> tuple[StageEntryLine, ...]:
    running = ExperimentState.RUNNING
    return (
        StageEntryLine(stage=Stage.EXPLORE, state=running, entered_on=first),
        StageEntryLine(stage=Stage.TEST, state=running, entered_on=second),
    )


@pytest.mark.parametrize(
    ("baseline", "target", "now", "share"),
    [
        ("10", "20", "15", "0.5"),
        ("20", "10", "15", "0.5"),
        ("10", "20", "5", "-0.5"),
        ("10", "20", "30", "2"),
        ("-20", "30", "5", "0.5"),
    ],
)
def test_the_way_covered_is_measured_from_baseline_to_target(
    baseline: str, target: str, now: str, share: str
) -> None:
    assert figures.share_of_way(_metric(baseline, target, now)) == Decimal(share)


@pytest.mark.parametrize("lacking", [{"baseline": None}, {"target": None}, {"points": ()}])
def test_the_way_cannot_be_said_when_a_mark_is_missing(lacking: dict[str, Any]) -> None:
    assert figures.share_of_way(samples.waiting(**lacking)) is None


def test_the_way_cannot_be_said_when_the_target_is_the_baseline() -> None:
    assert figures.share_of_way(_metric("10", "10", "12")) is None


def _metric(baseline: str, target: str, now: str) -> Any:
    return samples.waiting(
        baseline={"value": baseline}, target=target, points=({"on": "2026-08-01", "value": now},)
    )


def test_every_experiment_is_printed_once_under_the_programme_that_leads_it() -> None:
    snapshot = samples.many_experiments(31)
    chapters = figures.chapters(snapshot)
    printed = [section.code for chapter in chapters for section in chapter.sections]
    assert sorted(printed) == [section.code for section in snapshot.experiments]
    assert [chapter.is_first for chapter in chapters] == [True, False, False, False]
    assert chapters[-1].programme is None


def test_an_experiment_is_printed_under_who_leads_it_and_who_contributes_has_a_page_too() -> None:
    shares = (
        ProgrammeShare(code="GOV", role=ProgrammeRole.CONTRIBUTING),
        ProgrammeShare(code="RES", role=ProgrammeRole.LEAD),
    )
    snapshot = samples.quarter(experiments=(samples.experiment(programmes=shares),))
    chapters = figures.chapters(snapshot)
    assert [(one.key, len(one.sections)) for one in chapters] == [
        ("programme-GOV", 0),
        ("programme-RES", 1),
    ]
    assert [one.is_first for one in chapters] == [True, False]


def test_every_gap_is_owed_once_by_experiment_and_person() -> None:
    snapshot = samples.many_experiments(10)
    debts = figures.debts(snapshot)
    assert [gap for debt in debts for gap in debt.gaps] == list(snapshot.gaps)
    assert len({(d.experiment, d.owed_by, d.due_on) for d in debts}) == len(debts)


def test_the_cost_for_each_person_counts_both_groups_of_a_wave() -> None:
    points = (
        MeasurementPoint(on="2026-08-10", value="0.5", arm=Arm.TREATMENT, n=38),
        MeasurementPoint(on="2026-08-10", value="0.3", arm=Arm.COMPARISON, n=39),
        MeasurementPoint(on="2026-05-10", value="0.2", arm=Arm.TREATMENT, n=40),
    )
    metrics = (samples.selling(points=points),)
    section = samples.experiment(cost_actual_usd="1650", metrics=metrics)
    assert figures.cost_each(section) == "21.43"
    assert figures.cost_each(section.model_copy(update={"cost_actual_usd": None})) is None
    assert figures.cost_each(section.model_copy(update={"metrics": ()})) is None
