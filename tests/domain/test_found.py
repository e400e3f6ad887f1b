"""A stored finding read out again."""

from dataclasses import replace

import pytest

from app.domain.found import Found, limits_in, sentence_of
from app.domain.statistics.menu import Outcome
from app.language.speaker import Speaker
from models.vocabulary import ComparisonDesign, Direction, Language, Verdict

SITES = Found(
    verdict=Verdict.SUPPORTED,
    outcome=Outcome.PROPORTION,
    design=ComparisonDesign.SITES,
    estimate=0.554,
    low=0.285,
    high=0.824,
    least=0.148,
    planned=0.05,
    level=0.313,
    n=569,
)


def limits(found: Found) -> str:
    return " ".join(map(Speaker(Language.EN).say, limits_in(found)))


def test_it_says_how_the_points_of_the_plan_became_a_ratio() -> None:
    said = limits(SITES)
    assert (
        "The plan asks for 5 percentage points; on the comparison groups' own 31.3% that is"
        " a ratio of 1.16." in said
    )
    assert "a ratio of 1.16" in Speaker(Language.EN).say(sentence_of(SITES))


def test_of_what_should_fall_the_ratio_lies_below_one() -> None:
    fewer = replace(SITES, direction=Direction.DECREASE, least=0.174, estimate=-0.5)
    assert "that is a ratio of 0.84." in limits(fewer)


@pytest.mark.parametrize("unknown", ["planned", "level", "least"])
def test_nothing_is_said_of_a_conversion_that_is_not_known(unknown: str) -> None:
    assert "The plan asks for" not in limits(replace(SITES, **{unknown: None}))
