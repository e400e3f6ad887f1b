"""An experiment's steps along the learning cycle: to another stage or state, or back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import day_of, now, today
from app.database import current_session
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import experiments
from app.web.forms.conflicts import Differences, saved_or_compared
from app.web.forms.experiments import StepForm
from app.web.loading import experiment_for, reloaded
from app.web.locked import closed_to
from models import Experiment

pages = Blueprint("steps", __name__, url_prefix="/experiments/<code>/step")


@pages.get("")
@requires(Permission.WRITE_EXPERIMENT)
def edit(code: str) -> ResponseReturnValue:
    """Where the experiment stands, and where it may go."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    return _page(_standing(experiment), experiment)


@pages.post("")
@requires(Permission.WRITE_EXPERIMENT)
def update(code: str) -> ResponseReturnValue:
    """Take it to another stage or state."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    form = StepForm()
    is_saved, differences = saved_or_compared(
        form,
        lambda: experiments.move(
            current_session(),
            experiment,
            form.step(),
            seen_version=form.seen_version,
            by=current_actor(),
            at=now(),
        ),
        standing=lambda: _taken(reloaded(experiment), form),
        rules=lambda: experiments.problems_of_move(experiment, form.step(), at=now()),
    )
    if not is_saved:
        return _page(form, experiment, differences)
    flash(_("Moved. When it was where stays on record."), "success")
    return redirect(url_for("experiments.show", code=code), 303)


def _standing(experiment: Experiment) -> StepForm:
    return StepForm(
        formdata=None,
        stage=experiment.stage,
        state=experiment.state,
        pause_reason=experiment.pause_reason,
        version=experiment.version,
    )


def _taken(experiment: Experiment, typed: StepForm) -> StepForm:
    """The step that was taken last, as this form would have asked for it: no day means today."""
    form = _standing(experiment)
    if experiment.stages:
        last = experiment.stages[-1]
        form.reason.data = last.reason
        entered_on = day_of(last.entered_at)
        form.on.data = None if (typed.on.data, entered_on) == (None, today()) else entered_on
    return form


def _page(
    form: StepForm, experiment: Experiment, differences: Differences | None = None
) -> ResponseReturnValue:
    page = render_template(
        "experiments/step.html",
        form=form,
        experiment=experiment,
        differences=differences,
        locked=closed_to(experiment),
    )
    return page, form.status
