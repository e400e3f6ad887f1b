"""The tests' own tools keep their promises."""

import socket

import pytest
import pytest_socket
from sqlalchemy import Engine, func, select, text

from app.database import unit_of_work
from models import Base, Person
from tests import factories
from tests.cast import Cast
from tests.conftest import Statements
from tests.web.pages import faults_of

PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
)


def page(body: str, title: str = "Plans") -> str:
    return PAGE.format(title=title, body=f"<h1>Plans</h1>{body}")


@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_finds_an_empty_database(engine: Engine, cast: Cast, _time: int) -> None:
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == len(cast.everybody())


def test_every_factory_makes_a_row_the_database_takes(engine: Engine, cast: Cast) -> None:
    with unit_of_work(engine) as session:
        plan = factories.a_plan(session, cast.peru)
        experiment = factories.an_experiment(session, cast.peru, cast.markets, cast.inclusion)
        factories.a_hypothesis(session, experiment)
        factories.a_measurement(session, factories.a_metric(session, experiment))
        factories.a_decision(session, experiment)
        factories.a_review(session, experiment, cast.markets)
        factories.a_partnership(session, plan, name="Agros")
        factories.a_partnership(session, experiment, name="Internet para Todos")
        factories.a_place(session)


def test_statements_are_counted_one_by_one(engine: Engine, statements: Statements) -> None:
    with unit_of_work(engine, writes=False) as session:
        session.execute(text("SELECT 1"))
        session.execute(text("SELECT 2"))
    assert statements == ["SELECT 1", "SELECT 2"]


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_nothing_outside_this_machine_can_be_reached() -> None:
    with pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_both_databases_hold_every_table(engine: Engine) -> None:
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>Two</h1>", "2 h1"),
        ("<p id='a'></p><p id='a'></p>", "id 'a' occurs 2 times"),
        ("<form action='/x'></form>", "without a method"),
        ("<form method='post' action='/x'></form>", "without its token"),
        ("<input name='title'>", "without a label: title"),
        ("<p>None</p>", "None is printed"),
        ("<input type='hidden' value='None'>", "None is printed"),
        ("<a href='/plans/None'>Plan</a>", "an address with None"),
        ("<p><div></p>", "not valid HTML"),
    ],
)
def test_the_proof_reader_marks_a_fault(body: str, fault: str) -> None:
    assert any(fault in each for each in faults_of(page(body)))


def test_the_proof_reader_marks_a_title_that_says_something_else() -> None:
    assert faults_of(page("", title="Chaski")) != []


def test_the_proof_reader_lets_a_good_page_pass() -> None:
    body = "<label>Year <input name='year'></label><label for='t'>T</label><input id='t' name='t'>"
    assert faults_of(page(body, title="Plans · Chaski")) == []
