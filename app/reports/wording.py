"""How a report says what the snapshot holds: numbers by kind of metric, gaps, quarters, progress.

Sentences are made here in English and said in the reader's language by the ``Speaker``.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.domain import chains
from app.domain.answers import Answer
from app.domain.hypotheses import Form, Slots, said
from app.domain.registration import SLOTS
from app.language.sentences import N_, Sentence, sentence
from app.language.speaker import Speaker, places_of, shortest
from app.reports.charts import Point, Series
from app.reports.figures import StateGroup, share_of_way
from app.reports.magnitudes import DECIMALS, LARGEST, places_for, readable
from app.reports.overview import DueKind
from app.reports.plan_snapshot import PlanSnapshot
from app.reports.snapshot import Gap, GapKind, HypothesisLine, MetricLine
from app.reports.stage_snapshot import AnySnapshot, StageSnapshot
from models.vocabulary import MetricKind, Stage

GROUP_LABELS = {
    StateGroup.PREPARING: N_("In preparation"),
    StateGroup.RUNNING: N_("Running"),
    StateGroup.PAUSED: N_("Paused"),
    StateGroup.COMPLETED: N_("Completed"),
    StateGroup.STOPPED_EARLY: N_("Stopped early"),
    StateGroup.ARCHIVED: N_("Archived (abandoned)"),
}

GAP_TEMPLATES = {
    **{GapKind(link.value): template for link, template in chains.TEMPLATES.items()},
    GapKind.HYPOTHESIS_WITHOUT_SLOTS: N_("The hypothesis is not written slot by slot"),
    GapKind.NO_READING_THIS_QUARTER: N_("No reading of “%(about)s” in this quarter"),
    GapKind.DECISION_REVIEW_OVERDUE: N_("The decision was to be looked at again"),
    GapKind.NOT_SUBMITTED: N_("Not submitted by the lab for review by %(programme)s"),
    GapKind.NO_REVIEW: N_("No impact review by %(programme)s"),
    GapKind.REVIEW_NOT_ACCEPTED: N_(
        "%(programme)s asked for changes that the lab has not submitted yet"
    ),
    GapKind.NO_SOURCE: N_("No source is named"),
}

ANSWER_LABELS = {
    Answer.ANSWERED: N_("Answered"),
    Answer.PARTLY: N_("Partly answered"),
    Answer.OPEN: N_("Open"),
}

DUE_LABELS = {
    DueKind.LOOK_AGAIN: N_("The decision is to be looked at again"),
    DueKind.NO_DECISION: N_("There are results and no decision"),
    DueKind.ENDS: N_("It ends, and what comes next is to be decided"),
}

QUARTERS = {
    "1": N_("First quarter of %(year)s"),
    "2": N_("Second quarter of %(year)s"),
    "3": N_("Third quarter of %(year)s"),
    "4": N_("Fourth quarter of %(year)s"),
}


def quarter_title(quarter: str) -> Sentence:
    """The name of a quarter spelled "2026-Q3"."""
    return sentence(QUARTERS[quarter[-1]], year=quarter[:4])


def gap_sentence(gap: Gap, programme: str) -> Sentence:
    """What is missing; ``programme`` is the name of the gap's programme."""
    return sentence(GAP_TEMPLATES[gap.kind], about=gap.metric, programme=programme)


def hypothesis_sentence(line: HypothesisLine) -> Sentence:
    """The hypothesis as UNDP's IF … THEN …."""
    return said(slots_of(line), Form.IF_THEN)


def open_slots(line: HypothesisLine) -> list[str]:
    """What a hypothesis leaves open, as templates to be said."""
    return [label for name, label in SLOTS.items() if not getattr(line, name)]


def slots_of(line: HypothesisLine) -> Slots:
    """A hypothesis as the rules take it."""
    return Slots(**dict(line))


def progress_sentence(metric: MetricLine) -> Sentence:
    """Whether a metric is on its way, in words."""
    share = share_of_way(metric)
    if share is not None and share >= 1:
        return sentence("Target reached")
    if metric.on_track is None:
        return sentence("Cannot be said")
    return sentence("On track") if metric.on_track else sentence("Behind")


def percentage(share: Decimal, speaker: Speaker, at_most: int = DECIMALS) -> str:
    """A share (0 to 1) as a percentage, with decimals only where they say something."""
    points = share * 100
    if points and points.adjusted() > LARGEST:
        return f"{speaker.power_of_ten(points)}\u00a0%"
    return speaker.percent(share, places_of(shortest(points, places_for(points, at_most))))


def amount(value: Decimal, speaker: Speaker, at_most: int = DECIMALS) -> str:
    """An amount in US dollars with its cents, if any; prices below a dollar more exactly."""
    if value and value.adjusted() > LARGEST:
        return f"USD\u00a0{speaker.power_of_ten(value)}"
    return speaker.money(value, places_for(value, at_most))


def number_of(
    kind: MetricKind, speaker: Speaker, at_most: int = DECIMALS
) -> Callable[[Decimal], str]:
    """How a value of a kind of metric is written, without its unit."""
    if kind is MetricKind.PROPORTION:
        return lambda value: percentage(value, speaker, at_most)
    if kind is MetricKind.MONEY:
        return lambda value: amount(value, speaker, at_most)
    return lambda value: readable(value, speaker, at_most)


def series_of(metric: MetricLine, speaker: Speaker) -> Series:
    """A metric as its picture needs it."""
    baseline = metric.baseline
    return Series(
        name=metric.name,
        points=[Point(_day(p.on), Decimal(p.value), p.arm, p.n, p.place) for p in metric.points],
        direction=metric.direction,
        number=number_of(metric.kind, speaker),
        baseline=Decimal(baseline.value) if baseline else None,
        baseline_on=_day(baseline.on) if baseline and baseline.on else None,
        target=Decimal(metric.target) if metric.target is not None else None,
        target_on=_day(metric.target_on) if metric.target_on else None,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


# The stages reports exist for.
STAGE_REPORTS = {
    Stage.EXPLORE: N_("Explore report"),
    Stage.TEST: N_("Test report"),
    Stage.GROW: N_("Grow report"),
}


def stage_report_name(stage: Stage) -> Sentence:
    """What the report on a stage is called."""
    return sentence(STAGE_REPORTS[stage])


def running_title(snapshot: AnySnapshot) -> Sentence:
    """What stands above every page."""
    if isinstance(snapshot, StageSnapshot):
        return sentence(
            "%(report)s · %(code)s",
            report=stage_report_name(snapshot.stage),
            code=snapshot.experiment.code,
        )
    if isinstance(snapshot, PlanSnapshot):
        report = sentence("Plan report")
        return sentence("%(report)s · %(code)s", report=report, code=snapshot.code)
    report = sentence("Quarterly report on experiments")
    return sentence("%(report)s · %(code)s", report=report, code=snapshot.quarter)


def document_title(snapshot: AnySnapshot) -> Sentence:
    """The title of the whole document, for its properties."""
    if isinstance(snapshot, StageSnapshot):
        return sentence(
            "%(report)s, %(title)s, %(office)s",
            report=stage_report_name(snapshot.stage),
            title=snapshot.experiment.title,
            office=snapshot.office.name,
        )
    if isinstance(snapshot, PlanSnapshot):
        return sentence(
            "%(report)s, %(title)s, %(office)s",
            report=sentence("Plan report"),
            title=snapshot.title,
            office=snapshot.office.name,
        )
    return sentence(
        "Quarterly report on experiments, %(quarter)s, %(office)s",
        quarter=quarter_title(snapshot.quarter),
        office=snapshot.office.name,
    )
