"""Steps along the learning cycle."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.steps import Standing, Step, goes_back, problems_of, stage_since
from models.vocabulary import ExperimentState, PauseReason, Stage

TODAY = date(2026, 10, 5)
TESTING = Standing(stage=Stage.TEST, state=ExperimentState.RUNNING, since=date(2026, 4, 1))


def faults(standing=TESTING, **step):
    taken = Step(**({"stage": Stage.TEST, "state": ExperimentState.RUNNING} | step))
    return [problem.field for problem in problems_of(taken, standing=standing, today=TODAY)]


def test_it_goes_on_without_further_words():
    assert faults(stage=Stage.GROW) == []
    assert faults(state=ExperimentState.COMPLETED) == []


def test_standing_still_is_no_step():
    assert faults() == ["state"]


def test_a_pause_names_its_reason():
    assert faults(state=ExperimentState.PAUSED) == ["pause_reason"]
    paused = {"state": ExperimentState.PAUSED, "pause_reason": PauseReason.SEASON}
    assert faults(**paused) == []


def test_another_reason_for_a_pause_needs_words():
    paused = {"state": ExperimentState.PAUSED, "pause_reason": PauseReason.OTHER}
    assert faults(**paused) == ["reason"]
    assert faults(**paused, reason="The market hall burned down.") == []


def test_only_a_pause_has_a_reason_for_pausing():
    step = {"state": ExperimentState.COMPLETED, "pause_reason": PauseReason.TIME}
    assert faults(**step) == ["pause_reason"]


def test_the_reason_of_a_pause_may_change():
    paused = Standing(
        stage=Stage.TEST,
        state=ExperimentState.PAUSED,
        pause_reason=PauseReason.SEASON,
        since=None,
    )
    step = {"state": ExperimentState.PAUSED, "pause_reason": PauseReason.BUDGET}
    assert faults(paused, **step) == []


def test_stopping_early_needs_words():
    assert faults(state=ExperimentState.STOPPED_EARLY) == ["reason"]
    assert faults(state=ExperimentState.STOPPED_EARLY, reason="No signal in the coves.") == []


def test_going_back_needs_words():
    assert faults(stage=Stage.EXPLORE) == ["reason"]
    assert faults(stage=Stage.EXPLORE, reason="The question was another one.") == []


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 10, 6), ["on"]),
        (date(2026, 3, 31), ["on"]),
        (date(2026, 4, 1), []),
        (TODAY, []),
    ],
)
def test_its_day_has_come_and_lies_after_the_step_before(day, found):
    assert faults(stage=Stage.GROW, on=day) == found


@given(before=st.sampled_from(Stage), after=st.sampled_from(Stage))
def test_of_two_stages_at_most_one_way_goes_back(before, after):
    assert not (goes_back(before, after) and goes_back(after, before))
    assert goes_back(before, before) is False


def test_time_in_a_stage_runs_from_the_day_it_came_there_whatever_its_states():
    entered = [
        (Stage.EXPLORE, date(2026, 1, 5)),
        (Stage.TEST, date(2026, 3, 1)),
        (Stage.TEST, date(2026, 5, 1)),
    ]
    assert stage_since(entered) == date(2026, 3, 1)


def test_time_in_a_stage_begins_anew_when_it_comes_back_to_it():
    entered = [
        (Stage.TEST, date(2026, 1, 5)),
        (Stage.EXPLORE, date(2026, 3, 1)),
        (Stage.TEST, date(2026, 5, 1)),
    ]
    assert stage_since(entered) == date(2026, 5, 1)


def test_nothing_is_said_of_time_where_no_stage_was_entered():
    assert stage_since([]) is None
