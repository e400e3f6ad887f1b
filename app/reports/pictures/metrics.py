"""The pictures of one metric: the effect, before and after, the answers, the course in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.statistics.effects import NORMAL
from app.domain.statistics.menu import Outcome, is_log_ratio
from app.domain.statistics.proportions import wilson
from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports import charts
from app.reports.charts import (
    AnswerGroup,
    Answers,
    Canvas,
    Change,
    Changes,
    EffectRow,
    Effects,
    Event,
    EventKind,
    Reach,
    Series,
    SiteRow,
    Sites,
)
from app.reports.charts.drawing import Number
from app.reports.figures import latest
from app.reports.pictures.picture import Kind, Picture
from app.reports.snapshot import (
    AmendmentLine,
    ExperimentSection,
    FindingLine,
    GroupLine,
    MeasurementPoint,
    MetricLine,
    SiteLine,
)
from app.reports.wording import number_of, series_of
from models.vocabulary import Arm, ComparisonDesign, MetricKind, MetricRole

CONFIDENCE = 0.95
# A change of one of these makes other numbers of the same readings.
DEFINING = frozenset({"kind", "unit", "cumulation", "denominator"})
# Kinds that write their unit with every number.
TELLING = frozenset({MetricKind.PROPORTION, MetricKind.MONEY})


def finding_pictures(metric: MetricLine, speaker: Speaker, *, ident: str) -> list[Picture]:
    """What was found, in every picture that fits it; ``ident`` is unique on its page."""
    made = (
        effect_picture(metric, speaker, ident=f"{ident}-effect"),
        change_picture(metric, speaker, ident=f"{ident}-change"),
        answers_picture(metric, speaker, ident=f"{ident}-answers"),
    )
    return [picture for picture in made if picture]


# --- The effect ------------------------------------------------------------------------------


def effect_picture(metric: MetricLine, speaker: Speaker, *, ident: str) -> Picture | None:
    """The effect with its interval: site by site where sites were pooled; None without one."""
    row = effect_row(metric, speaker)
    if metric.finding is None or row is None:
        return None
    if metric.finding.sites:
        sites = _sites(metric, metric.finding, row, speaker)
        return Picture(
            Kind.SITES,
            speaker.say(sentence("The effect site by site")),
            charts.sites_chart(sites, speaker, ident=ident),
            charts.sites_table(sites, speaker),
        )
    effects = Effects(metric.name, [row])
    return Picture(
        Kind.EFFECT,
        speaker.say(sentence("The effect with its interval")),
        charts.effect_forest(effects, speaker, ident=ident),
        charts.effect_table(effects, speaker),
    )


def effect_row(metric: MetricLine, speaker: Speaker) -> EffectRow | None:
    """A metric's effect as a row of a forest; None where none was computed.

    A guardrail is held against its margin and has no verdict of its own.
    """
    line = metric.finding
    if line is None or None in (line.estimate, line.low, line.high):
        return None
    is_guardrail = metric.role is MetricRole.GUARDRAIL
    return EffectRow(
        name=_named(metric),
        reach=_reach(line),
        verdict=line.verdict,
        number=_effect_number(metric, line, speaker),
        n=line.n,
        least=_float(line.margin if is_guardrail else line.least),
        direction=line.direction,
        holds=not line.crosses_margin if is_guardrail else None,
    )


def _sites(metric: MetricLine, line: FindingLine, row: EffectRow, speaker: Speaker) -> Sites:
    return Sites(
        name=row.name,
        rows=[SiteRow(site.name, _reach(site), _float(site.weight)) for site in line.sites],
        number=_effect_number(metric, line, speaker),
        pooled=row.reach,
        tau2=_float(line.tau2),
        i2=_float(line.i2),
        is_ratio=_is_ratio(line),
        least=row.threshold,
    )


def _reach(line: FindingLine | SiteLine) -> Reach:
    return Reach(_float(line.estimate), _float(line.low), _float(line.high))


def _is_ratio(line: FindingLine) -> bool:
    return line.design is not None and is_log_ratio(line.design, line.outcome)


def _named(metric: MetricLine) -> str:
    has_unit = metric.unit and metric.kind not in TELLING
    return f"{metric.name} ({metric.unit})" if has_unit else metric.name


def _effect_number(metric: MetricLine, line: FindingLine, speaker: Speaker) -> Number:
    """How an effect is written: a difference of shares in points, of rates per 100."""
    if _is_ratio(line):
        return lambda value: speaker.number(round(value, 2))
    match line.outcome:
        case Outcome.PROPORTION:
            return lambda value: speaker.say(
                sentence("%(n)s points", n=round(value * 100, 1).normalize())
            )
        case Outcome.RATE:
            return lambda value: speaker.number(round(value * 100, 2))
        case Outcome.MEAN if metric.kind is MetricKind.MONEY:
            return number_of(metric.kind, speaker)
        case _:
            return lambda value: speaker.number(round(value, 2))


# --- Before and after ------------------------------------------------------------------------


def change_picture(metric: MetricLine, speaker: Speaker, *, ident: str) -> Picture | None:
    """Each group before and after, where the design compares the two; None elsewhere."""
    rows = _changes(metric, speaker)
    if not rows:
        return None
    changes = Changes(_named(metric), rows, number_of(metric.kind, speaker))
    return Picture(
        Kind.CHANGE,
        speaker.say(sentence("Before and after")),
        charts.change_chart(changes, speaker, ident=ident),
        charts.change_table(changes, speaker),
    )


def _changes(metric: MetricLine, speaker: Speaker) -> list[Change]:
    line = metric.finding
    if line is None:
        return []
    if line.groups:
        return [
            Change(
                name=speaker.word(group.arm),
                before=float(group.before),
                after=float(group.after),
                n=group.n,
                expected=_expected(group, line.groups),
            )
            for group in line.groups
        ]
    now = latest(metric)
    if line.design is not ComparisonDesign.BEFORE_AFTER_SAME or not metric.baseline or not now:
        return []
    before, after = float(metric.baseline.value), float(now.value)
    return [Change(speaker.word(Arm.TREATMENT), before, after, now.n)]


def _expected(group: GroupLine, groups: Sequence[GroupLine]) -> float | None:
    """What the treatment group would have come to, had it moved as the comparison group did."""
    other = next((each for each in groups if each.arm is Arm.COMPARISON), None)
    if group.arm is Arm.COMPARISON or other is None:
        return None
    return float(Decimal(group.before) + Decimal(other.after) - Decimal(other.before))


# --- Answers ---------------------------------------------------------------------------------


def answers_picture(metric: MetricLine, speaker: Speaker, *, ident: str) -> Picture | None:
    """Each group's ordered answers, at first and at last; None where nothing of the kind is."""
    groups = [
        AnswerGroup(f"{speaker.word(arm)} · {speaker.date(_day(on))}", counts)
        for arm in Arm
        for on, counts in _answers(metric, arm)
    ]
    if not groups:
        return None
    answers = Answers(_named(metric), groups)
    return Picture(
        Kind.ANSWERS,
        speaker.say(sentence("How people answered, from the lowest to the highest")),
        charts.answers_chart(answers, speaker, ident=ident),
        charts.answers_table(answers, speaker),
    )


Counts = tuple[int, int, int, int, int]


def _answers(metric: MetricLine, arm: Arm) -> list[tuple[str, Counts]]:
    """The answers of a group on its first and its newest day, those of all places together."""
    days: dict[str, Counter[int]] = {}
    for point in metric.points:
        if point.arm is arm and point.answers:
            days.setdefault(point.on, Counter()).update(_by_mark(point))
    shown = sorted(days)[:1] + sorted(days)[1:][-1:]
    return [(on, _counts(days[on])) for on in shown]


def _by_mark(point: MeasurementPoint) -> dict[int, int]:
    return dict(enumerate(point.answers))


def _counts(marks: Counter[int]) -> Counts:
    return marks[0], marks[1], marks[2], marks[3], marks[4]


# --- The course ------------------------------------------------------------------------------


def course_picture(
    metric: MetricLine,
    section: ExperimentSection,
    speaker: Speaker,
    *,
    ident: str = "",
    canvas: Canvas = charts.WIDE,
) -> Picture:
    """The metric over time, with its baseline's interval, looks and amendments marked."""
    made = section.registration
    series = marked(metric, made.amendments if made else (), speaker)
    return Picture(
        Kind.COURSE,
        charts.described(series, speaker)[0],
        charts.metric_chart(series, speaker, canvas, ident=ident),
        charts.metric_table(series, speaker),
    )


def marked(metric: MetricLine, amendments: Sequence[AmendmentLine], speaker: Speaker) -> Series:
    """The series of a metric with everything else that happened to it."""
    events = [*_looks(metric), *_amendments(metric, amendments)]
    return replace(series_of(metric, speaker), band=_band(metric), events=events)


def _looks(metric: MetricLine) -> list[Event]:
    """The looks at the results, where there were or are to be several."""
    planned = metric.finding.looks_planned if metric.finding else 1
    if max(planned, len(metric.looked_on)) < 2:
        return []
    return [
        Event(_day(on), EventKind.PLANNED_LOOK if n < planned else EventKind.UNPLANNED_LOOK)
        for n, on in enumerate(metric.looked_on)
    ]


def _amendments(metric: MetricLine, amendments: Sequence[AmendmentLine]) -> list[Event]:
    """What was amended of the metric itself."""
    events = []
    for amendment in amendments:
        own = [
            change
            for change in amendment.changes
            if change.field.startswith("metrics.") and change.about == metric.name
        ]
        if not own:
            continue
        is_major = any(change.is_major for change in own)
        kind = EventKind.MAJOR_AMENDMENT if is_major else EventKind.MINOR_AMENDMENT
        events.append(Event(_day(amendment.on), kind))
        if any(change.field.rpartition(".")[2] in DEFINING for change in own):
            events.append(Event(_day(amendment.on), EventKind.REDEFINED))
    return events


def _band(metric: MetricLine) -> tuple[Decimal, Decimal] | None:
    """Between which values a share's baseline lies (Wilson, 95 %); of others it is not known."""
    line = metric.baseline
    if metric.kind is not MetricKind.PROPORTION or line is None or not line.n:
        return None
    share = float(line.value)
    if not 0 <= share <= 1:
        return None
    interval = wilson(share, line.n, NORMAL.inv_cdf((1 + CONFIDENCE) / 2))
    low, high = (Decimal(repr(round(end, 4))) for end in (interval.low, interval.high))
    return low, high


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _float(value: str | None) -> float | None:
    return None if value is None else float(value)
