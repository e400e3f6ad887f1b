"""The portfolio by evidence level and stage: how many experiments stand where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.charts.drawing import (
    BLUE,
    GREY,
    LEFT,
    LIGHT,
    RIGHT,
    Drawn,
    Table,
    box,
    headline,
    heads,
    line,
    plate,
    shade_of,
)
from models.vocabulary import Stage

LEVELS = range(5, -1, -1)
GUTTER, TOP, CELL = 58.0, 20.0, 27.0


@dataclass(frozen=True)
class LevelMatrix:
    """Counts by (evidence level 0 to 5, stage); what is not named is none."""

    name: str
    counts: Mapping[tuple[int, Stage], int] = field(default_factory=dict)

    def at(self, level: int, stage: Stage) -> int:
        """How many experiments stand there."""
        return self.counts.get((level, stage), 0)

    @property
    def most(self) -> int:
        """The largest count of a cell."""
        return max(self.counts.values(), default=0)


def levels_chart(matrix: LevelMatrix, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: the higher the better shown, the darker the more experiments."""
    cell = (RIGHT - LEFT - GUTTER) / len(Stage)
    parts = [
        line(
            speaker.word(stage),
            LEFT + GUTTER + (n + 0.5) * cell,
            12,
            room=cell - 4,
            anchor="middle",
            fill=GREY,
        )
        for n, stage in enumerate(Stage)
    ]
    for row, level in enumerate(LEVELS):
        y = TOP + row * CELL
        name = level_words(level, speaker)
        parts.append(line(name, LEFT, y + CELL / 2 + 3.5, room=GUTTER - 6, kind="chart-tick-word"))
        for n, stage in enumerate(Stage):
            x = LEFT + GUTTER + n * cell
            parts += _cell(matrix, matrix.at(level, stage), x, y, cell, speaker)
    total = sum(matrix.counts.values())
    said = speaker.plural("%(n)s experiment", "%(n)s experiments", total)
    return plate(
        Drawn(tuple(parts), TOP + CELL * len(LEVELS)),
        levels_table(matrix, speaker),
        speaker,
        kind="levels-chart",
        ident=ident,
        title=headline(matrix.name, said),
    )


def _cell(
    matrix: LevelMatrix, count: int, x: float, y: float, width: float, speaker: Speaker
) -> list[str]:
    if count <= 0:
        return [box(x + 1, y + 1, width - 2, CELL - 2, fill="none", stroke=LIGHT)]
    opacity, ink = shade_of(count / matrix.most)
    drawn = box(x + 1, y + 1, width - 2, CELL - 2, fill=BLUE, opacity=opacity)
    text = speaker.number(count)
    place = x + width / 2
    number = line(
        text, place, y + CELL / 2 + 3.5, room=width - 6, anchor="middle", fill=ink, bold=True
    )
    return [drawn, number]


def level_words(level: int, speaker: Speaker) -> str:
    """As in "Level 3"."""
    return speaker.say(sentence("Level %(level)s", level=level))


def levels_table(matrix: LevelMatrix, speaker: Speaker) -> Table:
    """The same counts with their totals."""
    columns = (
        *heads(speaker, N_("Evidence level")),
        *(speaker.word(stage) for stage in Stage),
        *heads(speaker, N_("Total")),
    )
    rows = [
        (
            level_words(level, speaker),
            *_counted([matrix.at(level, stage) for stage in Stage], speaker),
        )
        for level in LEVELS
    ]
    by_stage = [sum(matrix.at(level, stage) for level in LEVELS) for stage in Stage]
    total = (speaker.say(sentence("Total")), *_counted(by_stage, speaker))
    return Table(columns, (*rows, total))


def _counted(counts: list[int], speaker: Speaker) -> list[str]:
    return [speaker.number(count) for count in (*counts, sum(counts))]
