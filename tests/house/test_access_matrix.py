"""Every route answers everybody of the cast as the written table says, and every route is in it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from app.clock import today
from app.config import Settings
from app.database import UnitOfWork, unit_of_work
from app.domain.quarters import quarter_of
from app.reports.snapshot import canonical_json
from app.security.guards import PUBLIC, SIGNED_IN, guard_of
from app.security.permissions import Permission
from app.services import reporting
from models import Membership, Reflection, ReportIssue, SignIn
from models.vocabulary import Language, ReportKind
from tests import factories
from tests.accounts import an_office_administrator, here
from tests.cast import Cast
from tests.house import access_matrix
from tests.house.access_matrix import COLUMNS, Row
from tests.pages import PageClient, SignedInClient
from tests.reports import samples

UNASKED = {"HEAD", "OPTIONS"}


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNASKED
        if rule.endpoint != "static"
    }


def test_every_route_is_in_the_table_and_the_table_holds_nothing_else(app: Flask) -> None:
    written = [(row.method, row.endpoint) for row in access_matrix.rows()]
    assert len(written) == len(set(written))
    assert routes(app) - set(written) == set(), "say in access_matrix.py who may open these"
    assert set(written) - routes(app) == set(), "these routes are gone"


def test_the_table_covers_a_whole_application() -> None:
    assert len(access_matrix.rows()) > 60


def test_every_view_wears_a_guard_and_only_the_door_and_the_watch_are_public(app: Flask) -> None:
    guards = {endpoint: guard_of(app, endpoint) for _method, endpoint in routes(app)}
    known = {PUBLIC, SIGNED_IN, *Permission}
    assert {endpoint for endpoint, guard in guards.items() if guard not in known} == set()
    assert {endpoint for endpoint, guard in guards.items() if guard == PUBLIC} == {
        "account.sign_in",
        "health.up",
        "health.ready",
    }


def test_what_is_public_in_the_table_is_public_in_the_code(app: Flask) -> None:
    for row in access_matrix.rows():
        is_public = guard_of(app, row.endpoint) == PUBLIC
        assert (row.answers["anonymous"] == "o") == is_public, row


def test_every_route_answers_everybody_as_the_table_says(
    engine: Engine,
    cast: Cast,
    client_of: SignedInClient,
    client: PageClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clients = everybodys(client_of, client, cast, engine)
    world = a_world(engine, cast, settings.reports_folder)
    tokens = {part: token_of(browser) for part, browser in clients.items()}
    # How the pages read is for their own tests to say.
    monkeypatch.setattr("tests.pages.proof_read", lambda *_page, **_named: None)
    # Nothing a request does lasts, so that every request finds the same world.
    ended = UnitOfWork.close
    monkeypatch.setattr(UnitOfWork, "close", lambda unit, *, commit: ended(unit, commit=False))

    deviations, asked = [], 0
    for row in access_matrix.rows():
        for part in COLUMNS:
            answer = ask(clients[part], row, world, tokens[part])
            asked += 1
            if letter_of(answer) != row.answers[part]:
                deviations.append(
                    f"{row.method} {row.endpoint} for {part}: {answer.status_code} "
                    f"is {letter_of(answer)} and not {row.answers[part]}"
                )
    assert asked == len(access_matrix.rows()) * len(COLUMNS)
    assert not deviations, "\n".join(deviations)


def everybodys(
    client_of: SignedInClient, anonymous: PageClient, cast: Cast, engine: Engine
) -> dict[str, PageClient]:
    with unit_of_work(engine) as session:
        pia = an_office_administrator(session, cast.peru)
    people = cast.everybody() | {"office_admin": pia}
    return {"anonymous": anonymous} | {part: client_of(people[part]) for part in COLUMNS[1:]}


def a_world(engine: Engine, cast: Cast, reports: Path) -> Mapping[str, object]:
    """One record of each kind in the Peruvian office; the experiment serves its markets."""
    with unit_of_work(engine) as session:
        peru, markets = here(session, cast.peru), here(session, cast.markets)
        plan = factories.a_plan(session, peru)
        experiment = factories.an_experiment(session, peru, markets)
        hypothesis = factories.a_hypothesis(session, experiment)
        metric = factories.a_metric(session, experiment)
        removed = factories.a_metric(
            session, experiment, name="Removed", removed_at=datetime(2026, 5, 1, tzinfo=UTC)
        )
        factories.a_registration(session, experiment)
        gate = factories.a_gate(session, experiment, asked_by_id=cast.staff.id)
        without_gate = factories.an_experiment(session, peru, markets)
        measurement = factories.a_measurement(session, metric)
        comment = factories.a_comment(session, experiment, by_id=cast.staff.id)
        factories.a_review(session, experiment, markets, quarter=str(quarter_of(today())))
        reflection = Reflection(office_id=peru.id, title="What we learned")
        report = ReportIssue(
            kind=ReportKind.QUARTERLY,
            office_id=peru.id,
            quarter=str(quarter_of(today())),
            language=Language.ES,
            edition=1,
            file_name=reporting.keep_file(reports, b"%PDF-1.7"),
            snapshot_json=canonical_json(samples.empty_quarter()).decode(),
            issued_at=datetime.now(UTC),
        )
        session.add_all([reflection, report])
        session.flush()
        of_staff = cast.staff.id
        return {
            "device": session.scalar(select(SignIn.id).where(SignIn.person_id == of_staff)),
            "person": of_staff,
            "role": session.scalar(select(Membership.id).where(Membership.person_id == of_staff)),
            "plan": plan.code,
            "reflection": reflection.id,
            "experiment": experiment.code,
            "without_gate": without_gate.code,
            "gate": gate.id,
            "hypothesis": hypothesis.id,
            "metric": metric.id,
            "removed": removed.id,
            "measurement": measurement.id,
            "comment": comment.id,
            "programme": markets.code,
            "quarter": str(quarter_of(today())),
            "report": report.id,
        }


def token_of(client: PageClient) -> str:
    page = client.get("/account", follow_redirects=True)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert token
    return token[1]


def ask(client: PageClient, row: Row, world: Mapping[str, object], token: str) -> TestResponse:
    kept = client.get_cookie("chaski")
    address = row.address.format(**world)
    data = {"csrf_token": token} if row.method == "POST" else None
    answer = client.open(address, method=row.method, data=data, buffered=True)
    # Signing out empties the cookie; the next row is asked by the same person again.
    if kept:
        client.set_cookie("chaski", kept.value)
    return answer


def letter_of(answer: TestResponse) -> str:
    if answer.status_code == 401:
        return "s"
    if answer.status_code == 303 and answer.location.startswith("/sign-in"):
        return "o" if answer.request.path.endswith("sign-out") and is_signed_out(answer) else "s"
    return {403: "f", 404: "n"}.get(answer.status_code, "o")


def is_signed_out(answer: TestResponse) -> bool:
    return "Set-Cookie" in answer.headers and answer.location == "/sign-in"
