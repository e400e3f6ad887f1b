"""The pictures of one experiment: all its effects, when it was registered, what was measured."""

from datetime import date

from app.domain.integrity import Taken
from app.domain.registration import restored
from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports import charts
from app.reports.charts import Amended, Effects, WaveRow, Waves
from app.reports.pictures.metrics import effect_picture, effect_row
from app.reports.pictures.picture import Kind, Picture
from app.reports.snapshot import AmendmentLine, ExperimentSection, MetricLine
from models.vocabulary import MetricRole, Verdict

ROLES = list(MetricRole)


def forest(
    section: ExperimentSection, speaker: Speaker, *, ident: str, is_compact: bool = False
) -> Picture | None:
    """Every effect of the experiment in one picture; None where there is none.

    A single one stands in its own unit, site by site where sites were pooled; of several each is
    measured by its own threshold. A compact one of several leaves their numbers to the table.
    """
    metrics = sorted(section.metrics, key=lambda metric: ROLES.index(metric.role))
    rows = [row for metric in metrics if (row := effect_row(metric, speaker))]
    if len(rows) == 1:
        pictures = (effect_picture(metric, speaker, ident=ident) for metric in metrics)
        return next(filter(None, pictures))
    if not rows:
        return None
    effects = Effects(section.title, rows, in_thresholds=True, is_compact=is_compact)
    return Picture(
        Kind.EFFECT,
        speaker.say(sentence("The effects, each against its own threshold; better to the right")),
        charts.effect_forest(effects, speaker, ident=ident),
        charts.effect_table(effects, speaker),
    )


def registration_picture(
    section: ExperimentSection, speaker: Speaker, *, ident: str
) -> Picture | None:
    """When it was registered, first measured, amended and judged; None before any of it."""
    made, first = section.registration, section.first_measured_on
    if made is None and first is None:
        return None
    verdict_on = _judged_on(section)
    line = charts.RegistrationLine(
        name=section.title,
        registered_on=_day(made.on) if made else None,
        first_data_on=_day(first) if first else None,
        amendments=[_amended(each, speaker) for each in made.amendments] if made else [],
        verdict=section.verdict if verdict_on else None,
        verdict_on=verdict_on,
    )
    return Picture(
        Kind.REGISTRATION,
        speaker.say(sentence("When it was registered, measured and amended")),
        charts.registration_chart(line, speaker, ident=ident),
        charts.registration_table(line, speaker),
    )


def waves_picture(section: ExperimentSection, speaker: Speaker, *, ident: str) -> Picture | None:
    """The planned readings of every metric and what became of them; None where none was planned."""
    planned = [metric for metric in section.metrics if metric.waves]
    if not planned:
        return None
    names = _wave_names(planned)
    rows = [WaveRow(metric.name, _fates(metric, names)) for metric in planned]
    waves = Waves(section.title, names, rows)
    return Picture(
        Kind.WAVES,
        speaker.say(sentence("Planned readings and what became of them")),
        charts.waves_chart(waves, speaker, ident=ident),
        charts.waves_table(waves, speaker),
    )


def _wave_names(metrics: list[MetricLine]) -> list[str]:
    """The names of all waves in time; of one planned for several metrics, by its earliest day."""
    days: dict[str, str] = {}
    for wave in (wave for metric in metrics for wave in metric.waves):
        days[wave.name] = min(days.get(wave.name, wave.due_on), wave.due_on)
    return sorted(days, key=lambda name: (days[name], name))


def _fates(metric: MetricLine, names: list[str]) -> list[Taken | None]:
    fates = {wave.name: wave.taken for wave in metric.waves}
    return [fates.get(name) for name in names]


def _amended(line: AmendmentLine, speaker: Speaker) -> Amended:
    fields = [speaker.say(restored(dict(change)).label) for change in line.changes]
    return Amended(_day(line.on), line.is_major, "; ".join(dict.fromkeys(fields)))


def _judged_on(section: ExperimentSection) -> date | None:
    """The day of the newest reading, or plan, the verdict rests on."""
    if section.verdict in (None, Verdict.NOT_ASSESSABLE):
        return None
    findings = [m.finding for m in section.metrics if m.role is MetricRole.PRIMARY and m.finding]
    made = section.registration
    plans = [made.on, *(each.on for each in made.amendments)] if made else []
    days = [line.as_of for line in findings if line.as_of]
    return _day(max([*days, *plans])) if days else None


def _day(text: str) -> date:
    return date.fromisoformat(text)
