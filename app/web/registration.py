"""Registering an experiment's plan, and the plan as it was frozen with what was amended since."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import day_of, now, today
from app.database import current_session
from app.domain import registration as plans
from app.domain.refusals import Problem, UnknownError
from app.language.sentences import Sentence, sentence
from app.queries.evidence import first_measured_on
from app.reports.registrations import timing
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import registration
from app.web import registration_words
from app.web.forms.amendments import RegistrationForm
from app.web.forms.conflicts import saved
from app.web.loading import experiment_for
from models import Experiment, Registration

pages = Blueprint("registration", __name__, url_prefix="/experiments/<code>/registration")
for name, shows in registration_words.FILTERS.items():
    pages.add_app_template_filter(shows, name)


@dataclass(frozen=True)
class Lateness:
    """When the registration came, told against the first measurement."""

    said: Sentence
    is_late: bool


@pages.app_template_filter()
def lateness(experiment: Experiment) -> Lateness | None:
    """How timely the registration of an experiment was; None without one."""
    made = experiment.registration
    if made is None:
        return None
    days = plans.days_before(day_of(made.registered_at), first_measured_on(experiment))
    return Lateness(timing(day_of(made.registered_at), days), days is not None and days < 0)


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def show(code: str) -> ResponseReturnValue:
    """The frozen plan, field by field, and every amendment."""
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    made = _registration_of(experiment)
    return render_template(
        "experiments/registration.html",
        experiment=experiment,
        registration=made,
        plan=json.loads(made.document),
    )


@pages.get("/new")
@requires(Permission.WRITE_EXPERIMENT)
def new(code: str) -> ResponseReturnValue:
    """What would be frozen, and what is still missing."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    if experiment.registration:
        return redirect(url_for("registration.show", code=code), 303)
    return _page(RegistrationForm(), experiment)


@pages.post("/new")
@requires(Permission.WRITE_EXPERIMENT)
def create(code: str) -> ResponseReturnValue:
    """Freeze the plan that was seen."""
    experiment, form = experiment_for(Permission.WRITE_EXPERIMENT, code), RegistrationForm()
    made = saved(
        form,
        lambda: registration.register(
            current_session(),
            experiment,
            by=current_actor(),
            at=now(),
            seen_sha256=form.sha256.data or "",
        ),
    )
    if made is None:
        return _page(form, experiment)
    flash(_("The plan is registered. From here on a change of it needs a reason."), "success")
    return redirect(url_for("registration.show", code=code), 303)


@pages.get("/documents/<int:number>")
@requires(Permission.READ_PORTFOLIO)
def document(code: str, number: int) -> ResponseReturnValue:
    """The frozen JSON, byte by byte: 0 as registered, 1 after the first amendment, and so on."""
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    made = _registration_of(experiment)
    versions = [made.document, *(each.document for each in made.amendments)]
    if number >= len(versions):
        raise UnknownError(sentence("There is no such version of the plan of %(code)s.", code=code))
    answer = Response(versions[number], mimetype="application/json")
    name = f"{code}-plan-{number}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _registration_of(experiment: Experiment) -> Registration:
    if experiment.registration is None:
        raise UnknownError(sentence("%(code)s is not registered.", code=experiment.code))
    return experiment.registration


def _page(form: RegistrationForm, experiment: Experiment) -> ResponseReturnValue:
    plan = registration.plan_now(current_session(), experiment)
    form.sha256.data = plans.digest(plans.canonical_json(plan))
    page = render_template(
        "experiments/register.html",
        form=form,
        experiment=experiment,
        plan=plan,
        missing=[_mended(problem, experiment) for problem in plans.missing_from(plan)],
        primaries=plans.primary_metrics(plan),
        past_waves=_past_waves(experiment),
        days=plans.days_before(today(), first_measured_on(experiment)),
    )
    return page, form.status


def _past_waves(experiment: Experiment) -> list[str]:
    """The names of the planned waves whose day is over, each once."""
    waves = [wave for metric in experiment.metrics for wave in metric.planned_waves]
    return list(dict.fromkeys(wave.name for wave in waves if wave.due_on < today()))


def _mended(problem: Problem, experiment: Experiment) -> tuple[Sentence, str]:
    """What is missing, with the page that mends it."""
    part, _dot, number = (problem.field or "").partition(".")
    code = experiment.code
    match part:
        case "hypotheses" if number:
            url = url_for("hypotheses.edit", code=code, hypothesis_id=int(number))
        case "hypotheses":
            url = url_for("hypotheses.new", code=code)
        case "metrics" if number:
            url = url_for("metrics.edit", code=code, metric_id=int(number))
        case "metrics":
            url = url_for("metrics.new", code=code)
        case _:
            url = url_for("experiments.edit", code=code, open="design", _anchor="section-design")
    return problem.message, url
