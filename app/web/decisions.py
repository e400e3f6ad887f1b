"""Decisions on an experiment: written down once, never edited; a later one follows."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.decisions import problems_of
from app.queries.evidence import began_on
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import decisions
from app.web.forms.conflicts import saved
from app.web.forms.decisions import DecisionForm
from app.web.loading import experiment_for
from app.web.locked import closed_to
from models import Experiment

pages = Blueprint("decisions", __name__, url_prefix="/experiments/<code>/decisions")


@pages.get("/new")
@requires(Permission.TAKE_DECISION)
def new(code: str) -> ResponseReturnValue:
    """What to decide by, and the form."""
    experiment = experiment_for(Permission.TAKE_DECISION, code)
    return _page(DecisionForm(decided_on=today()), experiment)


@pages.post("/new")
@requires(Permission.TAKE_DECISION)
def create(code: str) -> ResponseReturnValue:
    """Write it down."""
    experiment, form = experiment_for(Permission.TAKE_DECISION, code), DecisionForm()
    decision = saved(
        form,
        lambda: decisions.record(
            current_session(), experiment, form.ruling(), by=current_actor(), today=today()
        ),
        rules=lambda: problems_of(
            form.ruling(),
            today=today(),
            verdict=experiment.verdict,
            began_on=began_on(experiment),
        ),
    )
    if decision is None:
        return _page(form, experiment)
    flash(_("The decision is on record."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="decisions"), 303)


def _page(form: DecisionForm, experiment: Experiment) -> ResponseReturnValue:
    locked = closed_to(experiment)
    page = render_template("decisions/new.html", form=form, experiment=experiment, locked=locked)
    return page, form.status
