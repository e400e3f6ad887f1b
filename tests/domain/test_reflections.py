"""What a closing form may say: shares of time, insights, links, partners, texts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.plan_content import PartnerEntry, changes_between
from app.domain.reflections import (
    MOST_INSIGHTS,
    MOST_PARTNERS,
    NOTHING,
    SHARES,
    ReflectionContent,
    insights_in,
    insights_text,
    links_in,
    links_text,
    problems_of,
    share_problems,
)
from app.domain.texts import MOST_LINE, MOST_TEXT

TOLD = ReflectionContent(insights=("Phones are shared.",), links=("https://example.org/a",))
SHARE = st.none() | st.integers(-20, 120)
TEXTS = st.lists(st.text("ab1-. \n", min_size=1).filter(str.strip), max_size=7)


def timed(*shares: int | None) -> ReflectionContent:
    return replace(TOLD, **dict(zip(SHARES, shares, strict=True)))


def fields(content: ReflectionContent, before: ReflectionContent = NOTHING) -> list[str | None]:
    return [problem.field for problem in problems_of(content, before=before)]


@given(st.tuples(SHARE, SHARE, SHARE, SHARE))
def test_shares_pass_when_none_is_given_or_all_four_are_and_make_a_hundred(
    shares: tuple[int | None, ...],
) -> None:
    given_shares = [share for share in shares if share is not None]
    is_fine = not given_shares or (
        len(given_shares) == 4
        and all(0 <= share <= 100 for share in given_shares)
        and sum(given_shares) == 100
    )
    assert (list(share_problems(timed(*shares))) == []) == is_fine


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_every_way_to_part_a_hundred_passes_and_one_more_or_less_does_not(cuts: list[int]) -> None:
    one, two, three = sorted(cuts)
    shares = [one, two - one, three - two, 100 - three]
    assert problems_of(timed(*shares)) == []
    off = [*shares[:3], shares[3] + (1 if shares[3] < 100 else -1)]
    (problem,) = problems_of(timed(*off))
    assert problem.field == "time_sense"
    assert str(sum(off)) in str(problem.message)


def test_the_error_says_what_the_shares_add_up_to() -> None:
    (problem,) = problems_of(timed(10, 20, 30, 30))
    assert str(problem.message) == "The shares of time add up to 90 and not to 100."


def test_a_share_that_is_left_out_is_asked_for_where_it_is_missing() -> None:
    (problem,) = problems_of(timed(50, None, 50, 0))
    assert problem.field == "time_explore"
    assert "all four" in str(problem.message)


def test_each_share_out_of_range_is_said_beside_its_field_and_no_sum_on_top() -> None:
    assert fields(timed(-1, 101, 0, 0)) == ["time_sense", "time_explore"]


def test_shares_an_import_left_partial_may_stay_but_not_change() -> None:
    found = timed(40, None, None, None)
    assert fields(replace(found, barriers="None."), before=found) == []
    assert fields(timed(50, None, None, None), before=found) == ["time_explore"]


def test_an_empty_form_says_nothing_worth_keeping() -> None:
    assert fields(NOTHING) == ["insights"]


def test_five_insights_pass_and_six_do_not_unless_six_were_imported() -> None:
    five = replace(TOLD, insights=tuple(f"Insight {n}" for n in range(MOST_INSIGHTS)))
    six = replace(TOLD, insights=(*five.insights, "One more"))
    assert fields(five) == []
    assert fields(six) == ["insights"]
    assert fields(replace(six, barriers="None."), before=six) == []
    assert fields(replace(six, insights=(*six.insights, "A seventh")), before=six) == ["insights"]


def test_a_link_is_a_whole_address_unless_it_was_imported_as_it_is() -> None:
    told = replace(TOLD, links=("https://example.org", "see the annex"))
    assert fields(told) == ["links.1"]
    assert fields(replace(told, barriers="None."), before=told) == []


def test_a_partner_has_a_name_and_is_named_once() -> None:
    told = replace(TOLD, partners=(PartnerEntry("Agros"), PartnerEntry(""), PartnerEntry("ÁGROS")))
    assert fields(told) == ["partners.1.name", "partners.2.name"]


def test_more_partners_than_fit_are_counted() -> None:
    many = tuple(PartnerEntry(f"Partner {n}") for n in range(MOST_PARTNERS + 1))
    (problem,) = problems_of(replace(TOLD, partners=many))
    assert problem.field == "partners"
    assert str(len(many)) in str(problem.message)


@pytest.mark.parametrize("name", ["barriers", "handover_detail", "bonus", "partners_academia"])
def test_a_text_over_its_limit_is_refused_but_for_one_that_stood_there(name: str) -> None:
    long = replace(TOLD, **{name: "x" * (MOST_TEXT + 1)})
    assert fields(long) == [name]
    assert fields(replace(long, links=()), before=long) == []


@pytest.mark.parametrize("name", ["methods", "data_sources"])
def test_a_name_of_a_method_or_of_data_is_one_line_long_at_most(name: str) -> None:
    assert fields(replace(TOLD, **{name: ("x" * MOST_LINE,)})) == []
    assert fields(replace(TOLD, **{name: ("x" * (MOST_LINE + 1),)})) == [name]


@given(TEXTS)
def test_insights_come_back_as_they_were_written_but_for_blank_lines(texts: list[str]) -> None:
    stored = insights_text(texts)
    assert len(insights_in(stored)) == len(texts)
    assert insights_text(insights_in(stored)) == stored


def test_an_imported_text_of_insights_parts_at_its_blank_lines() -> None:
    assert insights_in("1. One\n- more\n\n \n2. Two") == ("1. One\n- more", "2. Two")
    assert links_in("https://a.org\n\nhttps://b.org") == ("https://a.org", "https://b.org")
    assert links_in(links_text(["https://a.org", "https://b.org"])) == (
        "https://a.org",
        "https://b.org",
    )


def test_what_changed_is_told_by_field_and_by_row() -> None:
    after = replace(TOLD, barriers="Time.", partners=(PartnerEntry("Agros"),))
    assert changes_between(TOLD, after) == {
        "barriers": ("", "Time."),
        "partners.1.name": (None, "Agros"),
    }
