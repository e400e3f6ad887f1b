"""Asking for the report of a stage, from the experiment's page."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.domain.refusals import RefusalError
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import reporting
from app.services.reporting import StageScope
from app.web.forms.reports import StageForm
from app.web.language import current_language
from app.web.loading import experiment_for

pages = Blueprint("stage_reports", __name__, url_prefix="/experiments/<code>/reports")


@pages.get("")
@requires(Permission.MAKE_STAGE_REPORT)
def new(code: str) -> ResponseReturnValue:
    """Which stage, in which language."""
    experiment = experiment_for(Permission.MAKE_STAGE_REPORT, code)
    form = StageForm(stage=experiment.stage, language=current_language())
    return render_template("reports/stage.html", experiment=experiment, form=form)


@pages.post("")
@requires(Permission.MAKE_STAGE_REPORT)
def create(code: str) -> ResponseReturnValue:
    """Ask for it; a worker makes it."""
    experiment = experiment_for(Permission.MAKE_STAGE_REPORT, code)
    form = StageForm()
    if form.validate_on_submit():
        try:
            scope = StageScope(experiment, form.stage.data)
            issue = reporting.ask(
                current_session(), scope, language=form.language.data, by=current_actor()
            )
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("reports.show", issue_id=issue.id), 303)
    return render_template("reports/stage.html", experiment=experiment, form=form), form.status
