"""What was found of an experiment as its page shows it, and lowering its evidence level."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.clock import today
from app.database import current_session
from app.domain.decisions import goes_against
from app.domain.evidence_levels import meaning, missing_for_next
from app.domain.found import effect_in, limits_in, sentence_of
from app.domain.integrity import Flag
from app.domain.statistics.menu import Outcome, is_log_ratio
from app.language.sentences import Sentence, sentence
from app.language.speaker import Speaker
from app.queries.findings import MetricFinding, findings_of, stored_grounds
from app.queries.undertakings import flags_in
from app.reports.charts import (
    EffectRow,
    Effects,
    Reach,
    SiteRow,
    Sites,
    Table,
    effect_forest,
    effect_table,
    sites_chart,
    sites_table,
)
from app.reports.wording import number_of
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import evidence_levels
from app.web.forms.conflicts import saved
from app.web.forms.levels import LevelForm
from app.web.language import current_speaker
from app.web.loading import experiment_for
from models import Decision, Experiment
from models.vocabulary import MetricRole, Verdict

pages = Blueprint("levels", __name__, url_prefix="/experiments/<code>/level")
DIGITS = 4


@dataclass(frozen=True)
class Picture:
    """A drawing with the same numbers in a table."""

    svg: Markup
    table: Table


@dataclass(frozen=True)
class Shown:
    """What was found of one metric. ``within`` says of a guardrail whether its margin held."""

    one: MetricFinding
    said: Sentence
    limits: list[Sentence]
    effect: Sentence | None
    picture: Picture | None
    within: bool | None = None


@dataclass(frozen=True)
class Conclusions:
    """The evidence of an experiment: integrity first, then the verdicts, then the level."""

    verdict: Verdict
    flags: list[Flag]
    metrics: list[Shown]
    level: int
    meaning: Sentence
    missing: list[Sentence]


@pages.app_template_filter()
def conclusions(experiment: Experiment) -> Conclusions:
    """Read out from what is stored; computes no statistics."""
    found = findings_of(experiment)
    level = experiment.evidence_level or 0
    return Conclusions(
        verdict=experiment.verdict or Verdict.NOT_ASSESSABLE,
        flags=flags_in(experiment, today=today()),
        metrics=[_shown(one) for one in found if one.finding],
        level=level,
        meaning=meaning(level),
        missing=missing_for_next(stored_grounds(experiment, found)),
    )


@pages.app_template_filter()
def p_value(value: float) -> str:
    """A p-value; below one in ten thousand it only says so."""
    least, number = Decimal(10) ** -DIGITS, current_speaker().number
    exact = Decimal(repr(value))
    return f"< {number(least)}" if exact < least else number(round(exact, DIGITS))


@pages.app_template_filter()
def is_against(decision: Decision) -> bool:
    """Whether a decision went against the verdict as it stood."""
    return goes_against(decision.kind, decision.verdict)


@pages.get("")
@requires(Permission.TAKE_DECISION)
def edit(code: str) -> ResponseReturnValue:
    """The level as computed, and the form that lowers it."""
    return _page(LevelForm(), experiment_for(Permission.TAKE_DECISION, code))


@pages.post("")
@requires(Permission.TAKE_DECISION)
def update(code: str) -> ResponseReturnValue:
    """Lower it, with a reason."""
    experiment, form = experiment_for(Permission.TAKE_DECISION, code), LevelForm()
    form.offer(experiment.evidence_level or 0)
    to, because = form.to.data, form.because.data or ""
    is_saved = saved(
        form,
        lambda: _lowered(experiment, to, because),
        rules=lambda: evidence_levels.problems_of(experiment.evidence_level or 0, to, because),
    )
    if is_saved is None:
        return _page(form, experiment)
    flash(_("The level is lowered, and your reason stands beside it."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="verdict"), 303)


def _lowered(experiment: Experiment, to: int, because: str) -> bool:
    evidence_levels.lower(current_session(), experiment, to, because=because, by=current_actor())
    return True


def _page(form: LevelForm, experiment: Experiment) -> ResponseReturnValue:
    form.offer(experiment.evidence_level or 0)
    page = render_template("experiments/level.html", form=form, experiment=experiment)
    return page, form.status


def _shown(one: MetricFinding) -> Shown:
    is_guardrail = one.metric.role is MetricRole.GUARDRAIL
    return Shown(
        one=one,
        said=sentence_of(one.found),
        limits=limits_in(one.found),
        effect=effect_in(one.found),
        picture=None if is_guardrail else _picture(one, current_speaker()),
        within=_within(one) if is_guardrail else None,
    )


def _within(one: MetricFinding) -> bool | None:
    """Whether a guardrail's interval is not wholly beyond its margin; None where unknown."""
    return None if one.found.effect is None else not one.crosses_margin


def _picture(one: MetricFinding, speaker: Speaker) -> Picture | None:
    if one.found.effect is None or one.finding is None:
        return None
    ident, number = f"effect-{one.metric.id}", _number(one, speaker)
    if rows := one.finding.extra.get("sites"):
        return _sites(one, rows, number, speaker, ident)
    effects = Effects(one.metric.name, [_row(one, number)])
    return Picture(effect_forest(effects, speaker, ident=ident), effect_table(effects, speaker))


def _row(one: MetricFinding, number: Callable[[Decimal], str]) -> EffectRow:
    found = one.found
    return EffectRow(
        name=one.metric.name,
        reach=Reach(found.estimate, found.low, found.high),
        verdict=found.verdict,
        number=number,
        n=found.n,
        least=found.least,
        direction=found.direction,
    )


def _sites(
    one: MetricFinding,
    rows: list[Mapping[str, object]],
    number: Callable[[Decimal], str],
    speaker: Speaker,
    ident: str,
) -> Picture:
    extra, found = one.finding.extra if one.finding else {}, one.found
    sites = Sites(
        name=one.metric.name,
        rows=[_site(row) for row in rows],
        number=number,
        pooled=Reach(found.estimate, found.low, found.high),
        tau2=extra.get("tau2"),
        i2=extra.get("i2"),
        is_ratio=found.design is not None and is_log_ratio(found.design, found.outcome),
    )
    return Picture(sites_chart(sites, speaker, ident=ident), sites_table(sites, speaker))


def _site(row: Mapping[str, object]) -> SiteRow:
    estimate, interval, weight = row["estimate"], row["interval"], row["weight"]
    return SiteRow(str(row["name"]), Reach(estimate, *interval), weight)  # type: ignore[arg-type, misc]


def _number(one: MetricFinding, speaker: Speaker) -> Callable[[Decimal], str]:
    """How an effect is written: a difference of shares in points, of rates per 100."""
    found = one.found
    if found.design is not None and is_log_ratio(found.design, found.outcome):
        return lambda value: speaker.number(round(value, 2))
    match found.outcome:
        case Outcome.PROPORTION:
            return lambda value: speaker.say(
                sentence("%(n)s points", n=round(value * 100, 1).normalize())
            )
        case Outcome.RATE:
            return lambda value: speaker.number(round(value * 100, 2))
        case Outcome.MEAN if one.metric.kind.value == "money":
            return number_of(one.metric.kind, speaker)
        case _:
            return lambda value: speaker.number(round(value, 2))
