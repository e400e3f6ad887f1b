"""The demonstration portfolio: honest examples of every verdict, told through the services."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.database import unit_of_work
from app.domain.decisions import goes_against
from app.domain.sealing import checked
from app.queries.history import chain
from app.queries.undertakings import is_in_time
from app.services import demonstration
from models import Experiment, HistoryEntry, Measurement, Metric, Registration
from models.vocabulary import Verdict

LOADED_AT = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def told(session):
    """Every experiment of the demonstration with its decisions and its registration."""
    demonstration.load(session, at=LOADED_AT)
    session.expire_all()
    return session.scalars(
        select(Experiment).options(
            selectinload(Experiment.decisions),
            selectinload(Experiment.metrics).selectinload(Metric.measurements),
            selectinload(Experiment.registration).selectinload(Registration.amendments),
        )
    ).all()


def test_its_history_is_sealed_when_it_is_loaded(engine):
    with unit_of_work(engine) as session:
        demonstration.load(session, at=LOADED_AT)
    with unit_of_work(engine, writes=False) as session:
        found = checked(chain(session))
        entries = session.scalar(select(func.count()).select_from(HistoryEntry))
    assert entries > 100
    assert (found.entries, found.fault) == (entries, None)


def test_it_shows_every_kind_of_verdict_and_plans_in_time_late_and_amended(told):
    assert {one.verdict for one in told} == set(Verdict) - {Verdict.HARM_SIGNAL}
    assert {one.evidence_level for one in told} == {0, 1, 2, 3, 4}
    frozen = [one for one in told if one.registration]
    timely = {
        is_in_time(
            one.registration.registered_at,
            [row for metric in one.metrics for row in metric.measurements],
        )
        for one in frozen
    }
    assert timely == {True, False}
    amendments = [each for one in frozen for each in one.registration.amendments]
    assert any(each.is_major and each.is_after_data for each in amendments)


def test_a_decision_against_the_verdict_says_why(told):
    decisions = [decision for one in told for decision in one.decisions]
    against = [one for one in decisions if goes_against(one.kind, one.verdict)]
    assert against
    assert all(one.against_because for one in against)


def test_what_is_invented_is_marked(session, told):
    for one in told:
        rows = session.scalars(
            select(Measurement).join(Metric).where(Metric.experiment_id == one.id)
        ).all()
        assert all(row.is_demonstration or row.source for row in rows), one.code


def test_no_plan_is_older_than_its_experiment(told):
    frozen = [one for one in told if one.registration]
    assert all(one.registration.registered_at.date() >= one.starts_on for one in frozen)


def test_a_decision_cites_no_month_without_a_reading(told):
    stopped = next(one for one in told if one.title.startswith("Avisos de precio"))
    months = {row.measured_on.month for metric in stopped.metrics for row in metric.measurements}
    assert months == {5}
    assert [one.evidence_cited for one in stopped.decisions] == ["Lecturas de mayo."]
