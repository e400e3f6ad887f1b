"""What machines that watch are told."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, text

from app.config import ROOT
from tests.pages import PageClient


def test_the_process_says_that_it_is_up(client: PageClient) -> None:
    assert client.get("/healthz").json == {"status": "up"}


def test_it_is_ready_at_the_newest_schema_and_not_at_another(
    client: PageClient, engine: Engine
) -> None:
    assert client.get("/readyz").status_code == 200
    with engine.begin() as connection:
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    assert client.get("/readyz").status_code == 503
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert client.get("/readyz").status_code == 200


def test_no_server_starts_on_a_schema_it_does_not_know(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=os.environ | {"CHASKI_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, started.stderr) == (
        1,
        "The database is not set up: run flask db upgrade.\n",
    )
