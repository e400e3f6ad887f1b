"""`flask reports quarterly` and `flask demo load`, as the contract spells them."""

import json

import pytest

from app.database import unit_of_work
from app.reports.snapshot import canonical_json, read_json
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
    assert len(snapshot.experiments) == 11
    assert snapshot.has_demonstration


def test_the_demonstration_is_never_mixed_with_data_of_ones_own(app, cast):
    refused = app.test_cli_runner().invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert "data of its own" in refused.stderr
