"""Asking for the report of a stage from the experiment's page."""

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from models import Job, ReportIssue
from models.vocabulary import JobKind, Stage
from tests.factories import an_experiment


@pytest.fixture
def code(engine, cast):
    with unit_of_work(engine) as session:
        return an_experiment(session, session.merge(cast.peru), session.merge(cast.markets)).code


def asked(engine):
    with unit_of_work(engine) as session:
        return session.execute(
            select(ReportIssue.stage, Job.kind).join(Job, Job.id == ReportIssue.job_id)
        ).all()


@pytest.mark.parametrize("part", ["staff", "officer", "head"])
def test_who_works_on_it_asks_for_a_report_and_sees_it_being_made(
    engine, client_of, cast, code, part
):
    client = client_of(cast.everybody()[part])
    assert f"/experiments/{code}/reports" in client.get(f"/experiments/{code}").text
    answer = client.submit(f"/experiments/{code}/reports", {"stage": "test", "language": "en"})
    assert answer.status_code == 200
    assert asked(engine) == [(Stage.TEST, JobKind.STAGE_REPORT)]
    assert code in answer.text
    assert code in client.get("/reports").text


def test_sense_is_not_offered(engine, client_of, cast, code):
    answer = client_of(cast.staff).submit(
        f"/experiments/{code}/reports", {"stage": "sense", "language": "en"}
    )
    assert answer.status_code == 422
    assert asked(engine) == []


def test_a_stage_it_never_entered_is_refused_beside_the_field(engine, client_of, cast, code):
    answer = client_of(cast.staff).submit(
        f"/experiments/{code}/reports", {"stage": "grow", "language": "en"}
    )
    assert answer.status_code == 422
    assert asked(engine) == []
