"""From numbers to a conclusion and how it reads."""

from dataclasses import replace
from itertools import product

import pytest

from app.domain.analysis import Conclusion, conclude
from app.domain.found import Found, limits_in, sentence_of
from app.domain.readouts import SAID, SUBJECTS, Told, limits_of, said, warning_on
from app.domain.refusals import InvalidError
from app.domain.statistics.effects import Alternative, Effect, Interval
from app.domain.statistics.effects import Test as Asked
from app.domain.statistics.groups import Events, Ordered, Share
from app.domain.statistics.menu import MENU, Outcome, Question
from app.domain.verdicts import Guardrail
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import Direction, Verdict

pytestmark = pytest.mark.xdist_group("scipy")

HUNDREDTHS = (Outcome.PROPORTION, Outcome.RATE)


def two_shares(**more: object) -> Question:
    parts = {"treatment": Share(18, 30), "comparison": Share(9, 30)} | more
    return Question(design=Design.TWO_GROUPS, outcome=Outcome.PROPORTION, **parts)  # type: ignore[arg-type]


def concluded(question: Question, **more: object) -> Conclusion:
    given = {"direction": Direction.INCREASE, "least": 0.1} | more
    return conclude(question, **given)  # type: ignore[arg-type]


def told(design: Design, outcome: Outcome, estimate: float, **more: object) -> Told:
    size = 0.01 if outcome in HUNDREDTHS else 1
    interval = Interval((estimate - 3) * size, (estimate + 3) * size)
    effect = Effect(method="", estimate=estimate * size, interval=interval, p_value=0.5)
    given = {"effect": effect, "confidence": 0.95, "least": 5 * size} | more
    return Told(design=design, outcome=outcome, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("design", "outcome"), MENU)
def test_every_verdict_on_every_method_is_one_full_sentence(
    design: Design, outcome: Outcome
) -> None:
    for verdict, estimate in product(SAID, (1, -1, 12)):
        text = str(said(told(design, outcome, estimate), verdict, missing=(), guard=None))
        assert SUBJECTS[design] in text
        assert "95% interval: " in text
        assert text.endswith(".")
        assert "%(" not in text
        assert "1 percentage points" not in text.replace("-1 ", " 1 ").replace(" 11 ", " ")
        assert "1 points" not in text


def test_a_unit_is_told_once_for_a_number() -> None:
    one = told(Design.TWO_GROUPS, Outcome.MEAN, 12, unit="soles")
    text = str(said(one, Verdict.PROMISING, missing=(), guard=None))
    assert text.startswith(
        "Promising: the difference between the groups is 12 soles (95% interval: 9 to 15)."
    )


def test_ratios_are_told_as_ratios_and_the_smallest_one_on_the_good_side() -> None:
    effect = Effect(
        method="",
        estimate=-0.7141,
        interval=Interval(-1.0644, -0.3638),
        p_value=0,
        extra={"ratio": 0},
    )
    one = told(
        Design.SITES,
        Outcome.PROPORTION,
        0,
        effect=effect,
        least=0.2231,
        direction=Direction.DECREASE,
    )
    text = str(said(one, Verdict.SUPPORTED, missing=(), guard=None))
    assert "is a ratio of 0.49 (95% interval: 0.345 to 0.695)" in text
    assert "(a ratio of 0.8)" in text
    assert any("natural logarithms" in str(limit) for limit in limits_of(one, 5000))


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-12, "is 0 ("), (-1e-12, "is 0 ("), (0.012345, "is 0.0123 ("), (12345.678, "is 12346 (")],
)
def test_numbers_are_told_with_three_digits(value: float, text: str) -> None:
    effect = Effect(method="", estimate=value, interval=Interval(value, value), p_value=0)
    one = told(Design.TWO_GROUPS, Outcome.MEAN, 0, effect=effect)
    assert text in str(said(one, Verdict.PROMISING, missing=(), guard=None))


@pytest.mark.parametrize("design", Design)
def test_every_design_says_what_it_cannot_tell(design: Design) -> None:
    (limit,) = limits_of(told(design, Outcome.MEAN, 1), 500)
    assert len(str(limit)) > 40


def test_groups_made_by_chance_are_not_doubted() -> None:
    by_chance = replace(told(Design.TWO_GROUPS, Outcome.MEAN, 1), is_random=True)
    assert limits_of(by_chance, 500) == []
    assert len(limits_of(replace(by_chance, design=Design.SITES), 500)) == 1


def test_few_answers_and_scores_are_called_what_they_are() -> None:
    few = [str(limit) for limit in limits_of(told(Design.TWO_GROUPS, Outcome.NPS, 1), 12)]
    assert "So few were measured (12 in all) that only a large effect can show." in few
    assert any("about 30 answers" in limit for limit in few)


@pytest.mark.parametrize(
    ("alternative", "is_told"), [(Alternative.TWO_SIDED, True), (Alternative.GREATER, False)]
)
def test_the_rule_of_the_two_sided_p_is_told_where_it_was_used(
    alternative: Alternative, is_told: bool
) -> None:
    limits = concluded(two_shares(test=Asked(alternative=alternative))).limits
    assert any("minimum-likelihood" in str(limit) for limit in limits) == is_told


def test_what_is_missing_is_named_and_nothing_is_assessed() -> None:
    conclusion = concluded(
        two_shares(comparison=None), least=None, planned_n=40, lacking=["registration"]
    )
    assert conclusion.effect is None
    assert conclusion.verdict == Verdict.NOT_ASSESSABLE
    assert conclusion.missing == [
        "comparison",
        "registration",
        "planned_n",
        "minimum_meaningful_effect",
    ]
    assert str(conclusion.sentence) == (
        "Not assessable: there is nothing to compare with; the plan was never registered; fewer "
        "were measured than planned; the smallest effect that matters was not set."
    )


@pytest.mark.parametrize(
    ("planned", "missing"), [(60, []), (61, ["planned_n"]), (None, []), (0, [])]
)
def test_fewer_than_planned_is_not_assessable(planned: int | None, missing: list[str]) -> None:
    conclusion = concluded(two_shares(), planned_n=planned)
    assert conclusion.missing == missing
    assert conclusion.effect is not None


def test_rates_say_nothing_of_people_so_none_can_be_too_few() -> None:
    rates = Question(
        design=Design.TWO_GROUPS,
        outcome=Outcome.RATE,
        treatment=Events(30, 100),
        comparison=Events(10, 100),
    )
    assert concluded(rates, planned_n=500).missing == []


def test_a_target_that_is_missing_leaves_the_share_itself() -> None:
    question = Question(
        design=Design.ONE_GROUP_TARGET, outcome=Outcome.PROPORTION, treatment=Share(18, 30)
    )
    conclusion = concluded(question)
    assert conclusion.effect is not None
    assert (conclusion.effect.estimate, conclusion.effect.p_value) == (0.6, None)
    assert (conclusion.verdict, conclusion.missing) == (Verdict.NOT_ASSESSABLE, ["target"])


@pytest.mark.parametrize(
    ("name", "text"),
    [("Complaints", "“Complaints” got worse"), ("", "a guardrail metric got worse")],
)
def test_a_crossed_guardrail_is_told_by_its_name(name: str, text: str) -> None:
    conclusion = concluded(two_shares(), guardrails=[Guardrail(name, Interval(-9, -3), 1)])
    assert conclusion.verdict == Verdict.HARM_SIGNAL
    assert text in str(conclusion.sentence)


def test_a_pair_off_the_menu_is_refused_even_where_parts_are_missing() -> None:
    question = Question(design=Design.TWO_GROUPS_BEFORE_AFTER, outcome=Outcome.NPS)
    with pytest.raises(InvalidError, match="no method"):
        concluded(question)


def test_a_warning_says_whether_p_or_power_stands_in_the_way() -> None:
    assert "gives p = 0.1:" in str(warning_on(3, 0.1))
    assert "not even the largest effect" in str(warning_on(1, None))


def answered(*counts: int) -> Ordered:
    """So many answers of each mark, 1 and up."""
    return Ordered([mark for mark, n in enumerate(counts, start=1) for _one in range(n)])


def two_ordered(ours: Ordered, theirs: Ordered, **more: object) -> Conclusion:
    question = Question(
        design=Design.TWO_GROUPS, outcome=Outcome.ORDINAL, treatment=ours, comparison=theirs
    )
    return concluded(question, **({"least": 0.5} | more))


def test_equal_answers_never_make_no_meaningful_effect_of_an_interval_from_0_to_0() -> None:
    conclusion = two_ordered(answered(5, 5, 10, 60, 20), answered(10, 10, 15, 50, 15))
    effect = conclusion.effect
    assert effect is not None
    assert (effect.interval, effect.p_value) == (Interval(0, 0), pytest.approx(0.0266, abs=1e-4))
    assert conclusion.verdict == Verdict.INCONCLUSIVE
    assert "so many of them equal" in str(conclusion.sentence)
    low, high = effect.extra["probability_of_superiority_interval"]  # type: ignore[misc]
    assert 0.5 < low < 0.5825 < high < 0.7


def test_three_answers_a_group_are_too_few_for_any_verdict_on_a_shift() -> None:
    """3 of 3 above 3 of 3: the exact p is 0.1, so no interval at 95 % can leave out 0."""
    conclusion = two_ordered(Ordered([4, 5, 6]), Ordered([1, 2, 3]))
    assert conclusion.verdict == Verdict.INCONCLUSIVE
    assert "so few answers" in str(conclusion.sentence)
    assert two_ordered(answered(0, 3), answered(3)).verdict == Verdict.INCONCLUSIVE


def test_answers_that_shift_plainly_are_judged_by_their_shift() -> None:
    conclusion = two_ordered(answered(5, 5, 20, 40, 80), answered(40, 40, 40, 20, 10))
    assert conclusion.verdict == Verdict.SUPPORTED
    mixed = two_ordered(answered(10, 10, 20, 40, 20), answered(20, 20, 20, 30, 10))
    assert mixed.verdict == Verdict.INCONCLUSIVE
    assert "Both an effect that matters" in str(mixed.sentence)


def test_a_guardrail_still_speaks_where_equal_answers_do_not() -> None:
    crossed = [Guardrail("Complaints", Interval(-9, -3), 1)]
    conclusion = two_ordered(answered(0, 5), answered(1, 4), guardrails=crossed)
    assert conclusion.verdict == Verdict.HARM_SIGNAL


@pytest.mark.parametrize(("direction", "did"), [(Direction.INCREASE, 30), (Direction.DECREASE, 90)])
def test_short_of_a_target_is_a_harm_signal_that_says_it_shows_no_harm(
    direction: Direction, did: int
) -> None:
    question = Question(
        design=Design.ONE_GROUP_TARGET,
        outcome=Outcome.PROPORTION,
        treatment=Share(did, 100),
        target=0.6,
    )
    conclusion = concluded(question, direction=direction)
    assert conclusion.verdict == Verdict.HARM_SIGNAL
    text = str(conclusion.sentence)
    assert "does not reach the target" in text
    assert "nothing shows that the experiment did harm" in text
    assert "the wrong way" not in text
    assert "not whether the experiment moved it" in str(conclusion.limits[0])


def test_rates_and_ordered_answers_say_what_they_take_for_granted() -> None:
    rate, ordinal = (
        str(limits_of(told(Design.TWO_GROUPS, outcome, 1), 500)[1])
        for outcome in (Outcome.RATE, Outcome.ORDINAL)
    )
    assert "one event brings another" in rate
    assert "along the scale" in ordinal


def test_a_stored_finding_keeps_the_words_of_the_numbers_it_came_from() -> None:
    stored = Found(
        verdict=Verdict.INCONCLUSIVE,
        outcome=Outcome.ORDINAL,
        design=Design.TWO_GROUPS,
        estimate=0,
        low=0,
        high=0,
        least=0.5,
        n=200,
        is_clustered=True,
    )
    assert "so many of them equal" in str(sentence_of(stored))
    assert "resemble each other" in str(limits_in(stored)[-1])
    alone = replace(stored, is_clustered=False, verdict=Verdict.INCONCLUSIVE, high=1)
    assert "resemble each other" not in str(limits_in(alone)[-1])
    assert "Both an effect that matters" in str(sentence_of(alone))
