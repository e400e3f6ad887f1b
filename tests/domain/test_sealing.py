"""The chain of seals: whatever is changed, taken out, added or swapped shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sealing import FIRST, Checked, Link, checked, seal


def chain_of(*said):
    links, previous = [], FIRST
    for place, one in enumerate(said, start=1):
        previous = seal(previous, one)
        links.append(Link(place * 10, place, previous, one))
    return links


ENTRIES = [{"event": "metric.added", "changes": {"n": [None, n]}} for n in range(6)]
places = st.integers(0, len(ENTRIES) - 1)


def test_an_untouched_chain_holds_to_its_end():
    links = chain_of(*ENTRIES)
    assert checked(links) == Checked(len(ENTRIES), links[-1].sha256)


def test_an_empty_history_holds():
    assert checked([]) == Checked(0, FIRST)


def test_the_order_in_which_fields_are_said_changes_no_seal():
    assert seal(FIRST, {"a": 1, "b": "ñ"}) == seal(FIRST, {"b": "ñ", "a": 1})


@given(places)
def test_an_entry_that_was_changed_is_named(at):
    links = chain_of(*ENTRIES)
    links[at] = replace(links[at], said={"event": "metric.added", "changes": {"n": [None, 99]}})
    found = checked(links)
    assert found.entries == at
    assert found.fault.values == {"place": at + 1}


@given(places)
def test_an_entry_that_was_changed_and_sealed_anew_breaks_the_next(at):
    links = chain_of(*ENTRIES)
    said = {"event": "metric.added", "changes": {"n": [None, 99]}}
    before = links[at - 1].sha256 if at else FIRST
    links[at] = replace(links[at], said=said, sha256=seal(before, said))
    found = checked(links)
    if at == len(ENTRIES) - 1:  # why the newest seal is noted elsewhere
        assert found.fault is None
        assert found.sha256 != chain_of(*ENTRIES)[-1].sha256
    else:
        assert found.entries == at + 1


@given(st.integers(0, len(ENTRIES) - 2))
def test_an_entry_that_was_taken_out_is_missed(at):
    links = chain_of(*ENTRIES)
    del links[at]
    assert checked(links).entries == at


@given(places, places)
def test_entries_that_changed_places_are_noticed(one, other):
    links = chain_of(*ENTRIES)
    first, second = links[one], links[other]
    links[one] = replace(first, said=second.said)
    links[other] = replace(second, said=first.said)
    assert (checked(links).fault is None) == (one == other)


def test_an_entry_without_a_seal_is_named():
    links = [*chain_of(*ENTRIES), Link(77, None, None, {})]
    assert checked(links).fault.values == {"id": 77}


@pytest.mark.parametrize("value", ["á", 0, None, "", [1, 2], {"x": "y"}, 1.5, "a\nb"])
def test_every_value_an_entry_may_hold_is_covered(value):
    assert seal(FIRST, {"changes": value}) != seal(FIRST, {"changes": "something else"})


@pytest.mark.parametrize(("minutes_back", "is_told"), [(0, False), (9, False), (11, True)])
def test_time_that_runs_backwards_is_told_but_for_transactions_that_overlapped(
    minutes_back, is_told
):
    noon, links, previous = datetime(2026, 11, 24, 12, tzinfo=UTC), [], FIRST
    for place, at in enumerate((noon, noon - timedelta(minutes=minutes_back)), start=1):
        said = {"id": place, "at": at.isoformat()}
        previous = seal(previous, said)
        links.append(Link(place, place, previous, said))
    found = checked(links)
    assert (found.fault is not None) is is_told
    assert found.entries == (1 if is_told else 2)
