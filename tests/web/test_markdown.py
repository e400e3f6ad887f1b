"""Small Markdown as HTML that can do nothing."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.markdown import TAGS, rendered


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain", "<p>Plain</p>"),
        ("**strong** and *emphasis*", "<p><strong>strong</strong> and <em>emphasis</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ],
)
def test_what_it_lays_out(text, html):
    assert rendered(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://elsewhere.example/pixel.png)",
        "<a href='javascript:x' onclick=x>y</a>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<https://a.example/\"onclick='x'>",
        "`<b>`",
        "# Heading",
        "<style>*{display:none}</style>",
    ],
)
def test_nothing_in_it_can_act_or_fetch(text):
    html = rendered(text)
    assert set(_tags(html)) <= TAGS
    for _tag, attributes in _elements(html):
        assert set(attributes) <= {"href", "rel", "start"}
        assert not attributes.get("href", "").lower().startswith(("javascript:", "data:"))


@given(st.text(alphabet="<>\"'[]()!`*_-#&; \njavscript:\u202eñ1.", max_size=80))
def test_no_text_becomes_more_than_the_tags_allowed(text):
    assert set(_tags(rendered(text))) <= TAGS


def test_a_link_tells_the_other_site_nothing():
    (attributes,) = [
        held for tag, held in _elements(rendered("[x](https://a.example)")) if tag == "a"
    ]
    assert attributes["href"] == "https://a.example"
    assert set(attributes["rel"].split()) == {"noopener", "noreferrer", "nofollow"}


def _tags(html):
    return [tag for tag, _attributes in _elements(html)]


def _elements(html):
    page = f"<!doctype html><title>x</title><body>{html}"
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    return [(each.tag, dict(each.attrib)) for each in body.iter() if each is not body]
