"""The chain of the history: each entry is sealed together with the seal before it.

Whoever changes or takes out an entry breaks every seal after it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.language.sentences import Sentence, sentence

FIRST = "0" * 64
# Transactions are sealed as they end: one that began earlier may be sealed later, by its length.
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True)
class Link:
    """An entry as the chain knows it; ``said`` holds all it says in plain JSON values."""

    id: int
    place: int | None
    sha256: str | None
    said: Mapping[str, Any]


def seal(previous: str, said: Mapping[str, Any]) -> str:
    """The SHA-256 of the seal before and of all an entry says, in one spelling."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Checked:
    """How far the chain holds: so many entries up to a seal; ``fault`` says where it breaks."""

    entries: int
    sha256: str
    fault: Sentence | None = None


def checked(links: Iterable[Link]) -> Checked:
    """Follow the chain to its end or to its first fault. ``links`` come by place."""
    entries, previous, newest = 0, FIRST, ""
    for link in links:
        at = str(link.said.get("at", newest))
        fault = _fault(link, previous, expected=entries + 1) or _fault_of_time(link, at, newest)
        if fault:
            return Checked(entries, previous, fault)
        entries, previous, newest = entries + 1, link.sha256 or FIRST, max(at, newest)
    return Checked(entries, previous)


def _fault_of_time(link: Link, at: str, newest: str) -> Sentence | None:
    """Moments are spelled in one way, so that the later is the greater."""
    if not newest or datetime.fromisoformat(at) >= datetime.fromisoformat(newest) - LONGEST:
        return None
    return sentence(
        "Entry %(place)s of the history says that it is older than entries before it.",
        place=link.place,
    )


def _fault(link: Link, previous: str, *, expected: int) -> Sentence | None:
    if link.place is None:
        return sentence("Entry %(id)s of the history is not sealed.", id=link.id)
    if link.place != expected:
        return sentence("Entry %(place)s of the history is missing.", place=expected)
    if link.sha256 != seal(previous, link.said):
        return sentence(
            "Entry %(place)s of the history is not what was sealed: it was changed.",
            place=link.place,
        )
    return None
