"""Cases that were published with their answer; each names its source."""

import math
from statistics import NormalDist

import pytest

from app.domain.statistics import means, proportions, ranks, rates, sites
from app.domain.statistics.effects import Alternative, Interval
from app.domain.statistics.effects import Test as Asked
from app.domain.statistics.groups import (
    Changed,
    Events,
    Ordered,
    Published,
    Recommending,
    Share,
    spread_of,
)
from app.domain.statistics.menu import Outcome, Question, effect_of
from app.domain.statistics.menu import Site as Place
from app.domain.statistics.power import Plan, advise
from app.domain.statistics.repeated import (
    OBRIEN_FLEMING,
    POCOCK,
    LookRule,
    confidence_at,
    holm,
    holm_confidences,
)
from app.domain.statistics.scores import alone
from models.vocabulary import ComparisonDesign as Design

pytestmark = pytest.mark.xdist_group("scipy")

GREATER = Asked(alternative=Alternative.GREATER)
# Extra hours of sleep of ten people under two drugs. Student, Biometrika 6 (1908) 1–25.
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
# Depression before and after a tranquillizer. Hollander and Wolfe (1973) table 3.1.
DEPRESSED = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
CALMED = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Permeability at term and at 12 to 26 weeks. Hollander and Wolfe (1973) table 4.1.
AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLY = [1.15, 0.88, 0.90, 0.74, 1.21]
# BCG against tuberculosis: cases and people, vaccinated and not. Colditz et al., JAMA 271 (1994)
# 698–702, as in the metafor package's dat.bcg.
BCG = [
    (4, 123, 11, 139),
    (6, 306, 29, 303),
    (3, 231, 11, 220),
    (62, 13598, 248, 12867),
    (33, 5069, 47, 5808),
    (180, 1541, 372, 1451),
    (8, 2545, 10, 629),
    (505, 88391, 499, 88391),
    (29, 7499, 45, 7277),
    (17, 1716, 65, 1665),
    (186, 50634, 141, 27338),
    (5, 2498, 3, 2341),
    (27, 16913, 29, 17854),
]


def near(interval: Interval, low: float, high: float, to: float = 5e-5) -> bool:
    return abs(interval.low - low) <= to and abs(interval.high - high) <= to


def test_fisher_1935_the_lady_tasting_tea() -> None:
    one_sided = proportions.difference(Share(3, 4), Share(1, 4), GREATER)
    assert one_sided.p_value == pytest.approx(17 / 70)
    two_sided = proportions.difference(Share(3, 4), Share(1, 4), Asked())
    assert two_sided.p_value == pytest.approx(34 / 70)
    all_right = proportions.difference(Share(4, 4), Share(0, 4), GREATER)
    assert all_right.p_value == pytest.approx(1 / 70)


def test_fisher_1935_criminal_twins() -> None:
    """10 of 13 monozygotic, 2 of 17 dizygotic; R's fisher.test gives p = 0.0005367."""
    effect = proportions.difference(Share(10, 13), Share(2, 17), Asked())
    assert effect.p_value == pytest.approx(0.0005367, abs=5e-8)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_1998_table_ii_method_10(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    effect = proportions.difference(Share(*first), Share(*second), Asked())
    assert near(effect.interval, low, high)


@pytest.mark.parametrize(
    ("share", "wilson", "exact"),
    [
        ((81, 263), (0.2553, 0.3662), (0.2527, 0.3676)),
        ((15, 148), (0.0624, 0.1605), (0.0578, 0.1617)),
        ((0, 20), (0.0, 0.1611), (0.0, 0.1684)),
        ((1, 29), (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombe_1998_single_proportions_methods_3_and_5(
    share: tuple[int, int], wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    effect = proportions.alone(Share(*share), Asked())
    assert near(effect.interval, *wilson)
    limits = effect.extra["clopper_pearson"]
    assert isinstance(limits, list)
    assert limits == pytest.approx(exact, abs=5e-5)


def test_conover_1971_mendels_plants() -> None:
    """682 of 925 against ¾; R's binom.test gives p = 0.3825 and 0.7076683 to 0.7654066."""
    effect = proportions.against_target(Share(682, 925), 0.75, Asked())
    assert effect.p_value == pytest.approx(0.3825, abs=5e-5)
    assert effect.extra["clopper_pearson"] == pytest.approx([0.7076683, 0.7654066], abs=5e-8)


def test_fagerland_lydersen_laake_2014_airway_hyperresponsiveness() -> None:
    """21 children before and after transplantation: 1 against 7 discordant."""
    effect = proportions.changed(Changed(1, 7, 21), Asked())
    assert effect.p_value == pytest.approx(0.0703, abs=5e-5)
    assert effect.extra["mid_p"] == pytest.approx(0.0391, abs=5e-5)
    assert near(effect.interval, -0.517, -0.026, to=5e-4)


def test_agresti_approval_of_the_prime_minister() -> None:
    """1,600 asked twice, 150 turned away and 86 towards; R's binom.test gives p = 3.7e-05."""
    effect = proportions.changed(Changed(86, 150, 1600), Asked())
    assert effect.estimate == pytest.approx(-0.04)
    assert effect.p_value == pytest.approx(3.716e-05, rel=1e-3)
    assert near(effect.interval, -0.059, -0.021, to=5e-4)


def test_mid_p_where_as_many_rose_as_fell_is_that_of_fagerland_2013() -> None:
    effect = proportions.changed(Changed(3, 3, 10), Asked())
    assert effect.p_value == 1
    assert effect.extra["mid_p"] == pytest.approx(1 - 20 / 64 / 2)


def test_student_1908_sleep_as_two_groups() -> None:
    effect = means.welch(spread_of(FIRST_DRUG), spread_of(SECOND_DRUG), Asked())
    assert effect.statistic == pytest.approx(-1.8608, abs=5e-5)
    assert effect.df == pytest.approx(17.776, abs=5e-4)
    assert effect.p_value == pytest.approx(0.07939, abs=5e-6)
    assert near(effect.interval, -3.3654832, 0.2054832, to=5e-8)


def test_student_1908_sleep_as_the_same_people() -> None:
    changes = [one - other for one, other in zip(FIRST_DRUG, SECOND_DRUG, strict=True)]
    effect = means.paired(spread_of(changes), Asked())
    assert effect.statistic == pytest.approx(-4.0621, abs=5e-5)
    assert effect.p_value == pytest.approx(0.002833, abs=5e-7)
    assert near(effect.interval, -2.4598858, -0.7001142, to=5e-8)
    assert effect.extra["sign_flip_p"] == pytest.approx(4 / 1024)


def test_fisher_1935_darwins_maize_by_randomisation() -> None:
    """The Design of Experiments, section 21: 1,726 of 32,768 ways are as far out (p = 5.267 %)."""
    changes = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    effect = means.paired(spread_of(changes), Asked())
    assert effect.extra["sign_flip_p"] == pytest.approx(1726 / 32768)
    assert effect.statistic == pytest.approx(2.148, abs=5e-4)


def test_card_and_krueger_1994_full_time_employment() -> None:
    """Table 3: New Jersey +0.59 (0.54), Pennsylvania −2.16 (1.25), difference 2.76 (1.36)."""
    effect = means.difference_in_differences(
        means.Course(change=Published(0.59, 0.54)),
        means.Course(change=Published(-2.16, 1.25)),
        Asked(),
    )
    assert effect.estimate == pytest.approx(2.76, abs=0.0101)
    assert effect.extra["se"] == pytest.approx(1.36, abs=5e-3)
    assert near(effect.interval, 0.08, 5.42, to=0.01)


def test_colditz_1994_bcg_by_dersimonian_laird() -> None:
    """metafor: rma(method="DL") gives −0.7141 (SE 0.1787), tau² 0.3088, I² 92.12 %."""
    places = [
        Place(name=str(at), treatment=Share(a, n), comparison=Share(c, m))
        for at, (a, n, c, m) in enumerate(BCG)
    ]
    effect = effect_of(Question(design=Design.SITES, outcome=Outcome.PROPORTION, sites=places))
    assert effect.estimate == pytest.approx(-0.7141, abs=5e-5)
    assert effect.extra["se"] == pytest.approx(0.1787, abs=5e-5)
    assert effect.extra["tau2"] == pytest.approx(0.3088, abs=5e-5)
    assert effect.extra["i2"] == pytest.approx(0.9212, abs=5e-5)
    assert effect.extra["q"] == pytest.approx(152.2330, abs=5e-5)
    assert near(effect.interval, -1.0644, -0.3638)
    assert effect.extra["ratio"] == pytest.approx(0.4896, abs=5e-5)


def test_a_site_with_an_empty_cell_gets_half_a_case_in_each() -> None:
    """metafor: escalc(measure="RR", ai=0, n1i=20, ci=3, n2i=20)."""
    site = sites.site_of("one", Share(0, 20), Share(3, 20))
    assert site is not None
    assert site.estimate == pytest.approx(math.log(0.5 / 21) - math.log(3.5 / 21))
    assert site.variance == pytest.approx(1 / 0.5 - 1 / 21 + 1 / 3.5 - 1 / 21)
    assert sites.site_of("one", Share(0, 20), Share(0, 20)) is None


def test_hollander_and_wolfe_depression() -> None:
    """R: wilcox.test(paired = TRUE, alternative = "greater") gives V = 40, p = 0.01953."""
    changes = [before - after for before, after in zip(DEPRESSED, CALMED, strict=True)]
    effect = ranks.signed_rank(changes, GREATER)
    assert effect.statistic == 40
    assert effect.p_value == pytest.approx(0.01953, abs=5e-6)
    assert effect.estimate == pytest.approx(0.46)
    assert near(effect.interval, 0.010, 0.786, to=5e-4)
    assert ranks.signed_rank(changes, Asked()).statistic == 40


def test_hollander_and_wolfe_permeability() -> None:
    """R: wilcox.test(alternative = "greater") gives W = 35, p = 0.1272; the shift is 0.305."""
    effect = ranks.rank_sum(Ordered(AT_TERM), Ordered(EARLY), GREATER)
    assert effect.statistic == 35
    assert effect.p_value == pytest.approx(0.1272, abs=5e-5)
    assert effect.estimate == pytest.approx(0.305)
    assert near(effect.interval, -0.15, 0.76, to=5e-3)


def test_rothman_breast_cancer_after_x_rays() -> None:
    """41 in 28,010 woman-years against 15 in 19,017: a rate ratio of 1.86."""
    effect = rates.rate_ratio(Events(41, 28010), Events(15, 19017), Asked())
    assert effect.extra["rate_ratio"] == pytest.approx(1.855759, rel=1e-6)


def test_garwood_1936_ten_events() -> None:
    assert near(rates.garwood(Events(10, 1), 0.025), 4.795, 18.390, to=5e-4)
    assert near(rates.garwood(Events(0, 1), 0.025), 0, 3.689, to=5e-4)


def test_a_score_of_thirty_answers_is_known_to_about_29_points() -> None:
    effect = alone(Recommending(15, 5, 10), Asked())
    assert (effect.interval.high - effect.interval.low) / 2 == pytest.approx(32, abs=1)
    assert alone(Recommending(14, 9, 7), Asked()).interval.high - 700 / 30 == pytest.approx(
        29, abs=0.7
    )


def test_benjamini_and_hochberg_1995_thrombolysis_by_holm() -> None:
    """Fifteen comparisons: the three smallest survive a familywise 5 %."""
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p_values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    adjusted = holm(p_values)
    assert sum(p <= 0.05 for p in adjusted) == 3
    assert adjusted[:4] == pytest.approx([0.0015, 0.0056, 0.0247, 0.1140])
    assert holm_confidences([0.01, 0.04, 0.03], 0.95) == pytest.approx([1 - 0.05 / 3, 0.975, 0.975])


def false_alarms(criticals: list[float]) -> float:
    """How often equally spaced looks cross, by numerical recursion on the sum of increments.

    Armitage, McPherson and Rowe, JRSS A 132 (1969) 235–244.
    """
    normal, step, edge = NormalDist(), 0.05, 0
    inside = {0: 1.0}
    for look, critical in enumerate(criticals, 1):
        edge = int(critical * math.sqrt(look) / step)
        reach = range(-edge, edge + 1)
        inside = (
            {
                at * 1: sum(p * normal.pdf((at - was) * step) * step for was, p in inside.items())
                for at in reach
            }
            if look > 1
            else {at: normal.pdf(at * step) * step for at in reach}
        )
        # The grid ends inside the boundary: what lies between is added to the outermost points.
        rest = critical * math.sqrt(look) / step - edge - 0.5
        for end in (-edge, edge):
            inside[end] *= 1 + rest
    return 1 - sum(inside.values())


@pytest.mark.parametrize("looks", [2, 3, 5])
def test_the_looks_constants_give_5_percent_false_alarms_in_all(looks: int) -> None:
    assert false_alarms([POCOCK[looks - 1]] * looks) == pytest.approx(0.05, abs=3e-4)
    shrinking = [OBRIEN_FLEMING[looks - 1] * math.sqrt(looks / at) for at in range(1, looks + 1)]
    assert false_alarms(shrinking) == pytest.approx(0.05, abs=3e-4)


def test_five_unplanned_looks_give_14_percent_false_alarms() -> None:
    assert false_alarms([1.959964] * 5) == pytest.approx(0.142, abs=1e-3)


def test_the_last_of_five_looks_costs_little_with_obrien_fleming_and_more_with_pocock() -> None:
    assert confidence_at(5, 5, LookRule.OBRIEN_FLEMING) == pytest.approx(0.9587, abs=1e-4)
    assert confidence_at(5, 5, LookRule.POCOCK) == pytest.approx(0.9842, abs=1e-4)
    assert confidence_at(1, 1, LookRule.POCOCK) == pytest.approx(0.95, abs=1e-5)


@pytest.mark.parametrize(
    ("outcome", "effect", "n"),
    [
        (Outcome.MEAN, 0.2, 394),
        (Outcome.MEAN, 0.5, 64),
        (Outcome.MEAN, 0.8, 26),
        (Outcome.PROPORTION, 0.2, 393),
        (Outcome.PROPORTION, 0.5, 63),
        (Outcome.PROPORTION, 0.8, 25),
    ],
)
def test_cohen_1992_numbers_for_80_percent_power(outcome: Outcome, effect: float, n: int) -> None:
    plan = Plan(design=Design.TWO_GROUPS, outcome=outcome, effect=effect)
    # Cohen prints 393 for d = 0.2: 393.4 to the nearest; we never answer with too few.
    assert advise(plan).n_per_group == n


@pytest.mark.parametrize(("n", "d"), [(10, 1.32), (30, 0.74)])
def test_small_pilots_detect_large_effects_only(n: int, d: float) -> None:
    plan = Plan(design=Design.TWO_GROUPS, outcome=Outcome.MEAN, n_per_group=n)
    assert advise(plan).detectable_effect == pytest.approx(d, abs=5e-3)


def chances(n: int, share: float) -> list[float]:
    return [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]


def test_newcombe_covers_where_wald_does_not() -> None:
    """12 an arm, 5 % against 30 %: every outcome weighed by its chance."""
    covered = {"newcombe": 0.0, "wald": 0.0}
    for ours, p in enumerate(chances(12, 0.05)):
        for theirs, q in enumerate(chances(12, 0.30)):
            first, second = Share(ours, 12), Share(theirs, 12)
            limits = proportions.newcombe(first, second, 1.959963985)
            variance = first.value * (1 - first.value) + second.value * (1 - second.value)
            reach = 1.959963985 * math.sqrt(variance / 12)
            covered["newcombe"] += p * q * (limits.low <= -0.25 <= limits.high)
            covered["wald"] += p * q * (abs(first.value - second.value + 0.25) <= reach)
    assert covered["newcombe"] == pytest.approx(0.969, abs=5e-4)
    assert covered["wald"] == pytest.approx(0.887, abs=5e-4)
