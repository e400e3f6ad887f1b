"""The frame around every page: who reads it, in which language, and where else to go."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import STATUS
from app.language.sentences import sentence
from models.vocabulary import Language
from tests.web.pages import faults_of, text_of
from tests.web.rendering import every, render, render_file, texts, the, tree_of

PAGE = '{% extends "layouts/base.html" %}{% set heading = title %}'
NAVIGATION = [
    SimpleNamespace(url="/", label="Desk", is_current=False),
    SimpleNamespace(url="/plans", label="Plans", is_current=True),
]


def surroundings(**given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "title": "Plans & people",
        "language": Language.EN,
        "other_language_url": "/plans?lang=es",
        "person": SimpleNamespace(name="Rosa Quispe"),
        "navigation": NAVIGATION,
        "demonstration": False,
    }
    return {**usual, **given}


def page(source: str = PAGE, **given: Any) -> str:
    html = render(source, **surroundings(**given))
    assert faults_of(html) == []
    return html


@pytest.mark.parametrize("layout", ["base", "record", "bare"])
@pytest.mark.parametrize(
    "said",
    ["{% set heading = title %}", "{% block heading %}{{ title }}{% endblock %}"],
)
def test_the_heading_is_said_once_and_begins_the_title(layout: str, said: str) -> None:
    tree = tree_of(page('{% extends "layouts/' + layout + '.html" %}' + said))
    assert texts(tree, "h1") == ["Plans & people"]
    assert texts(tree, "title") == ["Plans & people · Chaski"]


def test_the_present_section_is_marked_in_the_navigation() -> None:
    tree = tree_of(page())
    assert texts(tree, "a", aria_current="page") == ["Plans"]


def test_the_first_stop_of_the_keyboard_is_the_content() -> None:
    first = next(tree_of(page()).iter("a"))
    assert (first.get("href"), text_of(first)) == ("#content", "Skip to the content")


@pytest.mark.parametrize(("language", "other"), [("en", "Español"), ("es", "English")])
def test_the_other_language_is_offered_in_its_own_name(language: str, other: str) -> None:
    tree = tree_of(page(language=Language(language)))
    assert the(tree, "html").get("lang") == language
    link = the(tree, "a", href="/plans?lang=es")
    assert text_of(link) == other
    assert link.get("lang") != language


def test_signing_out_is_a_form_with_its_token() -> None:
    form = the(tree_of(page()), "form", action="/account/sign_out")
    assert form.get("method") == "post"
    assert the(form, "input", name="csrf_token").get("value") == "token"


def test_a_stranger_sees_neither_menu_nor_account() -> None:
    tree = tree_of(page(person=None, navigation=[]))
    assert every(tree, "nav") == []
    assert every(tree, "form") == []


def test_a_demonstration_is_marked_on_the_page() -> None:
    assert "Do not quote these figures." in page(demonstration=True)
    assert "Do not quote these figures." not in page(demonstration=False)


def test_parts_of_the_head_that_a_page_leaves_out_leave_nothing_behind() -> None:
    main = the(tree_of(page()), "main")
    assert every(main, "p") == []
    assert text_of(main) == "Plans & people"


def test_a_page_fills_the_parts_around_its_heading() -> None:
    source = PAGE + "".join(
        "{% block " + name + " %}<b>" + name + "</b>{% endblock %}"
        for name in ("breadcrumbs", "kicker", "badges", "lead", "actions", "content")
    )
    said = texts(tree_of(page(source)), "b")
    assert said == ["breadcrumbs", "kicker", "badges", "lead", "actions", "content"]


def test_a_record_has_its_facts_beside_it() -> None:
    source = (
        '{% extends "layouts/record.html" %}{% set heading = title %}'
        "{% block main %}<p>Story</p>{% endblock %}{% block aside %}<p>Facts</p>{% endblock %}"
    )
    assert text_of(the(the(tree_of(page(source)), "main"), "aside")) == "Facts"


@pytest.mark.parametrize("status", sorted({*STATUS.values(), 400, 401, 405, 410, 413}))
def test_every_refusal_has_a_page_with_its_words_and_a_way_out(status: int) -> None:
    html = render_file(
        "errors/refused.html",
        **surroundings(status=status, message=sentence("2026-Q3 is closed."), items=["A baseline"]),
    )
    assert faults_of(html) == []
    main = the(tree_of(html), "main")
    assert "2026-Q3 is closed." in text_of(main)
    assert texts(main, "li") == ["A baseline"]
    assert every(main, "a", href="/desk/index") != []


@pytest.mark.parametrize("status", [500, 502, 503, 507])
def test_a_failure_shows_nothing_of_the_person_and_keeps_what_was_typed(status: int) -> None:
    html = render_file(
        "errors/refused.html",
        **surroundings(status=status, message="Failed.", typed=[("Finding", "Prices rose <b>")]),
    )
    assert faults_of(html) == []
    assert "Rosa Quispe" not in html
    assert every(tree_of(html), "nav") == []
    area = the(tree_of(html), "textarea")
    assert "".join(area.itertext()).strip() == "Prices rose <b>"
