"""The portfolio in time: each experiment a bar, cut where it changed its stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.axis import DayScale, calendar_ticks, day_scale, tick_words
from app.reports.charts.drawing import (
    BAD,
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LEFT,
    MOST_ROWS,
    RIGHT,
    WHITE,
    Drawn,
    Sign,
    Table,
    arrowhead,
    box,
    circle,
    cross,
    diamond,
    ends,
    foot,
    gridded,
    headline,
    heads,
    legend,
    line,
    listed,
    plate,
    together,
    upright,
    uprights,
    wide,
)
from models.vocabulary import ExperimentState, Stage

ROW, BAR = 30.0, 11.0
# Darker the further: fill, how opaque, ink readable on it.
STAGE_LOOKS = {
    Stage.SENSE: (WHITE, 1.0, INK),
    Stage.EXPLORE: (BLUE, 0.18, INK),
    Stage.TEST: (BLUE, 0.45, INK),
    Stage.GROW: (DARK_BLUE, 1.0, WHITE),
}
STOPPED = {ExperimentState.STOPPED_EARLY, ExperimentState.ARCHIVED}


@dataclass(frozen=True)
class Stay:
    """The time spent in a stage; ``until`` is None while it lasts."""

    stage: Stage
    since: date
    until: date | None = None


class Marked(StrEnum):
    """What happened on a day within a stage."""

    REGISTERED = "registered"
    DECIDED = "decided"


@dataclass(frozen=True)
class Mark:
    """A day on which the plan was registered, or something decided."""

    kind: Marked
    on: date


MARK_WORDS = {
    Marked.REGISTERED: N_("plan registered"),
    Marked.DECIDED: N_("decision"),
}


@dataclass(frozen=True)
class Journey:
    """An experiment's stages in their order, the state it is in, and what is marked."""

    name: str
    stays: Sequence[Stay]
    state: ExperimentState = ExperimentState.RUNNING
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Journeys:
    """Experiments side by side; ``on`` is the day up to which they are known.

    ``since`` is where the axis begins at the latest, so that several pictures have the same.
    """

    name: str
    rows: Sequence[Journey]
    on: date
    since: date | None = None

    @property
    def days(self) -> list[date]:
        """Every day the axis must reach."""
        stays = [stay for row in self.rows for stay in row.stays]
        marked = [mark.on for row in self.rows for mark in row.marks]
        bounds = [day for stay in stays for day in (stay.since, stay.until) if day]
        return [self.on, self.since or self.on, *marked, *bounds]


def journeys_chart(journeys: Journeys, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: shades for stages, an arrow for what goes on, a cross for what was stopped."""
    said = [f"{row.name}: {speaker.word(row.state)}" for row in journeys.rows]
    return plate(
        _drawn(journeys, speaker),
        journeys_table(journeys, speaker),
        speaker,
        kind="journeys-chart",
        ident=ident,
        title=headline(journeys.name, *said),
    )


def _drawn(journeys: Journeys, speaker: Speaker) -> Drawn:
    shown = journeys.rows[:MOST_ROWS]
    days = day_scale(journeys.days, left=LEFT + 4, right=RIGHT - 10)
    rows = [partial(_row, row, days, journeys.on, speaker) for row in shown]
    body = listed(rows, speaker, top=2.0)
    if not shown:
        return body
    axis = _axis(days, speaker, body)
    today = Drawn((uprights(days.at(journeys.on), body.lanes, stroke=GREY, dash="3 2"),), 0)
    key = legend(_key(journeys, speaker), axis.bottom)
    return together(axis, today, body, key, foot(len(journeys.rows), speaker, top=key.bottom))


def _row(row: Journey, days: DayScale, on: date, speaker: Speaker, top: float) -> Drawn:
    parts = list(ends(row.name, speaker.word(row.state), top + 11, fill=GREY))
    written_to = LEFT
    for stay in row.stays:
        left, right = _span(stay, days, on)
        parts += _bar(stay, left, right, top + 15)
        text = speaker.word(stay.stage)
        if wide(text) <= right - left - 4 and left >= written_to:
            ink = STAGE_LOOKS[stay.stage][2]
            parts.append(line(text, (left + right) / 2, top + 23.8, anchor="middle", fill=ink))
            written_to = right
    if row.stays:
        last = row.stays[-1]
        x, y = days.at(last.until or max(on, last.since)), top + 15 + BAR / 2
        if row.state in STOPPED:
            parts.append(cross(min(x + 5, RIGHT - 4), y, stroke=BAD))
        elif last.until is None:
            parts.append(arrowhead(x + 8, y, towards=1, fill=INK))
    parts += [
        _sign(mark.kind)(min(days.at(mark.on), RIGHT - 4), top + 15 + BAR / 2) for mark in row.marks
    ]
    return Drawn(tuple(parts), top + ROW, ((top + 14, top + ROW - 1),))


def _sign(kind: Marked) -> Sign:
    """Light with a dark rim: it is seen on every shade."""
    if kind is Marked.REGISTERED:
        return partial(circle, r=3.4, fill=WHITE, stroke=INK)
    return partial(diamond, r=4.2, fill=WHITE, stroke=INK)


def _span(stay: Stay, days: DayScale, on: date) -> tuple[float, float]:
    """From where to where a stay lies; the shortest can still be seen."""
    left, right = sorted((days.at(stay.since), days.at(stay.until or max(on, stay.since))))
    return left, max(right, left + 1)


def _bar(stay: Stay, left: float, right: float, y: float) -> list[str]:
    fill, opacity, _ink = STAGE_LOOKS[stay.stage]
    # Paper beneath, so that grid and today's line do not shine through.
    return [
        box(left, y, right - left, BAR, fill=WHITE),
        box(left, y, right - left, BAR, fill=fill, stroke=DARK_BLUE, opacity=opacity),
    ]


def _axis(days: DayScale, speaker: Speaker, body: Drawn) -> Drawn:
    ticks = calendar_ticks(days, at_most=5)
    return gridded(list(zip(map(days.at, ticks), tick_words(ticks, speaker), strict=True)), body)


def _key(journeys: Journeys, speaker: Speaker) -> list[tuple[Sign, str]]:
    used = {stay.stage for row in journeys.rows for stay in row.stays}
    key: list[tuple[Sign, str]] = [
        (partial(_swatch, stage=stage), speaker.word(stage)) for stage in Stage if stage in used
    ]
    if any(row.state in STOPPED for row in journeys.rows):
        key.append((partial(cross, stroke=BAD), speaker.say(sentence("stopped"))))
    marked = {mark.kind for row in journeys.rows for mark in row.marks}
    key += [(_sign(kind), speaker.say(MARK_WORDS[kind])) for kind in Marked if kind in marked]
    dashed = partial(upright, stroke=GREY, dash="3 2")
    return [*key, (dashed, speaker.say(sentence("known up to %(day)s", day=journeys.on)))]


def _swatch(x: float, y: float, *, stage: Stage) -> str:
    fill, opacity, _ink = STAGE_LOOKS[stage]
    return box(x - 4.5, y - 4, 9, 8, fill=fill, stroke=DARK_BLUE, opacity=opacity)


def journeys_table(journeys: Journeys, speaker: Speaker) -> Table:
    """Every experiment's state and the days it entered and left each stage."""
    labels = (N_("Experiment"), N_("State"), N_("Stages"))
    rows = [
        (
            row.name,
            speaker.word(row.state),
            " · ".join(_told(row, speaker)),
        )
        for row in journeys.rows
    ]
    known = (speaker.say(sentence("known up to %(day)s", day=journeys.on)), "", "")
    return Table(heads(speaker, *labels), (*rows, known) if rows else ())


def _told(row: Journey, speaker: Speaker) -> list[str]:
    """Its stays, then what is marked."""
    marks = (f"{speaker.say(MARK_WORDS[mark.kind])} {speaker.date(mark.on)}" for mark in row.marks)
    return [*(_stay_words(stay, speaker) for stay in row.stays), *marks]


def _stay_words(stay: Stay, speaker: Speaker) -> str:
    if stay.until is None:
        return speaker.say(
            sentence("%(stage)s since %(since)s", stage=stay.stage, since=stay.since)
        )
    return speaker.say(
        sentence(
            "%(stage)s %(since)s to %(until)s",
            stage=stay.stage,
            since=stay.since,
            until=stay.until,
        )
    )
