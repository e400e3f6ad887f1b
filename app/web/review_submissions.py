"""The lab hands in: the reviews of one experiment, or of all its own, for a quarter."""

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import Quarter
from app.queries.reviews import QueueLine, review_queue
from app.security.guards import requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services.review_batches import Outcome, draft_all, submit_all
from app.web.addresses import words
from app.web.experiment_filters import recent_quarters
from app.web.forms.conflicts import saved, told
from app.web.forms.reviews import SubmitForm
from app.web.loading import experiment_for
from app.web.locked import locked_reviews
from app.web.review_lines import asked_quarter, chosen, is_unsaved, rows_of

pages = Blueprint("review_submissions", __name__, url_prefix="/reviews/submit")


@pages.get("")
@requires(Permission.WRITE_EXPERIMENT)
def index() -> ResponseReturnValue:
    """What the lab owes in the quarter: of ?experiment=, else of everything the person owns."""
    quarter = asked_quarter()
    return _page(quarter, _lines(quarter), SubmitForm(formdata=None))


@pages.post("")
@requires(Permission.WRITE_EXPERIMENT)
def create() -> ResponseReturnValue:
    """Submit what is ticked, or keep the note with it for later."""
    quarter, form = asked_quarter(), SubmitForm()
    step = draft_all if "keep" in request.form else submit_all
    outcomes = saved(form, lambda: _done(step, _lines(quarter), form))
    return _page(quarter, _lines(quarter), form, outcomes, is_draft=step is draft_all)


def _lines(quarter: Quarter) -> list[QueueLine]:
    code = words("experiment")
    if code:
        experiment_for(Permission.WRITE_EXPERIMENT, code)
    person = current_person()
    scope = scope_of(person, Permission.WRITE_EXPERIMENT)
    return [
        line
        for line in review_queue(current_session(), quarter=quarter, scope=scope)
        if line.experiment.code == code or (not code and line.experiment.owner_id == person.id)
    ]


def _done(
    step: Callable[..., list[Outcome]], lines: Sequence[QueueLine], form: SubmitForm
) -> list[Outcome]:
    ticked = chosen(lines, form.lines.data)
    return step(current_session(), ticked, form.submission(), by=current_actor(), at=now())


def _page(
    quarter: Quarter,
    lines: Sequence[QueueLine],
    form: SubmitForm,
    outcomes: Sequence[Outcome] | None = None,
    *,
    is_draft: bool = False,
) -> ResponseReturnValue:
    closed = locked_reviews(quarter, (line.experiment for line in lines))
    page = render_template(
        "reviews/submit.html",
        closed=closed.keys,
        locked=closed.why,
        typed=told(form) if is_unsaved(form, outcomes) else [],
        rows=rows_of(lines, form.lines.data if form.is_submitted() else None),
        code=words("experiment"),
        quarter=quarter,
        quarters=recent_quarters(today()),
        form=form,
        outcomes=outcomes or [],
        is_draft=is_draft,
    )
    return page, form.status
