"""The officer's queue for a quarter, and the answer on one experiment."""

from collections.abc import Collection, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import Quarter, quarter_of, read_quarter
from app.domain.refusals import RefusalError
from app.domain.reviews import OWN_ENTRY, Answer, problems_of
from app.queries.experiments import experiment_by_code
from app.queries.reviews import QueueLine, queue_line, review_queue, written_by
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import reviews
from app.web.forms.conflicts import told
from app.web.forms.reviews import ReviewForm
from models.vocabulary import Impact, ReviewState

pages = Blueprint("reviews", __name__, url_prefix="/reviews")


@pages.get("")
@requires(Permission.REVIEW_IMPACT)
def index() -> ResponseReturnValue:
    """What waits for the officer in the quarter, then what is answered."""
    quarter = _asked_quarter()
    scope = scope_of(current_person(), Permission.REVIEW_IMPACT)
    lines = review_queue(current_session(), quarter=quarter, scope=scope)
    return render_template(
        "reviews/index.html",
        lines=lines,
        own=_own(lines),
        quarter=quarter,
        quarters=_recent(quarter_of(today())),
    )


@pages.get("/<quarter>/<programme>/<experiment>")
@requires(Permission.REVIEW_IMPACT)
def edit(quarter: str, programme: str, experiment: str) -> ResponseReturnValue:
    """What to judge by, and the form for the answer."""
    line = _line(quarter, programme, experiment)
    return _page(line, _form_for(line))


@pages.post("/<quarter>/<programme>/<experiment>")
@requires(Permission.REVIEW_IMPACT)
def update(quarter: str, programme: str, experiment: str) -> ResponseReturnValue:
    """Accept, or ask for changes."""
    line, form = _line(quarter, programme, experiment), ReviewForm()
    ensure(
        Permission.REVIEW_IMPACT,
        office_id=line.programme.office_id,
        programme_ids=[line.programme.id],
    )
    if form.validate_on_submit(rules=lambda: problems_of(_said(form))):
        try:
            reviews.answer(
                current_session(),
                line,
                said=_said(form),
                by=current_actor(),
                at=now(),
                seen_version=form.seen_version,
            )
        except RefusalError as refusal:
            form.refuse(refusal)
            form.version.data = str(line.review.version) if line.review else ""
        else:
            flash(_("Your answer on %(code)s is kept.", code=line.experiment.code), "success")
            return redirect(url_for("reviews.index", quarter=str(line.quarter)), 303)
    return _page(line, form)


def _asked_quarter() -> Quarter:
    asked = request.args.get("quarter")
    return read_quarter(asked, today=today()) if asked else quarter_of(today())


def _recent(current: Quarter) -> list[Quarter]:
    quarters = [current]
    for _step in range(3):
        quarters.append(quarters[-1].previous)
    return quarters


def _line(quarter: str, programme: str, experiment: str) -> QueueLine:
    return queue_line(
        current_session(),
        experiment_code=experiment,
        programme_code=programme,
        quarter=read_quarter(quarter, today=today()),
        scope=scope_of(current_person(), Permission.REVIEW_IMPACT),
    )


def _form_for(line: QueueLine) -> ReviewForm:
    review = line.review
    if review is None:
        return ReviewForm()
    return ReviewForm(
        impact=review.impact.value if review.impact else None,
        comment=review.comment if review.state is ReviewState.RETURNED else "",
        version=review.version,
    )


def _said(form: ReviewForm) -> Answer:
    state, impact = form.state.data, form.impact.data
    return Answer(
        state=ReviewState(state) if state in set(ReviewState) else ReviewState.DRAFT,
        impact=Impact(impact) if impact in set(Impact) else None,
        comment=form.comment.data or "",
    )


def _page(line: QueueLine, form: ReviewForm) -> ResponseReturnValue:
    experiment = experiment_by_code(
        current_session(), line.experiment.code, scope=scope_of(current_person())
    )
    page = render_template(
        "reviews/edit.html",
        line=line,
        experiment=experiment,
        form=form,
        own_entry=OWN_ENTRY if _own([line]) else None,
        typed=told(form) if form.is_submitted() else [],
    )
    return page, form.status


def _own(lines: Sequence[QueueLine]) -> Collection[int]:
    """The experiments among them that the officer wrote part of, by their keys."""
    ids = [line.experiment.id for line in lines]
    return written_by(current_session(), current_person().id, ids)
