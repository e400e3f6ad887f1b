"""An independent account of which words a source holds beside UNDP's own, and of those read."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.exchange.form_prompts import NOTES, PROMPTS, SECTIONS, TRANSLATED_SECTIONS
from app.exchange.readings import Reading

WORD = re.compile(r"[^\W_]+")
CHROME = {
    "disclaimer",
    "comments",
    "log in to add a comment or reply",
    "yes",
    "no",
}


def words_in(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def key(text: str) -> str:
    return " ".join(words_in(text))


OWN = (
    {key(text) for prompt in PROMPTS for text in prompt.texts}
    | {key(note) for note in NOTES}
    | {key(name) for form in SECTIONS.values() for name in form}
    | {key(name) for name in TRANSLATED_SECTIONS}
    | CHROME
)


def answer_lines(source: str) -> Iterator[str]:
    """The source's lines that are not UNDP's own; of a tag its value."""
    for raw in source.split("\n"):
        line = html.unescape(raw).strip()
        line = re.sub(r"^(>|#{1,6}(?=\s|$))\s*", "", line)
        if re.fullmatch(r"\[\[type:.*\]\]", line) or re.fullmatch(r"</?div[^>]*>", line):
            continue
        tag = re.fullmatch(r"\[\[\w+:(.*)\]\]", line)
        line = tag[1] if tag else line
        if key(line) and key(line) not in OWN:
            yield line


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif value is not None:
        yield str(value)


def texts_of(readings: Iterable[Reading]) -> list[str]:
    """Everything a report of the readings shows, but for the flags, which only point."""
    return [
        text
        for reading in readings
        for text in texts_in(reading.model_dump(mode="json", exclude={"flags", "kind"}))
    ]


def lost_lines(source: str, readings: Iterable[Reading]) -> list[str]:
    """The source's answer lines that no text read holds, word after word.

    Options and places of a few words may have been put apart: of them each word counts.
    """
    texts = texts_of(readings)
    joined = "|".join(f" {key(text)} " for text in texts)
    kept = {word for text in texts for word in words_in(text)}
    return [
        line
        for line in answer_lines(source)
        if f" {key(line)} " not in joined
        and not (len(words_in(line)) <= 4 and set(words_in(line)) <= kept)
    ]


def lost_words(source: str, readings: Iterable[Reading]) -> set[str]:
    kept = {word for text in texts_of(readings) for word in words_in(text)}
    return {word for line in answer_lines(source) for word in words_in(line)} - kept


def invented_words(source: str, readings: Iterable[Reading]) -> set[str]:
    """Words read that the source does not hold; words of our vocabulary stand in for options."""
    held = set(words_in(html.unescape(source)))
    reading_words = set()
    for reading in readings:
        dumped = reading.model_dump(mode="json", include={"fields", "unmapped"})
        written = [text for name, text in dumped["fields"].items() if isinstance(text, str)]
        for text in (*written, *dumped["unmapped"]):
            reading_words |= set(words_in(text))
    return reading_words - held
