"""Every form of the site, sent as no page of ours would send it: it answers and keeps the text."""

from collections.abc import Iterator, Mapping
from html import escape
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict

from app.config import Settings
from app.database import UnitOfWork
from tests.cast import Cast
from tests.exchange.forms import partner_text, plan_text
from tests.house import access_matrix
from tests.house.test_access_matrix import a_world
from tests.pages import PageClient, SignedInClient, document_of

LONG = 200_000
# How a page marks what its text fields take.
NUMBERS = {"decimal", "numeric"}
# Asked anew after a text was handed in: its own page of forms.
BEHIND_A_FORM = {"plan_imports.save"}
PASTED = plan_text(
    title="Mercados",
    statement="Our challenge is that markets have no internet.",
    partners=partner_text("Agros", "Banking", "Advice"),
)

SUBMIT_UNTOUCHED = "/reviews/submit?experiment={without_gate}"
PARTS = ("staff", "officer", "head", "admin")
Page = tuple[PageClient, str, Element]


@pytest.fixture
def pages(
    engine: Engine,
    cast: Cast,
    client_of: SignedInClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Page]:
    """Every form that is sent somewhere, each once: who sends it, and to which address."""
    world = a_world(engine, cast, settings.reports_folder)
    clients = {part: client_of(cast.everybody()[part]) for part in PARTS}
    # Nothing that is sent lasts, so that every form finds the same world.
    ended = UnitOfWork.close
    monkeypatch.setattr(UnitOfWork, "close", lambda unit, *, commit: ended(unit, commit=False))
    found: dict[str, Page] = {}
    for part, client in clients.items():
        for address, page in _opened(client, part, world):
            for form in page.iter("form"):
                action = form.get("action") or address
                if form.get("method") == "post" and _places(form):
                    found.setdefault(action, (client, action, form))
    return list(found.values())


def _opened(
    client: PageClient, part: str, world: Mapping[str, object]
) -> Iterator[tuple[str, Element]]:
    for row in access_matrix.rows():
        if row.method == "GET" and row.answers[part] == "o":
            answer = client.get(row.address.format(**world), follow_redirects=True, buffered=True)
            if answer.mimetype == "text/html":
                yield answer.request.path, document_of(answer)
    if part == "staff":
        for untouched in ("/experiments/{without_gate}/gate", SUBMIT_UNTOUCHED):
            answer = client.get(untouched.format(**world))
            yield answer.request.path, document_of(answer)
        answer = client.submit("/plans/import", {"text": PASTED})
        yield answer.request.path, document_of(answer)


def _places(form: Element) -> list[tuple[str, str, str]]:
    """(name, kind, value as shown) of everything a person fills in; kinds as FORGED names them."""
    places = []
    for each in form.iter():
        name, type_ = each.get("name") or "", (each.get("type") or "text").lower()
        if each.tag == "select" or type_ in {"radio", "checkbox"}:
            places.append((name, "choice", ""))
        elif each.tag == "textarea":
            places.append((name, "text", ""))
        elif each.tag == "input" and type_ not in {"hidden", "file", "submit"}:
            is_number = each.get("inputmode") in NUMBERS
            kind = "number" if is_number else type_ if type_ in {"date", "password"} else "text"
            places.append((name, kind, each.get("value") or ""))
    return [place for place in places if place[0]]


FORGED = {
    "choices": {"choice": "nonsense"},
    "numbers": {"number": "abc"},
    "huge numbers": {"number": "9" * LONG, "choice": "9" * LONG},
    "dates": {"date": "31/02/2026"},
    "zero bytes": {"text": "Le\0ft", "password": "Le\0ft", "number": "ab\0c"},
    "long texts": {"text": "Left " * (LONG // 5), "password": "x" * LONG},
    "everything": {
        "choice": "nonsense",
        "number": "abc",
        "date": "31/02/2026",
        "text": "Le\0ft " * 5000,
    },
}


@pytest.mark.parametrize("forged", FORGED)
def test_no_form_breaks_and_what_was_typed_stands_in_the_answer(
    pages: list[Page], forged: str
) -> None:
    faults = []
    for client, action, form in pages:
        for button in ({}, *_buttons(form)):
            sent = _sent(form, FORGED[forged]) | button
            answer = client.post(action, data=MultiDict(sent))
            is_saved = answer.status_code == 303 and forged == "zero bytes"
            typed = {} if is_saved else _typed(form, FORGED[forged])
            if answer.status_code >= 500 or answer.status_code == 400:
                faults.append(f"{action} {button}: {answer.status_code}")
            elif typed and answer.status_code not in {200, 409, 422, 429}:
                faults.append(f"{action} {button}: {answer.status_code}, what was wrong is lost")
            faults += [
                f"{action} {button}: {name} is lost"
                for name, text in typed.items()
                if escape(text).replace("&#x27;", "&#39;") not in answer.text
            ]
    assert not faults, "\n".join(faults)


def test_every_form_of_the_site_is_found(app: Flask, pages: list[Page]) -> None:
    adapter = app.url_map.bind("localhost")
    found = {adapter.match(action.partition("?")[0], method="POST")[0] for _c, action, _f in pages}
    assert found >= {
        *("account.change_password", "account.update", "people.create", "people.update"),
        *("people.give_role", "plans.create", "plans.update", "plan_imports.review"),
        *("experiments.create", "experiments.update", "steps.update", "hypotheses.create"),
        *("hypotheses.update", "metrics.create", "metrics.update", "measurements.create"),
        *(
            "measurements.update",
            "gates.ask",
            "gates.decide",
            "decisions.create",
            "review_submissions.create",
            "reviews.accept",
            "reviews.update",
            "reports.create",
        ),
        *("plan_reflections.attach", "plan_reflections.create", "plan_reflections.update"),
        *BEHIND_A_FORM,
    }


# What a form with one of these verbs sends adds to a record or takes one step of it, once, and
# overwrites nothing that somebody else may have written meanwhile.
ADDS = {
    *("create", "ask", "decide", "accept", "attach", "give_role", "give_exception", "correct"),
    *("restore", "remove", "review", "save", "change_password"),
}
# A reading is superseded once; a level is only ever lowered; one's own account has one writer.
ONE_AT_A_TIME = {"measurements.update", "levels.update", "account.update", "account.choose_letters"}


def test_every_form_that_edits_a_record_says_which_version_it_shows(
    app: Flask, pages: list[Page]
) -> None:
    adapter, versioned, bare = app.url_map.bind("localhost"), set(), set()
    for _client, action, form in pages:
        endpoint = adapter.match(action.partition("?")[0], method="POST")[0]
        names = {each.get("name") for each in form.iter("input")}
        (versioned if "version" in names else bare).add(endpoint)
    edits = {each for each in bare if each.partition(".")[2] not in ADDS} - ONE_AT_A_TIME
    assert edits == set()
    assert versioned >= {
        *("experiments.update", "hypotheses.update", "metrics.update", "steps.update"),
        *("plans.update", "people.update", "quarters.introduce"),
        *("plan_reflections.update",),
    }


def _sent(form: Element, forged: Mapping[str, str]) -> dict[str, str]:
    shown = {
        each.get("name") or "": each.get("value") or ""
        for each in form.iter("input")
        if each.get("type") == "hidden"
    }
    return shown | {name: forged.get(kind, value) for name, kind, value in _places(form)}


def _typed(form: Element, forged: Mapping[str, str]) -> dict[str, str]:
    """What must stand in the answer; a forged choice is in no list, a password is never shown."""
    return {
        name: forged[kind].replace("\0", "").strip()
        for name, kind, _value in _places(form)
        if kind in forged and kind not in {"choice", "password"}
    }


def _buttons(form: Element) -> list[dict[str, str]]:
    return [
        {each.get("name") or "": each.get("value") or ""}
        for each in form.iter("button")
        if each.get("name")
    ][:2]
