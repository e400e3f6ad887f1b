"""The history on the page of its record: readable by people, and paged where it is long."""

import pytest
from sqlalchemy import Engine

from app.database import unit_of_work
from app.domain.quarters import Quarter
from app.services import history, quarters
from app.services.actor import OPERATOR, Actor
from models.vocabulary import Door
from tests.accounts import here
from tests.cast import Cast
from tests.factories import an_experiment
from tests.pages import SignedInClient, document_of, text_of


def code_of_one(engine: Engine, cast: Cast) -> str:
    with unit_of_work(engine) as session:
        return an_experiment(session, here(session, cast.peru), here(session, cast.markets)).code


def told(client: SignedInClient, address: str) -> str:
    return text_of(document_of(client.get(address)))


def test_older_entries_are_a_page_away(
    engine: Engine, cast: Cast, client_of: SignedInClient
) -> None:
    code = code_of_one(engine, cast)
    with unit_of_work(engine) as session:
        for number in range(101):
            changes = {"title": [None, f"Title number {number:03}"]}
            history.record(
                session,
                subject=f"experiment:{code}",
                event="experiment.edited",
                by=OPERATOR,
                changes=changes,
            )
    staff = client_of(cast.staff)
    newest = staff.get(f"/experiments/{code}")
    assert "Title number 100" in newest.text
    assert "Title number 001" in newest.text
    assert "Title number 000" not in newest.text
    links = [each.get("href") or "" for each in document_of(newest).iter("a")]
    (older,) = [link for link in links if link.startswith("?before=")]
    page = staff.get(f"/experiments/{code}{older.removesuffix('#history')}")
    assert "Title number 000" in page.text
    assert "Title number 001" not in page.text
    assert "Older entries" not in page.text


@pytest.mark.parametrize("part", ["head", "staff"])
def test_a_quarter_tells_who_did_what_with_it(
    engine: Engine, cast: Cast, client_of: SignedInClient, part: str
) -> None:
    with unit_of_work(engine) as session:
        by = Actor(session.merge(cast.head), Door.WEB)
        quarters.start_closing(session, here(session, cast.peru), Quarter(2026, 3), by=by)
    page = told(client_of(cast.everybody()[part]), "/quarters/2026-Q3?office=PE")
    assert "Closing begun" in page
    assert cast.head.name in page


def test_comments_tell_who_wrote_and_who_took_away(
    engine: Engine, cast: Cast, client_of: SignedInClient
) -> None:
    code = code_of_one(engine, cast)
    staff = client_of(cast.staff)
    staff.submit(f"/experiments/{code}/comments", {"text": "Look at this."})
    page = told(staff, f"/experiments/{code}/comments")
    assert "Comment written" in page
