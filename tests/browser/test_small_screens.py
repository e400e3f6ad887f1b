"""Every kind of page on a phone: nothing runs out of it, over its neighbour, or is hard to tap."""

import pytest
from playwright.sync_api import Page

from app.services.demonstration import PASSWORD

pytestmark = pytest.mark.browser

WIDTH = 360
PAGES = {
    "staff": [
        "/",
        "/plans",
        "/plans/PE-2023-P01",
        "/experiments",
        "/experiments/PE-2026-001",
        "/experiments/PE-2022-004",
        "/experiments/PE-2026-001/edit",
        "/programmes",
        "/programmes/PE-AMB",
    ],
    "officer": ["/reviews", "/reviews/2026-Q3/PE-AMB/PE-2026-001"],
    "head": ["/experiments/PE-2026-001/decisions/new", "/reports"],
    "admin": ["/people", "/people/1"],
}
# WCAG 2.2, 2.5.8: a target is at least 24 pixels tall; links inside a sentence are free.
SMALL = """[...document.querySelectorAll("main a, main button:not(.vh), main summary")]
    .filter(it => it.checkVisibility() && !it.closest(".crumbs, .lead, .hint"))
    .filter(it => it.getBoundingClientRect().height < 24).map(it => it.outerHTML)"""
UNBROKEN = """[...document.querySelectorAll("main .cards td[data-label]")]
    .filter(it => getComputedStyle(it, "::before").whiteSpace === "nowrap")
    .map(it => it.dataset.label)"""


@pytest.mark.parametrize("part", PAGES)
def test_a_page_fits_a_phone_and_its_fingers(new_page, part):
    page = signed_in(new_page, part)
    for address in PAGES[part]:
        assert page.goto(address).status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, address
        assert page.evaluate(SMALL) == [], address
        assert page.evaluate(UNBROKEN) == [], address


def signed_in(new_page, part: str) -> Page:
    page = new_page(width=WIDTH)
    page.goto("/sign-in")
    page.fill("[name=email]", f"{part}@chaski.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    return page
