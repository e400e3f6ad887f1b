"""`flask reports stage`, as the contract spells it."""

import docx
import pytest

from app.database import unit_of_work
from tests.factories import an_experiment


@pytest.fixture
def code(engine, cast):
    with unit_of_work(engine) as session:
        return an_experiment(session, session.merge(cast.peru), session.merge(cast.markets)).code


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["reports", "stage", *args])


def test_the_same_facts_give_the_same_bytes(run, code, tmp_path):
    for name in ("one", "two"):
        done = run(code, "--stage", "test", "--locale", "en", "-o", str(tmp_path / name))
        assert done.exit_code == 0, done.output
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("named", "stage", "status", "said"),
    [
        (None, "grow", 1, "never entered"),
        ("NONE", "test", 1, "NONE"),
        (None, "later", 2, "later"),
        (None, "sense", 2, "sense"),
    ],
)
def test_what_is_refused_writes_nothing(run, code, tmp_path, named, stage, status, said):
    pdf = tmp_path / "x.pdf"
    done = run(named or code, "--stage", stage, "-o", str(pdf))
    assert done.exit_code == status
    assert said in done.stderr
    assert not pdf.exists()


def test_a_stage_can_be_worked_on_in_word(run, code, tmp_path):
    path = tmp_path / "stage.docx"
    done = run(code, "--stage", "test", "-o", str(path))
    assert done.exit_code == 0, done.output
    texts = [p.text for p in docx.Document(str(path)).paragraphs]
    assert any(code in text for text in texts)
