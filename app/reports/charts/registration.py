"""When a hypothesis was registered, when the first data came, what was amended, what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from app.language.sentences import N_, Sentence, sentence
from app.language.speaker import Speaker
from app.reports.axis import DayScale, day_scale
from app.reports.charts.drawing import (
    BAD,
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LEFT,
    LIGHT,
    MOST_ROWS,
    RIGHT,
    WHITE,
    Drawn,
    Sign,
    Table,
    box,
    circle,
    diamond,
    foot,
    headline,
    heads,
    line,
    listed,
    plate,
    rule,
    square,
    together,
    triangle,
    wide,
)
from models.vocabulary import Verdict

INSET = 12.0


@dataclass(frozen=True)
class Amended:
    """A change of what was registered: its day, whether it was major, and what in words."""

    on: date
    is_major: bool
    what: str = ""


@dataclass(frozen=True)
class RegistrationLine:
    """The days of one hypothesis; what has not happened yet is None."""

    name: str
    registered_on: date | None
    first_data_on: date | None
    amendments: Sequence[Amended] = ()
    verdict: Verdict | None = None
    verdict_on: date | None = None

    @property
    def days_before(self) -> int | None:
        """Days from registration to the first measurement; below zero when it was late."""
        if self.registered_on is None or self.first_data_on is None:
            return None
        return (self.first_data_on - self.registered_on).days


@dataclass(frozen=True)
class Happening:
    """One sign of the line: its day and what it says."""

    on: date
    sign: Sign
    words: str


def registration_words(registered: RegistrationLine, speaker: Speaker) -> str:
    """In one sentence whether it was registered in time."""
    days = registered.days_before
    if registered.registered_on is None:
        return speaker.say(sentence("Not registered"))
    if days is None:
        return speaker.say(sentence("Registered; nothing measured yet"))
    if days == 0:
        return speaker.say(sentence("Registered on the day of the first measurement"))
    if days > 0:
        return speaker.plural(
            "Registered %(n)s day before the first measurement",
            "Registered %(n)s days before the first measurement",
            days,
        )
    return speaker.plural(
        "Registered late: %(n)s day after the first measurement",
        "Registered late: %(n)s days after the first measurement",
        -days,
    )


def registration_chart(registered: RegistrationLine, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: the days to scale, then each of them in words."""
    said = registration_words(registered, speaker)
    return plate(
        _drawn(registered, said, speaker),
        registration_table(registered, speaker),
        speaker,
        kind="registration-chart",
        ident=ident,
        title=headline(registered.name, said),
    )


def _drawn(registered: RegistrationLine, said: str, speaker: Speaker) -> Drawn:
    late = registered.days_before is not None and registered.days_before < 0
    head = Drawn((line(said, LEFT, 12, bold=True, fill=BAD if late else INK),), 18)
    happened = _happened(registered, speaker)
    if not happened:
        return together(head, listed((), speaker, top=head.bottom))
    shown = happened[:MOST_ROWS]
    rows = _rows(shown, speaker, top=50.0)
    course = Drawn(tuple(_course(registered, happened)), 50.0)
    return together(head, course, rows, foot(len(happened), speaker, top=rows.bottom))


def _happened(registered: RegistrationLine, speaker: Speaker) -> list[Happening]:
    """What happened, in time; of one day, registration comes first and the verdict last."""
    found = [
        Happening(amended.on, _amendment_sign(amended), _amendment_words(amended, speaker))
        for amended in registered.amendments
    ]
    if registered.first_data_on:
        words = speaker.say(sentence("First measurement"))
        found.insert(0, Happening(registered.first_data_on, _data, words))
    if registered.registered_on:
        words = speaker.say(sentence("Registered"))
        found.insert(0, Happening(registered.registered_on, _registered, words))
    if registered.verdict and registered.verdict_on:
        words = speaker.say(sentence("Verdict: %(verdict)s", verdict=registered.verdict))
        found.append(Happening(registered.verdict_on, _verdict, words))
    return sorted(found, key=lambda happening: happening.on)


def _amendment_words(amended: Amended, speaker: Speaker) -> str:
    kind = amendment_sentence(is_major=amended.is_major)
    if not amended.what:
        return speaker.say(kind)
    return speaker.say(sentence("%(kind)s: %(what)s", kind=kind, what=amended.what))


def amendment_sentence(*, is_major: bool) -> Sentence:
    """What an amendment is called."""
    return sentence("Major amendment") if is_major else sentence("Minor amendment")


def _course(registered: RegistrationLine, happened: Sequence[Happening]) -> list[str]:
    """The line of days, thick from the first measurement on, with a sign for each."""
    days = day_scale([h.on for h in happened], left=LEFT + INSET, right=RIGHT - INSET)
    y = 34.0
    drawn = [rule((LEFT, y), (RIGHT, y), stroke=GREY)]
    if registered.first_data_on:
        start = days.at(registered.first_data_on)
        drawn.append(box(start, y - 3, RIGHT - start, 6, fill=LIGHT, stroke=GREY))
    return [*drawn, *_signs(days, happened, y)]


def _signs(days: DayScale, happened: Sequence[Happening], y: float) -> list[str]:
    return [happening.sign(days.at(happening.on), y) for happening in happened]


def _rows(happened: Sequence[Happening], speaker: Speaker, *, top: float) -> Drawn:
    """A legend that is also the list of days."""
    dates = [speaker.date(happening.on) for happening in happened]
    start = LEFT + 16 + max(map(wide, dates)) + 8
    parts, y = [], top
    for happening, day in zip(happened, dates, strict=True):
        parts.append(happening.sign(LEFT + 6, y + 6))
        parts.append(line(day, LEFT + 16, y + 9.5, fill=GREY))
        parts.append(line(happening.words, start, y + 9.5, room=RIGHT - start))
        y += 15
    return Drawn(tuple(parts), y)


def _registered(x: float, y: float) -> str:
    return square(x, y, 9, fill=DARK_BLUE)


def _data(x: float, y: float) -> str:
    return circle(x, y, 4.5, fill=WHITE, stroke=BLUE)


def _verdict(x: float, y: float) -> str:
    return triangle(x, y, r=5, fill=INK)


def _amendment_sign(amended: Amended) -> Sign:
    fill = BAD if amended.is_major else WHITE
    return lambda x, y: diamond(x, y, r=5, fill=fill, stroke=BAD if amended.is_major else INK)


def registration_table(registered: RegistrationLine, speaker: Speaker) -> Table:
    """Every day, what happened, and how far it lay from the first measurement."""
    first = registered.first_data_on
    rows = [
        (speaker.date(h.on), h.words, "" if first is None else _distance(h.on, first, speaker))
        for h in _happened(registered, speaker)
    ]
    labels = (N_("Day"), N_("What happened"), N_("Days from the first measurement"))
    return Table(heads(speaker, *labels), tuple(rows))


def _distance(day: date, first: date, speaker: Speaker) -> str:
    days = (day - first).days
    return f"+{speaker.number(days)}" if days > 0 else speaker.number(days)
