"""The running site in a real browser, before anybody signs in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("locale", "language"), [("es-PE", "es"), ("en-US", "en")])
def test_the_first_page_asks_to_sign_in_in_the_browsers_language(
    new_page: Callable[..., Page], width: int, locale: str, language: str
) -> None:
    page = new_page(width=width, locale=locale)
    page.goto("/")
    assert page.url.split("?")[0].endswith("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("input[type=password]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
