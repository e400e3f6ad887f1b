"""Deny by default: what wears no guard is closed, and what fails reveals nothing."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.database import current_session, unit_of_work
from app.security import login
from app.security.guards import public, requires, signed_in
from app.security.permissions import Permission
from models import SignIn
from tests.accounts import here
from tests.cast import Cast
from tests.pages import PageClient, SignedInClient


@pytest.fixture
def with_doors(app: Flask) -> Flask:
    """The app with a few more addresses."""
    app.add_url_rule("/unguarded", "unguarded", _room(), methods=["GET", "POST"])
    guarded = {
        "for-all": public(_room()),
        "for-people": signed_in(_room()),
        "for-heads": requires(Permission.TAKE_DECISION)(_room()),
        "broken": public(_break),
    }
    for name, view in guarded.items():
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    return app


def _room() -> Callable[[], Response]:
    return lambda: Response("inside", mimetype="text/plain")


def _break() -> str:
    current_session().add(SignIn())
    raise RuntimeError(f"a detail nobody may read: {request.path}")


@pytest.mark.parametrize("part", [None, "staff", "head", "admin"])
def test_a_route_without_a_guard_is_closed_to_everybody(
    with_doors: Flask, client: PageClient, client_of: SignedInClient, cast: Cast, part: str | None
) -> None:
    browser = client if part is None else client_of(cast.everybody()[part])
    for method in ("GET", "POST", "OPTIONS"):
        answer = browser.open("/unguarded", method=method)
        assert answer.status_code == 403
        assert "inside" not in answer.text


def test_guards_open_to_whom_they_say(
    with_doors: Flask, client: PageClient, client_of: SignedInClient, cast: Cast
) -> None:
    rosa, hilda = client_of(cast.staff), client_of(cast.head)
    answers = {
        url: [browser.get(url).status_code for browser in (client, rosa, hilda)]
        for url in ("/for-all", "/for-people", "/for-heads")
    }
    assert answers == {
        "/for-all": [200, 200, 200],
        "/for-people": [303, 200, 200],
        "/for-heads": [303, 403, 200],
    }


def test_a_form_is_judged_by_permission_before_its_token(
    client_of: SignedInClient, cast: Cast
) -> None:
    assert client_of(cast.staff).post("/people").status_code == 403
    assert client_of(cast.admin).post("/people").status_code == 400


def test_open_addresses_need_a_token_for_what_changes_something(
    with_doors: Flask, client: PageClient
) -> None:
    assert client.post("/for-all").status_code == 400


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "url", ["/nothing-here", "/people/nobody", "/%", "/<script>", "/ñ/%2e%2e/x"]
)
def test_what_does_not_exist_says_so_in_both_languages(
    client: PageClient, url: str, lang: str
) -> None:
    answer = client.get(f"{url}?lang={lang}")
    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text
    expected = "This page does not exist" if lang == "en" else "Esta página no existe"
    assert expected in answer.text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_address_that_takes_no_forms_says_so(client: PageClient, lang: str) -> None:
    answer = client.delete(f"/sign-in?lang={lang}")
    assert answer.status_code == 405
    assert f'<html lang="{lang}"' in answer.text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_failure_reveals_nothing_and_changes_nothing(
    with_doors: Flask, client_of: SignedInClient, cast: Cast, lang: str
) -> None:
    with_doors.testing = False
    answer = client_of(cast.staff).get(f"/broken?lang={lang}")
    assert answer.status_code == 500
    assert f'<html lang="{lang}"' in answer.text
    assert "a detail nobody may read" not in answer.text
    assert "Traceback" not in answer.text


def test_a_page_comes_even_when_the_database_does_not_answer(
    app: Flask, client_of: SignedInClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa = client_of(cast.staff)

    def silent(*_given: object, **_named: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    app.testing = False
    monkeypatch.setattr("app.database.UnitOfWork.__init__", silent)
    answer = rosa.get("/account")
    assert answer.status_code == 500
    assert "<h1>" in answer.text
    assert "SELECT" not in answer.text


def test_reading_goes_on_when_a_devices_use_cannot_be_noted(
    app: Flask,
    client_of: SignedInClient,
    cast: Cast,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = client_of(cast.staff)
    monkeypatch.setattr(login.sign_ins, "is_seen_long_ago", lambda *_, **__: True)

    def full(*_given: object, **_named: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(login.sign_ins, "note_seen", full)
    assert rosa.get("/account").status_code == 200


def test_a_stranger_cookie_of_flask_login_opens_nothing(client: PageClient, cast: Cast) -> None:
    client.set_cookie("remember_token", f"{cast.admin.id}|{'0' * 128}")
    assert client.get("/account").status_code == 303


@pytest.fixture
def as_admin(client_of: SignedInClient, cast: Cast) -> PageClient:
    return client_of(cast.admin)


def test_an_administrator_who_loses_the_role_loses_it_at_once(
    as_admin: PageClient, cast: Cast, engine: Engine
) -> None:
    assert as_admin.get("/people").status_code == 200
    with unit_of_work(engine) as session:
        ada = here(session, cast.admin)
        ada.memberships.clear()
    assert as_admin.get("/people").status_code == 403


def test_nothing_is_changed_by_looking(app: Flask) -> None:
    """No address changes something by GET that a form changes by POST."""
    changing = re.compile(r"\.(create|update|remove|disable|enable|give_\w+|take_\w+|sign_out\w*)$")
    for rule in app.url_map.iter_rules():
        if changing.search(rule.endpoint):
            assert rule.methods == {"POST", "OPTIONS"}, rule
