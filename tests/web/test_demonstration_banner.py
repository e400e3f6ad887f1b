"""The banner of the demonstration follows what the database holds, not how it was started."""

from flask import Flask
from sqlalchemy import Engine

from app.clock import now
from app.database import unit_of_work
from app.services import demonstration
from tests.cast import Cast

WARNING = "Do not quote these figures."
SIGN_IN = "/sign-in?lang=en"


def load(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        demonstration.load(session, at=now())


def test_a_demonstration_is_marked_whatever_the_setting(app: Flask, engine: Engine) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"demo": False})
    assert WARNING not in app.test_client().get(SIGN_IN).text
    load(engine)
    assert WARNING in app.test_client().get(SIGN_IN).text


def test_an_installation_of_its_own_has_no_banner(app: Flask, cast: Cast) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"demo": True})
    assert WARNING not in app.test_client().get(SIGN_IN).text


def test_a_settled_answer_is_not_asked_for_again(
    app: Flask, cast: Cast, statements: list[str]
) -> None:
    app.test_client().get(SIGN_IN)
    statements.clear()
    app.test_client().get(SIGN_IN)
    assert [each for each in statements if "is_demonstration" in each] == []
