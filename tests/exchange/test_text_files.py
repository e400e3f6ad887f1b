"""From bytes to text, or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refusals import InvalidError
from app.exchange.text_files import MOST_BYTES, read_pasted, read_text

SPANISH = "Nuestro desafío: ¿cómo cerrar la brecha? – dijo “Ñusta”…\n"


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidError) as caught:
        read_text(content, name="plan.txt")
    (problem,) = caught.value.problems
    assert problem.field == "file"
    return str(problem.message)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_it_reads_spanish_text_in_every_encoding_people_save(encoding: str) -> None:
    assert read_text(SPANISH.encode(encoding), name="plan.txt") == SPANISH


def test_it_reads_big_endian_text_with_its_mark() -> None:
    assert read_text(b"\xfe\xff" + SPANISH.encode("utf-16-be"), name="plan.txt") == SPANISH


def test_it_reads_capitals_before_a_closing_quote_from_windows() -> None:
    text = "La oficina del PERÚ” y “BOGOTÁ” y más texto para el formulario"
    assert read_text(text.encode("cp1252"), name="plan.txt") == text


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n", "\u2028", "\x0b", "\x0c", "\x85"])
def test_it_ends_every_line_in_one_way(ends: str) -> None:
    assert read_text(f"one{ends}two".encode(), name="plan.txt") == "one\ntwo"


def test_it_composes_letters_and_keeps_quotes_and_double_spaces() -> None:
    assert read_text("desafi\u0301o  ’“ ”".encode(), name="x") == "desafío  ’“ ”"


@pytest.mark.parametrize("content", [b"", b"  \r\n\t", b"\xef\xbb\xbf"])
def test_it_refuses_an_empty_file(content: bytes) -> None:
    assert refusal(content).startswith("plan.txt is empty.")


def test_it_takes_two_megabytes_and_refuses_more() -> None:
    assert len(read_text(b"a" * MOST_BYTES, name="plan.txt")) == MOST_BYTES
    assert "larger than 2 MB" in refusal(b"a" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 and so on", "is a PDF"),
        (b"PK\x03\x04word", "Word, Excel or ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old word", "Word, Excel or ZIP"),
        (b"{\\rtf1 text}", "Word, Excel or ZIP"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\xff\xd8\xff\xe0JFIF", "is a picture"),
        (b"\x1f\x8b\x08gz", "is a compressed file"),
        (b"text with\x00a zero", "is not a text file"),
        (bytes(range(1, 32)) * 3, "is not a text file"),
        (bytes(range(1, 256)) * 9, "is not a text file"),
    ],
)
def test_it_refuses_what_is_no_text_and_says_what_it_is(content: bytes, said: str) -> None:
    assert said in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        "Привет, это анкета проекта".encode("cp1251"),
        "desafío y más desafíos".encode() + b"\xe9",
        b"\xff\xfea",
        "フォームの本文です".encode("shift-jis"),
    ],
)
def test_it_refuses_letters_it_cannot_read_and_says_how_to_save(content: bytes) -> None:
    said = refusal(content)
    assert "cannot be read" in said or "not a text file" in said
    assert "UTF-8" in said or "Choose" in said


def test_it_overlooks_one_stray_control_sign() -> None:
    assert read_text(b"one\x02two", name="plan.txt") == "one two"


def test_pasted_text_follows_the_same_rules() -> None:
    assert read_pasted("a\r\nb", name="the text") == "a\nb"
    with pytest.raises(InvalidError, match="the text is empty"):
        read_pasted(" \n", name="the text")


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_sentence(content: bytes) -> None:
    try:
        text = read_text(content, name="x")
    except InvalidError:
        return
    assert text.strip()
    assert "\r" not in text
    assert "\x00" not in text
