"""What may be said in a comment, and who is named in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comments import MOST_COMMENT, Remark, called_in, problems_of

ROSA, OTTO, ROSA_FLORES = 1, 2, 3
PEOPLE = {ROSA: "Rosa Quispe", OTTO: "Otto Salas"}


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b"])
def test_an_empty_comment_is_none(text):
    (problem,) = problems_of(Remark(text))
    assert problem.field == "text"


def test_a_comment_has_room_for_a_page_and_no_more():
    assert problems_of(Remark("x" * MOST_COMMENT)) == []
    assert problems_of(Remark("x" * (MOST_COMMENT + 1)))[0].field == "text"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ask @Rosa Quispe.", [ROSA]),
        ("@rosa, could you look?", [ROSA]),
        ("¿@Ótto? y @ROSA", [ROSA, OTTO]),
        ("Rosa Quispe knows", []),
        ("write to otto@example.org", []),
        ("@Rosaura is somebody else", []),
        ("x@rosa", []),
        ("@@otto", [OTTO]),
    ],
)
def test_somebody_is_named_by_an_at_sign_and_their_name(text, named):
    assert list(called_in(text, PEOPLE).people) == named


def test_a_first_name_that_two_people_have_names_neither():
    people = PEOPLE | {ROSA_FLORES: "Rosa Flores"}
    called = called_in("@Rosa and @Rosa Flores", people)
    assert (called.people, called.nobody) == ((ROSA_FLORES,), ("Rosa",))


@pytest.mark.parametrize(
    ("text", "named", "nobody"),
    [
        ("@Otto Bo, look", [], ["Otto Bo"]),
        ("@otto bo, look", [], ["otto"]),
        ("@Otto Salas Bo", [], ["Otto Salas Bo"]),
        ("@Otto Prado", [], ["Otto Prado"]),
        ("@Otto Salas and @Otto", [OTTO], []),
        ("**@Otto** (@Rosa)", [ROSA, OTTO], []),
        ("@Otto\nPlease look", [OTTO], []),
        ("@Nadie, @Nadie", [], ["Nadie"]),
    ],
)
def test_a_name_that_begins_like_that_of_somebody_else_does_not_name_them(text, named, nobody):
    called = called_in(text, PEOPLE, ["Otto Bo", "Otto Salas Bo"])
    assert (list(called.people), list(called.nobody)) == (named, nobody)


def test_a_whole_name_that_two_people_have_names_neither():
    called = called_in("@Otto Salas", PEOPLE | {ROSA_FLORES: "otto salas"})
    assert (called.people, called.nobody) == ((), ("Otto Salas",))


@given(st.text(max_size=60))
def test_any_text_is_read_without_falling_over(text):
    assert set(called_in(text, PEOPLE, [text]).people) <= set(PEOPLE)
