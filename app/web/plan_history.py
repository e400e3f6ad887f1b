"""The history of a plan in words."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.language.form_fields import field_name
from app.language.sentences import N_
from app.web.history import HistoryLine, history_lines
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import ChallengeType, EvidenceKind, HandoverOutcome, Sector, Stage

EVENTS: Mapping[str, str] = {
    "plan.added": N_("Plan written"),
    "plan.edited": N_("Plan changed"),
    "plan.imported": N_("Plan imported from a file"),
    "plan.updated_from_file": N_("Plan updated from a file"),
    "plan.submitted": N_("Plan submitted"),
    "plan.taken_back": N_("Plan taken back to draft"),
    "plan.reflection_written": N_("Closing form written"),
    "plan.reflection_edited": N_("Closing form changed"),
    "plan.reflection_imported": N_("Closing form imported"),
    "plan.reflection_updated": N_("Closing form updated from a file"),
    "plan.reflection_attached": N_("Closing form attached"),
}
BRIEF = {"plan.added", "plan.imported", "plan.reflection_written"}
LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "year": N_("Year"),
    "challenge_type": N_("Challenge type"),
    "statement": N_("Challenge statement"),
    "background": N_("Background"),
    "value_proposition": N_("Value proposition"),
    "tweet": N_("Short summary (tweet)"),
    "early_leads": N_("Early leads to grow"),
    "comments": N_("Comments"),
    "thematic_areas": N_("Thematic areas"),
    "sdgs": N_("Sustainable Development Goals"),
    "methods": N_("Methods"),
    "data_sources": N_("Data sources"),
    "evidence": N_("Evidence"),
    "partners": N_("Partner"),
    "learning_questions": N_("Learning question"),
    "kind": N_("Kind"),
    "text": N_("Text"),
    "link": N_("Link"),
    "name": N_("Name"),
    "sector": N_("Sector"),
    "collaboration": N_("Intended collaboration"),
    "new_and_unusual": N_("New and unusual for UNDP"),
    "stages": N_("Stages"),
    "method_use": N_("How the methods will be used"),
    "new_data_sources": N_("New data sources"),
    "data_gaps": N_("Existing data gaps"),
    "submitted_at": N_("Submitted"),
    "plan_id": N_("Plan"),
    "reflection": N_("Closing form"),
}
WORDS: Mapping[str, type[StrEnum]] = {
    "challenge_type": ChallengeType,
    "kind": EvidenceKind,
    "sector": Sector,
    "stages": Stage,
    "handover_outcomes": HandoverOutcome,
}
IN_A_ROW = re.compile(r"(?P<rows>\w+)\.(?P<number>\d+)\.(?P<part>\w+)")


def plan_history(entries: Iterable[HistoryEntry]) -> list[HistoryLine]:
    """What happened to a plan, for its page."""
    return history_lines(entries, events=EVENTS, label=_label, value=_value, brief=BRIEF)


def reflection_history(entries: Iterable[HistoryEntry]) -> list[HistoryLine]:
    """What happened to a plan's closing form, of all that happened to the plan."""
    return plan_history(entry for entry in entries if entry.event.startswith("plan.reflection_"))


def _label(path: str) -> str:
    if row := IN_A_ROW.fullmatch(path):
        return f"{_named(row['rows'])} {row['number']} · {_named(row['part'])}"
    return _named(path)


def _named(name: str) -> str:
    return current_speaker().say(LABELS[name] if name in LABELS else field_name(name))


def _value(path: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(_("Yes") if value else _("No"))
        case list():
            return ", ".join(_value(path, each) for each in value)
        case _:
            return _word(path.rsplit(".", 1)[-1], str(value))


def _word(name: str, value: str) -> str:
    words = WORDS.get(name)
    return current_speaker().word(words(value)) if words and value in list(words) else value
