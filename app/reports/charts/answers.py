"""Ordered answers as bars that lean left or right of the middle answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.charts.drawing import (
    BLUE,
    GREY,
    INK,
    LEFT,
    MOST_ROWS,
    PALE,
    RIGHT,
    WHITE,
    Drawn,
    Sign,
    Table,
    box,
    ends,
    foot,
    headline,
    heads,
    legend,
    line,
    listed,
    plate,
    together,
    uprights,
    wide,
)

ROW, BAR = 40.0, 17.0
# Fill, how opaque, and the ink readable on it, from the lowest answer to the highest; five
# different greys without colour.
MARKS = (
    (INK, 1.0, WHITE),
    (GREY, 0.5, INK),
    (PALE, 1.0, INK),
    (BLUE, 0.3, INK),
    (BLUE, 1.0, WHITE),
)
MIDDLE = len(MARKS) // 2


@dataclass(frozen=True)
class AnswerGroup:
    """How many of a group gave each of the five answers, from the lowest."""

    name: str
    counts: tuple[int, int, int, int, int]

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.counts)

    @property
    def shares(self) -> list[float]:
        """Each answer's share; zeros where nobody answered."""
        return [count / self.n if self.n else 0.0 for count in self.counts]

    @property
    def left(self) -> float:
        """How far the bar reaches to the left of the middle."""
        return sum(self.shares[:MIDDLE]) + self.shares[MIDDLE] / 2


@dataclass(frozen=True)
class Answers:
    """Groups asked the same question; ``marks`` names the five answers."""

    name: str
    groups: Sequence[AnswerGroup]
    marks: tuple[str, str, str, str, str] = ("1", "2", "3", "4", "5")


def answers_chart(answers: Answers, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: each group one bar, its middle answer astride the line."""
    said = [f"{group.name}: {_summary(group, answers, speaker)}" for group in answers.groups]
    return plate(
        _drawn(answers, speaker),
        answers_table(answers, speaker),
        speaker,
        kind="answers-chart",
        ident=ident,
        title=headline(answers.name, *said),
    )


def _drawn(answers: Answers, speaker: Speaker) -> Drawn:
    shown = answers.groups[:MOST_ROWS]
    left = max((group.left for group in shown), default=0.5)
    right = max((1 - group.left for group in shown if group.n), default=0.5)
    unit = (RIGHT - LEFT) / max(left + right, 1.0)
    middle = LEFT + left * unit
    body = listed(
        [partial(_row, group, middle, unit, speaker) for group in shown], speaker, top=2.0
    )
    if not shown:
        return body
    upright = uprights(middle, body.lanes, stroke=INK)
    key = legend(_key(answers), body.bottom + 2)
    more = foot(len(answers.groups), speaker, top=key.bottom)
    return together(body, Drawn((upright,), body.bottom), key, more)


def _row(group: AnswerGroup, middle: float, unit: float, speaker: Speaker, top: float) -> Drawn:
    parts = list(ends(group.name, f"n = {speaker.number(group.n)}", top + 11, fill=GREY))
    x = middle - group.left * unit
    for share, (fill, opacity, ink) in zip(group.shares, MARKS, strict=True):
        if share:
            parts += _part(share, x, share * unit, top + 17, (fill, opacity, ink), speaker)
        x += share * unit
    # The middle shows above and below the bar, where it crosses no number.
    lanes = ((top + 14, top + 17), (top + 17 + BAR, top + 20 + BAR))
    return Drawn(tuple(parts), top + ROW, lanes)


def _part(
    share: float,
    x: float,
    width: float,
    y: float,
    looks: tuple[str, float, str],
    speaker: Speaker,
) -> list[str]:
    fill, opacity, ink = looks
    drawn = [box(x, y, width, BAR, fill=fill, opacity=opacity if opacity < 1 else None)]
    text = speaker.percent(Decimal(repr(share)))
    if wide(text) <= width - 5:
        drawn.append(line(text, x + width / 2, y + 12, anchor="middle", fill=ink))
    return drawn


def _key(answers: Answers) -> list[tuple[Sign, str]]:
    return [
        (partial(_swatch, fill=fill, opacity=opacity), mark)
        for mark, (fill, opacity, _ink) in zip(answers.marks, MARKS, strict=True)
    ]


def _swatch(x: float, y: float, *, fill: str, opacity: float) -> str:
    return box(x - 4, y - 4, 8, 8, fill=fill, stroke=GREY, opacity=opacity if opacity < 1 else None)


def _summary(group: AnswerGroup, answers: Answers, speaker: Speaker) -> str:
    if not group.n:
        return speaker.say(sentence("nobody answered"))
    above = speaker.percent(Decimal(repr(sum(group.shares[MIDDLE + 1 :]))))
    return speaker.say(
        sentence("%(share)s above “%(mark)s”", share=above, mark=answers.marks[MIDDLE])
    )


def answers_table(answers: Answers, speaker: Speaker) -> Table:
    """Each group's answers, how many and which share."""
    columns = (*heads(speaker, N_("Group")), *answers.marks, "n")
    return Table(columns, tuple(_cells(group, speaker) for group in answers.groups))


def _cells(group: AnswerGroup, speaker: Speaker) -> tuple[str, ...]:
    pairs = zip(group.counts, group.shares, strict=True)
    return (
        group.name,
        *(
            f"{speaker.number(count)} ({speaker.percent(Decimal(repr(share)))})"
            for count, share in pairs
        ),
        speaker.number(group.n),
    )
