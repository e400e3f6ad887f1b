"""How a report writes numbers, gaps and progress."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.speaker import Speaker
from app.reports import magnitudes, wording
from app.reports.registrations import value_said
from app.reports.snapshot import Gap, GapKind
from models.vocabulary import Language, MetricKind
from tests.reports import samples

ENGLISH, SPANISH = Speaker(Language.EN), Speaker(Language.ES)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        ("0", "0", "0"),
        ("12.50", "12.5", "12,5"),
        ("11.8333333", "11.83", "11,83"),
        ("123.455", "123.46", "123,46"),
        ("1200.25", "1,200.25", "1\u00a0200,25"),
        ("1500.745", "1,500.75", "1\u00a0500,75"),
        ("1234567.8", "1,234,567.8", "1\u00a0234\u00a0567,8"),
        ("99999999999999", "99,999,999,999,999", "99\u00a0999\u00a0999\u00a0999\u00a0999"),
        ("0.04565", "0.0457", "0,0457"),
        ("-20", "-20", "-20"),
        ("1E+20", "1 × 10²⁰", "1 × 10²⁰"),
        ("-2.345E-9", "-2.35 × 10⁻⁹", "-2,35 × 10⁻⁹"),
    ],
)
def test_a_number_has_the_precision_a_reader_needs(value: str, english: str, spanish: str) -> None:
    assert wording.readable(Decimal(value), ENGLISH) == english
    assert wording.readable(Decimal(value), SPANISH) == spanish


@pytest.mark.parametrize(
    ("share", "written"),
    [
        ("0.52", "52%"),
        ("0.12345", "12.35%"),
        ("0.215", "21.5%"),
        ("0.00042", "0.042%"),
        ("1", "100%"),
    ],
)
def test_a_share_is_a_percentage_with_decimals_only_where_they_say_something(
    share: str, written: str
) -> None:
    assert wording.number_of(MetricKind.PROPORTION, ENGLISH)(Decimal(share)) == written


def test_money_is_told_with_its_currency() -> None:
    number = wording.number_of(MetricKind.MONEY, ENGLISH)
    assert number(Decimal("12345.67")).replace("\u00a0", " ") == "USD 12,345.67"
    assert number(Decimal("329.2")).replace("\u00a0", " ") == "USD 329.20"
    assert number(Decimal("0.0042")).replace("\u00a0", " ") == "USD 0.0042"
    assert number(Decimal("2.12")).replace("\u00a0", " ") == "USD 2.12"
    assert number(Decimal("61")).replace("\u00a0", " ") == "USD 61"


@pytest.mark.parametrize("kind", list(GapKind))
def test_every_gap_has_its_sentence(kind: GapKind) -> None:
    gap = Gap(kind=kind, metric="Ventas", programme="GOV")
    assert ENGLISH.say(wording.gap_sentence(gap, "Governance"))


def test_a_target_reached_is_said_whatever_the_plan_was() -> None:
    metric = samples.waiting(target="11.8", on_track=False)
    assert str(wording.progress_sentence(metric)) == "Target reached"
    assert str(wording.progress_sentence(samples.waiting())) == "Behind"
    assert str(wording.progress_sentence(samples.selling())) == "On track"
    assert str(wording.progress_sentence(samples.waiting(on_track=None))) == "Cannot be said"


@given(
    value=st.decimals("-1e13", "1e13", places=2, allow_nan=False),
    speaker=st.sampled_from([ENGLISH, SPANISH]),
)
def test_what_was_typed_to_the_hundredth_is_read_again_as_it_was(
    value: Decimal, speaker: Speaker
) -> None:
    for kind in (MetricKind.MEAN, MetricKind.MONEY):
        shown = wording.number_of(kind, speaker)(value).removeprefix("USD\u00a0")
        plain = shown.replace(",", "") if speaker is ENGLISH else shown.replace(",", ".")
        assert Decimal(plain.replace("\u00a0", "")) == value


@pytest.mark.parametrize("text", ["0.5", "1.5", "2.5", "1200.25", "0.0000005"])
def test_a_half_is_rounded_up_wherever_a_number_is_shown(text: str) -> None:
    value = Decimal(text)
    places = -value.as_tuple().exponent - 1
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(ENGLISH.number(value, places).replace(",", "")) == expected


def test_the_page_of_a_metric_shows_all_decimals_that_are_kept() -> None:
    number = wording.number_of(MetricKind.MEAN, ENGLISH, magnitudes.MOST_DECIMALS)
    assert number(Decimal("1200.123456")) == "1,200.123456"


@pytest.mark.parametrize(("value", "said"), [("0.01", "1 point"), ("0.1", "10 points")])
def test_one_point_is_told_as_one(value, said):
    speaker = Speaker(Language.EN)
    assert value_said("minimum_meaningful_effect", value, "proportion", speaker) == said
