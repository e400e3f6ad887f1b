"""The history of a person in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.language.sentences import N_
from app.web.history import HistoryLine, history_lines
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import Language, Role

EVENTS: Mapping[str, str] = {
    "person.added": N_("Account made"),
    "person.edited": N_("Account changed"),
    "person.language_chosen": N_("Language chosen"),
    "person.letters_chosen": N_("Letters chosen"),
    "person.role_given": N_("Role given"),
    "person.role_taken": N_("Role taken away"),
    "person.disabled": N_("Account disabled"),
    "person.enabled": N_("Account opened again"),
    "person.signed_out": N_("Signed out on other devices"),
    "person.password_set": N_("Password set by the operator"),
    "person.password_given": N_("Temporary password given"),
    "person.password_changed": N_("Own password chosen"),
}
LABELS: Mapping[str, str] = {
    "email": N_("E-mail"),
    "name": N_("Name"),
    "language": N_("Language"),
    "wants_digest": N_("Weekly letter"),
    "role": N_("Role"),
    "place": N_("Where"),
    "disabled_at": N_("Disabled"),
    "password_temporary_until": N_("Temporary password until"),
    "is_demonstration": N_("Demonstration data"),
}
WORDS: Mapping[str, type[StrEnum]] = {"role": Role, "language": Language}
INSTANTS = frozenset({"disabled_at", "password_temporary_until"})


def person_history(entries: Iterable[HistoryEntry]) -> list[HistoryLine]:
    """What happened to a person's account, for its page."""
    return history_lines(entries, events=EVENTS, label=_label, value=_value)


def _label(name: str) -> str:
    return current_speaker().say(LABELS[name]) if name in LABELS else name


def _value(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if name in WORDS and value in set(WORDS[name]):
        return str(current_speaker().word(WORDS[name](value)))
    if name in INSTANTS:
        return str(current_speaker().instant(datetime.fromisoformat(value)))
    return str(_("The whole installation") if (name, value) == ("place", "*") else value)
