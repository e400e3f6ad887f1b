"""How a report writes numbers, gaps and progress."""

from decimal import Decimal

import pytest

from app.language.speaker import Speaker
from app.reports import wording
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
        ("123.456", "123.5", "123,5"),
        ("1234567.8", "1,234,568", "1\u00a0234\u00a0568"),
        ("0.04567", "0.0457", "0,0457"),
        ("-20", "-20", "-20"),
        ("1E+20", "1 × 10²⁰", "1 × 10²⁰"),
        ("-2.345E-9", "-2.34 × 10⁻⁹", "-2,34 × 10⁻⁹"),
    ],
)
def test_a_number_has_the_precision_a_reader_needs(value: str, english: str, spanish: str) -> None:
    assert wording.readable(Decimal(value), ENGLISH) == english
    assert wording.readable(Decimal(value), SPANISH) == spanish


@pytest.mark.parametrize(
    ("share", "written"),
    [("0.52", "52%"), ("0.215", "21.5%"), ("0.00042", "0.042%"), ("1", "100%")],
)
def test_a_share_is_a_percentage_with_decimals_only_where_they_say_something(
    share: str, written: str
) -> None:
    assert wording.number_of(MetricKind.PROPORTION, ENGLISH)(Decimal(share)) == written


def test_money_is_told_with_its_currency() -> None:
    number = wording.number_of(MetricKind.MONEY, ENGLISH)
    assert number(Decimal("4120.50")).replace("\u00a0", " ") == "USD 4,120"
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
