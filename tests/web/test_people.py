"""The people pages: what an administrator sees and does, and what nobody gets round."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.database import unit_of_work
from app.domain.roles import place_of
from app.queries.people import PAGE_SIZE
from app.services.hashing import matches
from models import HistoryEntry, Membership, Person, SignIn
from models.vocabulary import Role
from tests.accounts import an_account, an_office_administrator, here
from tests.cast import Cast
from tests.conftest import Statements
from tests.pages import PageClient, SignedInClient

NEW = {
    "name": "María José Ñahui",
    "email": "Maria.Jose@Example.org",
    "role": "staff",
    "place": "office:PE",
    "language": "es",
}


@pytest.fixture
def admin(client_of: SignedInClient, cast: Cast) -> PageClient:
    """Ada, who administers the whole installation."""
    return client_of(cast.admin)


@pytest.fixture
def pia(client_of: SignedInClient, cast: Cast, engine: Engine) -> PageClient:
    """Pia, who administers Peru's office alone."""
    with unit_of_work(engine) as session:
        person = an_office_administrator(session, cast.peru)
    return client_of(person)


@pytest.fixture
def looking(engine: Engine) -> Iterator[Session]:
    with unit_of_work(engine, writes=False) as session:
        yield session


def said(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def send(client: PageClient, path: str, **fields: str) -> TestResponse:
    """Send a form nobody was shown, with a token that holds."""
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/account").text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **fields})


def roles_of(session: Session, person: Person) -> set[tuple[Role, str]]:
    return {
        (held.role, place_of(held).code)
        for held in session.get_one(Person, person.id, populate_existing=True).memberships
    }


def address_of(person: Person, *rest: str) -> str:
    return "/".join([f"/people/{person.id}", *rest])


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_reads_in_both_languages(admin: PageClient, cast: Cast, lang: str) -> None:
    person, own = address_of(cast.staff), address_of(cast.admin)
    for url in ("/people", "/people?q=zzz", "/people/new", person, f"{person}/edit", own):
        page = admin.get(f"{url}{'&' if '?' in url else '?'}lang={lang}")
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.text
    for missing in ("/people/999999", "/people/999999/edit"):
        assert admin.get(f"{missing}?lang={lang}").status_code == 404


def test_the_list_shows_everybody_to_who_administers_everything(
    admin: PageClient, cast: Cast
) -> None:
    text = said(admin.get("/people"))
    assert all(person.name in text for person in cast.everybody().values())


def test_the_list_of_an_office_shows_its_own_people(pia: PageClient, cast: Cast) -> None:
    text = said(pia.get("/people"))
    assert "Rosa Quispe" in text
    assert "Otto Salas" in text
    assert "Stella Mora" not in text
    assert "Ada Paredes" not in text


def test_the_list_is_narrowed_by_words_role_and_state(
    admin: PageClient, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        here(session, cast.staff).disabled_at = cast.staff.created_at
    assert "Rosa Quispe" in said(admin.get("/people?q=QUISPE"))
    assert "Otto Salas" not in said(admin.get("/people?q=QUISPE"))
    officers = said(admin.get("/people?role=officer"))
    assert "Otto Salas" in officers
    assert "Rosa Quispe" not in officers
    assert "Rosa Quispe" in said(admin.get("/people?state=disabled"))
    assert "Rosa Quispe" not in said(admin.get("/people?state=open"))
    assert "Rosa Quispe" in said(admin.get("/people?role=nonsense&state=nonsense&page=x"))


def test_a_long_list_has_pages_that_keep_its_filters(
    admin: PageClient, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        for number in range(PAGE_SIZE + 2):
            role = Membership(role=Role.READER, office_id=cast.peru.id)
            an_account(session, f"Lectora {number:03}", role, email=f"{number}@example.org")
    page = admin.get("/people?role=reader&q=lectora")
    assert "Lectora 049" in page.text
    assert "Lectora 050" not in page.text
    following = re.search(r'href="([^"]+)" rel="next"', page.text)
    assert following
    last = admin.get(following[1].replace("&amp;", "&"))
    assert "Lectora 051" in last.text
    assert "Rita Flores" not in last.text


def test_list_and_detail_take_few_statements(
    admin: PageClient, cast: Cast, statements: Statements
) -> None:
    statements.clear()
    admin.get("/people")
    assert len(statements) == 4
    statements.clear()
    admin.get(address_of(cast.staff))
    assert len(statements) <= 7


def test_a_person_is_added_and_the_password_shown_once(
    admin: PageClient, looking: Session, cast: Cast
) -> None:
    page = admin.submit("/people/new", NEW)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    shown = re.search(r"<code[^>]*>([^<]+)</code>", page.text)
    assert shown
    person = looking.scalars(select(Person).where(Person.name == NEW["name"])).one()
    assert person.email == "maria.jose@example.org"
    assert matches(person.password_hash, shown[1])
    assert person.has_temporary_password
    assert roles_of(looking, person) == {(Role.STAFF, "PE")}
    assert shown[1] not in admin.get(address_of(person)).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "ROSA@example.org"}, "rosa@example.org already has an account."),
        ({"email": "no address"}, "Write an e-mail address"),
        ({"name": ""}, "This field is required."),
        ({"place": ""}, "This field is required."),
        ({"role": "admin", "place": "programme:PE-MERCADOS"}, "not a programme."),
        ({"role": "king"}, "Choose one from the list."),
        ({"place": "office:XX"}, "Choose one from the list."),
    ],
)
def test_a_refused_person_is_not_half_added_and_what_was_typed_stays(
    admin: PageClient, cast: Cast, looking: Session, fields: dict[str, str], sentence: str
) -> None:
    answer = admin.submit("/people/new", NEW | fields)
    assert answer.status_code == 422
    assert sentence in said(answer)
    kept = NEW | fields
    assert f'value="{kept["email"]}"' in answer.text
    assert f'value="{kept["name"]}"' in answer.text
    assert len(looking.scalars(select(Person)).all()) == len(cast.everybody())


def test_adding_the_same_person_twice_gives_one_account_and_a_sentence(
    admin: PageClient, cast: Cast
) -> None:
    assert admin.submit("/people/new", NEW).status_code == 200
    again = admin.submit("/people/new", NEW | {"email": " maria.JOSE@example.org"})
    assert again.status_code == 422
    assert "already has an account" in said(again)


def test_what_an_account_says_is_changed(admin: PageClient, cast: Cast, looking: Session) -> None:
    page = admin.submit(
        address_of(cast.staff, "edit"), {"name": "Rosa Quispe Ñahui", "language": ""}
    )
    assert "Rosa Quispe Ñahui" in said(page)
    rosa = looking.get_one(Person, cast.staff.id)
    assert (rosa.name, rosa.language) == ("Rosa Quispe Ñahui", None)


def test_of_two_who_edit_at_once_the_second_compares_and_may_then_save(
    admin: PageClient, cast: Cast, engine: Engine
) -> None:
    form = admin.get(address_of(cast.staff, "edit")).text
    sent = {
        name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', form)[1]  # type: ignore[index]
        for name in ("csrf_token", "version")
    } | {"name": "Rosa from the second", "email": "rosa@example.org", "language": "en"}
    with unit_of_work(engine) as session:
        here(session, cast.staff).name = "Rosa from the first"
    answer = admin.post(address_of(cast.staff), data=sent)
    assert answer.status_code == 409
    assert 'value="Rosa from the second"' in answer.text
    assert "Rosa from the first" in said(answer)
    version = re.search(r'name="version"[^>]* value="(\d+)"', answer.text)
    assert version
    assert (
        admin.post(address_of(cast.staff), data=sent | {"version": version[1]}).status_code == 303
    )


def test_a_mistake_does_not_hide_that_somebody_else_saved_meanwhile(
    admin: PageClient, cast: Cast, engine: Engine, looking: Session
) -> None:
    form = admin.get(address_of(cast.staff, "edit")).text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', form)
    seen = re.search(r'name="version"[^>]* value="(\d+)"', form)
    assert token
    assert seen
    sent = {"csrf_token": token[1], "version": seen[1], "email": "rosa@example.org"}
    with unit_of_work(engine) as session:
        here(session, cast.staff).name = "Rosa from the first"
    # The name is missing; what the page carries afterwards must not pass as seen.
    mistaken = admin.post(address_of(cast.staff), data=sent | {"name": ""})
    assert mistaken.status_code in {409, 422}
    assert mistaken.status_code == 409 or f'value="{seen[1]}"' in mistaken.text
    again = admin.post(address_of(cast.staff), data=sent | {"name": "Rosa from the second"})
    assert again.status_code == 409
    assert looking.get_one(Person, cast.staff.id).name == "Rosa from the first"


def test_a_role_is_given_and_taken(admin: PageClient, cast: Cast, looking: Session) -> None:
    page = admin.submit(
        address_of(cast.staff), {"role": "officer", "place": "programme:PE-MERCADOS"}
    )
    assert "Rosa Quispe holds the role now." in said(page)
    assert roles_of(looking, cast.staff) == {(Role.STAFF, "PE"), (Role.OFFICER, "PE-MERCADOS")}
    (first, _second) = re.findall(rf'action="({address_of(cast.staff)}/roles/\d+/take)"', page.text)
    page = admin.submit(address_of(cast.staff), {}, action=first)
    assert "The role is taken away." in said(page)
    looking.rollback()
    assert len(roles_of(looking, cast.staff)) == 1


def test_the_only_role_has_no_button_and_stays_anyway(
    admin: PageClient, cast: Cast, looking: Session
) -> None:
    held = looking.scalar(select(Membership.id).where(Membership.person_id == cast.staff.id))
    assert "/take" not in admin.get(address_of(cast.staff)).text
    answer = send(admin, address_of(cast.staff, "roles", str(held), "take"))
    assert answer.status_code == 409
    assert "disable the account instead" in said(answer)


def test_the_last_administrator_stays(admin: PageClient, cast: Cast, looking: Session) -> None:
    admin.submit(address_of(cast.admin), {"role": "staff", "place": "office:PE"})
    held = looking.scalar(select(Membership.id).where(Membership.role == Role.ADMIN))
    answer = send(admin, address_of(cast.admin, "roles", str(held), "take"))
    assert answer.status_code == 409
    assert "Somebody must remain administrator" in said(answer)
    assert send(admin, address_of(cast.admin, "disable")).status_code == 409
    assert admin.get("/people").status_code == 200


def test_an_account_is_disabled_and_opened_again(admin: PageClient, cast: Cast) -> None:
    own = address_of(cast.staff)
    page = admin.submit(own, {}, action=f"{own}/disable")
    assert "The account is disabled" in said(page)
    assert f'action="{own}/disable"' not in page.text
    page = admin.submit(own, {}, action=f"{own}/enable")
    assert "The account is open again." in said(page)


def test_a_temporary_password_is_shown_once(
    admin: PageClient, cast: Cast, looking: Session
) -> None:
    own = address_of(cast.staff)
    page = admin.submit(own, {}, action=f"{own}/password")
    shown = re.search(r"<code[^>]*>([^<]+)</code>", page.text)
    assert shown
    assert page.headers["Cache-Control"] == "no-store"
    assert matches(looking.get_one(Person, cast.staff.id).password_hash, shown[1])
    assert shown[1] not in admin.get(own).text


def test_every_device_of_a_person_is_signed_out(
    admin: PageClient, client_of: SignedInClient, cast: Cast
) -> None:
    rosa = client_of(cast.staff)
    own = address_of(cast.staff)
    assert "Every device is signed out." in said(admin.submit(own, {}, action=f"{own}/sign-out"))
    assert rosa.get("/account").status_code == 303
    assert admin.get("/account").status_code == 200


def test_the_history_tells_what_was_done_by_whom(admin: PageClient, cast: Cast) -> None:
    own = address_of(cast.staff)
    admin.submit(own, {"role": "head", "place": "*"})
    admin.submit(own, {}, action=f"{own}/disable")
    text = said(admin.get(own))
    assert "Account disabled" in text
    assert "Role given" in text
    assert "The whole installation" in text
    assert "Ada Paredes" in text


def test_no_secret_stands_in_the_history(admin: PageClient, cast: Cast, looking: Session) -> None:
    own = address_of(cast.staff)
    pages = [
        admin.submit("/people/new", NEW),
        admin.submit(own, {}, action=f"{own}/password"),
    ]
    admin.submit(own, {"role": "head", "place": "*"})
    secrets = [re.findall(r"<code[^>]*>([^<]+)</code>", page.text)[0] for page in pages]
    secrets += [person.password_hash for person in looking.scalars(select(Person))]
    secrets += list(looking.scalars(select(SignIn.token_sha256)))
    for entry in looking.scalars(select(HistoryEntry)):
        written = f"{entry.subject} {entry.event} {entry.changes} {entry.reason}"
        assert not [secret for secret in secrets if secret in written]


# --- Nobody reaches beyond their offices ------------------------------------------------------


def test_an_office_administrator_is_offered_no_place_outside(pia: PageClient, cast: Cast) -> None:
    page = pia.get("/people/new")
    offered = re.findall(r'<option[^>]* value="([^"]*)"', page.text.split('name="place"')[1])
    places = [value for value in offered if ":" in value or value == "*"]
    assert places == ["office:PE", "programme:PE-INCLUSION", "programme:PE-MERCADOS"]


@pytest.mark.parametrize("place", ["*", "office:EC", "programme:EC-ANDES"])
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_place_outside_is_refused_when_it_is_sent_anyway(
    pia: PageClient, cast: Cast, looking: Session, place: str, role: str
) -> None:
    answer = send(pia, address_of(cast.staff, "roles"), role=role, place=place)
    assert answer.status_code in {403, 422}
    assert send(pia, "/people", **(NEW | {"role": role, "place": place})).status_code in {403, 422}
    assert roles_of(looking, cast.staff) == {(Role.STAFF, "PE")}
    assert len(looking.scalars(select(Person)).all()) == len(cast.everybody()) + 1


def test_an_office_administrator_cannot_rise_by_their_own_roles(
    pia: PageClient, cast: Cast, looking: Session
) -> None:
    own = looking.scalars(select(Person).where(Person.email == "pia@example.org")).one()
    for place in ("*", "office:EC"):
        assert send(pia, address_of(own, "roles"), role="admin", place=place).status_code == 422
    assert roles_of(looking, own) == {(Role.ADMIN, "PE")}


@pytest.mark.parametrize("part", ["stranger", "admin"])
def test_people_of_other_offices_are_not_there(
    pia: PageClient, cast: Cast, looking: Session, part: str
) -> None:
    person = cast.everybody()[part]
    held = looking.scalar(select(Membership.id).where(Membership.person_id == person.id))
    assert pia.get(address_of(person)).status_code == 404
    assert pia.get(address_of(person, "edit")).status_code == 404
    for act in ("disable", "enable", "sign-out", "password", "roles", f"roles/{held}/take"):
        answer = send(pia, address_of(person, act), role="staff", place="office:PE")
        assert answer.status_code == 404
        assert person.name not in answer.text
    assert send(pia, address_of(person), name="X", email="x@example.org").status_code == 404


def test_an_account_with_roles_elsewhere_is_seen_but_left_alone(
    pia: PageClient, cast: Cast, engine: Engine, looking: Session
) -> None:
    with unit_of_work(engine) as session:
        both = an_account(
            session,
            "Berta Luna",
            Membership(role=Role.STAFF, office_id=cast.peru.id),
            Membership(role=Role.ADMIN),
        )
    page = pia.get(address_of(both))
    assert page.status_code == 200
    assert not re.search(r'action="[^"]*/(password|disable|sign-out)"', page.text.split("<h1")[1])
    before = looking.get_one(Person, both.id).password_hash
    for act in ("password", "disable", "sign-out"):
        assert send(pia, address_of(both, act)).status_code == 403
    assert send(pia, address_of(both), name="X", email="x@example.org").status_code == 403
    looking.rollback()
    assert looking.get_one(Person, both.id).password_hash == before


def test_own_password_and_closing_are_not_offered_on_ones_own_page(
    admin: PageClient, cast: Cast
) -> None:
    own = address_of(cast.admin)
    text = admin.get(own).text
    assert not re.search(rf'action="{own}/(password|disable)"', text)
    assert send(admin, f"{own}/password").status_code == 409


@pytest.mark.parametrize("part", ["staff", "officer", "head", "reader", "stranger"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_who_is_no_administrator_is_told_so(
    client_of: SignedInClient, cast: Cast, part: str, lang: str
) -> None:
    answer = client_of(cast.everybody()[part]).get(f"/people?lang={lang}")
    assert answer.status_code == 403
    expected = "Your role does not allow this" if lang == "en" else "Su rol no permite"
    assert expected in said(answer)


def test_names_are_never_read_as_html(admin: PageClient, cast: Cast, engine: Engine) -> None:
    name = '<script>alert("x")</script> & "Co"'
    with unit_of_work(engine) as session:
        here(session, cast.staff).name = name
    for url in ("/people", address_of(cast.staff), address_of(cast.staff, "edit")):
        page = admin.get(url)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text
