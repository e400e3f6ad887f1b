"""One effect at several places: a square for each by its weight, and the pooled diamond."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale
from app.reports.charts.drawing import (
    DARK_BLUE,
    GREY,
    INK,
    LEFT,
    LIGHT,
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
    shape,
    square,
    together,
    upright,
    uprights,
)
from app.reports.charts.intervals import (
    Reach,
    bounded_log,
    estimate_words,
    lane,
    limit_words,
    ratio_of,
    ratio_scale,
    reach_words,
    scale_across,
    signed,
)
from app.reports.magnitudes import readable

ROW = 27.0


@dataclass(frozen=True)
class SiteRow:
    """What one site found and its share (0 to 1) in the pooled effect."""

    name: str
    reach: Reach
    weight: float | None = None


@dataclass(frozen=True)
class Sites:
    """Sites and what they come to together.

    ``is_ratio``: effects are logarithms of ratios (then ``number`` writes the ratio, and 1 is no
    effect). ``least`` is where the threshold stands on the same scale. ``tau2`` is the variance
    between sites, ``i2`` (0 to 1) its share of the whole.
    """

    name: str
    rows: Sequence[SiteRow]
    number: Number
    pooled: Reach | None = None
    tau2: float | None = None
    i2: float | None = None
    is_ratio: bool = False
    least: float | None = None

    @property
    def write(self) -> Number:
        """How an effect is written, differences with their sign."""
        return self.number if self.is_ratio else signed(self.number)

    def told(self, reach: Reach) -> Reach:
        """A reach as it is written: ratios instead of their logarithms, open below at 0."""
        if not self.is_ratio or not reach.is_known:
            return reach
        low = -math.inf if reach.low is None else reach.low
        return Reach(reach.estimate, low, reach.high).mapped(ratio_of)


def sites_chart(sites: Sites, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: squares grow with weight, the diamond spans the pooled interval."""
    said = [f"{pooled_name(speaker)}: {_pooled_words(sites, speaker)}"] if sites.pooled else []
    return plate(
        _drawn(sites, speaker),
        sites_table(sites, speaker),
        speaker,
        kind="sites-chart",
        ident=ident,
        title=headline(sites.name, *said),
    )


def _drawn(sites: Sites, speaker: Speaker) -> Drawn:
    shown = [SiteRow(r.name, _bounded(sites, r.reach), r.weight) for r in sites.rows[:MOST_ROWS]]
    pooled = None if sites.pooled is None else _bounded(sites, sites.pooled)
    scale, words = _scale(sites, shown, pooled)
    sides = zip(shown, _sides(shown), strict=True)
    body = listed(
        [partial(_row, row, side, sites, scale, speaker) for row, side in sides], speaker, top=2.0
    )
    if not shown:
        return body
    if pooled is not None:
        body = together(body, _pooled(sites, pooled, scale, speaker, body.bottom))
    axis = across(scale, words, body)
    marks = [uprights(scale.at(Decimal(0)), body.lanes, stroke=GREY, dash="3 2")]
    if (least := decimal_of(sites.least)) is not None:
        marks.append(uprights(scale.at(least), body.lanes, stroke=INK, width=1.4))
    key = legend(_key(sites, speaker), axis.bottom)
    more = foot(len(sites.rows), speaker, top=key.bottom)
    return together(axis, Drawn(tuple(marks), 0), body, key, more)


def _bounded(sites: Sites, reach: Reach) -> Reach:
    return reach.mapped(bounded_log) if sites.is_ratio else reach


def _scale(
    sites: Sites, shown: Sequence[SiteRow], pooled: Reach | None
) -> tuple[ValueScale, list[str]]:
    """The common scale, reaching "no effect", and the words of its ticks."""
    reaches = [row.reach for row in shown] + ([] if pooled is None else [pooled])
    least = decimal_of(sites.least)
    marks = [Decimal(0), *([] if least is None else [least])]
    values = [*marks, *(value for reach in reaches for value in reach.values())]
    if sites.is_ratio:
        scale, ratios = ratio_scale(values)
        return scale, [sites.number(Decimal(repr(ratio))) for ratio in ratios]
    scale = scale_across(values)
    return scale, [sites.write(tick) for tick in scale.ticks]


def _row(
    row: SiteRow, side: float, sites: Sites, scale: ValueScale, speaker: Speaker, top: float
) -> Drawn:
    y = top + 20
    words = reach_words(sites.told(row.reach), sites.write, speaker)
    weight = weight_words(row.weight, speaker)
    said = fitting((RIGHT - LEFT) * 0.66, f"{words} · {weight}" if weight else words, words)
    parts = (
        *ends(row.name, said, top + 11, fill=GREY),
        *lane(row.reach, scale, y, sign=lambda at: square(at, y, side, fill=DARK_BLUE)),
    )
    return Drawn(parts, top + ROW, ((top + 14, top + ROW - 1),))


def _sides(rows: Sequence[SiteRow]) -> list[float]:
    """The sides of squares whose surface grows with the weight."""
    weights = [max(float(decimal_of(row.weight) or 0), 0.0) for row in rows]
    heaviest = max(weights, default=0.0)
    return [4 + 7 * math.sqrt(own / heaviest) if heaviest else 7.0 for own in weights]


def _pooled(sites: Sites, pooled: Reach, scale: ValueScale, speaker: Speaker, top: float) -> Drawn:
    y = top + 22
    words = reach_words(sites.told(pooled), sites.write, speaker)
    parts = [
        rule((LEFT, top + 1), (RIGHT, top + 1), stroke=LIGHT),
        *ends(pooled_name(speaker), words, top + 13, bold=True),
        *_diamond(pooled, scale, y),
        line(spread_words(sites, speaker), LEFT, top + 38, fill=GREY),
    ]
    return Drawn(tuple(parts), top + 44, ((top + 16, top + 29),))


def _diamond(pooled: Reach, scale: ValueScale, y: float) -> list[str]:
    exact = [decimal_of(each) for each in (pooled.low, pooled.estimate, pooled.high)]
    if any(each is None for each in exact):
        return lane(pooled, scale, y, sign=lambda at: square(at, y))
    left, middle, right = (scale.at(each) for each in exact if each is not None)
    return [shape((left, y), (middle, y - 6), (right, y), (middle, y + 6))]


def _key(sites: Sites, speaker: Speaker) -> list[tuple[Sign, str]]:
    threshold = (
        partial(upright, stroke=INK),
        speaker.say(sentence("smallest effect that matters")),
    )
    signs: list[tuple[Sign, str]] = [
        (partial(square, fill=DARK_BLUE), speaker.say(sentence("a site, larger with its weight"))),
        (
            lambda x, y: shape((x - 6, y), (x, y - 5), (x + 6, y), (x, y + 5)),
            speaker.say(sentence("all sites together")),
        ),
        (partial(upright, stroke=GREY, dash="3 2"), speaker.say(sentence("no effect"))),
    ]
    return signs if sites.least is None else [*signs, threshold]


def pooled_name(speaker: Speaker) -> str:
    """What the last row is called."""
    return speaker.say(sentence("All sites together"))


def weight_words(weight: float | None, speaker: Speaker) -> str:
    """A site's share in the pooled effect."""
    exact = decimal_of(weight)
    return "" if exact is None else speaker.percent(exact, 1)


def _pooled_words(sites: Sites, speaker: Speaker) -> str:
    if sites.pooled is None:
        return ""
    return reach_words(sites.told(sites.pooled), sites.write, speaker)


def spread_words(sites: Sites, speaker: Speaker) -> str:
    """How far the sites differ: tau² and I²."""
    tau2, i2 = decimal_of(sites.tau2), decimal_of(sites.i2)
    said = []
    if tau2 is not None:
        said.append(f"τ² = {readable(tau2, speaker)}")
    if i2 is not None:
        said.append(f"I² = {speaker.percent(i2)}")
    return " · ".join(said)


def sites_table(sites: Sites, speaker: Speaker) -> Table:
    """Every site, and the last row all together with tau² and I²."""
    rows = [
        _cells(sites, row.name, row.reach, weight_words(row.weight, speaker)) for row in sites.rows
    ]
    if sites.pooled is not None:
        spread = spread_words(sites, speaker)
        rows.append(_cells(sites, pooled_name(speaker), sites.pooled, spread))
    labels = (N_("Site"), N_("Effect"), N_("Lower limit"), N_("Upper limit"), N_("Weight"))
    return Table(heads(speaker, *labels), tuple(rows))


def _cells(sites: Sites, name: str, reach: Reach, last: str) -> tuple[str, ...]:
    told, write = sites.told(reach), sites.write
    if not reach.is_known:
        return name, "", "", "", last
    return (
        name,
        estimate_words(told.estimate, write),
        limit_words(told.low, write, open_as="0" if sites.is_ratio else "-∞"),
        limit_words(told.high, write, open_as="∞"),
        last,
    )
