"""The facts of an experiment as its page lists them: (term, value) pairs, only what is filled."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.clock import day_of, today
from app.domain import registration
from app.domain.experiments import duration_days
from app.domain.progress import Track
from app.domain.steps import ORDER, stage_since
from app.language.goals import GOALS
from app.queries.evidence import MetricEvidence
from app.reports.registrations import value_said
from app.services.hypotheses import slots_of
from app.web.language import current_speaker
from app.web.reading_words import asked_fields, field_label, field_text
from models import Experiment, Hypothesis, ImportedPage, Measurement, Metric
from models.vocabulary import MetricKind, PageKind, QualityCheck, ScalingOutcome, Stage

Facts = list[tuple[str, str]]

TRACK_LOOKS: Mapping[Track | None, tuple[str, str]] = {
    Track.REACHED: ("check", "good"),
    Track.AHEAD: ("up", "good"),
    Track.ON_TRACK: ("check", "good"),
    Track.BEHIND: ("down", "warn"),
    Track.KEPT: ("shield", "good"),
    Track.CROSSED: ("warn", "bad"),
    None: ("circle", ""),
}
# Answers of UNDP's form that stand in the experiment's own fields.
STANDING_ELSEWHERE = {
    *("title", "state", "learning_intent", "hypothesis", "design_type", "control_group"),
    *("assignment", "actions", "unit_of_analysis", "data_collection", "timeline", "partner_names"),
    *("quality_checks", "outcome_statement", "actual_cost_text", "actual_cost_usd", "obstacles"),
    *("surprises", "advice", "scaling_outcomes"),
}


def aside_facts(experiment: Experiment) -> Facts:
    """What can be said in a few words: people, places, days, money, care."""
    speaker = current_speaker()
    return _filled(
        (_("Partners"), "\n".join(row.partner.name for row in experiment.partnerships)),
        (_("Places"), ", ".join(place.name for place in experiment.places)),
        (_("Groups reached"), experiment.groups_reached),
        (_("Dates"), _dates(experiment)),
        (_("Kind of experiment"), _word(experiment.kind)),
        (_("Budget planned"), _money(experiment.budget_planned_usd)),
        (_("Actual cost"), _cost(experiment)),
        (_("Consent of those taking part"), _yes_no(experiment.consent_given)),
        (_("Checked that it does no harm"), _yes_no(experiment.do_no_harm_checked)),
        (
            _("Quality check"),
            "\n".join(speaker.word(QualityCheck(each)) for each in experiment.quality_checks),
        ),
        (_("Sustainable Development Goals"), _goals(experiment)),
        (_("Sources"), experiment.source),
    )


def design_facts(experiment: Experiment) -> Facts:
    """How it is done."""
    return _filled(
        (_("Type of design"), _word(experiment.design_type)),
        (_("Compared with"), _word(experiment.control_group)),
        (_("How groups were assigned"), _word(experiment.assignment)),
        (_("How it is compared"), _word(experiment.comparison_design)),
        (_("What is done"), experiment.actions),
        (_("Unit of analysis"), experiment.unit_of_analysis),
        (_("Sample planned"), _sample(experiment)),
        *_planned(experiment),
        (_("How data are collected"), experiment.data_collection),
        (_("Timeline"), experiment.timeline),
        (_("Note on costs"), experiment.cost_note),
    )


def result_facts(experiment: Experiment) -> Facts:
    """What happened and what came of it."""
    word = current_speaker().word
    outcomes = (word(ScalingOutcome(each)) for each in experiment.scaling_outcomes)
    return _filled(
        (_("What happened"), experiment.what_happened),
        (_("Obstacles"), experiment.obstacles),
        (_("What surprised us"), experiment.surprises),
        (_("Advice to whoever repeats it"), experiment.advice),
        (_("Manual"), experiment.manual),
        (_("How faithfully it was delivered"), experiment.fidelity_record),
        (_("Repeated by others"), experiment.repeated_elsewhere),
        (_("What came of it"), "\n".join(outcomes)),
    )


def imported_facts(page: ImportedPage) -> Facts:
    """The answers of an imported form that no field of the experiment holds."""
    named = [name for name in asked_fields(PageKind.EXPERIMENT) if name not in STANDING_ELSEWHERE]
    return _filled(
        *((field_label(name), field_text(name, page.fields.get(name))) for name in named)
    )


def stage_dates(experiment: Experiment) -> dict[str, str]:
    """Stage → the day it was first entered, for the cord; stages never entered are left out."""
    days: dict[Stage, date] = {}
    for entry in experiment.stages:
        days.setdefault(entry.stage, day_of(entry.entered_at))
    reached = ORDER[: ORDER.index(experiment.stage) + 1]
    say = current_speaker().date
    return {stage.value: say(on) for stage, on in days.items() if stage in reached}


def time_in_stage(experiment: Experiment) -> str:
    """Since when it has been in its stage, whatever its states, and how many days that is."""
    return str(_("in %(stage)s %(time)s", stage=_word(experiment.stage), time=since(experiment)))


def since(experiment: Experiment) -> str:
    """The same without the stage, for a list."""
    began = stage_since([(entry.stage, day_of(entry.entered_at)) for entry in experiment.stages])
    if began is None:
        return ""
    speaker, days = current_speaker(), max((today() - began).days, 0)
    return speaker.plural("since %(day)s, %(n)s day", "since %(day)s, %(n)s days", days, day=began)


def is_in_slots(hypothesis: Hypothesis) -> bool:
    """Whether it was written slot by slot."""
    return slots_of(hypothesis).is_filled


def standing_looks(shown: MetricEvidence) -> tuple[str, str]:
    """The icon and tone of a metric's standing."""
    return TRACK_LOOKS[shown.track]


def counted(measurement: Measurement, metric: Metric) -> str:
    """The numbers behind a reading's value, in a few words."""
    match metric.kind:
        case MetricKind.PROPORTION:
            shares = {"part": measurement.successes, "all": measurement.n}
            return str(_("%(part)s of %(all)s", **_numbers(shares)))
        case MetricKind.RATE:
            rates = {"count": measurement.count, "exposure": measurement.exposure}
            return str(_("%(count)s over %(exposure)s", **_numbers(rates)))
        case MetricKind.NPS:
            groups = (measurement.promoters, measurement.passives, measurement.detractors)
            return _dotted(groups)
        case MetricKind.ORDINAL:
            return _dotted(measurement.answers or ())
        case MetricKind.COUNT:
            return ""
        case _:
            return _averaged(measurement)


def _averaged(measurement: Measurement) -> str:
    number = current_speaker().number
    parts = [_("n = %(n)s", n=number(measurement.n or 0))]
    if measurement.sd is not None:
        parts.append(_("SD %(sd)s", sd=number(measurement.sd)))
    return " · ".join(parts)


def _numbers(parts: Mapping[str, int | None] | Mapping[str, Decimal | None]) -> dict[str, str]:
    number = current_speaker().number
    return {name: number(value) for name, value in parts.items() if value is not None}


def _dotted(counts: Iterable[int | None]) -> str:
    return " · ".join(current_speaker().number(count or 0) for count in counts)


def _filled(*facts: tuple[str, str]) -> Facts:
    return [(term, value) for term, value in facts if value]


def _word(member: Any) -> str:
    return "" if member is None else current_speaker().word(member)


def _money(amount: Any) -> str:
    if amount is None:
        return ""
    return current_speaker().money(amount)


def _cost(experiment: Experiment) -> str:
    said = _money(experiment.cost_actual_usd)
    amount, rate = experiment.cost_actual_local, experiment.rate_to_usd
    if amount is None or rate is None:
        return said
    number = current_speaker().number
    local = f"{experiment.local_currency} {number(amount)}"
    return "\n".join(
        (said, _("%(amount)s at %(rate)s to the dollar", amount=local, rate=number(rate)))
    )


def _dates(experiment: Experiment) -> str:
    say, start, end = current_speaker().date, experiment.starts_on, experiment.ends_on
    if start and end:
        said = {"first": say(start), "last": say(end), "days": duration_days(start, end)}
        return str(_("%(first)s to %(last)s (%(days)s days)", **said))
    if start:
        return str(_("since %(day)s", day=say(start)))
    return str(_("until %(day)s", day=say(end))) if end else ""


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else str(_("Yes") if answer else _("No"))


def _goals(experiment: Experiment) -> str:
    say = current_speaker().say
    return "\n".join(f"{n}. {say(GOALS[n])}" for n in experiment.sdgs if n in GOALS)


def _planned(experiment: Experiment) -> Facts:
    """What is planned of the comparison beyond its kind and sample, as a plan freezes it."""
    names = ("looks_planned", "look_rule", "stops_on", "attrition_limit", "cluster_size", "icc")
    speaker = current_speaker()
    return [
        (
            speaker.say(registration.LABELS[name]),
            value_said(name, registration.plain(getattr(experiment, name)), None, speaker),
        )
        for name in names
    ]


def _sample(experiment: Experiment) -> str:
    planned = experiment.sample_planned
    return "" if planned is None else current_speaker().number(planned)


FILTERS: Mapping[str, Callable[..., Any]] = {
    shows.__name__: shows
    for shows in (
        aside_facts,
        design_facts,
        result_facts,
        imported_facts,
        stage_dates,
        time_in_stage,
        since,
        is_in_slots,
        standing_looks,
        counted,
    )
} | {"day": day_of}
