"""A setting that cannot be used: one line that names it, whoever starts."""

import os
import subprocess
import sys

import pytest

from app.config import ROOT


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("CHASKI_WORKERS", "abc", "valid integer"),
        ("CHASKI_WORKERS", "0", "greater than or equal to 1"),
        ("CHASKI_DEMO", "perhaps", "valid boolean"),
        ("CHASKI_SECRET_KEY", "short-secret", "32 characters"),
        ("CHASKI_DATABASE_URL", "mysql://user:short-secret@host/db", "postgresql+psycopg://"),
        ("CHASKI_DATABASE_URL", "no address", "postgresql+psycopg://"),
        ("CHASKI_SITE", "ftp://short-secret", "https://chaski.example.org"),
        ("CHASKI_MAIL_FROM", "Chaski <chaski@>", "chaski@example.org"),
        ("CHASKI_SMTP_SECURITY", "perhaps", "'starttls', 'tls' or 'none'"),
    ],
)
def test_it_is_named_with_what_is_expected_and_its_value_is_not_told(variable, value, expected):
    done = started("flask", "offices", "list", **{variable: value})
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{variable}: ")
    assert expected in line
    assert value not in line


def test_the_server_says_it_too():
    done = started("wsgi", CHASKI_WORKERS="abc")
    assert done.returncode == 2
    assert done.stderr.startswith("CHASKI_WORKERS: ")


def started(*command, **settings):
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
