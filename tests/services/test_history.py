"""The history: sealed as it is committed, and closed to every change after that."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from app.database import UnitOfWork, unit_of_work
from app.domain.sealing import checked
from app.queries.history import chain, newest_seal
from app.services import history
from app.services.actor import OPERATOR
from models import HistoryEntry
from models.vocabulary import ChangeReason, Door


def write(engine, *subjects, **said):
    with unit_of_work(engine) as session:
        for subject in subjects:
            history.record(session, subject=subject, event="plan.edited", by=OPERATOR, **said)


def followed(engine):
    with unit_of_work(engine, writes=False) as session:
        return checked(chain(session))


def test_what_is_committed_is_sealed_in_its_order(engine):
    write(engine, "plan:PE-1", "plan:PE-2")
    write(engine, "plan:PE-3", changes={"title": ["ñandú", "cóndor"]}, reason="Was misspelt")
    found = followed(engine)
    assert (found.entries, found.fault) == (3, None)
    with unit_of_work(engine, writes=False) as session:
        assert found.sha256 == newest_seal(session)
        placed = session.execute(select(HistoryEntry.place, HistoryEntry.subject)).all()
    assert sorted(placed) == [(1, "plan:PE-1"), (2, "plan:PE-2"), (3, "plan:PE-3")]


def test_a_coded_reason_is_kept_beside_its_words(engine):
    write(engine, "plan:PE-1", reason="Two digits swapped", reason_code=ChangeReason.TYPING_ERROR)
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(HistoryEntry)).one().reason_code is ChangeReason.TYPING_ERROR


def test_a_transaction_that_is_rolled_back_leaves_no_gap(engine):
    write(engine, "plan:PE-1")
    unit = UnitOfWork(engine, writes=True)
    history.record(unit.session, subject="plan:PE-2", event="plan.edited", by=OPERATOR)
    history.seal_new(unit.session)
    unit.close(commit=False)
    write(engine, "plan:PE-3")
    assert (followed(engine).entries, followed(engine).fault) == (2, None)


@pytest.mark.parametrize(
    "forgery",
    [
        update(HistoryEntry).values(reason="It was always so"),
        update(HistoryEntry).values(sha256="0" * 64),
        update(HistoryEntry).values(by_id=None, subject="plan:PE-9"),
        delete(HistoryEntry),
    ],
)
def test_the_database_itself_refuses_to_change_or_drop_an_entry(engine, forgery):
    write(engine, "plan:PE-1")
    with pytest.raises(DatabaseError, match="append-only"), unit_of_work(engine) as session:
        session.execute(forgery)
    assert followed(engine).entries == 1


@pytest.mark.parametrize(
    "forgery",
    [
        "INSERT OR REPLACE INTO history_entry "
        "(id, subject, event, changes, reason, door, at, place, sha256) SELECT id, subject, event, "
        "changes, 'It was always so', door, at, place, sha256 FROM history_entry WHERE place = 1",
        "INSERT OR REPLACE INTO history_entry "
        "(id, subject, event, changes, reason, door, at, place, sha256) SELECT 99, subject, event, "
        "changes, 'It was always so', door, at, place, NULL FROM history_entry WHERE place = 1",
        "UPDATE OR REPLACE history_entry SET place = 1 WHERE id = 98",
    ],
)
def test_nothing_takes_the_place_of_a_sealed_entry(engine, forgery):
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite replaces rows")
    write(engine, "plan:PE-1")
    slip_in(engine, 98)
    with pytest.raises(DatabaseError, match="append-only"), unit_of_work(engine) as session:
        session.connection().exec_driver_sql(forgery)
    assert followed(engine).entries == 1


def slip_in(engine, number):
    """An entry put into the table past the services."""
    with unit_of_work(engine) as session:
        said = {"subject": "plan:PE-1", "event": "plan.edited", "changes": {}, "door": Door.WEB}
        session.add(HistoryEntry(id=number, reason="", **said))


def test_an_entry_slipped_in_is_not_sealed_with_the_next_write_and_is_told(engine):
    write(engine, "plan:PE-1")
    slip_in(engine, 98)
    write(engine, "plan:PE-2")
    found = followed(engine)
    assert found.entries == 2
    assert str(found.fault) == "Entry 98 of the history is not sealed."


def test_what_was_written_before_there_were_seals_begins_the_chain(engine):
    slip_in(engine, 1)
    with unit_of_work(engine) as session:
        entry = HistoryEntry(id=2, subject="plan:PE-2", event="plan.edited", door=Door.WEB)
        session.add(entry)
        entry.changes, entry.reason = {}, ""
        session.flush()
        session.info[history.WRITTEN] = [entry]
    assert (followed(engine).entries, followed(engine).fault) == (2, None)


def test_what_a_savepoint_took_back_is_not_sealed(engine):
    with unit_of_work(engine) as session:
        try:
            with session.begin_nested():
                history.record(session, subject="plan:PE-1", event="plan.edited", by=OPERATOR)
                session.flush()
                raise ValueError
        except ValueError:
            pass
        history.record(session, subject="plan:PE-2", event="plan.edited", by=OPERATOR)
    assert (followed(engine).entries, followed(engine).fault) == (1, None)


def test_a_forged_entry_is_found_though_the_database_was_tricked(engine):
    write(engine, "plan:PE-1", "plan:PE-2", "plan:PE-3")
    off, on = {
        "sqlite": ("DROP TRIGGER history_entry_stays", None),
        "postgresql": (
            "SET session_replication_role = replica",
            "SET session_replication_role = DEFAULT",
        ),
    }[engine.dialect.name]
    with unit_of_work(engine) as session:
        session.connection().exec_driver_sql(off)
        forged = update(HistoryEntry).where(HistoryEntry.place == 2)
        session.execute(forged.values(reason="It was always so"))
        if on:
            session.connection().exec_driver_sql(on)
    found = followed(engine)
    assert found.entries == 1
    assert found.fault.values == {"place": 2}


def test_writers_at_the_same_time_make_one_chain(engine):
    start, failures = Barrier(4), []

    def write_often(name):
        start.wait()
        try:
            for n in range(10):
                write(engine, f"plan:{name}-{n}", f"experiment:{name}-{n}")
        except Exception as error:  # a thread's failure must reach the test
            failures.append(error)

    threads = [Thread(target=write_often, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = followed(engine)
    assert (found.entries, found.fault) == (80, None)
