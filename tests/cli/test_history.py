"""`flask history verify`: whether the history is what was written."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, delete, update
from sqlalchemy.sql.dml import UpdateBase

from app.database import unit_of_work
from app.queries.history import newest_seal
from app.services import history
from app.services.actor import OPERATOR
from models import HistoryEntry, Office
from tests.accounts import here
from tests.cast import Cast
from tests.factories import a_closing

HOW_TO_TRICK = {
    "sqlite": ["DROP TRIGGER history_entry_stays", "DROP TRIGGER history_entry_remains"],
    "postgresql": ["SET session_replication_role = replica"],
}


@pytest.fixture
def written(engine: Engine, cast: Cast) -> int:
    """Three entries more, each sealed by its own transaction; how many there are."""
    for number in range(3):
        with unit_of_work(engine) as session:
            history.record(session, subject=f"plan:PE-{number}", event="plan.edited", by=OPERATOR)
    with unit_of_work(engine, writes=False) as session:
        return session.query(HistoryEntry).count()


def verify(app: Flask, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["history", "verify", *more])


def seal_of(engine: Engine) -> str:
    with unit_of_work(engine, writes=False) as session:
        return newest_seal(session)


def forge(engine: Engine, forgery: UpdateBase) -> None:
    """Past the triggers, as who owns the database can."""
    with unit_of_work(engine) as session:
        for statement in HOW_TO_TRICK[engine.dialect.name]:
            session.connection().exec_driver_sql(statement)
        session.execute(forgery)
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET session_replication_role = DEFAULT")


def test_a_whole_history_holds_and_tells_its_newest_seal(
    app: Flask, engine: Engine, written: int
) -> None:
    answer = verify(app)
    assert answer.exit_code == 0
    assert answer.output == f"{written} entries hold. The newest seal: {seal_of(engine)}\n"


def test_the_answer_is_one_json_document(app: Flask, engine: Engine, written: int) -> None:
    told = {"entries": written, "seal": seal_of(engine), "holds": True}
    assert json.loads(verify(app, "--json").stdout) == told


def test_a_forged_entry_is_named(app: Flask, engine: Engine, written: int) -> None:
    forge(engine, update(HistoryEntry).where(HistoryEntry.place == written).values(reason="So."))
    answer = verify(app, "--json")
    assert answer.exit_code == 1
    assert f"Entry {written} of the history is not what was sealed" in answer.stderr
    assert json.loads(answer.stdout)["holds"] is False
    assert json.loads(answer.stdout)["entries"] == written - 1


def test_an_entry_taken_out_of_the_middle_is_missed(
    app: Flask, engine: Engine, written: int
) -> None:
    forge(engine, delete(HistoryEntry).where(HistoryEntry.place == written - 1))
    answer = verify(app)
    assert answer.exit_code == 1
    assert f"Entry {written - 1} of the history is missing" in answer.stderr


def test_a_history_cut_off_at_its_end_is_given_away_by_a_seal_written_down(
    app: Flask, engine: Engine, written: int
) -> None:
    noted = seal_of(engine)
    assert verify(app, "--seal", noted).exit_code == 0
    forge(engine, delete(HistoryEntry).where(HistoryEntry.place == written))
    assert verify(app).exit_code == 0
    answer = verify(app, "--seal", noted)
    assert answer.exit_code == 1
    assert noted in answer.stderr


def test_a_history_cut_off_at_its_end_is_given_away_by_the_closing_of_a_quarter(
    app: Flask, engine: Engine, cast: Cast, written: int
) -> None:
    noted = seal_of(engine)
    with unit_of_work(engine) as session:
        a_closing(session, here(session, cast.peru), history_sha256=noted)
    assert verify(app).exit_code == 0
    forge(engine, delete(HistoryEntry).where(HistoryEntry.place == written))
    answer = verify(app)
    assert answer.exit_code == 1
    assert noted in answer.stderr


def test_it_says_that_a_change_past_chaski_leaves_the_history_as_it_was(
    app: Flask, engine: Engine, written: int, cast: Cast
) -> None:
    with unit_of_work(engine) as session:
        session.execute(update(Office).where(Office.id == cast.peru.id).values(name="Another"))
    assert verify(app).exit_code == 0
    said = " ".join(verify(app, "--help").output.split())
    assert "What is verified is the history alone" in said
    assert "changes another table directly, past Chaski, leaves no entry" in said
