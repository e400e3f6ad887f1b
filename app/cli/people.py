"""`flask people`: accounts and roles, for whoever runs the installation."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.cli.answers import command_session, print_json
from app.clock import now
from app.domain.refusals import UnknownError
from app.domain.roles import Place, place_of
from app.language.sentences import sentence
from app.queries.offices import office_named
from app.queries.people import people_in, person_by_email
from app.queries.programmes import programme_by_code
from app.queries.scope import EVERYTHING, Scope
from app.services import passwords, people, roles
from app.services.actor import OPERATOR
from models import Membership, Person
from models.vocabulary import Language, Role

group = AppGroup("people", help="Accounts and roles.")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
role_option = click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What for."
)
office_option = click.option("--office", help="Code of the office the role holds in.")
programme_option = click.option("--programme", help="Code of the programme the role holds in.")
password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of stdin."
)


@group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As others read it.")
@role_option
@office_option
@programme_option
@click.option("--language", type=click.Choice([word.value for word in Language]))
@password_stdin
@as_json
def add(
    email: str,
    name: str,
    role: str,
    office: str | None,
    programme: str | None,
    language: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a person who signs in with EMAIL, with a first role.

    Without --office and --programme the role holds in the whole installation. The password is
    read from stdin with --password-stdin, else asked for twice on a terminal; where there is no
    terminal a temporary one is made up and printed once: it works for seven days, to choose an
    own one.
    """
    chosen = _chosen_password(password_stdin)
    made_up = passwords.fresh_temporary(email=email, name=name) if chosen is None else None
    with command_session() as session:
        person = people.add(
            session,
            email=email,
            name=name,
            password=made_up or chosen or "",
            temporary_until=now() + passwords.TEMPORARY_FOR if made_up else None,
            role=Role(role),
            place=_place(session, office, programme),
            language=Language(language) if language else None,
            by=OPERATOR,
        )
    said = f"{person.email} can sign in.\n{_reach(person.memberships[-1])}"
    _tell(person, said, made_up, as_json=as_json)


@group.command("list")
@office_option
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only holders.")
@as_json
def list_people(office: str | None, role: str | None, as_json: bool) -> None:
    """Print everybody with their roles, of one office where asked."""
    with command_session(writes=False) as session:
        scope = EVERYTHING
        if office:
            scope = Scope(office_ids=frozenset({office_named(session, office).id}))
        found = [
            person
            for person in people_in(session, scope=scope)
            if role is None or any(held.role.value == role for held in person.memberships)
        ]
    if as_json:
        print_json([_facts(person) for person in found])
    for person in () if as_json else found:
        state = " (disabled)" if person.is_disabled else ""
        held = ", ".join(_spelled(each) for each in person.memberships)
        click.echo(f"{person.email}\t{person.name}\t{held}{state}")


@group.command("password")
@click.argument("email")
@password_stdin
@as_json
def password(email: str, password_stdin: bool, as_json: bool) -> None:
    """Give the person who signs in with EMAIL another password; every device is signed out.

    The password comes from where `flask people add` takes it.
    """
    chosen = _chosen_password(password_stdin)
    with command_session() as session:
        person, made_up = person_by_email(session, email), None
        if chosen is None:
            made_up = passwords.give_temporary(session, person, by=OPERATOR, at=now())
        else:
            passwords.set_password(session, person, password=chosen, by=OPERATOR)
    _tell(person, f"{person.email} has another password.", made_up, as_json=as_json)


@group.command("disable")
@click.argument("email")
@as_json
def disable(email: str, as_json: bool) -> None:
    """Close the account of EMAIL: every device is signed out. The last administrator stays."""
    with command_session() as session:
        person = person_by_email(session, email)
        people.disable(session, person, by=OPERATOR, at=now())
    _tell(person, f"{person.email} can no longer sign in.", as_json=as_json)


@group.command("enable")
@click.argument("email")
@as_json
def enable(email: str, as_json: bool) -> None:
    """Open the closed account of EMAIL again."""
    with command_session() as session:
        person = person_by_email(session, email)
        people.enable(session, person, by=OPERATOR)
    _tell(person, f"{person.email} can sign in again.", as_json=as_json)


@group.command("give-role")
@click.argument("email")
@role_option
@office_option
@programme_option
@as_json
def give_role(
    email: str, role: str, office: str | None, programme: str | None, as_json: bool
) -> None:
    """Give the person who signs in with EMAIL another role."""
    with command_session() as session:
        person, place = person_by_email(session, email), _place(session, office, programme)
        roles.give_role(session, person, role=Role(role), place=place, by=OPERATOR)
        held = _held(person, Role(role), place)
    _tell(person, f"{person.email} holds the role.\n{_reach(held)}", as_json=as_json)


@group.command("take-role")
@click.argument("email")
@role_option
@office_option
@programme_option
@as_json
def take_role(
    email: str, role: str, office: str | None, programme: str | None, as_json: bool
) -> None:
    """Take a role away from the person who signs in with EMAIL."""
    with command_session() as session:
        person, place = person_by_email(session, email), _place(session, office, programme)
        held = _held(person, Role(role), place)
        roles.take_role(session, person, membership_id=held.id, by=OPERATOR)
    _tell(person, f"{person.email} no longer holds the role.", as_json=as_json)


def _chosen_password(from_stdin: bool) -> str | None:
    """The password given or typed; None asks for one made up."""
    if from_stdin:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise click.UsageError("The password on stdin is not UTF-8 text.") from error
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return None


def _place(session: Session, office: str | None, programme: str | None) -> Place:
    return Place(
        office_named(session, office) if office else None,
        programme_by_code(session, programme.upper(), scope=EVERYTHING) if programme else None,
    )


def _held(person: Person, role: Role, place: Place) -> Membership:
    for held in person.memberships:
        if held.role is role and place_of(held).code == place.code:
            return held
    raise UnknownError(sentence("%(name)s does not hold this role there.", name=person.name))


def _tell(person: Person, said: str, made_up: str | None = None, *, as_json: bool) -> None:
    if as_json:
        secret = {"temporary_password": made_up} if made_up else {}
        print_json(_facts(person) | secret)
        return
    click.echo(said)
    if made_up:
        click.echo(f"Temporary password, shown only now: {made_up}")


def _facts(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "language": person.language.value if person.language else None,
        "disabled": person.is_disabled,
        "roles": [
            {
                "role": held.role.value,
                "office": held.office.code if held.office else None,
                "programme": held.programme.code if held.programme else None,
                "place": "everywhere" if place_of(held).code == "*" else place_of(held).code,
            }
            for held in person.memberships
        ],
    }


def _reach(held: Membership) -> str:
    code = place_of(held).code
    if code == "*":
        return f"The role {held.role.value} holds everywhere: in every office and programme."
    return f"The role {held.role.value} holds in {code}."


def _spelled(held: Membership) -> str:
    code = place_of(held).code
    return held.role.value if code == "*" else f"{held.role.value} in {code}"
