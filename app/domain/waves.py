"""Planned waves: the times at which a metric is to be measured, each with the day by which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import UnreadableDayError, read_day
from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.texts import MOST_LINE, quoted
from app.language.sentences import Sentence, sentence

MOST_WAVES = 50


class UnreadableWaveError(ValueError):
    """A line that names no wave or no day."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, order=True)
class Wave:
    """A wave and the day by which it is to be measured; in time, then by name."""

    due_on: date
    name: str


def read_waves(text: str) -> tuple[Wave, ...]:
    """Waves as people write them, one a line: "week 6; 30/09/2026"."""
    return tuple(sorted(_read(line) for line in text.splitlines() if line.strip()))


def written(waves: Sequence[Wave]) -> str:
    """The same lines again."""
    return "\n".join(f"{wave.name}; {wave.due_on:%d/%m/%Y}" for wave in waves)


def problems_of(waves: Sequence[Wave]) -> Iterator[Problem]:
    """What keeps these waves from being planned."""
    if len({folded(wave.name) for wave in waves}) < len(waves):
        said = sentence("Two waves have the same name: tell them apart.")
        yield Problem("planned_waves", said)
    if any(not 0 < len(wave.name) <= MOST_LINE for wave in waves):
        said = sentence("A wave's name has from 1 to %(most)s characters.", most=MOST_LINE)
        yield Problem("planned_waves", said)
    if len(waves) > MOST_WAVES:
        yield Problem("planned_waves", sentence("At most %(most)s waves.", most=MOST_WAVES))


def _read(line: str) -> Wave:
    name, semicolon, day = line.rpartition(";")
    if not semicolon or not name.strip():
        raise UnreadableWaveError(
            sentence("“%(line)s”: write a name, a semicolon and a day.", line=quoted(line))
        )
    try:
        return Wave(read_day(day), name.strip())
    except UnreadableDayError as unreadable:
        raise UnreadableWaveError(unreadable.message) from unreadable
