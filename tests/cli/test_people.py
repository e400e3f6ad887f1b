"""`flask people`, `flask offices`, `flask programmes`: an empty installation is set up."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine, select

from app.cli import people as commands
from app.database import unit_of_work
from app.services import hashing, sign_ins
from models import HistoryEntry, Person, SignIn
from models.vocabulary import Door
from tests.cast import PASSWORD, Cast
from tests.conftest import Statements

NEW_PASSWORD = "cordillera-blanca-y-negra"


@pytest.fixture
def flask(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the keyboard."""

    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr(commands, "sys", type("Sys", (), {"stdin": Terminal}))


def run(runner: CliRunner, *arguments: str, stdin: str | bytes = "") -> Result:
    return runner.invoke(args=arguments, input=stdin)  # type: ignore[call-arg,arg-type]


def facts(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def add(runner: CliRunner, *more: str, stdin: str | bytes = NEW_PASSWORD + "\n") -> Result:
    return run(
        runner, "people", "add", "Maria@Example.org", "--name", "María Ñahui", *more, stdin=stdin
    )


def the_person(engine: Engine, email: str = "maria@example.org") -> Person:
    with unit_of_work(engine, writes=False) as session:
        return session.scalars(select(Person).where(Person.email == email)).one()


def test_an_empty_installation_is_set_up(flask: FlaskCliRunner, engine: Engine) -> None:
    assert run(flask, "offices", "add", "pe", "--name", "UNDP Peru").exit_code == 0
    inclusion = ("programmes", "add", "PE-INCLUSION", "--name-es", "Inclusión", "--name-en", "In")
    assert run(flask, *inclusion).exit_code == 0
    for email, role, *place in (
        ("ada@example.org", "admin"),
        ("rosa@example.org", "staff", "--office", "pe"),
        ("otto@example.org", "officer", "--programme", "pe-inclusion"),
        ("olga@example.org", "officer", "--office", "PE", "--programme", "PE-INCLUSION"),
    ):
        asked = ("people", "add", email, "--name", "Alguien", "--role", role, *place)
        result = run(flask, *asked, "--password-stdin", stdin=NEW_PASSWORD)
        assert result.exit_code == 0, result.output
    listed = facts(run(flask, "people", "list", "--json"))
    assert {person["email"]: person["roles"] for person in listed} == {
        "ada@example.org": [
            {"role": "admin", "office": None, "programme": None, "place": "everywhere"}
        ],
        "rosa@example.org": [{"role": "staff", "office": "PE", "programme": None, "place": "PE"}],
        "otto@example.org": [
            {
                "role": "officer",
                "office": None,
                "programme": "PE-INCLUSION",
                "place": "PE-INCLUSION",
            }
        ],
        "olga@example.org": [
            {
                "role": "officer",
                "office": None,
                "programme": "PE-INCLUSION",
                "place": "PE-INCLUSION",
            }
        ],
    }
    assert facts(run(flask, "offices", "list", "--json")) == [{"code": "PE", "name": "UNDP Peru"}]
    (programme,) = facts(run(flask, "programmes", "list", "--office", "PE", "--json"))
    assert programme["code"] == "PE-INCLUSION"


def test_a_password_comes_from_stdin_without_its_line_end(
    flask: FlaskCliRunner, engine: Engine
) -> None:
    for end in ("\n", "\r\n", "", "\na second line that is no part of it"):
        email = f"{len(end)}@example.org"
        asked = ("people", "add", email, "--name", "Alguien", "--role", "admin")
        result = run(flask, *asked, "--password-stdin", stdin=NEW_PASSWORD + end)
        assert result.exit_code == 0, result.output
        person = the_person(engine, email)
        assert hashing.matches(person.password_hash, NEW_PASSWORD)
        assert not person.has_temporary_password
        assert NEW_PASSWORD not in result.output


def test_without_stdin_and_terminal_a_password_is_made_up_and_printed_once(
    flask: FlaskCliRunner, engine: Engine
) -> None:
    result = add(flask, "--role", "admin", stdin="")
    assert result.exit_code == 0
    made_up = result.stdout.strip().rpartition(" ")[2]
    person = the_person(engine)
    assert hashing.matches(person.password_hash, made_up)
    assert person.has_temporary_password
    answer = facts(run(flask, "people", "password", "maria@example.org", "--json"))
    person = the_person(engine)
    assert hashing.matches(person.password_hash, answer["temporary_password"])


@pytest.mark.usefixtures("a_terminal")
def test_at_a_terminal_the_password_is_asked_for_twice(
    flask: FlaskCliRunner, engine: Engine
) -> None:
    assert add(flask, "--role", "admin", stdin=f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n").exit_code == 0
    person = the_person(engine)
    assert hashing.matches(person.password_hash, NEW_PASSWORD)
    assert not person.has_temporary_password


@pytest.mark.parametrize(
    ("options", "stdin", "sentence"),
    [
        (("--role", "staff", "--office", "XX"), NEW_PASSWORD, "There is no office XX."),
        (("--role", "staff", "--programme", "XX-Y"), NEW_PASSWORD, "There is no programme XX-Y"),
        (("--role", "admin", "--programme", "PE-MERCADOS"), NEW_PASSWORD, "not a programme."),
        (
            ("--role", "staff", "--office", "EC", "--programme", "PE-MERCADOS"),
            NEW_PASSWORD,
            "Programme PE-MERCADOS is not one of office EC.",
        ),
        (("--role", "staff"), "short", "Use 12 characters or more."),
        (("--role", "staff"), "", "Use 12 characters or more."),
    ],
)
def test_a_refusal_is_a_sentence_on_stderr_with_exit_1_and_changes_nothing(
    flask: FlaskCliRunner,
    cast: Cast,
    engine: Engine,
    options: tuple[str, ...],
    stdin: str,
    sentence: str,
) -> None:
    result = add(flask, *options, "--password-stdin", stdin=stdin)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stdout == ""
    with unit_of_work(engine, writes=False) as session:
        assert len(session.scalars(select(Person)).all()) == len(cast.everybody())
        assert not session.scalars(select(HistoryEntry)).all()


def test_an_e_mail_in_use_is_refused_whatever_its_case(flask: FlaskCliRunner, cast: Cast) -> None:
    asked = ("people", "add", "ROSA@example.org", "--name", "Otra", "--role", "staff")
    result = run(flask, *asked, "--password-stdin", stdin=NEW_PASSWORD)
    assert result.exit_code == 1
    assert "rosa@example.org already has an account" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("people", "add", "x@example.org"),
        ("people", "add", "x@example.org", "--name", "X"),
        ("people", "add", "x@example.org", "--name", "X", "--role", "king"),
        ("people", "add", "--name", "X", "--role", "admin"),
        ("people", "password"),
        ("people", "crown", "x@example.org"),
        ("offices", "add", "PE"),
        ("programmes", "add"),
    ],
)
def test_wrong_usage_is_exit_2(flask: FlaskCliRunner, arguments: tuple[str, ...]) -> None:
    assert run(flask, *arguments).exit_code == 2


def test_a_password_that_is_no_text_is_wrong_usage(flask: FlaskCliRunner) -> None:
    result = add(flask, "--role", "admin", "--password-stdin", stdin=b"\xff\xfe\xfa\n")
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "command",
    ["add", "list", "password", "disable", "enable", "give-role", "take-role"],
)
def test_every_command_explains_itself_and_speaks_json(flask: FlaskCliRunner, command: str) -> None:
    result = run(flask, "people", command, "--help")
    assert result.exit_code == 0
    assert "--json" in result.output


def test_a_password_is_replaced_and_every_device_signed_out(
    flask: FlaskCliRunner, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        sign_ins.sign_in(session, cast.staff, device="x", at=cast.staff.created_at, days=9000)
    asked = ("people", "password", "Rosa@example.org", "--password-stdin")
    assert run(flask, *asked, stdin=NEW_PASSWORD).exit_code == 0
    assert hashing.matches(the_person(engine, "rosa@example.org").password_hash, NEW_PASSWORD)
    with unit_of_work(engine, writes=False) as session:
        assert not session.scalars(select(SignIn)).all()


def test_an_account_is_closed_and_opened(flask: FlaskCliRunner, cast: Cast, engine: Engine) -> None:
    assert facts(run(flask, "people", "disable", "rosa@example.org", "--json"))["disabled"]
    assert the_person(engine, "rosa@example.org").is_disabled
    assert "(disabled)" in run(flask, "people", "list", "--office", "PE").stdout
    assert not facts(run(flask, "people", "enable", "rosa@example.org", "--json"))["disabled"]
    with unit_of_work(engine, writes=False) as session:
        entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
        assert [entry.event for entry in entries] == ["person.disabled", "person.enabled"]
        assert {entry.door for entry in entries} == {Door.CLI}


def test_the_last_administrator_is_not_disabled(flask: FlaskCliRunner, cast: Cast) -> None:
    result = run(flask, "people", "disable", "ada@example.org")
    assert result.exit_code == 1
    assert "Somebody must remain administrator" in result.stderr


def test_who_has_no_account_is_said_so(flask: FlaskCliRunner, cast: Cast) -> None:
    for command in ("disable", "enable", "password"):
        result = run(flask, "people", command, "nobody@example.org")
        assert result.exit_code == 1
        assert "nobody@example.org" in result.stderr


def test_roles_are_given_and_taken(flask: FlaskCliRunner, cast: Cast) -> None:
    role = ("rosa@example.org", "--role", "head", "--office", "PE")
    held = facts(run(flask, "people", "give-role", *role, "--json"))["roles"]
    assert {each["role"] for each in held} == {"staff", "head"}
    held = facts(run(flask, "people", "take-role", *role, "--json"))["roles"]
    assert [each["role"] for each in held] == ["staff"]
    again = run(flask, "people", "take-role", *role)
    assert again.exit_code == 1
    assert "does not hold this role" in again.stderr


def test_people_are_listed_by_office_and_role(
    flask: FlaskCliRunner, cast: Cast, statements: Statements
) -> None:
    statements.clear()
    listed = facts(run(flask, "people", "list", "--office", "PE", "--role", "officer", "--json"))
    assert [person["name"] for person in listed] == ["Olga Ramos", "Otto Salas"]
    assert len(statements) == 3
    lines = run(flask, "people", "list").stdout.splitlines()
    assert len(lines) == len(cast.everybody())
    assert "rosa@example.org\tRosa Quispe\tstaff in PE" in lines


def test_a_code_is_used_once(flask: FlaskCliRunner, cast: Cast) -> None:
    result = run(flask, "offices", "add", "pe", "--name", "Again")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "office PE already" in result.stderr
    asked = ("programmes", "add", "pe-mercados", "--office", "PE", "--name-es", "Otra vez")
    assert "programme PE-MERCADOS already" in run(flask, *asked).stderr


def test_which_office_must_be_said_when_there_are_two(flask: FlaskCliRunner, cast: Cast) -> None:
    result = run(flask, "programmes", "add", "PE-X", "--name-es", "X")
    assert result.exit_code == 1
    assert "EC, PE" in result.stderr


def test_who_was_added_can_sign_in(flask: FlaskCliRunner, engine: Engine) -> None:
    add(flask, "--role", "admin", "--password-stdin")
    at = the_person(engine).created_at
    with unit_of_work(engine, writes=False) as session:
        asked = {"email": "maria@example.org", "address": "192.0.2.7", "at": at}
        assert sign_ins.recognize(session, password=NEW_PASSWORD, **asked)
        assert not sign_ins.recognize(session, password=PASSWORD, **asked)


def test_it_is_told_where_the_role_reaches(flask: FlaskCliRunner, cast: Cast) -> None:
    everywhere = add(flask, "--role", "officer", "--password-stdin")
    assert everywhere.exit_code == 0
    assert "The role officer holds everywhere: in every office and prog" in everywhere.stdout
    given = run(flask, "people", "give-role", "maria@example.org", "--role", "staff")
    assert "The role staff holds everywhere" in given.stdout
    placed = ("--role", "head", "--office", "pe")
    given = run(flask, "people", "give-role", "maria@example.org", *placed)
    assert "The role head holds in PE." in given.stdout
    again = run(flask, "people", "give-role", "maria@example.org", *placed, "--json")
    assert {held["role"]: held["place"] for held in facts(again)["roles"]} == {
        "officer": "everywhere",
        "staff": "everywhere",
        "head": "PE",
    }
