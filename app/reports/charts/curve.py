"""The smallest effect that so many people can show: the design advisor's curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale, value_scale
from app.reports.charts.drawing import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LEFT,
    LIGHT,
    RIGHT,
    Drawn,
    Number,
    Sign,
    Table,
    across,
    circle,
    decimal_of,
    headline,
    heads,
    legend,
    line,
    listed,
    plate,
    rule,
    tick_word,
    together,
    wide,
)
from app.reports.svg import element, path

TOP, BOTTOM, WIDEST_GUTTER = 12.0, 142.0, 90.0


@dataclass(frozen=True)
class Detectable:
    """So many people in a group, and the smallest effect they can show."""

    n: int
    effect: float | None


@dataclass(frozen=True)
class DetectableCurve:
    """The curve, where one stands on it, and the smallest effect that matters (> 0)."""

    name: str
    points: Sequence[Detectable]
    number: Number
    here: Detectable | None = None
    least: float | None = None

    @property
    def drawable(self) -> list[tuple[Decimal, Decimal]]:
        """The points that are numbers, by n."""
        every = [*self.points, *([self.here] if self.here else [])]
        exact = {(Decimal(p.n), decimal_of(p.effect)) for p in every}
        return sorted((n, effect) for n, effect in exact if effect is not None)


def curve_chart(curve: DetectableCurve, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: the curve, "you are here", and the threshold as a solid line."""
    return plate(
        _drawn(curve, speaker) if curve.drawable else listed((), speaker, top=2.0),
        curve_table(curve, speaker),
        speaker,
        kind="curve-chart",
        ident=ident,
        title=headline(curve.name, *_said(curve, speaker)),
    )


def _drawn(curve: DetectableCurve, speaker: Speaker) -> Drawn:
    effects = [effect for _n, effect in curve.drawable]
    least = decimal_of(curve.least)
    values = value_scale(
        [*effects, Decimal(0), *([] if least is None else [least])], bottom=BOTTOM, top=TOP
    )
    ticks = [curve.number(tick) for tick in values.ticks]
    ticks = [tick if wide(tick) <= WIDEST_GUTTER else "" for tick in ticks]
    left = max(map(wide, ticks)) + 8 + LEFT
    people = value_scale([n for n, _effect in curve.drawable], bottom=left, top=RIGHT - 6)
    axis = across(
        people, [speaker.number(n) for n in people.ticks], Drawn((), BOTTOM, ((TOP, BOTTOM),))
    )
    axis_name = speaker.say(sentence("people in each group"))
    named = Drawn((line(axis_name, RIGHT, axis.bottom + 8, anchor="end", fill=GREY),), 0)
    key = legend(_key(curve, speaker), axis.bottom + 12)
    return together(
        _levels(values, ticks, left), axis, named, _lines(curve, people, values, left), key
    )


def _levels(values: ValueScale, ticks: list[str], left: float) -> Drawn:
    drawn = []
    for value, text in zip(values.ticks, ticks, strict=True):
        y = values.at(value)
        drawn.append(rule((left, y), (RIGHT, y), stroke=LIGHT, width=0.6))
        drawn.append(tick_word(text, left - 5, y + 3, anchor="end"))
    return Drawn(tuple(drawn), BOTTOM)


def _lines(curve: DetectableCurve, people: ValueScale, values: ValueScale, left: float) -> Drawn:
    places = [(people.at(n), values.at(effect)) for n, effect in curve.drawable]
    drawn = [element("path", d=path(places), fill="none", stroke=BLUE, stroke_width=2)]
    if (least := decimal_of(curve.least)) is not None:
        y = values.at(least)
        drawn.append(rule((left, y), (RIGHT, y), width=1.4))
    if curve.here and (effect := decimal_of(curve.here.effect)) is not None:
        x, y = people.at(Decimal(curve.here.n)), values.at(effect)
        drawn.append(rule((x, y), (x, BOTTOM), stroke=GREY, dash="3 2"))
        drawn.append(rule((left, y), (x, y), stroke=GREY, dash="3 2"))
        drawn.append(circle(x, y, 4.5, fill=DARK_BLUE))
    return Drawn(tuple(drawn), BOTTOM)


def _key(curve: DetectableCurve, speaker: Speaker) -> list[tuple[Sign, str]]:
    signs: list[Sign] = []
    if curve.here and decimal_of(curve.here.effect) is not None:
        signs.append(lambda x, y: circle(x, y, 4, fill=DARK_BLUE))
    if decimal_of(curve.least) is not None:
        signs.append(lambda x, y: rule((x - 5, y), (x + 5, y), width=1.4, stroke=INK))
    return list(zip(signs, _said(curve, speaker), strict=True))


def _said(curve: DetectableCurve, speaker: Speaker) -> list[str]:
    """Where one stands and what matters, in words."""
    said = []
    if curve.here and (effect := decimal_of(curve.here.effect)) is not None:
        here = sentence(
            "you are here: %(n)s people in each group show %(effect)s or more",
            n=curve.here.n,
            effect=curve.number(effect),
        )
        said.append(speaker.say(here))
    if (least := decimal_of(curve.least)) is not None:
        matters = sentence("smallest effect that matters: %(effect)s", effect=curve.number(least))
        said.append(speaker.say(matters))
    return said


def curve_table(curve: DetectableCurve, speaker: Speaker) -> Table:
    """Every n with what it can show, and which one is here."""
    here = curve.here
    every = sorted({*curve.points, *([here] if here else [])}, key=lambda point: point.n)
    rows = [_cells(curve, point, is_here=point == here, speaker=speaker) for point in every]
    if (least := decimal_of(curve.least)) is not None:
        rows.append(
            (speaker.say(sentence("Smallest effect that matters")), curve.number(least), "")
        )
    columns = (N_("People in each group"), N_("Smallest effect they can show"), N_("Note"))
    return Table(heads(speaker, *columns), tuple(rows))


def _cells(
    curve: DetectableCurve, point: Detectable, *, is_here: bool, speaker: Speaker
) -> tuple[str, str, str]:
    effect = decimal_of(point.effect)
    return (
        speaker.number(point.n),
        "" if effect is None else curve.number(effect),
        speaker.say(sentence("you are here")) if is_here else "",
    )
