"""A metric in pictures, as SVG text: the same on screen and in print, always the same bytes.

Readable in greyscale: what differs in colour differs in shape, dash or words as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, Sentence, sentence
from app.language.speaker import Speaker
from app.reports.axis import (
    DayScale,
    ValueScale,
    calendar_ticks,
    day_scale,
    spread,
    tick_words,
    value_scale,
)
from app.reports.charts.drawing import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LIGHT,
    PALE,
    PALE_BLUE,
    WHITE,
    Number,
    Sign,
    Table,
    diamond,
    heads,
    legend,
    rule,
    triangle,
    upright,
)
from app.reports.svg import (
    element,
    label,
    path,
    picture,
    text_width,
)
from models.vocabulary import Arm, Direction

MARKED_POINTS = 40
# The room a day takes on the axis, and the least between two.
TICK_ROOM, TICK_GAP = 44, 4.0


@dataclass(frozen=True)
class Point:
    """One reading: a day, a value in the metric's own terms, its group, how many it rests on.

    ``place`` matters where a metric was measured in several: they are never joined.
    """

    on: date
    value: Decimal
    arm: Arm = Arm.TREATMENT
    n: int | None = None
    place: str = ""


class EventKind(StrEnum):
    """What else happened to a metric's readings."""

    PLANNED_LOOK = "planned_look"
    UNPLANNED_LOOK = "unplanned_look"
    MINOR_AMENDMENT = "minor_amendment"
    MAJOR_AMENDMENT = "major_amendment"
    REDEFINED = "redefined"


EVENT_WORDS = {
    EventKind.PLANNED_LOOK: N_("planned look at the results"),
    EventKind.UNPLANNED_LOOK: N_("look that was not planned"),
    EventKind.MINOR_AMENDMENT: N_("minor amendment"),
    EventKind.MAJOR_AMENDMENT: N_("major amendment"),
    EventKind.REDEFINED: N_("dotted before: another definition"),
}
EVENT_SIGNS: dict[EventKind, Sign] = {
    EventKind.PLANNED_LOOK: partial(triangle, fill=WHITE),
    EventKind.UNPLANNED_LOOK: triangle,
    EventKind.MINOR_AMENDMENT: partial(diamond, fill=WHITE),
    EventKind.MAJOR_AMENDMENT: diamond,
    EventKind.REDEFINED: partial(upright, dash="1 2"),
}


@dataclass(frozen=True)
class Event:
    """A look at the results, an amendment, or the day a new definition came into force."""

    on: date
    kind: EventKind


@dataclass(frozen=True)
class Series:
    """What a metric's picture shows. ``number`` writes a value as the reader should see it.

    ``band`` is the baseline's interval. Readings before a new definition are dotted and never
    joined to those after it.
    """

    name: str
    points: Sequence[Point]
    direction: Direction
    number: Number
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    band: tuple[Decimal, Decimal] | None = None
    events: Sequence[Event] = ()

    def of(self, arm: Arm) -> list[Point]:
        """The points of one group, in time."""
        return sorted((p for p in self.points if p.arm is arm), key=lambda point: point.on)

    @property
    def has_places(self) -> bool:
        """Whether it was measured in several places, each with a course of its own."""
        return len({point.place for point in self.points if point.place}) > 1

    def courses(self, arm: Arm) -> list[list[Point]]:
        """The points of one group, place by place, each in time."""
        points = self.of(arm)
        if not self.has_places:
            return [points] if points else []
        places = dict.fromkeys(point.place for point in points)
        return [[point for point in points if point.place == place] for place in places]

    def values(self) -> list[Decimal]:
        """Every value the scale must reach."""
        marks = [mark for mark in (self.baseline, self.target) if mark is not None]
        return [point.value for point in self.points] + marks + list(self.band or ())

    def days(self) -> list[date]:
        """Every day the axis must reach."""
        marks = (
            self.baseline_on if self.baseline is not None else None,
            self.target_on if self.target is not None else None,
        )
        days = [point.on for point in self.points] + [day for day in marks if day is not None]
        return days + [event.on for event in self.events]

    @property
    def redefined_on(self) -> date | None:
        """The newest day a new definition came into force."""
        days = (event.on for event in self.events if event.kind is EventKind.REDEFINED)
        return max(days, default=None)


def described(series: Series, speaker: Speaker) -> tuple[str, str]:
    """The picture in words: one sentence that says it all, and the readings one by one."""
    said = [series.name, *map(speaker.say, (*_marks_in_words(series), *_ends_in_words(series)))]
    return "; ".join(said) + ".", _readings_in_words(series, speaker)


def _marks_in_words(series: Series) -> Iterator[Sentence]:
    if series.baseline is not None:
        yield sentence("baseline %(value)s", value=series.number(series.baseline))
    if series.target is not None:
        yield sentence("target %(value)s", value=series.number(series.target))
    if not series.points:
        yield sentence("no readings yet")


def _ends_in_words(series: Series) -> Iterator[Sentence]:
    for arm in Arm:
        for points in series.courses(arm):
            last = points[-1]
            said = {"value": series.number(last.value), "day": last.on}
            in_place = sentence("%(group)s, %(place)s", group=arm, place=last.place)
            group = in_place if series.has_places and last.place else arm
            yield sentence("%(group)s: %(value)s on %(day)s", group=group, **said)


def _readings_in_words(series: Series, speaker: Speaker) -> str:
    return "; ".join(
        f"{speaker.date(point.on)}: {series.number(point.value)}"
        for arm in Arm
        for point in series.of(arm)
    )


def sparkline(series: Series, speaker: Speaker) -> Markup:
    """A metric in the size of a word, 120 × 30: its course, baseline, target and latest reading."""
    width, height = 120.0, 30.0
    values = value_scale(series.values(), bottom=height - 5, top=5)
    days = day_scale(series.days() or [date.min], left=5, right=width - 5)
    title, desc = described(series, speaker)
    return picture(
        *_way(series, values, left=0, right=width),
        *_marks(series, values, left=0, right=width),
        *_courses(series, days, values, marked=False),
        width=width,
        height=height,
        kind="sparkline",
        title=title,
        desc=desc,
    )


def _way(series: Series, values: ValueScale, *, left: float, right: float) -> list[str]:
    """The way from baseline to target, shaded."""
    if series.baseline is None or series.target is None:
        return []
    upper, lower = sorted((values.at(series.baseline), values.at(series.target)))
    return [
        element(
            "rect",
            class_="chart-way",
            x=left,
            y=upper,
            width=right - left,
            height=lower - upper,
            fill=PALE_BLUE,
        )
    ]


def _marks(series: Series, values: ValueScale, *, left: float, right: float) -> list[str]:
    """The baseline, dashed, and the target, solid."""
    drawn = []
    if series.baseline is not None:
        drawn.append(_level(values.at(series.baseline), left, right, "baseline"))
    if series.target is not None:
        drawn.append(_level(values.at(series.target), left, right, "target"))
    return drawn


def _level(y: float, left: float, right: float, kind: str) -> str:
    dashed = kind == "baseline"
    return element(
        "path",
        class_=f"chart-{kind}",
        d=path([(left, y), (right, y)]),
        fill="none",
        stroke=GREY if dashed else INK,
        stroke_width=1,
        stroke_dasharray="2 3" if dashed else None,
    )


def _courses(series: Series, days: DayScale, values: ValueScale, *, marked: bool) -> list[str]:
    """Both groups' lines, the comparison beneath, with a sign on each or only the last reading."""
    drawn = []
    for arm in (Arm.COMPARISON, Arm.TREATMENT):
        for points in series.courses(arm):
            for part, is_old in _parted(points, series.redefined_on):
                if len(part) > 1:
                    places = [(days.at(p.on), values.at(p.value)) for p in part]
                    drawn.append(_course(arm, places, is_old=is_old))
            shown = points if marked and len(points) <= MARKED_POINTS else points[-1:]
            drawn.extend(sign(arm, days.at(p.on), values.at(p.value)) for p in shown)
    return drawn


def _parted(points: list[Point], redefined_on: date | None) -> list[tuple[list[Point], bool]]:
    """The readings of the earlier definition, if there is one, and those of the present one."""
    if redefined_on is None:
        return [(points, False)]
    old = [point for point in points if point.on < redefined_on]
    return [(old, True), (points[len(old) :], False)]


def _course(arm: Arm, places: list[tuple[float, float]], *, is_old: bool) -> str:
    treated = arm is Arm.TREATMENT
    dash = None if treated else "5 3"
    return element(
        "path",
        class_=f"chart-line chart-{arm.value}",
        d=path(places),
        fill="none",
        stroke=BLUE if treated else GREY,
        stroke_width=2 if treated else 1.5,
        stroke_dasharray="0.1 4" if is_old else dash,
        stroke_linejoin="round",
        stroke_linecap="round",
    )


def sign(arm: Arm, x: float, y: float) -> str:
    """The sign of a group: a full circle with the intervention, an open square without."""
    if arm is Arm.TREATMENT:
        return element("circle", class_="chart-sign chart-treatment", cx=x, cy=y, r=3, fill=BLUE)
    return element(
        "rect",
        class_="chart-sign chart-comparison",
        x=x - 2.7,
        y=y - 2.7,
        width=5.4,
        height=5.4,
        fill=WHITE,
        stroke=GREY,
        stroke_width=1.4,
    )


SIZE = 9.0
SIGNS = {Direction.INCREASE: "≥", Direction.DECREASE: "≤"}


@dataclass(frozen=True)
class Canvas:
    """The size of a picture; ``gutter`` is the most its labels may take at either side.

    ``names_marks``: whether "Baseline" and "Target" stand before their numbers.
    """

    width: float
    height: float
    gutter: float
    names_marks: bool = True

    def fits(self, text: str) -> bool:
        """Whether a label can be written whole."""
        return text_width(text, SIZE) <= self.gutter - 8


WIDE = Canvas(300, 136, 104)
SMALL = Canvas(172, 77, 74, names_marks=False)
LARGE = Canvas(340, 190, 104)


@dataclass(frozen=True)
class Frame:
    """The plot's edges inside the picture."""

    left: float
    right: float
    top: float
    bottom: float


def metric_chart(
    series: Series, speaker: Speaker, canvas: Canvas = WIDE, *, ident: str = ""
) -> Markup:
    """A metric over a true time axis, with its lines labelled at their ends.

    A number too long for the canvas is left out, never cut: small pictures stand beside theirs.
    """
    title, desc = described(series, speaker)
    drawn = _plot(series, speaker, canvas) if series.values() else _blank(speaker, canvas)
    key = legend(_key(series, speaker), canvas.height, width=canvas.width)
    return picture(
        *drawn,
        *key.parts,
        width=canvas.width,
        height=key.bottom,
        kind="metric-chart",
        title=title,
        desc=desc,
        ident=ident,
    )


def metric_table(series: Series, speaker: Speaker) -> Table:
    """Baseline, target, every reading with its n, and whatever else happened, in time."""
    first = date.min
    marks = [
        (day or first, "", series.number(value), "", speaker.say(word))
        for value, day, word in (
            (series.baseline, series.baseline_on, sentence("Baseline")),
            (series.target, series.target_on, sentence("Target")),
        )
        if value is not None
    ]
    readings = [
        (
            point.on,
            speaker.word(arm),
            series.number(point.value),
            _size(point, speaker),
            point.place if series.has_places else "",
        )
        for arm in Arm
        for point in series.of(arm)
    ]
    events = [
        (event.on, "", "", "", speaker.say(EVENT_WORDS[event.kind])) for event in series.events
    ]
    if series.band:
        low, high = map(series.number, series.band)
        band = speaker.say(sentence("Baseline between %(low)s and %(high)s", low=low, high=high))
        marks.append((series.baseline_on or first, "", "", "", band))
    rows = sorted([*marks, *readings, *events], key=lambda row: row[0])
    return Table(
        heads(speaker, N_("Day"), N_("Group"), N_("Value"), "n", N_("Note")),
        tuple((speaker.date(row[0]) if row[0] > first else "", *row[1:]) for row in rows),
    )


def _size(point: Point, speaker: Speaker) -> str:
    return "" if point.n is None else speaker.number(point.n)


def _key(series: Series, speaker: Speaker) -> list[tuple[Sign, str]]:
    """What the band and the signs of events mean; only what is drawn."""
    happened = {event.kind for event in series.events}
    key = [
        (EVENT_SIGNS[kind], speaker.say(EVENT_WORDS[kind]))
        for kind in EventKind
        if kind in happened
    ]
    band = (_band_sign, speaker.say(sentence("interval of the baseline")))
    return [band, *key] if series.band else key


def _band_sign(x: float, y: float) -> str:
    return element("rect", x=x - 5, y=y - 4, width=10, height=8, fill=PALE, stroke=GREY)


def _blank(speaker: Speaker, canvas: Canvas) -> list[str]:
    frame = Frame(0, canvas.width, 0, canvas.height)
    wide, high = canvas.width - 1, canvas.height - 1
    return [
        element("rect", x=0.5, y=0.5, width=wide, height=high, fill="none", stroke=LIGHT),
        _note(speaker.say(sentence("No readings, baseline or target yet")), frame),
    ]


def _note(text: str, frame: Frame) -> str:
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    return label(text, x, y, size=9, text_anchor="middle", fill=GREY, class_="chart-note")


def _plot(series: Series, speaker: Speaker, canvas: Canvas) -> list[str]:
    compared = bool(series.of(Arm.COMPARISON))
    top, bottom = (26.0 if compared else 10.0), canvas.height - 22
    top += 12 if series.events else 0
    values = value_scale(series.values(), bottom=bottom, top=top)
    ticks = [
        _first_fitting(canvas, series.number(tick), speaker.power_of_ten(tick))
        for tick in values.ticks
    ]
    ends = _ends(series, values, speaker, canvas)
    left = max(text_width(tick, SIZE) for tick in ticks) + 8
    gutter = max((text_width(end.text, SIZE) for end in ends), default=0.0) + 12
    frame = Frame(left, canvas.width - min(gutter, canvas.gutter), top, bottom)
    days = _days(series, frame)
    return [
        *_way(series, values, left=frame.left, right=frame.right),
        *_band(series, values, frame),
        *_value_axis(values, ticks, frame),
        *_marks(series, values, left=frame.left, right=frame.right),
        *(_day_axis(days, frame, speaker, canvas) if days else ()),
        *(_courses(series, days, values, marked=True) if days else ()),
        *(_events(series, days, frame) if days else ()),
        *_end_labels(ends, frame),
        *(_legend(speaker) if compared else ()),
        *(() if series.points else [_note(speaker.say(sentence("No readings yet")), frame)]),
    ]


def _band(series: Series, values: ValueScale, frame: Frame) -> list[str]:
    """Between which values the baseline lies."""
    if series.band is None:
        return []
    upper, lower = sorted(map(values.at, series.band))
    return [
        element(
            "rect",
            class_="chart-band",
            x=frame.left,
            y=upper,
            width=frame.right - frame.left,
            height=max(lower - upper, 0.5),
            fill=PALE,
            stroke=GREY,
            stroke_width=0.6,
        )
    ]


def _events(series: Series, days: DayScale, frame: Frame) -> list[str]:
    """A thin line down the plot for each, its sign at the top."""
    drawn = []
    for event in series.events:
        x = days.at(event.on)
        is_change = event.kind is EventKind.REDEFINED
        drawn.append(rule((x, frame.top), (x, frame.bottom), stroke=GREY, width=0.8, dash="1 2"))
        if not is_change:
            drawn.append(EVENT_SIGNS[event.kind](x, frame.top - 6))
    return drawn


def _days(series: Series, frame: Frame) -> DayScale | None:
    days = series.days()
    return day_scale(days, left=frame.left + 6, right=frame.right - 6) if days else None


def _value_axis(values: ValueScale, ticks: list[str], frame: Frame) -> list[str]:
    drawn = []
    for value, text in zip(values.ticks, ticks, strict=True):
        y = values.at(value)
        drawn.append(_grid(y, frame))
        drawn.append(_tick_word(text, frame.left - 6, y + 3, anchor="end"))
    return drawn


def _grid(y: float, frame: Frame) -> str:
    return element(
        "path",
        class_="chart-grid",
        d=path([(frame.left, y), (frame.right, y)]),
        fill="none",
        stroke=LIGHT,
        stroke_width=0.6,
    )


def _day_axis(days: DayScale, frame: Frame, speaker: Speaker, canvas: Canvas) -> list[str]:
    """Ticks with their days; a day that would run into the one before it stays unwritten."""
    ticks = calendar_ticks(days, at_most=max(2, int((days.right - days.left) / TICK_ROOM)))
    drawn, taken = [], -TICK_GAP
    for day, text in zip(ticks, tick_words(ticks, speaker), strict=True):
        x = days.at(day)
        drawn.append(_tick(x, frame))
        half = text_width(text, SIZE) / 2
        middle = min(max(x, half), canvas.width - half)
        if middle - half >= taken + TICK_GAP:
            y = frame.bottom + 14
            drawn.append(_tick_word(text, middle, y, anchor="middle"))
            taken = middle + half
    return drawn


def _tick_word(text: str, x: float, y: float, *, anchor: str) -> str:
    return label(text, x, y, size=SIZE, class_="chart-tick-word", text_anchor=anchor, fill=GREY)


def _tick(x: float, frame: Frame) -> str:
    return element(
        "path",
        class_="chart-tick",
        d=path([(x, frame.bottom), (x, frame.bottom + 4)]),
        fill="none",
        stroke=GREY,
        stroke_width=0.8,
    )


@dataclass(frozen=True)
class End:
    """A label at the right end of a line."""

    y: float
    text: str
    fill: str
    is_bold: bool = False


def _ends(series: Series, values: ValueScale, speaker: Speaker, canvas: Canvas) -> list[End]:
    ends = []
    if series.baseline is not None:
        value = series.number(series.baseline)
        words = speaker.say(sentence("Baseline %(value)s", value=value))
        ends.append(End(values.at(series.baseline), _mark(canvas, words, value), GREY))
    if series.target is not None:
        value = f"{SIGNS[series.direction]} {series.number(series.target)}"
        words = speaker.say(sentence("Target %(value)s", value=value))
        ends.append(End(values.at(series.target), _mark(canvas, words, value), INK))
    for arm, fill in ((Arm.COMPARISON, GREY), (Arm.TREATMENT, DARK_BLUE)):
        points = series.of(arm)
        # No one place is the latest of several.
        if points and not series.has_places:
            value = _first_fitting(canvas, series.number(points[-1].value))
            ends.append(End(values.at(points[-1].value), value, fill, is_bold=True))
    return ends


def _mark(canvas: Canvas, words: str, value: str) -> str:
    return _first_fitting(canvas, *([words] if canvas.names_marks else []), value)


def _first_fitting(canvas: Canvas, *texts: str) -> str:
    return next(filter(canvas.fits, texts), "")


def _end_labels(ends: list[End], frame: Frame) -> list[str]:
    heights = spread([end.y for end in ends], apart=10.5, top=frame.top, bottom=frame.bottom)
    return [
        label(
            end.text,
            frame.right + 6,
            y + 3,
            size=SIZE,
            fill=end.fill,
            font_weight="bold" if end.is_bold else "normal",
        )
        for end, y in zip(ends, heights, strict=True)
    ]


def _legend(speaker: Speaker) -> list[str]:
    """Which sign is which group; only where both are drawn."""
    drawn, x = [], 4.0
    for arm in Arm:
        text = speaker.word(arm)
        drawn.append(sign(arm, x, 8))
        drawn.append(label(text, x + 7, 11, size=SIZE, fill=INK))
        x += text_width(text, SIZE) + 20
    return drawn
