"""The words of a line, for comparing wordings, and the signs HTML writes in another way."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
WORD = re.compile(r"[^\W_]+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
STROKES = re.compile(r"\s*(?:[-=_*–—#]\s*){3,}")  # a line drawn between two parts
LONGEST_EXCERPT = 100
BULLET = re.compile(r"^\s*(?:[-*•·▪◦–]+(?:\s+|$))+")


@dataclass(frozen=True)
class Word:
    """One word of a line as compared, and where it ends in the line."""

    text: str
    end: int


def words_of(line: str) -> list[Word]:
    """Letters and digits only, without regard to case: "Non-monetary:" is "non", "monetary"."""
    if line.isascii():
        return [Word(found.group(), found.end()) for found in WORD.finditer(line.casefold())]
    return [
        Word(unicodedata.normalize("NFKC", found.group()).casefold(), found.end())
        for found in WORD.finditer(line)
    ]


@lru_cache(maxsize=4096)
def key_of(line: str) -> str:
    """The line as its bare words, so that case, quotes, dashes and spacing do not matter."""
    if line.isascii():
        return " ".join(WORD.findall(decoded(line).casefold()))
    return " ".join(word.text for word in words_of(INVISIBLE.sub("", decoded(line))))


def decoded(text: str) -> str:
    """Entities (``&amp;``, ``&nbsp;``) as the signs they stand for.

    Only with their semicolon, so that an address with ``&copy=1`` keeps its letters; and once
    only, so that ``&amp;lt;`` stays ``&lt;``.
    """
    return ENTITY.sub(_sign, text) if "&" in text else text


def encoded(text: str) -> str:
    """Text that ``decoded`` gives back unchanged."""
    return ENTITY.sub(lambda found: "&amp;" + found.group()[1:], text)


def without_bullet(line: str) -> str:
    """The line without list signs before it and spaces around it."""
    return BULLET.sub("", line).strip()


def excerpt(text: str) -> str:
    """The beginning of a text, on one line, short enough to be quoted in a sentence."""
    line = " ".join(text[: 2 * LONGEST_EXCERPT].split())
    is_whole = len(line) <= LONGEST_EXCERPT and len(text) <= 2 * LONGEST_EXCERPT
    return line if is_whole else f"{line[:LONGEST_EXCERPT].rstrip()}…"


def has_words(text: str) -> bool:
    """Whether more than punctuation and space is there; an emoji counts."""
    return any(unicodedata.category(sign)[0] not in "PZC" for sign in text)


def _sign(found: re.Match[str]) -> str:
    if found.group() == "&nbsp;":
        return " "
    sign = html.unescape(found.group())
    is_plain = all(unicodedata.category(each) not in ("Cc", "Cs") for each in sign)
    return sign if is_plain else found.group()
