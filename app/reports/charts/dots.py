"""Every single value of small groups as a dot, with the mean; of larger groups the spread."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import ROOMY, ValueScale
from app.reports.charts.drawing import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    MOST_ROWS,
    Drawn,
    Number,
    Sign,
    Table,
    across,
    box,
    circle,
    decimals_of,
    ends,
    foot,
    headline,
    heads,
    legend,
    listed,
    plate,
    rule,
    together,
    upright,
)
from app.reports.charts.intervals import scale_across

MOST_DOTS = 50
RADIUS = 2.6
# Dots nearer than this would cover one another: they are stacked.
BIN = 2 * RADIUS + 0.4
HIGHEST_STACK = 12


@dataclass(frozen=True)
class DotGroup:
    """One group's values, one for each person."""

    name: str
    values: Sequence[float]

    @property
    def exact(self) -> list[Decimal]:
        """The values that are numbers, from the smallest."""
        return sorted(decimals_of(*self.values))

    @property
    def mean(self) -> Decimal | None:
        """Their mean; None where there is no value."""
        values = self.exact
        if not values:
            return None
        total = Decimal(0)
        for value in values:
            total = ROOMY.add(total, value)
        return ROOMY.divide(total, Decimal(len(values)))


@dataclass(frozen=True)
class Dots:
    """Groups of one metric."""

    name: str
    groups: Sequence[DotGroup]
    number: Number


def dots_chart(dots: Dots, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: a dot a value where a group has at most 50, else its range and middle half."""
    said = [f"{group.name}: {_words(group, dots.number, speaker)}" for group in dots.groups]
    return plate(
        _drawn(dots, speaker),
        dots_table(dots, speaker),
        speaker,
        kind="dots-chart",
        ident=ident,
        title=headline(dots.name, *said),
    )


def _drawn(dots: Dots, speaker: Speaker) -> Drawn:
    shown = dots.groups[:MOST_ROWS]
    scale = scale_across([value for group in shown for value in group.exact])
    body = listed(
        [partial(_group, group, dots.number, scale, speaker) for group in shown], speaker, top=2.0
    )
    if not shown:
        return body
    words = [dots.number(tick) for tick in scale.ticks]
    axis = across(scale, words, body)
    key = legend(_key(dots, speaker), axis.bottom)
    return together(axis, body, key, foot(len(dots.groups), speaker, top=key.bottom))


def _group(
    group: DotGroup, number: Number, scale: ValueScale, speaker: Speaker, top: float
) -> Drawn:
    values = group.exact
    words = ends(group.name, _words(group, number, speaker), top + 11, fill=GREY)
    places = [scale.at(value) for value in values]
    if len(values) > MOST_DOTS:
        high, parts = 22.0, _spread(places, top + 27)
    else:
        high, parts = _stack(places, top + 18)
    bottom = top + 18 + high + 6
    if (mean := group.mean) is not None:
        x = scale.at(mean)
        parts.append(rule((x, top + 16), (x, bottom - 4), width=1.6))
    return Drawn((*words, *parts), bottom, ((top + 14, bottom),))


def _stack(places: list[float], top: float) -> tuple[float, list[str]]:
    """Dots from the bottom up, those of one bin over each other; and the height they take."""
    bins = [int(x / BIN) for x in places]
    tallest = max(Counter(bins).values(), default=1)
    apart = min(BIN, BIN * HIGHEST_STACK / tallest)
    high, filled, parts = max(tallest * apart, 14.0), Counter[int](), []
    for x, place in zip(places, bins, strict=True):
        y = top + high - RADIUS - filled[place] * apart
        filled[place] += 1
        parts.append(circle(x, y, RADIUS, fill=BLUE))
    return high, parts


def _spread(places: list[float], y: float) -> list[str]:
    """The range as a line and the middle half as a bar."""
    quarter = len(places) // 4
    left, right = places[quarter], places[-quarter - 1]
    return [
        rule((places[0], y), (places[-1], y), stroke=GREY),
        box(left, y - 5, max(right - left, 1.0), 10, fill=LIGHT, stroke=GREY),
    ]


def _words(group: DotGroup, number: Number, speaker: Speaker) -> str:
    mean = group.mean
    if mean is None:
        return speaker.say(sentence("no values"))
    n = len(group.exact)
    return speaker.say(sentence("mean %(mean)s · n = %(n)s", mean=number(mean), n=n))


def _key(dots: Dots, speaker: Speaker) -> list[tuple[Sign, str]]:
    sizes = [len(group.exact) for group in dots.groups]
    key: list[tuple[Sign, str]] = []
    if any(size <= MOST_DOTS for size in sizes):
        key.append((partial(circle, r=RADIUS), speaker.say(sentence("one person"))))
    if any(size > MOST_DOTS for size in sizes):
        half = speaker.say(sentence("the middle half; the line is the range"))
        key.append((_half_sign, half))
    return [*key, (partial(upright, stroke=INK), speaker.say(sentence("mean")))]


def _half_sign(x: float, y: float) -> str:
    return box(x - 4, y - 3.5, 8, 7, fill=LIGHT, stroke=GREY)


def dots_table(dots: Dots, speaker: Speaker) -> Table:
    """Each group's n, mean and range, and of small groups every value."""
    return Table(
        heads(
            speaker,
            *(N_("Group"), "n", N_("Mean"), N_("Lowest"), N_("Highest"), N_("Values")),
        ),
        tuple(_cells(group, dots.number, speaker) for group in dots.groups),
    )


def _cells(group: DotGroup, number: Number, speaker: Speaker) -> tuple[str, ...]:
    values, mean = group.exact, group.mean
    said = ["", "", ""] if mean is None else [number(mean), number(values[0]), number(values[-1])]
    shown = " · ".join(map(number, islice(values, MOST_DOTS)))
    return (
        group.name,
        speaker.number(len(values)),
        *said,
        shown if len(values) <= MOST_DOTS else "",
    )
