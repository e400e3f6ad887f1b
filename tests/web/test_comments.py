"""The page of comments, as the people beside an experiment use it."""

import pytest

from app.database import unit_of_work
from models import Membership
from models.vocabulary import Role
from tests.accounts import an_account
from tests.factories import a_comment, a_hypothesis, an_experiment


@pytest.fixture
def experiment(engine, cast):
    with unit_of_work(engine) as session:
        made = an_experiment(session, cast.peru, cast.markets)
        a_hypothesis(session, made)
        return made


@pytest.fixture
def address(experiment):
    return f"/experiments/{experiment.code}/comments"


def test_an_officer_asks_and_the_lab_answers_and_settles_it(client_of, cast, address):
    officer, staff = client_of(cast.officer), client_of(cast.staff)
    officer.submit(address, {"text": "Who asked? **Please** tell @Rosa"})
    page = staff.get(address)
    assert "<strong>Please</strong>" in page.text
    assert "Otto Salas" in page.text
    first = page.text.split('id="comment-')[1].split('"')[0]
    staff.submit(f"{address}?answers={first}", {"text": "I did."})
    assert "I did." in officer.get(address).text
    staff.submit(address, {}, action=f"{address}/{first}/resolve")
    assert "Resolved by Rosa Quispe" in officer.get(address).text


def test_an_empty_comment_is_said_beside_the_field(client_of, cast, address):
    page = client_of(cast.staff).submit(address, {"text": " "})
    assert page.status_code == 422
    assert "Write something." in page.text


def test_what_was_typed_stands_when_it_was_too_long(client_of, cast, address):
    page = client_of(cast.staff).submit(address, {"text": "ñandú " * 1000})
    assert page.status_code == 422
    assert "At most 5000 characters" in page.text.replace(",", "")
    assert "ñandú ñandú" in page.text


def test_hostile_text_is_shown_and_does_nothing(client_of, cast, address):
    client = client_of(cast.staff)
    client.submit(address, {"text": "<script>alert(1)</script> [x](javascript:alert(1))"})
    page = client.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page


def test_its_author_takes_it_back_and_puts_it_back(client_of, cast, engine, experiment, address):
    with unit_of_work(engine) as session:
        comment = a_comment(session, experiment, by_id=cast.staff.id)
    client = client_of(cast.staff)
    client.submit(address, {}, action=f"{address}/{comment.id}/remove")
    page = client.get(address).text
    assert "Taken back by its author." in page
    assert comment.text not in page
    client.submit(address, {}, action=f"{address}/{comment.id}/restore")
    assert comment.text in client.get(address).text


def test_the_experiment_says_how_many_threads_are_open(client_of, cast, engine, experiment):
    with unit_of_work(engine) as session:
        a_comment(session, experiment, by_id=cast.staff.id)
        a_comment(session, experiment, by_id=cast.officer.id)
    page = client_of(cast.officer).get(f"/experiments/{experiment.code}").text
    assert "2 open comments" in page


def test_a_comment_about_a_hypothesis_says_so(client_of, cast, experiment, address):
    client = client_of(cast.officer)
    page = client.get(f"/experiments/{experiment.code}").text
    query = page.split(f"{address}?hypothesis=")[1].split("#")[0]
    client.submit(f"{address}?hypothesis={query}", {"text": "For whom?"})
    assert "Hypothesis 1" in client.get(address).text


def test_a_name_like_that_of_somebody_of_another_office_tells_nobody_and_says_so(
    client_of, cast, engine, address
):
    with unit_of_work(engine) as session:
        role = Membership(role=Role.STAFF, office_id=cast.ecuador.id)
        an_account(session, "Rosa Bo", role, email="bo@example.org")
    officer = client_of(cast.officer)
    page = officer.submit(address, {"text": "@Rosa Bo, look, and @Hilda Torres too."})
    assert "Told nobody: @Rosa Bo." in page.text
    assert "Who asked" not in page.text
    assert "Comments that name you" not in client_of(cast.staff).get("/").text
    assert "@Rosa Bo, look" in client_of(cast.head).get("/").text
