"""The pictures of a portfolio: evidence level by stage, and every experiment in time."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise, takewhile

from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports import charts
from app.reports.charts import Journey, Journeys, LevelMatrix, Mark, Marked, Stay
from app.reports.overview import departments
from app.reports.pictures.picture import Kind, Picture
from app.reports.snapshot import ExperimentSection, QuarterlySnapshot
from models.vocabulary import ExperimentState

# Two such pictures take a page, and one the rest of a page that is half full.
ROWS = 11
OVER = frozenset(
    {ExperimentState.COMPLETED, ExperimentState.STOPPED_EARLY, ExperimentState.ARCHIVED}
)


def levels_picture(snapshot: QuarterlySnapshot, speaker: Speaker, *, ident: str) -> Picture | None:
    """How many experiments stand at each evidence level and stage; None where no level is known."""
    sections = [one for one in snapshot.experiments if one.evidence_level is not None]
    if not sections:
        return None
    caption = speaker.say(sentence("Experiments by evidence level and stage"))
    counts = Counter((one.evidence_level or 0, one.stage) for one in sections)
    matrix = LevelMatrix(caption, counts)
    return Picture(
        Kind.LEVELS,
        caption,
        charts.levels_chart(matrix, speaker, ident=ident),
        charts.levels_table(matrix, speaker),
    )


def tiles_picture(snapshot: QuarterlySnapshot, speaker: Speaker, *, ident: str) -> Picture | None:
    """How many experiments take place in each department; None where no place is known."""
    counts = departments(snapshot)
    if not counts:
        return None
    caption = speaker.say(sentence("Experiments by department"))
    values: dict[str, float | None] = dict(counts)
    tiles = charts.Tiles(caption, values, speaker.number)
    return Picture(
        Kind.TILES,
        caption,
        charts.tiles_chart(tiles, speaker, ident=ident),
        charts.tiles_table(tiles, speaker),
    )


def journeys_pictures(
    snapshot: QuarterlySnapshot, speaker: Speaker, *, ident: str
) -> list[Picture]:
    """Every experiment in time, some to a picture, all on one axis."""
    caption = speaker.say(sentence("The portfolio in time"))
    rows = [_journey(one) for one in snapshot.experiments]
    every = Journeys(caption, rows, _day(snapshot.ends_on))
    since = min(every.days)
    return [
        _journeys(
            replace(every, rows=rows[start : start + ROWS], since=since),
            speaker,
            f"{ident}-{start}",
        )
        for start in range(0, len(rows), ROWS)
    ]


def _journeys(journeys: Journeys, speaker: Speaker, ident: str) -> Picture:
    return Picture(
        Kind.JOURNEYS,
        journeys.name,
        charts.journeys_chart(journeys, speaker, ident=ident),
        charts.journeys_table(journeys, speaker),
    )


def _journey(section: ExperimentSection) -> Journey:
    name = f"{section.code} {section.title}"
    return Journey(name, _stays(section), section.state, _marks(section))


def _stays(section: ExperimentSection) -> list[Stay]:
    """The time spent in each stage, whatever states it went through there, until it was over."""
    entered = [
        next(entries) for _stage, entries in groupby(section.journey, lambda entry: entry.stage)
    ]
    days = [*(entry.entered_on for entry in entered), _over_on(section)]
    return [
        Stay(entry.stage, _day(since), _day(until) if until else None)
        for entry, (since, until) in zip(entered, pairwise(days), strict=True)
        if since
    ]


def _marks(section: ExperimentSection) -> list[Mark]:
    """When its plan was registered, and what was decided when."""
    made = section.registration
    registered = [Mark(Marked.REGISTERED, _day(made.on))] if made else []
    return registered + [Mark(Marked.DECIDED, _day(one.decided_on)) for one in section.decisions]


def _over_on(section: ExperimentSection) -> str | None:
    """The day it came to its end; None while it goes on."""
    ended = list(takewhile(lambda entry: entry.state in OVER, reversed(section.journey)))
    return ended[-1].entered_on if ended else None


def _day(text: str) -> date:
    return date.fromisoformat(text)
