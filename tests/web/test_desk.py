"""The desk: what waits, in both languages, with links that open; and the letter it can send."""

import re
from datetime import timedelta

import pytest

from app.clock import now, today
from app.database import unit_of_work
from app.domain.quarters import quarter_of
from models import HistoryEntry, Mention, Person
from models.vocabulary import GateState, ReviewState
from tests.accounts import everything_noted, here
from tests.factories import (
    a_comment,
    a_decision,
    a_gate,
    a_metric,
    a_plan,
    a_review,
    an_experiment,
    an_office_quarter,
)
from tests.pages import document_of

QUARTER = quarter_of(today())
PARTS = ("staff", "officer", "head", "admin", "reader", "stranger")


@pytest.fixture
def busy(engine, cast):
    """Something of each kind waits for somebody."""
    with unit_of_work(engine) as session:
        office, markets = here(session, cast.peru), here(session, cast.markets)
        first, second = (
            an_experiment(session, office, markets, owner_id=cast.staff.id) for _n in range(2)
        )
        a_metric(session, first)
        a_review(session, first, markets, quarter=str(QUARTER), submitted_at=now())
        a_review(
            session,
            second,
            markets,
            quarter=str(QUARTER),
            state=ReviewState.RETURNED,
            comment="Say who measured it.",
            reviewed_by_id=cast.officer.id,
        )
        a_gate(session, first, asked_by_id=cast.staff.id)
        a_gate(session, second, state=GateState.SENT_BACK, reason="No market agreed.")
        a_decision(session, first, review_on=today() - timedelta(days=1))
        a_plan(session, office)
        an_office_quarter(session, office, QUARTER.previous)
        here(session, cast.other_officer).password_temporary_until = now() - timedelta(days=1)
        comment = a_comment(session, first, by_id=cast.head.id)
        for person in (cast.staff, cast.officer, cast.admin):
            session.add(Mention(comment_id=comment.id, person_id=person.id))
    return first


def links_on(page):
    """The links of the cards."""
    main = next(document_of(page).iter("main"))
    return [link.get("href") for item in main.iter("li") for link in item.iter("a")]


def stored(engine, person):
    with unit_of_work(engine, writes=False) as session:
        return session.get_one(Person, person.id)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_every_link_of_a_desk_opens_for_who_is_shown_it(client_of, cast, busy, part, language):
    client = client_of(getattr(cast, part))
    page = client.get(f"/?lang={language}")
    assert page.status_code == 200
    for link in links_on(page):
        if link.startswith("/"):
            assert client.get(link, follow_redirects=True).status_code == 200, link


@pytest.mark.parametrize(
    ("part", "parts"),
    [
        (
            "staff",
            ["returned", "gates-sent-back", "mentions", "decisions", "to-submit", "drafts"],
        ),
        ("officer", ["waiting", "mentions", "unanswered"]),
        ("head", ["gates-to-decide", "returned", "gates-sent-back", "quarters", "decisions"]),
        ("admin", ["mentions", "passwords"]),
        ("reader", []),
        ("stranger", []),
    ],
)
def test_a_desk_shows_what_waits_most_urgent_first(client_of, cast, busy, part, parts):
    page = client_of(getattr(cast, part)).get("/?lang=en")
    main = next(document_of(page).iter("main"))
    shown = [one.get("id") for one in main.iter("section")]
    assert [one for one in shown if one in parts] == parts


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("staff", "No reading of your experiments is missing."),
        ("officer", "No review waits for your answer."),
        ("head", "No gate waits for your decision."),
        ("admin", "No temporary password ran out."),
        ("reader", "No report is issued yet."),
    ],
)
def test_an_empty_desk_says_what_there_is_none_of(client_of, cast, part, said):
    page = client_of(getattr(cast, part)).get("/?lang=en")
    assert said in page.text
    if part in ("officer", "admin", "reader"):
        assert "nothing waits for you today" in page.text


def test_what_is_overdue_is_counted_and_marked(client_of, cast, busy):
    page = client_of(cast.staff).get("/?lang=en").text
    assert re.search(r"Rosa Quispe, \d+ things wait for you\.\s+\d+ (is|are) overdue\.", page)
    assert page.count('class="badge bad"') >= 1


def test_somebody_clears_what_named_them(client_of, cast, busy):
    client = client_of(cast.officer)
    assert "Who asked the sellers in July?" in client.get("/").text
    assert client.submit("/", {}, action="/mentions/seen").status_code == 200
    assert "Who asked the sellers in July?" not in client.get("/").text
    assert "Who asked the sellers in July?" in client_of(cast.staff).get("/").text


def test_a_head_sees_how_far_the_reviews_are(client_of, cast, busy):
    row = re.sub(r"\s+", " ", client_of(cast.head).get("/?lang=en").text)
    assert "How far the reviews of" in row
    assert "How far the reviews of" not in client_of(cast.staff).get("/?lang=en").text


# The letter on the account


@pytest.mark.parametrize("language", ["es", "en"])
def test_somebody_stops_the_weekly_letter_and_asks_for_it_again(client_of, cast, engine, language):
    client = client_of(cast.staff)
    client.get(f"/?lang={language}")
    stopped = client.submit("/account", {"wants_digest": None}, action="/account/letters")
    assert stopped.status_code == 200
    assert not stored(engine, cast.staff).wants_digest
    client.submit("/account", {"wants_digest": "y"}, action="/account/letters")
    assert stored(engine, cast.staff).wants_digest
    with unit_of_work(engine, writes=False) as session:
        noted = [one for one in everything_noted(session) if one.event == "person.letters_chosen"]
    assert [one.changes for one in noted] == [
        {"wants_digest": [True, False]},
        {"wants_digest": [False, True]},
    ]
    assert {one.by_id for one in noted} == {cast.staff.id}


def test_choosing_the_same_again_notes_nothing(client_of, cast, engine):
    client_of(cast.staff).submit("/account", {"wants_digest": "y"}, action="/account/letters")
    with unit_of_work(engine, writes=False) as session:
        assert session.query(HistoryEntry).filter_by(event="person.letters_chosen").count() == 0


def test_an_administrator_reads_the_choice_in_the_accounts_history(client_of, cast):
    client_of(cast.staff).submit("/account", {"wants_digest": None}, action="/account/letters")
    page = client_of(cast.admin).get(f"/people/{cast.staff.id}?lang=en").text
    assert "Letters chosen" in page
    assert "Weekly letter" in page
