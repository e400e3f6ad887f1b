"""Sentences for people, written once in English and said later in the reader's language.

Rules, services and readers return or raise a :class:`Sentence`; only a door, which knows the
reader's language, turns it into text with ``Speaker.say``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """A translatable template in ``%(name)s`` form and the values that fill it.

    Values may be text, numbers, dates, vocabulary words or other sentences.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The English reading, for logs and tests."""
        return self.template % self.values if self.values else self.template


def sentence(template: str, **values: object) -> Sentence:
    """A sentence; its template is collected into the catalogues by this function's name."""
    return Sentence(template, values)


def listed(things: Iterable[object]) -> Sentence:
    """Several things one after another, each said in the reader's language."""
    values = {str(place): thing for place, thing in enumerate(things)}
    return Sentence(", ".join(f"%({place})s" for place in values), values)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "collect, do not translate yet"
    """Mark text for the catalogues without translating it here."""
    return text
