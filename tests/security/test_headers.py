"""Headers of every answer: nothing from outside, nothing inline, nothing framed or sniffed."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.pages import PageClient, SignedInClient

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)


@pytest.mark.parametrize(
    "url", ["/sign-in", "/", "/nothing-here", "/healthz", "/static/chaski.css", "/people"]
)
def test_every_answer_is_hardened(
    client: PageClient, client_of: SignedInClient, cast: Cast, url: str
) -> None:
    for browser in (client, client_of(cast.staff)):
        answer = browser.get(url, buffered=True)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("url", ["/sign-in", "/", "/nothing-here", "/account"])
def test_pages_are_kept_by_no_shared_cache(
    client: PageClient, client_of: SignedInClient, cast: Cast, url: str
) -> None:
    for browser in (client, client_of(cast.staff)):
        answer = browser.get(url)
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= set(answer.vary)


def test_behind_tls_browsers_are_told_to_stay_there(app: Flask) -> None:
    answer = app.test_client().get("/healthz", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "url", ["/sign-in", "/account", "/account/password", "/people", "/people/new"]
)
def test_pages_hold_nothing_the_policy_forbids(
    client: PageClient, client_of: SignedInClient, cast: Cast, url: str
) -> None:
    for browser in (client, client_of(cast.admin)):
        text = browser.get(url).text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<style" not in text
        assert "<script>" not in text
