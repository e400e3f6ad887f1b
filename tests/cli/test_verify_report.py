"""`flask reports verify FILE.pdf`: is this file a report as it was issued?"""

import io
import json

import pytest
from pypdf import PdfReader, PdfWriter

from app.database import unit_of_work
from models import ReportIssue
from tests.factories import an_experiment


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["reports", *map(str, args)])


@pytest.fixture
def issued(run, engine, cast, tmp_path):
    with unit_of_work(engine) as session:
        an_experiment(session, session.merge(cast.peru), session.merge(cast.markets))
    path = tmp_path / "q.pdf"
    done = run("quarterly", "--quarter", "2026-Q3", "--office", "PE", "-o", path)
    assert done.exit_code == 0, done.output
    return path


def test_a_file_as_it_was_issued_is_named_with_its_edition(run, issued, engine):
    done = run("verify", issued)
    assert done.exit_code == 0
    with unit_of_work(engine, writes=False) as session:
        issue = session.query(ReportIssue).one()
        assert f"report {issue.id}, edition 1" in done.output
        assert issue.snapshot_sha256 in done.output


def test_it_answers_in_json_on_request(run, issued, engine):
    told = json.loads(run("verify", issued, "--json").stdout)
    with unit_of_work(engine, writes=False) as session:
        issue = session.query(ReportIssue).one()
    assert told["report"] == issue.id
    assert told["file_sha256"] == issue.file_sha256
    assert told["snapshot_sha256"] == issue.snapshot_sha256


def test_a_file_that_was_changed_is_told_from_the_one_that_was_issued(run, issued, tmp_path):
    changed = tmp_path / "changed.pdf"
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(issued.read_bytes())))
    writer.add_blank_page()
    writer.write(changed)
    refused = run("verify", changed)
    assert refused.exit_code == 1
    assert "is not the file that was issued" in refused.stderr


def test_an_altered_file_names_every_report_of_its_facts(run, issued, engine, tmp_path):
    english = tmp_path / "en.pdf"
    quarter = ("--quarter", "2026-Q3", "--office", "PE", "--locale", "en")
    assert run("quarterly", *quarter, "-o", english).exit_code == 0
    english.write_bytes(english.read_bytes() + b"\n")
    with unit_of_work(engine, writes=False) as session:
        numbers = [str(issue.id) for issue in session.query(ReportIssue).order_by(ReportIssue.id)]
    assert f"of the reports {', '.join(numbers)}" in run("verify", english).stderr


def test_a_single_changed_byte_is_found(run, issued):
    content = bytearray(issued.read_bytes())
    content[-10] ^= 1
    issued.write_bytes(bytes(content))
    assert run("verify", issued).exit_code == 1


def test_a_report_that_was_never_issued_here_is_not_known(run, issued, engine):
    with unit_of_work(engine) as session:
        session.query(ReportIssue).one().snapshot_sha256 = "0" * 64
    refused = run("verify", issued)
    assert refused.exit_code == 1
    assert "No report issued here" in refused.stderr


@pytest.mark.parametrize("content", [b"", b"no document", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_report_is_called_so(run, app, tmp_path, content):
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    refused = run("verify", path)
    assert refused.exit_code == 1
    assert "no report of Chaski" in refused.stderr


def test_a_file_that_is_not_there_is_wrong_usage(run, tmp_path):
    assert run("verify", tmp_path / "none.pdf").exit_code == 2
