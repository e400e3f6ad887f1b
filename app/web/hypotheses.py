"""An experiment's hypotheses, written slot by slot and read as sentences."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import current_session
from app.domain.hypotheses import (
    PARTS,
    SAID_ALREADY,
    SMALL_WORDS,
    WHOLE,
    Form,
    Slots,
    problems_of,
)
from app.domain.hypotheses import said as hypothesis_said
from app.domain.refusals import InvalidError
from app.queries.reported import hypothesis_was_told
from app.security.guards import requires
from app.security.login import current_actor
from app.security.permissions import Permission
from app.services import hypotheses
from app.services.hypotheses import SLOTS
from app.web.forms.amendments import RemovalForm
from app.web.forms.conflicts import Differences, saved, saved_or_compared, take_chosen
from app.web.forms.hypotheses import HypothesisForm, NewHypothesisForm
from app.web.language import current_speaker
from app.web.loading import experiment_for, hypothesis_in, reloaded
from models import Experiment, Hypothesis

pages = Blueprint("hypotheses", __name__, url_prefix="/experiments/<code>/hypotheses")


@pages.get("/new")
@requires(Permission.WRITE_EXPERIMENT)
def new(code: str) -> ResponseReturnValue:
    """Empty slots."""
    return _page(NewHypothesisForm(), experiment_for(Permission.WRITE_EXPERIMENT, code))


@pages.post("/new")
@requires(Permission.WRITE_EXPERIMENT)
def create(code: str) -> ResponseReturnValue:
    """Add it, or only show how it reads."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    form = NewHypothesisForm()
    if _only_reads():
        form.validate_on_submit()
    elif saved(
        form,
        lambda: hypotheses.add(
            current_session(),
            experiment,
            form.slots(),
            by=current_actor(),
            amendment_reason=form.amendment_reason.data or "",
            submission_key=form.submission_key.data,
        ),
        rules=lambda: problems_of(form.slots()),
    ):
        return _kept(code)
    return _page(form, experiment)


@pages.get("/<int:hypothesis_id>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def edit(code: str, hypothesis_id: int) -> ResponseReturnValue:
    """Its slots as they stand."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    hypothesis = hypothesis_in(experiment, hypothesis_id)
    return _page(_shown(hypothesis), experiment, hypothesis)


@pages.post("/<int:hypothesis_id>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def update(code: str, hypothesis_id: int) -> ResponseReturnValue:
    """Change its slots, or only show how it reads."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    hypothesis, form = hypothesis_in(experiment, hypothesis_id), HypothesisForm()

    def standing() -> HypothesisForm:
        return _shown(hypothesis_in(reloaded(experiment, hypothesis), hypothesis_id))

    if _only_reads():
        take_chosen(form, standing)
        form.validate_on_submit()
        return _page(form, experiment, hypothesis)
    is_saved, differences = saved_or_compared(
        form,
        lambda: hypotheses.edit(
            current_session(),
            experiment,
            hypothesis,
            form.slots(),
            seen_version=form.seen_version,
            by=current_actor(),
            amendment_reason=form.amendment_reason.data or "",
        ),
        standing=standing,
        rules=lambda: problems_of(form.slots()),
    )
    return _kept(code) if is_saved else _page(form, experiment, hypothesis, differences)


@pages.post("/<int:hypothesis_id>/remove")
@requires(Permission.WRITE_EXPERIMENT)
def remove(code: str, hypothesis_id: int) -> ResponseReturnValue:
    """Take it away, unless a metric measures it; of a registered plan, with a reason."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    hypothesis, removal = hypothesis_in(experiment, hypothesis_id), RemovalForm()
    if not removal.validate_on_submit():
        return _page(_shown(hypothesis), experiment, hypothesis, removal=removal)
    try:
        hypotheses.remove(
            current_session(),
            experiment,
            hypothesis,
            by=current_actor(),
            amendment_reason=removal.removal_reason.data or "",
            reason_code=removal.removal_code.data,
        )
    except InvalidError as refusal:
        removal.refuse(refusal)
        return _page(_shown(hypothesis), experiment, hypothesis, removal=removal)
    flash(_("The hypothesis is removed; it can be brought back."), "success")
    return redirect(url_for("experiments.show", code=code), 303)


def _only_reads() -> bool:
    """Whether the person asked to see the sentence before saving it."""
    return "preview" in request.form


def _kept(code: str) -> ResponseReturnValue:
    flash(_("The hypothesis is saved."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="hypotheses"), 303)


def _shown(hypothesis: Hypothesis) -> HypothesisForm:
    slots = {name: getattr(hypothesis, name) for name in SLOTS}
    return HypothesisForm(formdata=None, version=hypothesis.version, **slots)


def _page(
    form: HypothesisForm,
    experiment: Experiment,
    hypothesis: Hypothesis | None = None,
    differences: Differences | None = None,
    removal: RemovalForm | None = None,
) -> ResponseReturnValue:
    slots = form.slots() if form.is_submitted() or hypothesis else Slots()
    page = render_template(
        "experiments/hypothesis.html",
        form=form,
        experiment=experiment,
        hypothesis=hypothesis,
        differences=differences,
        others=[row for row in experiment.hypotheses if row is not hypothesis],
        preview={form_of.value: hypothesis_said(slots, form_of) for form_of in Form},
        wording=_wording(),
        removal=removal or RemovalForm(formdata=None),
        was_told=hypothesis is not None
        and hypothesis_was_told(current_session(), experiment, hypothesis),
    )
    return page, (removal or form).status


def _wording() -> dict[str, Any]:
    """The sentences' own words in the reader's language, for the preview while one types.

    Their places are written [slot]: a page never shows a place of ours unfilled.
    """
    return {
        "whole": {
            f"{form}.{direction or ''}": _places(text) for (form, direction), text in WHOLE.items()
        },
        "parts": {f"{form}.{name}": _places(text) for (form, name), text in PARTS.items()},
        "already": SAID_ALREADY,
        "small": sorted(SMALL_WORDS),
    }


def _places(text: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"[\1]", current_speaker().say(text))
