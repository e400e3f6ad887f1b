"""What every test may ask for: a database of both kinds, a session, the app, people signed in."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import UnitOfWork, make_engine, unit_of_work
from app.factory import create_app
from tests import backends, catalogues
from tests.backends import PostgresServer, SqliteTemplate
from tests.cast import Cast, introduce
from tests.pages import PageClient, SignedInClient

SECRET = "a secret for tests alone, long enough to be taken"


# The same cases each time, however slow the machine: what is green here is green elsewhere.
# New cases are looked for with --hypothesis-profile=explore.
hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis_settings.load_profile("steady")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before anything is said: the catalogues. With several processes the first one sees to it."""
    if not hasattr(session.config, "workerinput"):
        catalogues.compile_what_changed()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares a slow start, when several processes run the tests."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("site"))


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own settings change no test."""
    for name in [name for name in os.environ if name.startswith("CHASKI_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this test process."""
    with backends.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_engine(postgres: PostgresServer) -> Iterator[Engine]:
    """The migrated database that tests share one after the other, each finding it empty."""
    engine = postgres.new_database("chaski")
    backends.schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database at the newest schema; a test that asks for it runs on both."""
    if request.param == "sqlite":
        engine = request.getfixturevalue("sqlite_template").copy_to(tmp_path)
        yield engine
        engine.dispose()
    else:
        engine = request.getfixturevalue("postgres_engine")
        yield engine
        backends.empty(engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database nothing was ever done to."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        yield engine
        engine.dispose()
    else:
        server, name = request.getfixturevalue("postgres"), f"bare-{uuid4().hex}"
        engine = server.new_database(name)
        yield engine
        engine.dispose()
        server.drop_database(name)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """One open transaction, rolled back after the test.

    Others cannot see what it wrote: before fetching a page, write with ``unit_of_work(engine)``
    instead.
    """
    unit = UnitOfWork(engine, writes=True)
    yield unit.session
    unit.close(commit=False)


@pytest.fixture
def cast(engine: Engine) -> Cast:
    """Everybody, committed. See tests/cast.py."""
    with unit_of_work(engine) as session:
        return introduce(session)


@pytest.fixture
def settings(tmp_path: Path, engine: Engine) -> Settings:
    """Settings of an instance folder and a database of the test's own."""
    url = engine.url.render_as_string(hide_password=False)
    return Settings(instance=tmp_path / "instance", secret_key=SECRET, database_url=url)


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Flask:
    """The app on the test's database."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = PageClient
    # The app and the test share one engine, so that statements are counted in one place.
    app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    return app


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser nobody is signed in on."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def client_of(app: Flask, engine: Engine) -> SignedInClient:
    """``client_of(cast.staff)``: a browser that person is signed in on."""
    return SignedInClient(app, engine)


class Statements(list[str]):
    """The SQL statements executed on the test's engine since ``clear()``."""


@pytest.fixture
def statements(engine: Engine) -> Iterator[Statements]:
    """SQL as it is executed, without BEGIN: ``statements.clear()``, act, ``len(statements)``."""
    seen = Statements()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
