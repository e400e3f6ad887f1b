"""Browsers without a window: every page a test fetches is proof-read; forms are filled as seen."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.clock import now
from app.database import unit_of_work
from app.services import people
from models import Person

UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
UNFILLED = {"submit", "button", "image", "reset", "file"}


class PageClient(FlaskClient):
    """A test client that proof-reads what it is shown."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            faults = faults_of(response.text)
            assert not faults, f"{response.request.path}: " + "; ".join(faults)
        return response

    def submit(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        action: str | None = None,
        follow_redirects: bool = True,
    ) -> TestResponse:
        """Open a page, fill in its form and send it.

        The form is the one with that ``action``, else the first that has all the fields. What is
        not named in ``fields`` is sent as the page shows it; a field that is None is left out.
        """
        page = self.get(path)
        assert page.status_code == 200, f"{path} answers {page.status_code}"
        form = _form(page.text, fields, action)
        sent = _as_shown(form)
        for name, value in fields.items():
            sent.poplist(name)
            if value is not None:
                sent.setlist(
                    name, list(value) if isinstance(value, list | tuple | set) else [value]
                )
        return self.post(
            form.get("action") or page.request.path,
            data=sent,
            content_type=form.get("enctype"),
            follow_redirects=follow_redirects,
        )


class SignedInClient:
    """``client_of(person)``: a browser on which that person has signed in."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self._app = app
        self._engine = engine

    def __call__(self, person: Person) -> PageClient:
        # As app/web/account.py does after a password that matched; the page itself has tests.
        with unit_of_work(self._engine) as session:
            token = people.sign_in(session, person, device="test", at=now(), days=1)
        client = self._app.test_client()
        assert isinstance(client, PageClient)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client


def faults_of(html: str) -> list[str]:
    """What a proof-reader would mark on a page; empty when nothing."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(html)
    return [
        *(f"not valid HTML: {position} {error}" for position, error, _ in parser.errors),
        *_heading_faults(document),
        *_id_faults(document),
        *_form_faults(document),
        *_label_faults(document),
        *_none_faults(document),
    ]


def text_of(element: Element) -> str:
    """The text a reader sees, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def document_of(response: TestResponse) -> Element:
    """The page as a tree, for looking closely."""
    document = html5lib.parse(response.text, namespaceHTMLElements=False)
    assert isinstance(document, Element)
    return document


def _heading_faults(document: Element) -> Iterator[str]:
    headings = [text_of(each) for each in document.iter("h1")]
    # The first title is the page's own; charts may hold others.
    title = next((text_of(each) for each in document.iter("title")), "")
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    elif not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"


def _id_faults(document: Element) -> Iterator[str]:
    counted = Counter(each.get("id") for each in document.iter() if each.get("id"))
    yield from (f"id {name!r} occurs {n} times" for name, n in counted.items() if n > 1)


def _form_faults(document: Element) -> Iterator[str]:
    for form in document.iter("form"):
        method = (form.get("method") or "").lower()
        if method not in {"get", "post"}:
            yield f"a form without a method: {form.get('action')}"
        if method == "post" and not any(
            each.get("name") == "csrf_token" and each.get("value") for each in form.iter("input")
        ):
            yield f"a form without its token: {form.get('action')}"


def _label_faults(document: Element) -> Iterator[str]:
    labelled = {each.get("for") for each in document.iter("label")}
    inside = {id(field) for label in document.iter("label") for field in label.iter()}
    for field in _fields(document):
        named = field.get("aria-label") or field.get("aria-labelledby")
        if not (named or field.get("id") in labelled or id(field) in inside):
            yield f"a field without a label: {field.get('name')}"


def _fields(document: Element) -> Iterator[Element]:
    for each in document.iter():
        kind = (each.get("type") or "text").lower()
        if each.tag in {"select", "textarea"} or (each.tag == "input" and kind not in UNLABELLED):
            yield each


def _none_faults(document: Element) -> Iterator[str]:
    for each in document.iter():
        texts = [each.text or "", each.tail or "", *map(str, each.attrib.values())]
        if any(text.strip() == "None" for text in texts):
            yield f"None is printed in or beside <{each.tag}>"
        if re.search(r"[/=]None\b", each.get("href") or each.get("action") or ""):
            yield f"an address with None: {each.get('href') or each.get('action')}"


def _form(html: str, fields: Mapping[str, Any], action: str | None) -> Element:
    forms = [
        each
        for each in html5lib.parse(html, namespaceHTMLElements=False).iter("form")
        if (each.get("method") or "").lower() == "post"
    ]
    for form in forms:
        names = {each.get("name") for each in form.iter()}
        if action == form.get("action") if action else names >= fields.keys():
            return form
    wanted = action or sorted(fields)
    raise AssertionError(f"no form for {wanted} among {[each.get('action') for each in forms]}")


def _as_shown(form: Element) -> MultiDict[str, Any]:
    """What a browser would send if nobody touched the form or pressed a named button."""
    shown: MultiDict[str, Any] = MultiDict()
    for field in form.iter():
        for value in _values(field):
            shown.add(field.get("name") or "", value)
    return shown


def _values(field: Element) -> list[str]:
    if not field.get("name") or field.get("disabled") is not None:
        return []
    kind = (field.get("type") or "text").lower()
    match field.tag:
        case "textarea":
            return ["".join(field.itertext())]
        case "select":
            return _chosen(field)
        case "input" if kind in {"checkbox", "radio"}:
            return [field.get("value") or "on"] if field.get("checked") is not None else []
        case "input" if kind not in UNFILLED:
            return [field.get("value") or ""]
        case _:
            return []


def _chosen(select: Element) -> list[str]:
    options = list(select.iter("option"))
    chosen = [each for each in options if each.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    return [value if (value := each.get("value")) is not None else text_of(each) for each in chosen]
