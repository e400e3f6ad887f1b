"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers import UnreadableNumberError, read_decimal, read_whole
from app.language.speaker import Speaker
from models.vocabulary import Language

ES, EN = Language.ES, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("1 234,5", ES, "1234.5"),
        ("1\u00a0234,5", ES, "1234.5"),
        ("1.234,5", ES, "1234.5"),
        ("1.234.567,89", ES, "1234567.89"),
        ("0,5", ES, "0.5"),
        ("0.5", ES, "0.5"),
        ("0.125", ES, "0.125"),
        ("1,234", ES, "1.234"),
        ("-12,75", ES, "-12.75"),
        ("−3", ES, "-3"),
        ("1,234.5", EN, "1234.5"),
        ("1,234", EN, "1234"),
        ("1.234", EN, "1.234"),
        ("1'234.50", EN, "1234.50"),
        ("2,250", EN, "2250"),
        ("12,5", EN, "12.5"),
        ("1,234,567", EN, "1234567"),
        ("1.234.567", ES, "1234567"),
        (" 42 ", EN, "42"),
    ],
)
def test_it_understands_both_ways_of_writing_a_number(text, language, meant):
    assert read_decimal(text, language=language) == Decimal(meant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "doce",
        "1,2,3",
        "1.2.3",
        "12..5",
        "1,23,456.7",
        "NaN",
        "1e5",
        "--3",
        "12 5",
        "1 2 3",
        "2026 07 15",
        "1'5",
        "1,5 00",
        "1 234'567",
        "0 125",
        "1 23",
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_it_refuses_what_is_no_number(text, language):
    with pytest.raises(UnreadableNumberError):
        read_decimal(text, language=language)


def test_it_refuses_a_point_before_three_digits_in_spanish_and_offers_both_readings():
    with pytest.raises(UnreadableNumberError) as refused:
        read_decimal("1.234", language=ES)
    said = str(refused.value)
    assert "1234" in said
    assert "1,234" in said


def test_it_refuses_more_digits_than_the_database_keeps():
    with pytest.raises(UnreadableNumberError):
        read_decimal("123456789012345", language=EN)
    with pytest.raises(UnreadableNumberError):
        read_decimal("0.1234567", language=EN)


@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=3, allow_nan=False),
    st.sampled_from(list(Language)),
)
def test_what_is_written_in_a_language_is_read_back_as_the_same_number(value, language):
    written = Speaker(language).number(value)
    assert read_decimal(written, language=language) == value


def test_an_example_of_a_number_reads_as_the_reader_writes_it():
    with pytest.raises(UnreadableNumberError) as unreadable:
        read_decimal("mil", language=ES)
    assert unreadable.value.message.values["example"] == Decimal("1234.5")


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1 234", ES, 1234),
        ("1,234", EN, 1234),
        ("7.0", EN, 7),
        ("1.200", ES, 1200),
        ("1,200", ES, 1200),
        ("1.234.567", EN, 1234567),
    ],
)
def test_whole_numbers_are_read_grouped_or_not(text, language, number):
    assert read_whole(text, language=language) == number


@pytest.mark.parametrize("text", ["1.5", "1 2", "9" * 15, "many"])
def test_what_is_no_whole_number_is_refused_without_talk_of_decimals_to_write(text):
    with pytest.raises(UnreadableNumberError, match="is not a whole number"):
        read_whole(text, language=ES)
