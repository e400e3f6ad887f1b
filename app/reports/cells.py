"""What a spreadsheet is made of: sheets, their columns, and the kinds of value a cell can hold."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from app.language.sentences import N_, Sentence
from app.language.speaker import Speaker
from app.reports.snapshot import Snapshot
from models.vocabulary import MetricKind

NARROW, USUAL, WIDE, WIDEST = 12, 18, 32, 60  # letters
Record = TypeVar("Record")


@dataclass(frozen=True)
class Quantity:
    """An exact number; a proportion is written as a percentage, money in US dollars."""

    value: Decimal
    kind: MetricKind = MetricKind.MEAN


Said = str | Sentence | StrEnum | bool | Callable[[Speaker], str]
Value = Said | Iterable[Said] | int | date | Quantity | None
Plain = str | int | date | Quantity | None


def said(value: Value, speaker: Speaker) -> Plain:
    """A cell's value in the reader's language; several are one text."""
    shown: Plain
    match value:
        case bool():
            shown = speaker.say(N_("Yes") if value else N_("No"))
        case StrEnum():
            shown = speaker.word(value)
        case Sentence():
            shown = speaker.say(value)
        case None | date() | Quantity() | str() | int():
            shown = value
        case Iterable():
            shown = "; ".join(str(said(one, speaker)) for one in value)
        case _:
            shown = value(speaker)
    return shown


class Column(NamedTuple, Generic[Record]):
    """A column: its heading as a template, its width in letters, and its value in a row."""

    heading: str
    width: int
    value: Callable[[Record], Value]


@dataclass(frozen=True)
class Sheet(Generic[Record]):
    """A table: its name, what it has a row for, and its columns."""

    name: str
    records: Callable[[Snapshot], Iterable[Record]]
    columns: tuple[Column[Record], ...]

    def rows(self, snapshot: Snapshot, speaker: Speaker) -> Iterator[list[Plain]]:
        """The rows of a snapshot, in its order."""
        for record in self.records(snapshot):
            yield [said(column.value(record), speaker) for column in self.columns]


def day_of(text: str | None) -> date | None:
    """A day of the snapshot, as a day."""
    return date.fromisoformat(text) if text else None


def quantity(figure: str | None, kind: MetricKind = MetricKind.MEAN) -> Quantity | None:
    """A number of the snapshot, with how it is written."""
    return None if figure is None else Quantity(Decimal(figure), kind)


def money(figure: str | None) -> Quantity | None:
    """An amount in US dollars."""
    return quantity(figure, MetricKind.MONEY)
