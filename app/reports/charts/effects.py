"""Effects as a forest: each with its interval, zero, the frozen threshold and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale
from app.reports.charts.drawing import (
    BAD,
    DARK_BLUE,
    GOOD,
    GREY,
    INK,
    LEFT,
    MOST_ROWS,
    RIGHT,
    Drawn,
    Number,
    Sign,
    Table,
    across,
    decimal_of,
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
    square,
    together,
    upright,
    uprights,
)
from app.reports.charts.intervals import (
    Reach,
    estimate_words,
    lane,
    limit_words,
    reach_words,
    scale_across,
    signed,
)
from models.vocabulary import Direction, Verdict

VERDICT_FILL = {
    Verdict.SUPPORTED: GOOD,
    Verdict.PROMISING: DARK_BLUE,
    Verdict.HARM_SIGNAL: BAD,
    Verdict.INCONCLUSIVE: GREY,
    Verdict.NOT_ASSESSABLE: GREY,
}
MARGIN = {True: N_("Within its margin"), False: N_("Beyond its margin")}
ROW, COMPACT_ROW = 43.0, 25.5


@dataclass(frozen=True)
class EffectRow:
    """One effect in its metric's unit; ``least`` (> 0) is the smallest that matters.

    ``holds`` is None but for a guardrail: whether it kept within its margin, which then is its
    ``least``.
    """

    name: str
    reach: Reach
    verdict: Verdict
    number: Number
    n: int | None = None
    least: float | None = None
    direction: Direction = Direction.INCREASE
    holds: bool | None = None

    @property
    def good(self) -> int:
        """Where better lies: 1 to the right, -1 to the left."""
        return 1 if self.direction is Direction.INCREASE else -1

    @property
    def side(self) -> int:
        """Where the threshold lies: on the good side, a guardrail's margin on the other."""
        return self.good if self.holds is None else -self.good

    @property
    def threshold(self) -> float | None:
        """Where the threshold stands: below zero when the metric should fall."""
        return None if self.least is None else self.least * self.side

    @property
    def fill(self) -> str:
        """The colour of what it came to."""
        if self.holds is not None:
            return GOOD if self.holds else BAD
        return VERDICT_FILL.get(self.verdict, INK)

    def outcome(self, speaker: Speaker) -> str:
        """What it came to in words: the verdict, or whether the margin held."""
        return speaker.word(self.verdict) if self.holds is None else speaker.say(MARGIN[self.holds])


@dataclass(frozen=True)
class Effects:
    """A forest of effects that share one unit.

    With ``in_thresholds`` they need not: each row is measured by its own threshold, better to the
    right, and no numbers stand under the axis. A compact one writes no numbers at all.
    """

    name: str
    rows: Sequence[EffectRow]
    in_thresholds: bool = False
    is_compact: bool = False


def effect_forest(effects: Effects, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: zero dashed, the threshold solid, n printed, the verdict at the row's end."""
    said = [f"{row.name}: {row.outcome(speaker)}" for row in effects.rows]
    return plate(
        _drawn(effects, speaker),
        effect_table(effects, speaker),
        speaker,
        kind="effect-forest",
        ident=ident,
        title=headline(effects.name, *said),
    )


def _drawn(effects: Effects, speaker: Speaker) -> Drawn:
    shown = effects.rows[:MOST_ROWS]
    placed = [_placed(row, effects.in_thresholds) for row in shown]
    values = [value for reach, threshold in placed for value in _values(reach, threshold)]
    scale = scale_across([*values, Decimal(0)])
    pairs = zip(shown, placed, strict=True)
    body = listed(
        [partial(_row, row, *place, scale, speaker, effects.is_compact) for row, place in pairs],
        speaker,
        top=2.0,
    )
    if not shown:
        return body
    axis = _axis(effects, scale, body)
    key = legend(_key(shown, speaker), axis.bottom)
    return together(axis, body, key, foot(len(effects.rows), speaker, top=key.bottom))


def _placed(row: EffectRow, in_thresholds: bool) -> tuple[Reach, float | None]:
    """The row's reach and threshold as they stand on the common axis."""
    if not in_thresholds:
        return row.reach, row.threshold
    unit = row.least or max((abs(float(v)) for v in row.reach.values()), default=1.0) or 1.0
    threshold = float(row.side * row.good) if row.least else None
    return row.reach.mapped(lambda value: value / unit * row.good), threshold


def _values(reach: Reach, threshold: float | None) -> list[Decimal]:
    exact = decimal_of(threshold)
    return [*reach.values(), *([] if exact is None else [exact])]


def _row(
    row: EffectRow,
    reach: Reach,
    threshold: float | None,
    scale: ValueScale,
    speaker: Speaker,
    is_compact: bool,
    top: float,
) -> Drawn:
    y = top + (19 if is_compact else 22)
    exact = decimal_of(threshold)
    x = None if exact is None else scale.at(exact)
    parts = [
        *ends(row.name, row.outcome(speaker), top + 11, fill=row.fill, bold=True),
        *([] if x is None else [rule((x, y - 6), (x, y + 6), width=1.4)]),
        *lane(reach, scale, y, sign=lambda at: square(at, y, fill=row.fill)),
    ]
    lanes = ((y - 7, y + (6 if is_compact else 7)),)
    if is_compact:
        return Drawn(tuple(parts), top + COMPACT_ROW, lanes)
    said = line(_said(row, speaker), LEFT, top + 37.5, fill=GREY)
    return Drawn((*parts, said), top + ROW, lanes)


def _said(row: EffectRow, speaker: Speaker) -> str:
    """The numbers of a row, as many as fit whole."""
    words = reach_words(row.reach, signed(row.number), speaker)
    n = "" if row.n is None else f"n = {speaker.number(row.n)}"
    return fitting(RIGHT - LEFT, f"{words} · {n}" if n else words, words, n)


def _axis(effects: Effects, scale: ValueScale, body: Drawn) -> Drawn:
    """Zero, and for a shared unit its grid; a forest in thresholds needs no numbers."""
    zero = uprights(scale.at(Decimal(0)), body.lanes, stroke=GREY, dash="3 2")
    dashed = Drawn((zero,), body.bottom)
    if effects.in_thresholds:
        return dashed
    number = signed(effects.rows[0].number)
    return together(across(scale, [number(tick) for tick in scale.ticks], body), dashed)


def _key(rows: Sequence[EffectRow], speaker: Speaker) -> list[tuple[Sign, str]]:
    """What the upright lines mean, of those that are drawn."""
    none = partial(upright, stroke=GREY, dash="3 2")
    key: list[tuple[Sign, str]] = [(none, speaker.say(sentence("no effect")))]
    drawn = {row.holds is None for row in rows if row.least is not None}
    if True in drawn:
        key.append((upright, speaker.say(sentence("smallest effect that matters"))))
    if False in drawn:
        key.append((upright, speaker.say(sentence("how much worse it may get"))))
    return key


def effect_table(effects: Effects, speaker: Speaker) -> Table:
    """Every effect with its limits, threshold, n and verdict."""
    return Table(
        heads(
            speaker,
            *(
                N_("Metric"),
                N_("Effect"),
                N_("Lower limit"),
                N_("Upper limit"),
                N_("Threshold"),
                "n",
            ),
            N_("Verdict"),
        ),
        tuple(_cells(row, speaker) for row in effects.rows),
    )


def _cells(row: EffectRow, speaker: Speaker) -> tuple[str, ...]:
    number = signed(row.number)
    is_known = row.reach.is_known
    threshold = decimal_of(row.threshold)
    return (
        row.name,
        estimate_words(row.reach.estimate, number),
        limit_words(row.reach.low, number, open_as="-∞") if is_known else "",
        limit_words(row.reach.high, number, open_as="∞") if is_known else "",
        "" if threshold is None else number(threshold),
        "" if row.n is None else speaker.number(row.n),
        row.outcome(speaker),
    )
