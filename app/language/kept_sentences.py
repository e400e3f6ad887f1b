"""Sentences as JSON keeps them, so that a stored one can still be said in either language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.language.sentences import Sentence
from app.language.words import LABELS

LISTS = {type(word).__name__: type(word) for word in LABELS}


def kept(said: Sentence) -> dict[str, Any]:
    """The sentence in plain values: template, values, and the English reading for who looks in."""
    return {
        "message": str(said),
        "template": said.template,
        "values": {name: _kept_value(value) for name, value in said.values.items()},
    }


def restored(stored: Mapping[str, Any]) -> Sentence:
    """The sentence that ``kept`` wrote down; a plain message becomes a sentence without values."""
    if "template" not in stored:
        return Sentence(str(stored.get("message", "")))
    values = {name: _restored_value(value) for name, value in stored.get("values", {}).items()}
    return Sentence(stored["template"], values)


def _kept_value(value: object) -> Any:
    match value:
        case Sentence():
            return kept(value)
        case StrEnum():
            return {"list": type(value).__name__, "word": value.value}
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)


def _restored_value(value: Any) -> object:
    match value:
        case {"template": str()}:
            return restored(value)
        case {"list": str(name), "word": str(word)} if name in LISTS:
            return LISTS[name](word)
        case _:
            return value
