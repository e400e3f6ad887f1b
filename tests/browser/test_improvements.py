"""What chaski.js adds to a form: shown in a real browser, with the page served from memory."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from wtforms import FieldList, Form, FormField, RadioField, StringField, TextAreaField, fields

from app.security.headers import POLICY
from tests.web.rendering import render

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FORM = """{% extends "layouts/base.html" %}{% set heading = "Plan" %}
{% from "components/forms.html" import form_for, field, rows, button %}
{% block content %}{% call form_for(form, action="/save") %}
  {{ field(form.title) }}{{ field(form.tweet, counter=280) }}
  {{ rows(form.partners, row_label="Partner", add_label="Add a partner", ordered=true) }}
  {{ button("Save plan", kind="primary") }}
{% endcall %}{% endblock %}"""
EMPTY = '{% extends "layouts/base.html" %}{% set heading = "Issued" %}'
PROGRESS = """{% extends "layouts/base.html" %}{% set heading = "Report" %}
{% from "components/progress.html" import progress, refresh %}
{% block head %}{{ refresh(1) }}{% endblock %}
{% block content %}
  {{ progress("Report", done=done, of=4, text="Charts", seconds=0.1) }}
{% endblock %}"""

pytestmark = pytest.mark.browser


choice = fields.SelectChoice  # type: ignore[attr-defined]
YES_OR_NO = [choice("yes", "Yes"), choice("no", "No")]


class PartnerForm(Form):
    name = StringField("Name")
    is_new = RadioField("New", choices=YES_OR_NO)


class PlanForm(Form):
    title = StringField("Title")
    tweet = TextAreaField("Summary")
    partners = FieldList(FormField(PartnerForm), "Partners", min_entries=1, max_entries=3)


class Site:
    """A site of one page, its static files, and what was sent to it and complained of."""

    def __init__(self, *pages: str) -> None:
        self.pages = list(pages)
        self.sent: list[dict[str, list[str]]] = []
        self.complaints: list[str] = []

    def answer(self, route: Route) -> None:
        path = route.request.url.partition("chaski.test")[2]
        name = path.rpartition("/")[2]
        if path.startswith("/static"):
            route.fulfill(body=(STATIC / name).read_bytes(), content_type=KINDS[Path(name).suffix])
            return
        if route.request.method == "POST":
            self.sent.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        page = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        route.fulfill(
            body=page,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )


def page_of(source: str, **context: Any) -> str:
    return render(source, language="en", demonstration=False, **context)


def form_page(**given: object) -> str:
    partners = [{"name": "Agros", "is_new": "yes"}]
    return page_of(FORM, form=PlanForm(data={"title": "Plan", "partners": partners, **given}))


def opened(browser: Browser, site: Site, *, javascript: bool = True, width: int = 1280) -> Page:
    context = browser.new_context(
        java_script_enabled=javascript, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.on("console", lambda message: site.complaints.append(message.text))
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.route("**/*", site.answer)
    page.goto("http://chaski.test/plan")
    return page


def names(page: Page) -> list[str]:
    fields = page.locator("[data-row] input:not([type=radio])")
    return [field.get_attribute("name") or "" for field in fields.all()]


def test_the_counter_counts_characters_as_the_server_does(browser: Browser) -> None:
    site = Site(form_page())
    page = opened(browser, site)
    left = page.locator("#tweet-count")
    assert left.inner_text() == "280 characters left"
    page.fill("#tweet", "ñ" * 270 + "😀" * 9)
    assert left.inner_text() == "1 character left"
    page.fill("#tweet", "ñ" * 270 + "😀" * 12)
    assert left.inner_text() == "2 characters too many"
    assert page.input_value("#tweet").endswith("😀")
    assert site.complaints == []


def test_the_counter_is_announced_after_a_pause_only(browser: Browser) -> None:
    page = opened(browser, Site(form_page()))
    said = page.locator("#tweet-count + [role=status]")
    page.fill("#tweet", "x" * 281)
    assert said.inner_text() == ""
    expect(said).to_have_text("1 character too many")


def test_a_row_is_added_empty_and_numbered_without_asking_the_server(browser: Browser) -> None:
    site = Site(form_page())
    page = opened(browser, site)
    page.click("text=Add a partner")
    assert names(page) == ["partners-0-name", "partners-1-name"]
    page.keyboard.type("Pecha Kucha")
    assert page.input_value("[name=partners-1-name]") == "Pecha Kucha"
    assert page.locator("[name=partners-1-is_new]:checked").count() == 0
    assert page.locator("[name=partners-0-is_new]:checked").count() == 1
    assert page.locator("legend", has_text="Partner 2").count() == 1
    assert site.sent == []
    page.click("text=Save plan")
    assert site.sent[0]["partners-1-name"] == ["Pecha Kucha"]


def test_no_row_is_added_beyond_the_limit(browser: Browser) -> None:
    page = opened(browser, Site(form_page()))
    page.click("text=Add a partner")
    page.click("text=Add a partner")
    assert page.locator("text=Add a partner").is_hidden()
    page.locator("[data-remove]").nth(1).click()
    assert page.locator("text=Add a partner").is_visible()


def test_removing_a_row_moves_the_others_up(browser: Browser) -> None:
    partners = [{"name": "Agros"}, {"name": "IPT"}, {"name": "PCM", "is_new": "no"}]
    page = opened(browser, Site(form_page(partners=partners)))
    page.locator("[data-remove]").nth(1).click()
    assert names(page) == ["partners-0-name", "partners-1-name"]
    assert page.input_value("[name=partners-1-name]") == "PCM"
    assert page.locator("[name=partners-1-is_new]:checked").get_attribute("value") == "no"
    assert page.locator("[data-remove]").nth(1).get_attribute("value") == "partners-1"


def test_without_javascript_the_server_is_asked_for_a_row(browser: Browser) -> None:
    site = Site(form_page())
    page = opened(browser, site, javascript=False)
    page.fill("#title", "Kept")
    page.click("text=Add a partner")
    assert site.sent[0]["add_row"] == ["partners"]
    assert site.sent[0]["title"] == ["Kept"]


def test_enter_saves_the_form(browser: Browser) -> None:
    site = Site(form_page())
    opened(browser, site).press("#title", "Enter")
    assert "add_row" not in site.sent[0]
    assert "remove_row" not in site.sent[0]


@pytest.mark.parametrize(("typed", "asked"), [("", []), ("Other", ["beforeunload"])])
def test_leaving_asks_only_when_something_was_typed(
    browser: Browser, typed: str, asked: list[str]
) -> None:
    page = opened(browser, Site(form_page()))
    dialogs: list[str] = []

    def accept(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.click("#title")
    page.keyboard.type(typed)
    page.click("a.brand")
    assert dialogs == asked


def test_sending_the_form_asks_nothing(browser: Browser) -> None:
    site = Site(form_page())
    page = opened(browser, site)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.type))
    page.fill("#title", "Other")
    page.click("text=Save plan")
    assert (len(site.sent), dialogs) == (1, [])


def test_progress_moves_without_loading_the_page_again(browser: Browser) -> None:
    site = Site(page_of(PROGRESS, done=1), page_of(PROGRESS, done=3))
    page = opened(browser, site)
    page.evaluate("window.isTheSamePage = true")
    expect(page.locator("progress")).to_have_js_property("value", 3)
    assert page.evaluate("window.isTheSamePage")
    assert "3 of 4 · Charts" in page.inner_text("[role=status]")


def test_the_page_is_shown_anew_when_the_work_is_done(browser: Browser) -> None:
    page = opened(browser, Site(page_of(PROGRESS, done=3), page_of(EMPTY)))
    expect(page).to_have_title("Issued · Chaski")


def test_without_javascript_the_page_refreshes_itself(browser: Browser) -> None:
    site = Site(page_of(PROGRESS, done=1), page_of(PROGRESS, done=2))
    page = opened(browser, site, javascript=False)
    page.wait_for_selector("text=2 of 4")


def test_the_menu_opens_and_closes_on_a_phone_without_javascript(browser: Browser) -> None:
    navigation = [{"url": "/plans", "label": "Plans", "is_current": True}]
    site = Site(
        page_of('{% extends "layouts/base.html" %}{% set heading = "x" %}', navigation=navigation)
    )
    page = opened(browser, site, javascript=False, width=360)
    assert page.locator("nav >> text=Plans").is_hidden()
    page.click("text=Menu")
    assert page.locator("nav >> text=Plans").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("nav >> text=Plans").is_hidden()
