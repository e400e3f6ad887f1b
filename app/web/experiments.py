"""Experiments: the list, one whole, logging and changing it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.experiments import MOST_PARTNERS, problems_of_blocks, problems_of_core
from app.queries.choices import learning_questions, places, possible_owners, programmes_of_offices
from app.queries.comments import open_threads
from app.queries.experiments import list_experiments, owners_in, removed_parts, reviews_of
from app.queries.imports import page_of
from app.queries.programmes import programmes_in
from app.queries.reported import cost_was_reported
from app.queries.review_steps import earlier_steps
from app.queries.scope import Scope
from app.security.guards import requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import experiments
from app.web import evidence, experiment_facts, experiment_filters
from app.web.addresses import whole
from app.web.experiment_history import experiment_history
from app.web.forms.conflicts import Differences, saved, saved_or_compared
from app.web.forms.experiments import (
    CoreForm,
    ExperimentForm,
    NewExperimentForm,
    shown,
)
from app.web.history import entries_shown
from app.web.language import current_speaker
from app.web.layout import programme_name
from app.web.loading import experiment_for, reloaded
from app.web.missing import missing_with_links
from models import Experiment
from models.vocabulary import ExperimentState, Stage, Verdict

pages = Blueprint("experiments", __name__, url_prefix="/experiments")
for name, shows in {**evidence.FILTERS, **experiment_facts.FILTERS}.items():
    pages.add_app_template_filter(shows, name)


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def index() -> ResponseReturnValue:
    """The experiments open to the reader, narrowed and sorted by the address."""
    session, scope = current_session(), scope_of(current_person())
    asked = experiment_filters.read(today=today())
    found = list_experiments(session, scope=scope, filters=asked.filters, page=asked.page)
    options = _options(scope)
    return render_template(
        "experiments/index.html",
        found=found,
        asked=asked,
        options=options,
        chips=_chips(asked, options),
        address=experiment_filters.address,
        sort_address=experiment_filters.sort_address,
        sorted_by=experiment_filters.sorted_by,
    )


@pages.get("/new")
@requires(Permission.WRITE_EXPERIMENT)
def new() -> ResponseReturnValue:
    """The short form; a plan's page may say which question it would answer."""
    asked = whole("question")
    form = NewExperimentForm(owner_id=current_person().id, learning_question_id=asked)
    return _new_page(form)


@pages.post("/new")
@requires(Permission.WRITE_EXPERIMENT)
def create() -> ResponseReturnValue:
    """Log an experiment, once however often the form is sent."""
    form = NewExperimentForm()
    _offer_core(form)
    made = saved(
        form,
        lambda: experiments.create(
            current_session(),
            form.core(),
            step=form.step(),
            by=current_actor(),
            at=now(),
            submission_key=form.submission_key.data,
        ),
        rules=lambda: [
            *problems_of_core(form.core()),
            *experiments.problems_of_first(form.step(), at=now()),
        ],
    )
    if made is None:
        return _new_page(form)
    flash(_("%(code)s is logged. What it still lacks stands beside it.", code=made.code), "success")
    return redirect(url_for("experiments.show", code=made.code), 303)


@pages.get("/<code>")
@requires(Permission.READ_PORTFOLIO)
def show(code: str) -> ResponseReturnValue:
    """Everything about an experiment."""
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    session = current_session()
    return render_template(
        "experiments/show.html",
        experiment=experiment,
        missing=missing_with_links(experiment),
        reviews=reviews_of(session, experiment),
        earlier_steps=earlier_steps(session, code),
        imported=page_of(session, experiment_id=experiment.id),
        history=experiment_history(entries_shown(f"experiment:{code}")),
        stages=list(Stage),
        removed=removed_parts(session, experiment),
        open_threads=open_threads(session, experiment.id),
    )


@pages.get("/<code>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def edit(code: str) -> ResponseReturnValue:
    """The core and every block in one form."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    is_reported = cost_was_reported(current_session(), experiment)
    return _edit_page(ExperimentForm(data=shown(experiment)), experiment, is_reported)


@pages.post("/<code>/edit")
@requires(Permission.WRITE_EXPERIMENT)
def update(code: str) -> ResponseReturnValue:
    """Change the experiment; what cannot be saved stays in the form."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    form = ExperimentForm()
    _offer(form, experiment)
    # What is refused has been laid over the record by then.
    is_reported = cost_was_reported(current_session(), experiment)
    is_saved, differences = saved_or_compared(
        form,
        lambda: experiments.edit(
            current_session(),
            experiment,
            form.core(),
            form.blocks(),
            seen_version=form.seen_version,
            by=current_actor(),
            at=now(),
            amendment_reason=form.amendment_reason.data or "",
            reason_code=form.reason_code.data,
        ),
        standing=lambda: _standing(reloaded(experiment)),
        rules=lambda: [*problems_of_core(form.core()), *problems_of_blocks(form.blocks())],
    )
    if not is_saved:
        return _edit_page(form, experiment, is_reported, differences)
    flash(_("Saved."), "success")
    return redirect(url_for("experiments.show", code=code), 303)


def _new_page(form: NewExperimentForm) -> ResponseReturnValue:
    _offer_core(form)
    return render_template("experiments/new.html", form=form), form.status


def _edit_page(
    form: ExperimentForm,
    experiment: Experiment,
    is_reported: bool,
    differences: Differences | None = None,
) -> ResponseReturnValue:
    _offer(form, experiment)
    page = render_template(
        "experiments/edit.html",
        form=form,
        experiment=experiment,
        differences=differences,
        is_reported=is_reported,
        most_partners=MOST_PARTNERS,
    )
    return page, form.status


def _standing(experiment: Experiment) -> ExperimentForm:
    form = ExperimentForm(formdata=None, data=shown(experiment))
    _offer(form, experiment)
    return form


def _offer_core(form: CoreForm) -> None:
    """What a new experiment may name: of the offices the person writes experiments for."""
    session = current_session()
    writable = programmes_in(session, scope=scope_of(current_person(), Permission.WRITE_EXPERIMENT))
    office_ids = {row.office_id for row in writable}
    form.offer(
        programmes=writable,
        owners=possible_owners(session, office_ids),
        questions=learning_questions(session, office_ids),
    )


def _offer(form: ExperimentForm, experiment: Experiment) -> None:
    """What this experiment may name: of its own office, and whom it names already."""
    session, office_ids = current_session(), [experiment.office_id]
    programmes = programmes_of_offices(session, office_ids)
    owners = list(possible_owners(session, office_ids))
    if experiment.owner is not None and experiment.owner not in owners:
        owners.append(experiment.owner)
    form.offer(
        programmes=programmes, owners=owners, questions=learning_questions(session, office_ids)
    )
    form.offer_more(programmes=programmes, places=places(session))


def _options(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, as (value, label)."""
    session, word = current_session(), current_speaker().word
    quarters = map(str, experiment_filters.recent_quarters(today()))
    return {
        "stage": [(each.value, word(each)) for each in Stage],
        "state": [(each.value, word(each)) for each in ExperimentState],
        "programme": [
            (row.code, programme_name(row)) for row in programmes_in(session, scope=scope)
        ],
        "owner": [(str(row.id), row.name) for row in owners_in(session, scope=scope)],
        "quarter": [(quarter, quarter) for quarter in quarters],
        "verdict": [(each.value, word(each)) for each in Verdict],
        "level": [(str(level), str(level)) for level in experiment_filters.LEVELS],
    }


def _chips(
    asked: experiment_filters.Asked, options: dict[str, list[tuple[str, str]]]
) -> list[tuple[str, str, str]]:
    filters = asked.filters
    chosen = {
        "stage": (_("Stage"), filters.stage),
        "state": (_("State"), filters.state),
        "programme": (_("Programme"), filters.programme),
        "owner": (_("Owner"), filters.owner_id),
        "quarter": (_("Active in quarter"), filters.quarter),
        "verdict": (_("Verdict"), filters.verdict),
        "level": (_("Evidence level"), "" if filters.level is None else str(filters.level)),
    }
    said = {
        name: (label, dict(options[name]).get(str(value), str(value)) if value else "")
        for name, (label, value) in chosen.items()
    }
    return experiment_filters.chips({"q": (_("Words"), filters.words), **said})
