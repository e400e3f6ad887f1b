"""`flask plans`: exit codes, one unit of work a file, a dry run that changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select

from app.database import unit_of_work
from models import Base, Office, Plan
from tests.cast import Cast
from tests.exchange.forms import partner_text, plan_text, question_text
from tests.exchange.real_inputs import FILES, INPUTS, SEED, needs_inputs

REPORT = {
    "file",
    "kind",
    "code",
    "fields",
    "partners",
    "learning_questions",
    "flags",
    "unmapped",
    "status",
    "error",
}
PLAN_FIELDS = [
    "title",
    "challenge_type",
    "statement",
    "background",
    "quantitative_evidence",
    "qualitative_evidence",
    "value_proposition",
    "tweet",
    "early_leads",
]


@pytest.fixture
def flask(app: Flask) -> Any:
    """``flask("plans", "import", …)``: the command as an operator runs it."""

    def run(*words: object) -> Result:
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A plan's form as a file."""
    text = plan_text(
        title="Mercados",
        statement="Our challenge is that markets have no internet.",
        partners=partner_text("Agros", "Private Sector", "Advice", "Yes"),
        questions=question_text("How?", "Explore"),
    )
    file = tmp_path / "mercados.txt"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file that is no form."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear all, see you on Monday.", encoding="utf-8")
    return file


def rows(engine: Engine) -> dict[str, int | None]:
    with unit_of_work(engine, writes=False) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def test_a_form_is_added_and_then_unchanged(flask: Any, cast: Cast, form: Path) -> None:
    for status in ("added", "unchanged"):
        result = flask("plans", "import", form, "--office", "PE", "--year", "2022", "--json")
        assert result.exit_code == 0
        (report,) = json.loads(result.stdout)["files"]
        assert report.keys() >= REPORT
        assert list(report["fields"])[:9] == PLAN_FIELDS
        assert (report["status"], report["code"]) == (status, "PE-2022-P01")
        assert (report["file"], report["kind"], report["error"]) == ("mercados.txt", "plan", None)
        assert report["partners"] == [
            {
                "rank": 1,
                "name": "Agros",
                "sector": "private_sector",
                "collaboration": "Advice",
                "new_and_unusual": True,
            }
        ]
        assert report["learning_questions"][0].keys() >= {
            "text",
            "stages",
            "methods",
            "method_use",
            "data_gaps",
        }


def test_a_dry_run_tells_the_same_without_a_code_and_changes_nothing(
    engine: Engine, flask: Any, cast: Cast, form: Path
) -> None:
    before = rows(engine)
    words = ("plans", "import", form, "--office", "KE", "--json")
    (rehearsed,) = json.loads(flask(*words, "--dry-run").stdout)["files"]
    assert rows(engine) == before
    assert rehearsed["code"] is None
    (real,) = json.loads(flask(*words).stdout)["files"]
    assert real.pop("code")
    rehearsed.pop("code")
    assert rehearsed == real


def test_a_refused_file_does_not_keep_the_others_out(
    engine: Engine, flask: Any, cast: Cast, form: Path, letter: Path
) -> None:
    result = flask("plans", "import", letter, form, "--office", "PE", "--json")
    assert result.exit_code == 1
    reports = json.loads(result.stdout)["files"]
    assert [report["status"] for report in reports] == ["refused", "added"]
    assert reports[0]["error"].startswith("letter.txt is not the text of a UNDP form")
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_a_refusal_is_said_on_stderr(flask: Any, cast: Cast, letter: Path) -> None:
    result = flask("plans", "import", letter, "--office", "PE")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "letter.txt" in result.stderr
    assert "is not the text of a UNDP form" in result.stderr


def test_what_was_done_is_said_in_words(flask: Any, cast: Cast, form: Path) -> None:
    result = flask("plans", "import", form, "--office", "PE")
    assert result.exit_code == 0
    assert "added action learning plan PE-" in result.stdout
    assert "  Year: No year is stated" in result.stdout


def test_a_dry_run_says_what_will_be_done(flask: Any, cast: Cast, form: Path) -> None:
    result = flask("plans", "import", form, "--office", "PE", "--dry-run")
    assert "will be added action learning plan" in result.stdout


def test_without_an_office_among_several_the_file_is_refused(
    flask: Any, cast: Cast, form: Path
) -> None:
    result = flask("plans", "import", form)
    assert result.exit_code == 1
    assert "--office" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("plans", "import"),
        ("plans", "import", "/no/such/file"),
        ("plans", "import", "FORM", "--year", "22"),
        ("plans", "export"),
        ("plans", "export", "PE-2022-P01", "--format", "pdf"),
    ],
)
def test_wrong_usage_ends_with_2(
    flask: Any, cast: Cast, form: Path, words: tuple[str, ...]
) -> None:
    result = flask(*(form if word == "FORM" else word for word in words))
    assert result.exit_code == 2


@pytest.mark.parametrize("name", ["import", "export"])
def test_help_says_what_the_command_does(flask: Any, name: str) -> None:
    result = flask("plans", name, "--help")
    assert result.exit_code == 0
    assert "--" in result.stdout


def test_a_file_of_20_mb_is_refused(flask: Any, cast: Cast, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 20_000_000)
    result = flask("plans", "import", large, "--office", "PE")
    assert result.exit_code == 1
    assert "2 MB" in result.stderr


@pytest.mark.parametrize("as_format", ["json", "form"])
def test_an_export_can_be_imported_again(
    flask: Any, cast: Cast, form: Path, tmp_path: Path, as_format: str
) -> None:
    flask("plans", "import", form, "--office", "PE", "--year", "2022")
    file = tmp_path / f"plan.{as_format}"
    written = flask("plans", "export", "PE-2022-P01", "--format", as_format, "-o", file)
    assert (written.exit_code, written.stdout) == (0, "")
    assert flask("plans", "export", "PE-2022-P01", "--format", as_format).stdout == file.read_text(
        encoding="utf-8"
    )
    (report,) = json.loads(flask("plans", "import", file, "--office", "PE", "--json").stdout)[
        "files"
    ]
    assert (report["status"], report["code"]) == ("unchanged", "PE-2022-P01")


def test_an_unknown_plan_cannot_be_exported(flask: Any, cast: Cast) -> None:
    result = flask("plans", "export", "PE-1999-P01")
    assert result.exit_code == 1
    assert "PE-1999-P01" in result.stderr


@needs_inputs
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_all_real_forms_in_one_command(engine: Engine, flask: Any) -> None:
    with unit_of_work(engine) as session:
        session.add(Office(code="PE", name="UNDP Peru Accelerator Lab"))
    files = [INPUTS / name for name in FILES if not name.startswith("flat")]
    for status in ("added", "unchanged"):
        result = flask("plans", "import", *files, "--json")
        assert result.exit_code == 0
        reports = json.loads(result.stdout)["files"]
        assert {report["status"] for report in reports} == {status}
    by_file = {report["file"]: report for report in reports}
    assert by_file[SEED]["fields"]["challenge_type"] == "big_bet"
    assert len(by_file[SEED]["partners"]) == 5
    assert {report["kind"] for report in reports} == {"plan", "reflection", "experiment"}


@pytest.mark.parametrize("place", ["missing/plan.json", "."])
def test_an_export_to_where_nothing_can_be_written_is_one_sentence(
    flask: Any, cast: Cast, tmp_path: Path, place: str
) -> None:
    result = flask("plans", "export", "PE-2022-P01", "-o", tmp_path / place)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / place} cannot be written: ")
    assert result.stderr.count("\n") == 1
