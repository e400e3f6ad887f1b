"""Readings: logging one on one screen, and putting a right one in the place of a wrong one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import today
from app.database import current_session
from app.domain.measurements import problems_of_reason
from app.domain.refusals import Problem
from app.queries.choices import places
from app.queries.evidence import main_metric, standing_for
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import measurements
from app.web.addresses import whole
from app.web.forms.conflicts import Differences, saved, saved_or_compared
from app.web.forms.measurements import CorrectionForm, MeasurementForm, shown
from app.web.loading import experiment_for, measurement_in, metric_in, reloaded
from app.web.locked import closed_to, locked_reading
from models import Experiment, Measurement, Metric

pages = Blueprint("measurements", __name__, url_prefix="/experiments/<code>/readings")


@pages.get("/new")
@requires(Permission.WRITE_EXPERIMENT)
def new(code: str) -> ResponseReturnValue:
    """The numbers of one metric; without one in the address, of the main one."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric = _metric(experiment)
    if metric is None:
        flash(_("Say first what is measured: then readings can be logged."), "warning")
        return redirect(url_for("metrics.new", code=code), 303)
    return _page(MeasurementForm(measured_on=today()), experiment, metric)


@pages.post("/new")
@requires(Permission.WRITE_EXPERIMENT)
def create(code: str) -> ResponseReturnValue:
    """Record it, once however often the form is sent."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric = metric_in(experiment, whole("metric"))
    form = MeasurementForm()
    form.keep_to(metric, places(current_session()))
    reading = saved(
        form,
        lambda: measurements.record(
            current_session(),
            experiment,
            metric,
            form.numbers(),
            form.circumstances(),
            by=current_actor(),
            today=today(),
            device_key=form.device_key.data,
        ),
        rules=lambda: _problems(form, metric),
    )
    if reading is None:
        return _page(form, experiment, metric)
    flash(_("The reading of “%(metric)s” is saved.", metric=metric.name), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="metrics"), 303)


@pages.get("/<int:measurement_id>/correct")
@requires(Permission.WRITE_EXPERIMENT)
def edit(code: str, measurement_id: int) -> ResponseReturnValue:
    """The wrong reading in a form; of one that was corrected, the correction that stands."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric, wrong = measurement_in(experiment, measurement_id)
    if (stands := standing_for(metric, wrong)) is not wrong:
        flash(_("That reading was corrected already: this is the one that stands."), "info")
        return redirect(url_for("measurements.edit", code=code, measurement_id=stands.id), 303)
    return _page(CorrectionForm(data=shown(wrong)), experiment, metric, wrong)


@pages.post("/<int:measurement_id>/correct")
@requires(Permission.WRITE_EXPERIMENT)
def update(code: str, measurement_id: int) -> ResponseReturnValue:
    """Put the right one in its place; the wrong one stays readable.

    What somebody else put there meanwhile stands beside it, to be corrected in its turn.
    """
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    metric, wrong = measurement_in(experiment, measurement_id)
    form = CorrectionForm()
    form.keep_to(metric, places(current_session()), wrong)
    reason_code, reason = form.reason_code.data, form.reason.data or ""

    def stands() -> CorrectionForm:
        """The correction that stands, as its own form shows it."""
        metric, right = _standing(experiment, wrong)
        shows = CorrectionForm(formdata=None, data=shown(right))
        shows.keep_to(metric, places(current_session()), right)
        return shows

    is_saved, differences = saved_or_compared(
        form,
        lambda: measurements.correct(
            current_session(),
            experiment,
            metric,
            wrong,
            form.numbers(),
            form.circumstances(),
            reason_code=reason_code,
            reason=reason,
            by=current_actor(),
            today=today(),
            device_key=form.device_key.data,
        ),
        standing=stands,
        rules=lambda: [
            *_problems(form, metric, wrong),
            *problems_of_reason(reason_code, reason),
        ],
    )
    if differences:
        return _page(form, experiment, *_standing(experiment, wrong), differences)
    if not is_saved:
        return _page(form, experiment, metric, wrong)
    if form.is_stale:
        flash(_("Somebody else made the same correction meanwhile: it stands."), "info")
    else:
        flash(_("Corrected. The earlier reading stays readable."), "success")
    return redirect(url_for("metrics.show", code=code, metric_id=metric.id), 303)


def _standing(experiment: Experiment, wrong: Measurement) -> tuple[Metric, Measurement]:
    """What stands now in the place of a reading, with its metric; others may have saved."""
    metric = next(one for one in experiment.metrics if one.id == wrong.metric_id)
    now = reloaded(experiment, metric, *metric.measurements)
    metric, wrong = measurement_in(now, wrong.id)
    return metric, standing_for(metric, wrong)


def _problems(
    form: MeasurementForm, metric: Metric, wrong: Measurement | None = None
) -> list[Problem]:
    return measurements.problems_with(
        current_session(),
        metric,
        form.numbers(),
        form.circumstances(),
        today=today(),
        standing=wrong.disaggregation if wrong else "",
    )


def _metric(experiment: Experiment) -> Metric | None:
    asked = whole("metric")
    return metric_in(experiment, asked) if asked else main_metric(experiment)


def _page(
    form: MeasurementForm,
    experiment: Experiment,
    metric: Metric,
    wrong: Measurement | None = None,
    differences: Differences | None = None,
) -> ResponseReturnValue:
    if form.is_submitted():
        form.ubigeo.offer(places(current_session()))
    else:
        form.keep_to(metric, places(current_session()), wrong)
    page = render_template(
        "measurements/form.html",
        form=form,
        experiment=experiment,
        metric=metric,
        wrong=wrong,
        differences=differences,
        locked=closed_to(experiment, wrong.measured_on if wrong else None)
        + (locked_reading(experiment, wrong) if wrong else []),
    )
    return page, form.status
