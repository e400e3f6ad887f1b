"""What of a text is seen, and what a line keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.experiments import Core, problems_of_core
from app.domain.plan_content import PlanContent
from app.domain.plans import problems_of
from app.domain.texts import is_blank, one_line

UNSEEN = [
    "",
    " ",
    "\u200b",
    "\u202e\u200b",
    "\ufeff \u2060",
    "\u3164",
    "\u2800",
    "\u200d",
    "\u0301",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_nobody_sees_is_no_title(text):
    assert is_blank(text)
    assert one_line(text) == ""
    core = Core(title=text, learning_intent=text, lead_programme_id=1, owner_id=1)
    assert [each.field for each in problems_of_core(core)] == ["title", "learning_intent"]
    assert [each.field for each in problems_of(PlanContent(title=text, year=2026))] == ["title"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Mercados \u202eABC\u200b ", "Mercados ABC"),
        ("One\ttwo\r\nthree", "One two  three"),
        ("Bell\x07", "Bell"),
        ("\U0001f469\u200d\U0001f33e lead", "\U0001f469\u200d\U0001f33e lead"),
        (
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u200dlead\u200c \u200dus\u200d", "lead us"),
    ],
)
def test_a_line_keeps_what_is_seen(typed, kept):
    assert one_line(typed) == kept


@given(st.text())
def test_a_line_once_cleaned_stays_as_it_is(text):
    line = one_line(text)
    assert one_line(line) == line
    assert line == "" or not is_blank(line)
