"""The history of a record, told to its reader."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.database import current_session
from app.language.sentences import Sentence
from app.queries.history import entries_of
from app.web.addresses import whole
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import Door

MOST_SHOWN = 300
# So many entries a page; components/history.html links to the older ones.
AT_ONCE = 100


@dataclass(frozen=True)
class HistoryLine:
    """One change as components/history.html shows it: (label, before, after) already said."""

    id: int
    at: datetime
    who: str
    door: Door
    what: str
    because: str
    changes: Sequence[tuple[str, str, str]]


def entries_shown(subject: str) -> Sequence[HistoryEntry]:
    """The newest entries of a record, or with ``?before=`` in the address those before one.

    One more than a page shows: it says that there are older ones.
    """
    return entries_of(current_session(), subject, most=AT_ONCE + 1, before=whole("before"))


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
    its values, and what has no label is not told. An event nobody named is shown as it is stored;
    of ``brief`` events the page itself shows the content. Long texts are cut: what stands now is on
    the page.
    """
    say = current_speaker().say
    return [
        HistoryLine(
            id=entry.id,
            at=entry.at,
            who=entry.by.name if entry.by else _("The system"),
            door=entry.door,
            what=say(events[entry.event]) if entry.event in events else entry.event,
            because=" · ".join(filter(None, (_coded(entry), entry.reason))),
            changes=[
                (label(path), _cut(value(path, before)), _cut(value(path, after)))
                for path, (before, after) in entry.changes.items()
                if entry.event not in brief and label(path)
            ],
        )
        for entry in entries
    ]


def _coded(entry: HistoryEntry) -> str:
    return current_speaker().word(entry.reason_code) if entry.reason_code else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
