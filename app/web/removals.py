"""What was taken away of an experiment's plan, and bringing it back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.experiments import removed_parts
from app.queries.reported import hypothesis_was_told, metric_was_told
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import hypotheses, metrics
from app.web.forms.amendments import RestoreForm
from app.web.forms.conflicts import saved
from app.web.loading import experiment_for
from models import Experiment, Hypothesis, Metric

pages = Blueprint(
    "removals",
    __name__,
    url_prefix="/experiments/<code>/removed/<any(hypotheses, metrics):kind>/<int:part_id>",
)

KINDS = {"hypotheses": Hypothesis, "metrics": Metric}


@pages.get("")
@requires(Permission.WRITE_EXPERIMENT)
def show(code: str, kind: str, part_id: int) -> ResponseReturnValue:
    """What it said, and a button that brings it back."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    return _page(RestoreForm(), experiment, _removed(experiment, kind, part_id))


@pages.post("")
@requires(Permission.WRITE_EXPERIMENT)
def restore(code: str, kind: str, part_id: int) -> ResponseReturnValue:
    """Bring it back; into a registered plan, with a reason."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    form, part = RestoreForm(), _removed(experiment, kind, part_id)
    if saved(form, lambda: _restore(experiment, part, form)) is None:
        return _page(form, experiment, part)
    flash(_("It is back."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor=kind), 303)


def _restore(
    experiment: Experiment, part: Hypothesis | Metric, form: RestoreForm
) -> Hypothesis | Metric:
    session, by = current_session(), current_actor()
    why: dict[str, Any] = {
        "amendment_reason": form.amendment_reason.data or "",
        "reason_code": form.reason_code.data,
    }
    if isinstance(part, Hypothesis):
        return hypotheses.restore(session, experiment, part, by=by, **why)
    return metrics.restore(session, experiment, part, by=by, today=today(), **why)


def _was_told(experiment: Experiment, part: Hypothesis | Metric) -> bool:
    session = current_session()
    if isinstance(part, Hypothesis):
        return hypothesis_was_told(session, experiment, part)
    return metric_was_told(session, experiment, part)


def _removed(experiment: Experiment, kind: str, part_id: int) -> Hypothesis | Metric:
    for part in removed_parts(current_session(), experiment):
        if isinstance(part, KINDS[kind]) and part.id == part_id:
            return part
    raise UnknownError(
        sentence("Nothing of this kind was removed from %(code)s.", code=experiment.code)
    )


def _page(
    form: RestoreForm, experiment: Experiment, part: Hypothesis | Metric
) -> ResponseReturnValue:
    page = render_template(
        "experiments/removed.html",
        form=form,
        experiment=experiment,
        part=part,
        was_told=_was_told(experiment, part),
    )
    return page, form.status
