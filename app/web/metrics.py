"""An experiment's metrics: one with all its readings, adding and changing them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.refusals import RefusalError
from app.queries.choices import places
from app.queries.reported import baseline_was_reported, metric_was_told
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import metrics
from app.web.addresses import whole
from app.web.forms.amendments import RemovalForm
from app.web.forms.conflicts import Differences, saved, saved_or_compared
from app.web.forms.metrics import MetricForm, NewMetricForm, shown
from app.web.loading import experiment_for, metric_in, reloaded
from app.web.locked import closed_to
from models import Experiment, Metric
from models.vocabulary import MetricRole

pages = Blueprint("metrics", __name__, url_prefix="/experiments/<code>/metrics")


@pages.get("/new")
@requires(Permission.WRITE_EXPERIMENT)
def new(code: str) -> ResponseReturnValue:
    """An empty form; the first metric is taken to be primary."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    role = MetricRole.SECONDARY if experiment.metrics else MetricRole.PRIMARY
    asked = whole("hypothesis")
    only = experiment.hypotheses[0].id if len(experiment.hypotheses) == 1 else None
    return _page(NewMetricForm(role=role, hypothesis_id=asked or only), experiment)


@pages.post("/new")
@requires(Permission.WRITE_EXPERIMENT)
def create(code: str) -> ResponseReturnValue:
    """Add it."""
    experiment, form = experiment_for(Permission.WRITE_EXPERIMENT, code), NewMetricForm()
    form.offer(experiment.hypotheses)
    metric = saved(
        form,
        lambda: metrics.add(
            current_session(),
            experiment,
            form.facts(),
            by=current_actor(),
            today=today(),
            amendment_reason=form.amendment_reason.data or "",
            submission_key=form.submission_key.data,
        ),
        rules=lambda: metrics.problems_with(experiment, form.facts(), today=today(), besides=None),
    )
    return _kept(code) if metric else _page(form, experiment)


@pages.get("/<int:metric_id>")
@requires(Permission.READ_PORTFOLIO)
def show(code: str, metric_id: int) -> ResponseReturnValue:
    """Everything of a metric: its definition, its picture, every reading ever recorded."""
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    return render_template(
        "metrics/show.html",
        experiment=experiment,
        metric=metric_in(experiment, metric_id),
        place_names={place.ubigeo: place.name for place in places(current_session())},
    )


@pages.get("/<int:metric_id>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def edit(code: str, metric_id: int) -> ResponseReturnValue:
    """The metric in its form."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric = metric_in(experiment, metric_id)
    return _page(MetricForm(data=shown(metric)), experiment, metric)


@pages.post("/<int:metric_id>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def update(code: str, metric_id: int) -> ResponseReturnValue:
    """Change it; what cannot be saved stays in the form."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric, form = metric_in(experiment, metric_id), MetricForm()
    # What is refused has been laid over the record by then.
    name, is_reported = metric.name, _is_reported(experiment, metric)
    form.offer(experiment.hypotheses)
    is_saved, differences = saved_or_compared(
        form,
        lambda: metrics.edit(
            current_session(),
            experiment,
            metric,
            form.facts(),
            seen_version=form.seen_version,
            by=current_actor(),
            today=today(),
            amendment_reason=form.amendment_reason.data or "",
            reason_code=form.reason_code.data,
        ),
        standing=lambda: _standing(metric, reloaded(experiment, metric)),
        rules=lambda: metrics.problems_with(
            experiment, form.facts(), today=today(), besides=metric
        ),
    )
    if is_saved:
        return _kept(code)
    return _page(form, experiment, metric, differences, name=name, is_reported=is_reported)


@pages.post("/<int:metric_id>/remove")
@requires(Permission.WRITE_EXPERIMENT)
def remove(code: str, metric_id: int) -> ResponseReturnValue:
    """Take it away, its readings stay; of a registered plan, with a reason."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric, removal = metric_in(experiment, metric_id), RemovalForm()
    if not removal.validate_on_submit():
        return _page(_standing(metric, experiment), experiment, metric, removal=removal)
    try:
        metrics.remove(
            current_session(),
            experiment,
            metric,
            by=current_actor(),
            amendment_reason=removal.removal_reason.data or "",
            reason_code=removal.removal_code.data,
        )
    except RefusalError as refusal:
        removal.refuse(refusal)
        return _page(_standing(metric, experiment), experiment, metric, removal=removal)
    flash(_("The metric is removed; it can be brought back."), "success")
    return redirect(url_for("experiments.show", code=code), 303)


def _kept(code: str) -> ResponseReturnValue:
    flash(_("The metric is saved."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="metrics"), 303)


def _standing(metric: Metric, experiment: Experiment) -> MetricForm:
    form = MetricForm(formdata=None, data=shown(metric))
    form.offer(experiment.hypotheses)
    return form


def _page(
    form: MetricForm,
    experiment: Experiment,
    metric: Metric | None = None,
    differences: Differences | None = None,
    removal: RemovalForm | None = None,
    name: str = "",
    is_reported: bool | None = None,
) -> ResponseReturnValue:
    form.offer(experiment.hypotheses)
    page = render_template(
        "metrics/form.html",
        form=form,
        experiment=experiment,
        metric=metric,
        name=name or (metric.name if metric else ""),
        differences=differences,
        removal=removal or RemovalForm(formdata=None),
        is_reported=_is_reported(experiment, metric) if is_reported is None else is_reported,
        was_told=metric is not None and metric_was_told(current_session(), experiment, metric),
        locked=closed_to(experiment, metric.baseline_on if metric else None),
    )
    return page, (removal or form).status


def _is_reported(experiment: Experiment, metric: Metric | None) -> bool:
    return metric is not None and baseline_was_reported(current_session(), experiment, metric)
