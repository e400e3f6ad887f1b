"""After signing in: to a page of this house and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.security.ways_back import opens_by_get, own_page

HOSTILE = [
    "",
    "people",
    "//evil.example",
    "///evil.example",
    "////evil.example/people",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\u00a0/evil.example",
    "/\x00/evil.example",
    "http://evil.example",
    "https:evil.example",
    "HTTPS://localhost.evil.example/people",
    "javascript:alert(1)",
    "data:text/html,x",
    "/people\r\nSet-Cookie: a=b",
    "/sign-in",
    "/sign-in?next=/people",
    "/sign-out",
    "/static/chaski.css",
    "/nothing-here",
    "/people/../../etc",
    "@evil.example",
    "/@evil.example",
    "?next=//evil.example",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_no_other_address_is_followed(app: Flask, address: str) -> None:
    with app.test_request_context():
        assert own_page(address) is None


@pytest.mark.parametrize(
    "address",
    ["/", "/people", "/people?q=%C3%B1&page=2", "/people/7", "/account", "/plans/PE-2026-P01#x"],
)
def test_our_own_pages_are_followed(app: Flask, address: str) -> None:
    with app.test_request_context():
        assert own_page(address) == address


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(alphabet="/\\:@?#.\t\r\n %20evilpeoplehttps", max_size=30)
    | st.text(max_size=30)
    | st.sampled_from(HOSTILE).map(lambda address: f"/people{address}")
)
def test_whatever_is_asked_for_stays_on_this_host(app: Flask, address: str) -> None:
    with app.test_request_context():
        followed = own_page(address)
    if followed is not None:
        # As a browser reads it: it strips tabs and line ends, and takes "\\" for "/".
        read = followed.translate({9: None, 10: None, 13: None}).replace("\\", "/").strip()
        assert urlsplit(urljoin("https://chaski.example/sign-in", read)).netloc == "chaski.example"


def test_whether_a_page_can_be_opened(app: Flask) -> None:
    with app.test_request_context():
        assert opens_by_get("/people")
        assert not opens_by_get("/people/7/disable")
        assert not opens_by_get("/nothing-here")
