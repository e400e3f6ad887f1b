"""The history of a record, told to its reader."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.language.sentences import Sentence
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import Door

MOST_SHOWN = 300


@dataclass(frozen=True)
class HistoryLine:
    """One change as components/history.html shows it: (label, before, after) already said."""

    at: datetime
    who: str
    door: Door
    what: str
    because: str
    changes: Sequence[tuple[str, str, str]]


def history_lines(
    entries: Iterable[HistoryEntry],
    *,
    events: Mapping[str, str | Sentence],
    label: Callable[[str], str],
    value: Callable[[str, Any], str],
    brief: Collection[str] = (),
) -> list[HistoryLine]:
    """Each entry in the reader's language.

    ``events`` says what an event was; ``label`` names a field by its path, ``value`` says one of
    its values. An event nobody named is shown as it is stored; of ``brief`` events the page itself
    shows the content. Long texts are cut: what stands now is on the page.
    """
    say = current_speaker().say
    return [
        HistoryLine(
            at=entry.at,
            who=entry.by.name if entry.by else _("The system"),
            door=entry.door,
            what=say(events[entry.event]) if entry.event in events else entry.event,
            because=" · ".join(filter(None, (_coded(entry), entry.reason))),
            changes=[
                (label(path), _cut(value(path, before)), _cut(value(path, after)))
                for path, (before, after) in entry.changes.items()
                if entry.event not in brief
            ],
        )
        for entry in entries
    ]


def _coded(entry: HistoryEntry) -> str:
    return current_speaker().word(entry.reason_code) if entry.reason_code else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
