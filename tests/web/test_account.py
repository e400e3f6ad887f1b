"""The door and the account: signing in and out, passwords, devices, language."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from app.config import Settings
from app.database import unit_of_work
from app.factory import create_app
from app.services import passwords, people
from app.services.actor import OPERATOR
from models import HistoryEntry, Person, SignIn, SignInTry
from models.vocabulary import Language
from tests.accounts import here
from tests.cast import PASSWORD, Cast
from tests.pages import PageClient, SignedInClient

NEW_PASSWORD = "cordillera-blanca-y-negra"
COOKIE = "chaski"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


class Clock:
    """The time as the door sees it; a test moves it on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 5, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: int) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in ("app.web.account", "app.security.login"):
        monkeypatch.setattr(f"{module}.now", clock)
    return clock


@pytest.fixture
def new_client(app: Flask) -> Callable[[], PageClient]:
    def opened() -> PageClient:
        client = app.test_client()
        assert isinstance(client, PageClient)
        return client

    return opened


def enter(
    client: PageClient,
    email: str = "rosa@example.org",
    password: str = PASSWORD,
    *,
    address: str = "192.0.2.7",
    to: str = "/sign-in",
) -> TestResponse:
    page = client.get("/sign-in")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert token
    return client.post(
        to,
        data={"email": email, "password": password, "csrf_token": token[1]},
        environ_base={"REMOTE_ADDR": address},
        headers={"User-Agent": FIREFOX},
    )


def is_in(client: PageClient) -> bool:
    return client.get("/account").status_code == 200


def cookie_of(client: PageClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie
    return cookie.value


def copy_of(client: PageClient, copy: PageClient) -> PageClient:
    """Another browser with the same cookie: the thief's."""
    copy.set_cookie(COOKIE, cookie_of(client))
    return copy


def said(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


# --- Signing in ------------------------------------------------------------------------------


def test_the_right_password_opens_the_desk(client: PageClient, cast: Cast) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)


def test_the_case_of_the_e_mail_does_not_matter(client: PageClient, cast: Cast) -> None:
    assert enter(client, " ROSA@Example.ORG ").status_code == 303


@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_unknown_e_mail_and_a_wrong_password_answer_the_same(
    new_client: Callable[[], PageClient], cast: Cast, lang: str
) -> None:
    answers = []
    for email in ("rosa@example.org", "nobody@example.org"):
        client = new_client()
        client.get(f"/sign-in?lang={lang}")
        answer = enter(client, email, "a wrong guess")
        plain = re.sub(r'value="Ij[^"]+"|name="csrf_token"[^>]+', "", answer.text)
        answers.append((answer.status_code, plain.replace(email, "E-MAIL")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_the_password_is_never_shown_again_and_the_e_mail_stays(
    client: PageClient, cast: Cast
) -> None:
    answer = enter(client, "Rosa@example.org", "a wrong guess")
    assert "a wrong guess" not in answer.text
    assert 'value="Rosa@example.org"' in answer.text


def test_an_empty_form_is_not_a_try(client: PageClient, cast: Cast, engine: Engine) -> None:
    assert enter(client, "", "").status_code == 422
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count(SignInTry.id))) == 0


def test_the_sixth_try_within_fifteen_minutes_is_refused_even_when_right(
    new_client: Callable[[], PageClient], cast: Cast, clock: Clock
) -> None:
    for _miss in range(5):
        assert enter(new_client(), password="wrong").status_code == 422
        clock.move(minutes=1)
    refused = enter(new_client())
    assert refused.status_code == 429
    assert "Wait fifteen minutes" in said(refused) or "Espere quince minutos" in said(refused)
    assert enter(new_client(), "otto@example.org", address="198.51.100.4").status_code == 303
    clock.move(minutes=10)
    assert enter(new_client()).status_code == 303


def test_a_disabled_person_does_not_get_in(client: PageClient, cast: Cast, engine: Engine) -> None:
    with unit_of_work(engine) as session:
        here(session, cast.staff).disabled_at = datetime.now(UTC)
    answer = enter(client)
    assert answer.status_code == 422
    assert not is_in(client)


def test_who_is_in_is_not_asked_again(client_of: SignedInClient, cast: Cast) -> None:
    answer = client_of(cast.staff).get("/sign-in?next=/account")
    assert (answer.status_code, answer.location) == (303, "/account")


def test_signing_in_gives_the_cookie_a_new_secret(client: PageClient, cast: Cast) -> None:
    client.get("/sign-in")
    before = cookie_of(client)
    enter(client)
    with client.session_transaction() as cookie:
        assert "csrf_token" not in cookie
    assert cookie_of(client) != before


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: PageClient, cast: Cast) -> None:
    header = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_behind_tls_the_cookie_belongs_to_this_host_alone(
    settings: Settings, engine: Engine, cast: Cast
) -> None:
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    header = app.test_client().get("/sign-in?lang=en", base_url="https://localhost").headers
    cookies = header.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)
    assert any(cookie.startswith("__Host-chaski=") for cookie in cookies)


def test_a_dead_cookie_does_not_hinder_signing_in(
    client_of: SignedInClient, cast: Cast, engine: Engine
) -> None:
    client = client_of(cast.staff)
    with unit_of_work(engine) as session:
        people.sign_out(session, here(session, cast.staff), by=OPERATOR)
    assert not is_in(client)
    assert enter(client).status_code == 303
    assert is_in(client)


def test_a_dead_cookie_posted_without_looking_at_the_page_first_still_signs_in(
    client: PageClient, cast: Cast, engine: Engine
) -> None:
    enter(client)
    page = client.get("/account")
    field = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert field
    with unit_of_work(engine) as session:
        people.sign_out(session, here(session, cast.staff), by=OPERATOR)
    answer = client.post(
        "/sign-in",
        data={"email": cast.staff.email, "password": PASSWORD, "csrf_token": field[1]},
    )
    assert answer.status_code == 303
    assert is_in(client)


# --- Where to afterwards ---------------------------------------------------------------------


def test_the_door_leads_where_the_person_was_going(client: PageClient, cast: Cast) -> None:
    asked = client.get("/people?q=ñ&lang=en")
    assert asked.status_code == 303
    assert "next=" in asked.location
    assert "lang" not in asked.location
    answer = enter(client, "ada@example.org", to=asked.location)
    assert answer.location == "/people?q=%C3%B1"
    assert client.get(answer.location).status_code == 200


def test_the_door_leads_nowhere_else(client: PageClient, cast: Cast) -> None:
    answer = enter(client, to="/sign-in?next=//evil.example/people")
    assert answer.location == "/"


# --- Signing out, and what a copy of the cookie is worth -------------------------------------


def test_a_copied_cookie_is_worth_nothing_after_sign_out(
    client: PageClient, new_client: Callable[[], PageClient], cast: Cast
) -> None:
    enter(client)
    thief = copy_of(client, new_client())
    assert is_in(thief)
    assert client.submit("/account", {}, action="/sign-out").status_code == 200
    assert not is_in(thief)
    assert not is_in(client)


def test_a_copied_cookie_is_worth_nothing_after_a_password_change(
    client: PageClient, new_client: Callable[[], PageClient], cast: Cast
) -> None:
    enter(client)
    thief = copy_of(client, new_client())
    answer = client.submit(
        "/account/password",
        {
            "current_password": PASSWORD,
            "new_password": NEW_PASSWORD,
            "new_password_again": NEW_PASSWORD,
        },
    )
    assert answer.status_code == 200
    assert not is_in(thief)
    # The device it was changed on goes on under another secret.
    assert is_in(client)
    assert enter(new_client()).status_code == 422
    assert enter(new_client(), password=NEW_PASSWORD).status_code == 303


def test_a_copied_cookie_is_worth_nothing_after_disabling(
    client: PageClient, client_of: SignedInClient, cast: Cast
) -> None:
    enter(client)
    assert is_in(client)
    answer = client_of(cast.admin).submit(
        f"/people/{cast.staff.id}", {}, action=f"/people/{cast.staff.id}/disable"
    )
    assert answer.status_code == 200
    assert not is_in(client)


def test_a_cookie_that_was_tampered_with_is_nobodys(client: PageClient, cast: Cast) -> None:
    enter(client)
    client.set_cookie(COOKIE, cookie_of(client)[:-4] + "AAAA")
    assert not is_in(client)


def test_who_signs_out_is_told(client: PageClient, cast: Cast) -> None:
    enter(client)
    page = client.submit("/account?lang=en", {}, action="/sign-out")
    assert "You are signed out." in said(page)


def test_signing_out_twice_is_harmless(client: PageClient, cast: Cast) -> None:
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


# --- What lasts ------------------------------------------------------------------------------


def test_a_sign_in_survives_a_restart(
    client: PageClient, settings: Settings, engine: Engine, cast: Cast
) -> None:
    enter(client)
    restarted = create_app(settings)
    restarted.extensions["engine"].dispose()
    restarted.extensions["engine"] = engine
    restarted.test_client_class = PageClient
    again = restarted.test_client()
    assert isinstance(again, PageClient)
    assert is_in(copy_of(client, again))


def test_the_secret_made_on_the_first_start_is_kept(settings: Settings) -> None:
    first, second = (Settings(instance=settings.instance) for _start in range(2))
    assert first.secret == second.secret


def test_a_sign_in_ends_after_fourteen_days_of_use(
    client: PageClient, cast: Cast, clock: Clock
) -> None:
    enter(client)
    for _day in range(13):
        clock.move(days=1)
        assert is_in(client)
    clock.move(days=1)
    assert not is_in(client)


def test_a_device_left_alone_for_a_week_signs_in_again(
    client: PageClient, cast: Cast, clock: Clock
) -> None:
    enter(client)
    clock.move(days=7)
    assert not is_in(client)


def test_a_clock_set_back_signs_nobody_out(
    client: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client)
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 1_000_000_000)
    assert is_in(client)


def test_reading_notes_the_devices_use_to_the_hour(
    client: PageClient, cast: Cast, clock: Clock, engine: Engine
) -> None:
    def seen() -> datetime | None:
        with unit_of_work(engine, writes=False) as session:
            return session.scalar(select(SignIn.seen_at))

    enter(client)
    began = clock.at
    clock.move(minutes=59)
    assert is_in(client)
    assert seen() == began
    clock.move(minutes=1)
    assert is_in(client)
    assert seen() == clock.at
    clock.move(hours=2)
    client.submit("/account", {"language": "es"})
    assert seen() == clock.at


# --- The account -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "part", ["staff", "officer", "other_officer", "head", "admin", "reader", "stranger"]
)
def test_everybody_reads_their_account(
    client_of: SignedInClient, cast: Cast, part: str, lang: str
) -> None:
    person = cast.everybody()[part]
    client = client_of(person)
    page = client.get(f"/account?lang={lang}")
    assert page.status_code == 200
    assert person.email in page.text
    assert client.get(f"/account/password?lang={lang}").status_code == 200


def test_devices_are_listed_and_signed_out_one_by_one(
    new_client: Callable[[], PageClient], cast: Cast
) -> None:
    here_, phone, library = (new_client() for _device in range(3))
    for client in (here_, phone, library):
        enter(client)
    page = here_.get("/account?lang=en")
    assert page.text.count("Firefox on Linux") >= 3
    assert page.text.count("This device") == 1
    ids = re.findall(r'action="(/account/devices/\d+/sign-out)"', page.text)
    assert len(ids) == 3
    of_phone = sorted(ids, key=lambda url: int(re.findall(r"\d+", url)[0]))[1]
    assert here_.submit("/account", {}, action=of_phone).status_code == 200
    assert (is_in(here_), is_in(phone), is_in(library)) == (True, False, True)
    here_.submit("/account", {}, action="/account/devices/sign-out")
    assert (is_in(here_), is_in(library)) == (True, False)


def test_signing_out_this_very_device_leads_to_the_door(client: PageClient, cast: Cast) -> None:
    enter(client)
    (own,) = re.findall(r'action="(/account/devices/\d+/sign-out)"', client.get("/account").text)
    page = client.submit("/account", {}, action=own)
    assert page.request.path == "/sign-in"
    assert not is_in(client)


def test_nobody_signs_out_somebody_elses_device(
    new_client: Callable[[], PageClient], client_of: SignedInClient, cast: Cast, engine: Engine
) -> None:
    rosa = new_client()
    enter(rosa)
    with unit_of_work(engine, writes=False) as session:
        device = session.scalar(select(SignIn.id))
    olga = client_of(cast.other_officer)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', olga.get("/account").text)
    assert token
    answer = olga.post(f"/account/devices/{device}/sign-out", data={"csrf_token": token[1]})
    assert answer.status_code == 404
    assert is_in(rosa)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current_password": "somebody elses"}, "That is not your current password."),
        ({"new_password": "short", "new_password_again": "short"}, "Use 12 characters or more."),
        ({"new_password_again": "another-mountain-7"}, "The two new passwords differ."),
        (
            {"new_password": PASSWORD, "new_password_again": PASSWORD},
            "Choose a password other than the current one.",
        ),
    ],
)
def test_a_password_change_is_refused_beside_its_field(
    client_of: SignedInClient, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    client = client_of(cast.staff)
    right = {
        "current_password": PASSWORD,
        "new_password": NEW_PASSWORD,
        "new_password_again": NEW_PASSWORD,
    }
    answer = client.submit("/account/password", right | fields)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not any(secret in answer.text for secret in (right | fields).values())
    assert is_in(client)


def test_guessing_the_current_password_is_slowed_down_too(
    client_of: SignedInClient, cast: Cast
) -> None:
    client = client_of(cast.staff)
    wrong = {
        "current_password": "wrong",
        "new_password": NEW_PASSWORD,
        "new_password_again": NEW_PASSWORD,
    }
    answers = [client.submit("/account/password", wrong).status_code for _guess in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_temporary_password_opens_only_the_way_to_an_own_one(
    client: PageClient, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        rosa = here(session, cast.staff)
        given = passwords.give_temporary(session, rosa, by=OPERATOR, at=datetime.now(UTC))
    enter(client, password=given)
    for url in ("/", "/account", "/people", "/plans"):
        answer = client.get(url)
        assert (answer.status_code, answer.location) == (303, "/account/password")
    assert client.post("/account").status_code == 303
    page = client.get("/account/password?lang=en")
    assert "temporary password" in said(page)
    client.submit(
        "/account/password",
        {
            "current_password": given,
            "new_password": NEW_PASSWORD,
            "new_password_again": NEW_PASSWORD,
        },
    )
    assert is_in(client)


def test_who_has_a_temporary_password_can_sign_out(
    client: PageClient, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        rosa = here(session, cast.staff)
        given = passwords.give_temporary(session, rosa, by=OPERATOR, at=datetime.now(UTC))
    enter(client, password=given)
    token = re.search(
        r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/account/password").text
    )
    assert token
    client.post("/sign-out", data={"csrf_token": token[1]})
    assert client.get("/account/password").status_code == 303


# --- Language --------------------------------------------------------------------------------


def language_of(client: PageClient, url: str = "/sign-in", **headers: str) -> str:
    found = re.search(r'<html lang="(\w+)"', client.get(url, headers=headers).text)
    assert found
    return found[1]


def test_the_language_is_asked_for_then_remembered_then_the_browsers_then_spanish(
    client: PageClient, cast: Cast
) -> None:
    browser = {"Accept-Language": "en-GB,en;q=0.8,es;q=0.5"}
    assert language_of(client) == "es"
    assert language_of(client, **{"Accept-Language": "qu-PE,fr;q=0.5"}) == "es"
    assert language_of(client, **{"Accept-Language": "es-PE"}) == "es"
    assert language_of(client, **browser) == "en"
    assert language_of(client, "/sign-in?lang=es", **browser) == "es"
    assert language_of(client, **browser) == "es"
    assert language_of(client, "/sign-in?lang=xx", **browser) == "es"


def test_ones_own_language_outranks_the_browsers_but_not_the_devices(
    client_of: SignedInClient, cast: Cast, engine: Engine
) -> None:
    with unit_of_work(engine) as session:
        here(session, cast.staff).language = Language.ES
    client, browser = client_of(cast.staff), {"Accept-Language": "en"}
    assert language_of(client, "/account", **browser) == "es"
    client.set_cookie("lang", "en")
    assert language_of(client, "/account", **browser) == "en"


def test_a_language_chosen_is_kept_for_the_person_and_the_device(
    client_of: SignedInClient, cast: Cast, engine: Engine
) -> None:
    client = client_of(cast.staff)
    page = client.submit("/account", {"language": "es"})
    assert '<html lang="es"' in page.text
    assert language_of(client, "/account") == "es"
    with unit_of_work(engine, writes=False) as session:
        assert session.get_one(Person, cast.staff.id).language is Language.ES
        assert session.scalars(select(HistoryEntry.event)).all() == ["person.language_chosen"]


def test_a_language_that_is_not_spoken_is_refused(client_of: SignedInClient, cast: Cast) -> None:
    assert client_of(cast.staff).submit("/account", {"language": "fr"}).status_code == 422


@pytest.mark.parametrize("path", ["//evil.example/x", "/%2f/evil.example", "/no such/pa?ge"])
def test_the_link_to_the_other_language_stays_in_the_house(client: PageClient, path: str) -> None:
    page = client.get("/sign-in" if "?" in path else path, base_url="http://localhost")
    for url in re.findall(r'class="lang" href="([^"]+)"', page.text):
        assert re.match(r"/(?![/\\])", url)


# --- Forms that come too late, or from elsewhere ---------------------------------------------


@pytest.mark.parametrize("token", [None, "", "an old one", "IjEyMyI.ZzZzZz.signature"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_form_without_its_token_is_refused_with_a_sentence(
    client_of: SignedInClient, cast: Cast, token: str | None, lang: str
) -> None:
    client = client_of(cast.staff)
    client.get(f"/account?lang={lang}")
    sent = {"language": "es"} | ({} if token is None else {"csrf_token": token})
    answer = client.post("/account", data=sent)
    assert answer.status_code == 400
    expected = "no longer valid" if lang == "en" else "ya no es válido"
    assert expected in said(answer)


def test_a_token_of_the_time_before_signing_in_is_refused(client: PageClient, cast: Cast) -> None:
    old = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/sign-in").text)
    assert old
    enter(client)
    answer = client.post("/account", data={"language": "es", "csrf_token": old[1]})
    assert answer.status_code == 400


def test_what_was_typed_is_shown_again_when_the_sign_in_had_ended(
    client: PageClient, cast: Cast
) -> None:
    sent = {"title": "Ferias <digitales>", "password": "a secret", "csrf_token": "old"}
    for path in ("/account", "/people"):
        answer = client.post(path, data=sent)
        assert answer.status_code == 401
        assert "Ferias &lt;digitales&gt;" in answer.text
        assert "a secret" not in answer.text


def test_signs_no_keyboard_types_are_refused_before_a_database_sees_them(
    client: PageClient, client_of: SignedInClient, cast: Cast
) -> None:
    assert client.get("/sign-in?next=%00").status_code == 400
    assert client_of(cast.admin).get("/people?q=a%00b").status_code == 400
    assert enter(client, "rosa\0@example.org").status_code == 303, "left out of what was typed"


def test_a_number_no_row_can_have_is_no_address(client_of: SignedInClient, cast: Cast) -> None:
    admin = client_of(cast.admin)
    assert admin.get("/people/2147483647").status_code == 404
    assert admin.get("/people/99999999999999999999").status_code == 404
