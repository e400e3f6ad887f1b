"""The history of what is neither an experiment nor a plan nor a person, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.language.sentences import N_, sentence
from app.language.speaker import LIMA
from app.web.history import HistoryLine, history_lines
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import QuarterState

EVENTS: Mapping[str, str] = {
    "office.added": N_("Office added"),
    "programme.added": N_("Programme added"),
    "quarter.introduced": N_("Introduction written"),
    "quarter.closing_begun": N_("Closing begun"),
    "quarter.reopened": N_("Closing left for later"),
    "quarter.closed": N_("Quarter closed"),
    "quarter.excepted": N_("Exception given"),
    "quarter.exception_ended": N_("Exception ended"),
    "quarter.corrected": N_("Correction frozen"),
    "quarter.nudged": N_("Reminders sent"),
    "report.asked": N_("Report asked for"),
    "report.issued": N_("Report issued"),
    "comment.added": N_("Comment written"),
    "comment.resolved": N_("Comment settled"),
    "comment.reopened": N_("Comment opened again"),
    "comment.removed": N_("Comment removed"),
    "comment.restored": N_("Comment brought back"),
}
# A field that is not here is not told.
LABELS: Mapping[str, str] = {
    "state": N_("State"),
    "introduction": N_("Introduction"),
    "experiment": N_("Experiment"),
    "until": N_("Until"),
    "edition": N_("Edition"),
    "nudged": N_("People reminded"),
    "name": N_("Name"),
}
WORDS: Mapping[str, type[StrEnum]] = {"state": QuarterState}
INSTANTS = frozenset({"until"})


def record_history(entries: Iterable[HistoryEntry]) -> list[HistoryLine]:
    """What happened to a quarter, a programme or to an experiment's comments."""
    return history_lines(entries, events=EVENTS, label=_label, value=_value)


def _label(name: str) -> str:
    return current_speaker().say(LABELS[name]) if name in LABELS else ""


def _value(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in WORDS and value in set(WORDS[name]):
        return current_speaker().word(WORDS[name](value))
    if name in INSTANTS:
        return end_of(datetime.fromisoformat(value))
    return str(value)


def end_of(moment: datetime) -> str:
    """When something ends: the midnight after a day is told as the end of that day."""
    speaker, local = current_speaker(), moment.astimezone(LIMA)
    if local.time() != time.min:
        return speaker.instant(moment)
    day = local.date() - timedelta(days=1)
    return speaker.say(sentence("the end of %(day)s", day=day))
