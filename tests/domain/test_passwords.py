"""Passwords: what is refused, and that what is made up would never be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passwords import LONGEST, SHORTEST, composed, temporary_password, weakness_of


def refusal(password: str, email: str = "rosa.quispe@example.org", name: str = "Rosa Núñez") -> str:
    return str(weakness_of(password, email=email, name=name) or "")


@pytest.mark.parametrize(
    "password",
    [
        "quipus-and-llamas-7",
        "correct horse battery",
        "x7Kq!m2Zp0Lw",
        "ñandú canta lejos",
        "una-contraseña-larga-1",
        "日本語のとてもながいことば",
        "🦙🐑🐄🐖🐎🐕🐈🐓🦆🐇🐀🐁",
        "twelve signs, no capitals, no digits",
    ],
)
def test_it_takes_long_passwords_of_any_composition(password: str) -> None:
    assert refusal(password) == ""


def test_it_counts_twelve_characters_and_takes_up_to_128() -> None:
    assert "12 characters" in refusal("x7Kq!m2Zp0L")
    longest = "quipu nudo camino sol " * 10
    assert refusal(longest[:LONGEST]) == ""
    assert "at most 128" in refusal(longest[: LONGEST + 1])


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "qwertyuiop12",
        "password1234",
        "P4$$w0rd!!!!2026",
        "contraseña2026",
        "Welcome20261124",
        "dragonmonkey12",
        "lima2026lima2026",
        "hola-hola-hola-hola-5",
        "mama-papa-peru-lima",
        "Summer2026!!!",
        "zyxwvutsrqponm",
    ],
)
def test_it_refuses_what_is_guessed_first(password: str) -> None:
    assert "guessed first" in refusal(password)


def test_it_refuses_the_same_few_signs() -> None:
    assert "repeats" in refusal("abcabcabcabcabc")


@pytest.mark.parametrize(
    "password",
    [
        "los quipus de NUNEZ",
        "nuñez y sus quipus",
        "quispe-camina-lejos",
        "el chaski corre lejos",
        "PNUD camina muy lejos",
    ],
)
def test_it_refuses_the_owners_and_the_products_words_however_spelled(password: str) -> None:
    assert "Leave your name" in refusal(password)


def test_short_parts_of_a_name_do_not_forbid_a_password() -> None:
    assert refusal("la luz de un quipu lejano", name="Ana Luz Li") == ""


@given(st.text(max_size=SHORTEST - 1))
def test_nothing_short_is_ever_taken(password: str) -> None:
    if len(composed(password)) < SHORTEST:
        assert refusal(password)


@given(st.text(max_size=200))
def test_it_answers_for_any_text(password: str) -> None:
    assert isinstance(refusal(password), str)


def test_both_spellings_of_an_accent_are_one_password() -> None:
    assert composed("contrasen\u0303a") == composed("contraseña")


def test_temporary_passwords_differ_and_would_be_taken_from_anybody() -> None:
    made = {temporary_password() for _ in range(500)}
    assert len(made) == 500
    assert not any(refusal(password) for password in made)
