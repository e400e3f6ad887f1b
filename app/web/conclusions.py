"""What was found of an experiment as its page shows it, and lowering its evidence level."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.decisions import goes_against
from app.domain.evidence_levels import meaning, missing_for_next
from app.domain.found import effect_in, limits_in, sentence_of
from app.domain.integrity import Flag
from app.language.sentences import Sentence
from app.queries.findings import MetricFinding, findings_of, stored_grounds
from app.queries.undertakings import flags_in
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import evidence_levels
from app.web.forms.conflicts import saved
from app.web.forms.levels import LevelForm
from app.web.language import current_speaker
from app.web.loading import experiment_for
from app.web.pictures import pictured
from models import Decision, Experiment
from models.vocabulary import MetricRole, Verdict

pages = Blueprint("levels", __name__, url_prefix="/experiments/<code>/level")
pages.add_app_template_filter(pictured)
DIGITS = 4


@dataclass(frozen=True)
class Shown:
    """What was found of one metric. ``within`` says of a guardrail whether its margin held."""

    one: MetricFinding
    said: Sentence
    limits: list[Sentence]
    effect: Sentence | None
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
    is_guardrail = one.role is MetricRole.GUARDRAIL
    return Shown(
        one=one,
        said=sentence_of(one.found),
        limits=limits_in(one.found),
        effect=effect_in(one.found),
        within=_within(one) if is_guardrail else None,
    )


def _within(one: MetricFinding) -> bool | None:
    """Whether a guardrail's interval is not wholly beyond its margin; None where unknown."""
    return None if one.found.effect is None else not one.crosses_margin
