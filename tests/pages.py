"""Browsers without a window: every page a test fetches is proof-read; forms are filled as seen."""

from collections.abc import Mapping
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
from app.services import sign_ins
from app.web.layout import holds_demonstration
from models import Person
from tests.web.pages import proof_read, text_of

UNFILLED = {"submit", "button", "image", "reset", "file"}


class PageClient(FlaskClient):
    """A test client that proof-reads what it is shown."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            proof_read(response.text, url=response.request.path)
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
            token = sign_ins.sign_in(session, person, device="test", at=now(), days=1)
        with self._app.app_context():
            holds_demonstration()  # which the page of signing in has asked
        client = self._app.test_client()
        assert isinstance(client, PageClient)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client


def document_of(response: TestResponse) -> Element:
    """The page as a tree, for looking closely."""
    document = html5lib.parse(response.text, namespaceHTMLElements=False)
    assert isinstance(document, Element)
    return document


def as_shown(response: TestResponse, action: str) -> dict[str, Any]:
    """What a browser would send of the page's form with that address if nobody touched it."""
    shown = _as_shown(_form(response.text, {}, action))
    return {name: values if len(values) > 1 else values[0] for name, values in shown.lists()}


def theirs_of(response: TestResponse, field: str) -> str:
    """The value by which a stale form asks for what was saved in a field."""
    choices = [
        each.get("value") or ""
        for each in document_of(response).iter("input")
        if each.get("name") == f"{field}-choice"
    ]
    assert choices[0] == ""
    return choices[1]


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
