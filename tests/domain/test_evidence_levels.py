"""The evidence level: what each rung needs, what caps it, and what is missing for the next."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.evidence_levels import Grounds, level_of, meaning, missing_for_next

RUNGS = [
    {},
    {"is_argued": True},
    {"has_outcome": True},
    {"has_comparison": True, "is_registered": True, "is_in_time": True, "is_sound": True},
    {"is_supported": True, "sites_supporting": 2},
    {"has_manual": True, "has_fidelity_record": True},
]
WHOLE = Grounds(**{name: value for rung in RUNGS for name, value in rung.items()})


@pytest.mark.parametrize("level", range(6))
def test_each_level_needs_all_of_the_levels_below(level):
    told = {name: value for rung in RUNGS[: level + 1] for name, value in rung.items()}
    assert level_of(Grounds(**told)) == level
    assert bool(missing_for_next(Grounds(**told))) is (level < 5)


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ({"is_argued": False}, 0),
        ({"has_outcome": False}, 1),
        ({"has_comparison": False}, 2),
        ({"is_registered": False, "is_in_time": False}, 2),
        ({"is_in_time": False}, 2),
        ({"was_bent": True}, 2),
        ({"is_sound": False}, 2),
        ({"is_supported": False}, 3),
        ({"sites_supporting": 1}, 3),
        ({"has_manual": False}, 4),
        ({"has_fidelity_record": False}, 4),
    ],
)
def test_one_condition_lost_caps_the_level_and_is_named(lost, expected):
    grounds = replace(WHOLE, **lost)
    assert level_of(grounds) == expected
    assert len(missing_for_next(grounds)) == 1


REPEATED = {"is_repetition": True, "repeated_holds": True, "repeated_by_others": True}


def test_another_teams_supported_experiment_stands_for_a_second_site():
    assert level_of(replace(WHOLE, sites_supporting=0, **REPEATED)) == 5


@pytest.mark.parametrize(
    ("lost", "said"),
    [("repeated_holds", "level 3 or above itself"), ("repeated_by_others", "another team's")],
)
def test_what_the_repeated_experiment_lacks_is_said(lost, said):
    grounds = replace(WHOLE, sites_supporting=1, **REPEATED | {lost: False})
    assert level_of(grounds) == 3
    (missing,) = missing_for_next(grounds)
    assert said in str(missing)


def test_a_late_registration_cannot_be_mended_and_is_said_so():
    (said,) = missing_for_next(replace(WHOLE, is_in_time=False))
    assert "stays at level 2" in str(said)


def test_the_highest_level_misses_nothing():
    assert missing_for_next(WHOLE) == []
    assert len({str(meaning(level)) for level in range(6)}) == 6


grounds = some.builds(
    Grounds,
    **{
        field.name: some.integers(0, 3) if field.type in (int, "int") else some.booleans()
        for field in fields(Grounds)
    },
)


@given(grounds)
def test_a_late_or_bent_plan_never_rises_above_two(one):
    late = replace(one, is_in_time=False)
    assert level_of(late) <= 2
    assert level_of(replace(one, was_bent=True)) <= 2


@given(grounds)
def test_more_ground_never_lowers_the_level(one):
    for field in fields(Grounds):
        better = {"was_bent": False, "sites_supporting": 3}.get(field.name, True)
        assert level_of(replace(one, **{field.name: better})) >= level_of(one)
