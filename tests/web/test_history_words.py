"""Whatever a service writes into the history has a sentence on the page of its record."""

import ast
import re
from collections.abc import Iterator

from app.services.quarters import PAST
from app.services.reviews import EVENTS as OF_REVIEWS
from app.web import experiment_history, people_history, plan_history, record_history
from models.vocabulary import GateState, ReviewState
from tests.house.source import ROOT, tree_of

EVENT = re.compile(r"[a-z]+\.[a-z_]+")
NO_EVENTS = {"peru_departments.csv", "demonstration.json"}
# What the services put together from a word and a state.
COMPOSED = {
    *(f"gate.{state.value}" for state in GateState),
    *(f"quarter.{each}" for each in PAST.values()),
    *(f"review.{each}" for each in OF_REVIEWS.values()),
    *(f"review.{state.value}" for state in (ReviewState.ACCEPTED, ReviewState.RETURNED)),
}
SAID = {
    **experiment_history.EVENTS,
    **people_history.EVENTS,
    **plan_history.EVENTS,
    **record_history.EVENTS,
}


def written() -> Iterator[str]:
    for path in sorted((ROOT / "app" / "services").glob("*.py")):
        for node in ast.walk(tree_of(path)):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and EVENT.fullmatch(text) and text not in NO_EVENTS:
                yield text


def test_every_event_that_a_service_writes_has_a_sentence() -> None:
    events = {*written(), *COMPOSED}
    assert len(events) > 60
    assert events - SAID.keys() == set()


def test_no_sentence_stands_for_an_event_that_nothing_writes() -> None:
    assert SAID.keys() - {*written(), *COMPOSED} == set()
