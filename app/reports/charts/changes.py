"""Before and after as dumbbells, with what would have happened anyway as a ghost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale
from app.reports.charts.drawing import (
    BLUE,
    GREY,
    INK,
    LEFT,
    MOST_ROWS,
    RIGHT,
    WHITE,
    Drawn,
    Number,
    Sign,
    Table,
    across,
    circle,
    decimal_of,
    decimals_of,
    ends,
    fitting,
    foot,
    headline,
    heads,
    legend,
    line,
    listed,
    plate,
    rule,
    together,
)
from app.reports.charts.intervals import estimate_words, scale_across

ROW = 41.0


@dataclass(frozen=True)
class Change:
    """One group before and after; ``expected`` is what it would have come to without the change."""

    name: str
    before: float | None
    after: float | None
    n: int | None = None
    expected: float | None = None


@dataclass(frozen=True)
class Changes:
    """Groups of one metric."""

    name: str
    rows: Sequence[Change]
    number: Number


def change_chart(changes: Changes, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: open circle before, full one after, dotted one for the counterfactual."""
    said = [f"{row.name}: {_words(row, changes.number, speaker)}" for row in changes.rows]
    return plate(
        _drawn(changes, speaker),
        change_table(changes, speaker),
        speaker,
        kind="change-chart",
        ident=ident,
        title=headline(changes.name, *said),
    )


def _drawn(changes: Changes, speaker: Speaker) -> Drawn:
    shown = changes.rows[:MOST_ROWS]
    values = [v for row in shown for v in decimals_of(row.before, row.after, row.expected)]
    scale = scale_across(values)
    body = listed(
        [partial(_row, row, changes.number, scale, speaker) for row in shown], speaker, top=2.0
    )
    if not shown:
        return body
    words = [changes.number(tick) for tick in scale.ticks]
    axis = across(scale, words, body)
    has_ghost = any(decimal_of(row.expected) is not None for row in shown)
    key = legend(_key(speaker, has_ghost=has_ghost), axis.bottom)
    return together(axis, body, key, foot(len(changes.rows), speaker, top=key.bottom))


def _row(row: Change, number: Number, scale: ValueScale, speaker: Speaker, top: float) -> Drawn:
    n = "" if row.n is None else f"n = {speaker.number(row.n)}"
    said = _words(row, number, speaker)
    short = f"{estimate_words(row.before, number)} → {estimate_words(row.after, number)}"
    words = line(fitting(RIGHT - LEFT, said, short), LEFT, top + 36.5, fill=GREY)
    parts = (*ends(row.name, n, top + 11, fill=GREY), *_lane(row, scale, top + 21), words)
    return Drawn(parts, top + ROW, ((top + 14, top + 27.5),))


def _lane(row: Change, scale: ValueScale, y: float) -> list[str]:
    before, after, expected = map(decimal_of, (row.before, row.after, row.expected))
    drawn = []
    if before is not None and after is not None:
        drawn.append(rule((scale.at(before), y), (scale.at(after), y), stroke=BLUE, width=2))
    if before is not None and expected is not None:
        lowered = y + 4.5
        places = (scale.at(before), lowered), (scale.at(expected), lowered)
        drawn.append(rule(*places, stroke=GREY, dash="1 2"))
    for value, sign in ((expected, _ghost), (before, _before), (after, circle)):
        if value is not None:
            drawn.append(sign(scale.at(value), y))
    return drawn


def _before(x: float, y: float) -> str:
    return circle(x, y, fill=WHITE, stroke=INK)


def _ghost(x: float, y: float) -> str:
    return circle(x, y, 4.5, fill=WHITE, stroke=GREY, dash="2 1.5")


def _words(row: Change, number: Number, speaker: Speaker) -> str:
    said = sentence(
        "%(before)s → %(after)s",
        before=estimate_words(row.before, number),
        after=estimate_words(row.after, number),
    )
    if decimal_of(row.expected) is None:
        return speaker.say(said)
    expected = estimate_words(row.expected, number)
    return speaker.say(
        sentence("%(change)s; without the change %(expected)s", change=said, expected=expected)
    )


def _key(speaker: Speaker, *, has_ghost: bool) -> list[tuple[Sign, str]]:
    key: list[tuple[Sign, str]] = [
        (_before, speaker.say(sentence("before"))),
        (circle, speaker.say(sentence("after"))),
    ]
    ghost = (_ghost, speaker.say(sentence("expected without the change")))
    return [*key, ghost] if has_ghost else key


def change_table(changes: Changes, speaker: Speaker) -> Table:
    """Every group before, after, as expected, and its n."""
    labels = (N_("Group"), N_("Before"), N_("After"), N_("Expected without the change"), "n")
    return Table(
        heads(speaker, *labels),
        tuple(
            (
                row.name,
                *(_cell(value, changes.number) for value in (row.before, row.after, row.expected)),
                "" if row.n is None else speaker.number(row.n),
            )
            for row in changes.rows
        ),
    )


def _cell(value: float | None, number: Number) -> str:
    return "" if value is None else estimate_words(value, number)
