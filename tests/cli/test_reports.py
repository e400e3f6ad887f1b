"""`flask reports quarterly` and `flask demo load`, as the contract spells them."""

import hashlib
import json
import os
from zipfile import is_zipfile

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.reports.snapshot import canonical_json, read_json
from models import ReportIssue
from tests.factories import a_measurement, a_metric, an_experiment


@pytest.fixture
def portfolio(engine, cast):
    with unit_of_work(engine) as session:
        peru, markets = session.merge(cast.peru), session.merge(cast.markets)
        a_measurement(session, a_metric(session, an_experiment(session, peru, markets)))


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["reports", "quarterly", *args])


def test_it_writes_the_pdf_and_the_snapshot(run, portfolio, tmp_path):
    pdf, facts = tmp_path / "q.pdf", tmp_path / "q.json"
    done = run("--quarter", "2026-Q3", "--office", "PE", "-o", str(pdf), "--snapshot", str(facts))
    assert done.exit_code == 0, done.output
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert canonical_json(read_json(facts.read_bytes())) == facts.read_bytes()


def test_the_same_facts_give_the_same_bytes(run, portfolio, tmp_path):
    options = ["--quarter", "2026-Q3", "--office", "PE", "--locale", "en"]
    for name in ("one", "two"):
        assert run(*options, "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_same_snapshot_gives_the_same_bytes_whatever_was_made_in_between(
    run, portfolio, tmp_path
):
    options = ["--quarter", "2026-Q3", "--office", "PE"]
    for n, words in enumerate(("Hola.", "", "Hola.", "")):
        done = run(*options, "--introduction", words, "-o", str(tmp_path / str(n)))
        assert done.exit_code == 0, done.output
    made = [(tmp_path / str(n)).read_bytes() for n in range(4)]
    assert made[:2] == made[2:]
    assert made[0] != made[1]


def test_an_altered_stored_file_is_never_written_out(app, run, portfolio, tmp_path, monkeypatch):
    pdf = tmp_path / "q.pdf"
    options = ["--quarter", "2026-Q3", "--office", "PE", "-o", str(pdf)]
    run(*options)
    content = pdf.read_bytes()
    (stored,) = app.config["SETTINGS"].reports_folder.glob("*.pdf")
    stored.write_bytes(b"altered")
    assert run(*options).exit_code == 0
    assert pdf.read_bytes() == stored.read_bytes() == content
    stored.write_bytes(b"altered")
    monkeypatch.setattr("app.reports.layout.Layout.pdf", lambda *_args, **_options: b"another")
    refused = run(*options)
    assert refused.exit_code == 1
    assert stored.name in refused.stderr
    assert pdf.read_bytes() == content


def test_it_answers_in_json_on_request(run, portfolio, tmp_path):
    options = ["--quarter", "2026-Q3", "--programme", "PE-MERCADOS", "--json"]
    done = run(*options, "-o", str(tmp_path / "q.pdf"))
    assert json.loads(done.stdout)["edition"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--quarter", "2099-Q1", "--office", "PE"], "has not begun"),
        (["--quarter", "Q3", "--office", "PE"], "no quarter"),
        (["--quarter", "2026-Q3"], "--office"),
        (["--quarter", "2026-Q3", "--office", "XX"], "no office XX"),
        (["--quarter", "2026-Q3", "--programme", "NONE"], "no programme NONE"),
        (["--quarter", "2026-Q3", "--office", "EC", "--programme", "PE-MERCADOS"], "not one of"),
    ],
)
def test_what_a_rule_refuses_ends_with_one_and_writes_nothing(
    run, portfolio, tmp_path, options, said
):
    pdf = tmp_path / "q.pdf"
    refused = run(*options, "-o", str(pdf))
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert not pdf.exists()


def test_wrong_usage_ends_with_two(run, tmp_path):
    assert run("-o", str(tmp_path / "q.pdf")).exit_code == 2
    assert run("--quarter", "2026-Q3", "--locale", "fr", "-o", "x").exit_code == 2


def test_the_demonstration_is_loaded_once_and_makes_a_report(app, run, tmp_path):
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(args=["demo", "load", "--json"]).stdout) == {"loaded": True}
    assert json.loads(runner.invoke(args=["demo", "load", "--json"]).stdout) == {"loaded": False}
    facts = tmp_path / "q.json"
    options = ["--quarter", "2026-Q3", "-o", str(tmp_path / "q.pdf"), "--snapshot", str(facts)]
    assert run(*options).exit_code == 0
    snapshot = read_json(facts.read_bytes())
    assert len(snapshot.experiments) == 15
    assert snapshot.has_demonstration


def test_the_demonstration_is_never_mixed_with_data_of_ones_own(app, cast):
    refused = app.test_cli_runner().invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert "data of its own" in refused.stderr


def unwritable(folder):
    """A path of each kind that no file can be written to, as any user and as root."""
    (folder / "folder").mkdir()
    (folder / "file").write_text("kept")
    return [folder / "missing" / "q.pdf", folder / "folder", folder / "file" / "q.pdf"]


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("option", ["-o", "--snapshot"])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_made(
    run, engine, portfolio, tmp_path, which, option
):
    path = unwritable(tmp_path)[which]
    outputs = {"-o": tmp_path / "q.pdf", option: path}
    options = [str(each) for pair in outputs.items() for each in pair]
    refused = run("--quarter", "2026-Q3", "--office", "PE", *options)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{path} cannot be written: ")
    assert refused.stderr.count("\n") == 1
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(ReportIssue)).all() == []
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == sorted(
        {"file", *(each.name for each in tmp_path.glob("chaski.sqlite3*"))}
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_nobody_may_write_is_refused(run, portfolio, tmp_path):
    (tmp_path / "q.pdf").touch(0o400)
    refused = run("--quarter", "2026-Q3", "--office", "PE", "-o", str(tmp_path / "q.pdf"))
    assert refused.exit_code == 1


def test_a_file_is_written_whole_or_stays_as_it_was(run, portfolio, tmp_path, monkeypatch):
    pdf = tmp_path / "q.pdf"
    options = ["--quarter", "2026-Q3", "--office", "PE", "-o", str(pdf)]
    pdf.write_text("of yesterday")
    full = OSError(28, "No space left on device")
    monkeypatch.setattr("os.fsync", lambda _fd: (_ for _ in ()).throw(full))
    with monkeypatch.context() as patch:
        patch.setattr("app.services.reporting.keep_file", kept_anyhow)
        refused = run(*options)
    assert refused.exit_code == 1
    assert "No space left on device" in refused.stderr
    assert pdf.read_text() == "of yesterday"
    assert not list(tmp_path.glob(".*.part"))


def kept_anyhow(folder, content):
    name = f"{hashlib.sha256(content).hexdigest()}.pdf"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return name


def test_a_device_is_written_to_as_it_is(run, portfolio):
    assert run("--quarter", "2026-Q3", "--office", "PE", "-o", os.devnull).exit_code == 0


def test_a_quarter_of_which_nothing_is_recorded_is_called_so(run, portfolio, tmp_path):
    options = ["--office", "PE", "-o", str(tmp_path / "q.pdf")]
    early = run("--quarter", "1990-Q1", *options)
    assert early.exit_code == 0
    assert "Nothing is recorded for this quarter" in early.stdout
    assert json.loads(run("--quarter", "1990-Q1", "--json", *options).stdout)["nothing_recorded"]
    assert "Nothing is recorded" not in run("--quarter", "2026-Q3", *options).stdout


def test_an_introduction_longer_than_its_room_is_refused(run, portfolio, tmp_path):
    options = ["--quarter", "2026-Q3", "--office", "PE", "-o", str(tmp_path / "q.pdf")]
    refused = run(*options, "--introduction", "x" * 2001)
    assert refused.exit_code == 1
    assert "2001 characters; at most 2000" in refused.stderr.replace(",", "")


@pytest.mark.parametrize("ending", [".docx", ".XLSX"])
def test_the_ending_of_the_file_asks_for_the_kind(run, portfolio, tmp_path, ending):
    options = ["--quarter", "2026-Q3", "--office", "PE", "--json"]
    first, second = tmp_path / f"one{ending}", tmp_path / f"two{ending}"
    for path in (first, second):
        done = run(*options, "-o", str(path))
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["file_sha256"] is None
        assert json.loads(done.stdout)["edition"] == 1
    assert first.read_bytes() == second.read_bytes()
    assert is_zipfile(first)
    pdf = tmp_path / "q.pdf"
    told = json.loads(run(*options, "-o", str(pdf)).stdout)
    assert told["file_sha256"] == hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert pdf.read_bytes().startswith(b"%PDF-")
