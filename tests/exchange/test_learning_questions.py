"""An answer with several questions can be split into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.learning_questions import split_questions
from tests.exchange.conservation import words_in


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("", []),
        ("How to grow", ["How to grow"]),
        ("How can we grow?", ["How can we grow?"]),
        ("Why? How?", ["Why?", "How?"]),
        ("¿Cómo crecer? ¿Con quién?", ["¿Cómo crecer?", "¿Con quién?"]),
        ("¿Cómo?¿Cuándo?", ["¿Cómo?", "¿Cuándo?"]),
        ("We ask: how? And then why?", ["We ask: how?", "And then why?"]),
        ("Why? Because we must know.", ["Why? Because we must know."]),
        ("Really?! Why??", ["Really?!", "Why??"]),
        ("“Who pays?” Who gains?", ["“Who pays?”", "Who gains?"]),
        ("See https://undp.org/?q=1&r=2 What now?", ["See https://undp.org/?q=1&r=2 What now?"]),
        ("1. Why?\n\n2. How?", ["1. Why?", "2. How?"]),
        ("? ?", ["? ?"]),
    ],
)
def test_questions_are_split_at_their_ends(text: str, questions: list[str]) -> None:
    assert split_questions(text) == questions


@given(st.text(alphabet='abñ ?¿!.\n”"1', max_size=60))
def test_no_word_is_lost_by_splitting(text: str) -> None:
    questions = split_questions(text)
    assert [word for question in questions for word in words_in(question)] == words_in(text)
    assert all(question.strip() == question != "" for question in questions)
