"""The officer's queue for a quarter, the answer on one experiment, and one for many."""

from collections.abc import Collection, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import Quarter, read_quarter
from app.domain.refusals import InvalidError, NotAllowedError, UnknownError
from app.domain.review_facts import changes_between
from app.domain.reviews import OWN_ENTRY, only_officers_of, problems_of
from app.queries.experiments import experiment_by_code
from app.queries.review_facts import facts_now
from app.queries.review_steps import earlier_steps
from app.queries.reviews import (
    QueueLine,
    accepted_last,
    changes_after,
    line_in,
    next_waiting,
    readable_lines,
    review_queue,
    written_by,
)
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import reviews
from app.services.review_batches import Outcome, answer_all
from app.web.experiment_filters import recent_quarters
from app.web.experiment_history import experiment_history
from app.web.forms.conflicts import Differences, saved, saved_or_compared, told
from app.web.forms.reviews import AcceptManyForm, ReviewForm
from app.web.history import HistoryLine
from app.web.locked import locked_reviews
from app.web.review_lines import asked_quarter, chosen, is_unsaved, rows_of
from app.web.review_words import in_words
from models import ImpactReview
from models.vocabulary import ReviewState

pages = Blueprint("reviews", __name__, url_prefix="/reviews")


@pages.get("")
@requires(Permission.REVIEW_IMPACT)
def index() -> ResponseReturnValue:
    """What waits for the officer in the quarter, then what is answered."""
    return _queue_page(asked_quarter(), AcceptManyForm(formdata=None))


@pages.post("/accept")
@requires(Permission.REVIEW_IMPACT)
def accept() -> ResponseReturnValue:
    """Accept every ticked line with one rating, and say what became of each."""
    quarter, form = asked_quarter(), AcceptManyForm()
    return _queue_page(quarter, form, saved(form, lambda: _accepted(quarter, form)))


@pages.get("/<quarter>/<programme>/<experiment>")
@requires(Permission.REVIEW_IMPACT)
def edit(quarter: str, programme: str, experiment: str) -> ResponseReturnValue:
    """What changed, what to judge by, and the form for the answer."""
    lines, line = _lines_around(quarter, programme, experiment)
    return _page(lines, line, ReviewForm(version=line.review.version if line.review else None))


@pages.post("/<quarter>/<programme>/<experiment>")
@requires(Permission.REVIEW_IMPACT)
def update(quarter: str, programme: str, experiment: str) -> ResponseReturnValue:
    """Accept, or ask for changes, and go on to the next one that waits."""
    lines, line = _lines_around(quarter, programme, experiment)
    office_id, programme_ids = line.programme.office_id, [line.programme.id]
    ensure(Permission.REVIEW_IMPACT, office_id=office_id, programme_ids=programme_ids)
    form, following = ReviewForm(), _following(lines, line)
    is_saved, differences = saved_or_compared(
        form,
        lambda: reviews.answer(
            current_session(),
            line,
            said=form.said(),
            by=current_actor(),
            at=now(),
            seen_version=form.seen_version,
        ),
        standing=lambda: _standing(_lines_around(quarter, programme, experiment)[1]),
        rules=lambda: problems_of(form.said()),
    )
    if not is_saved:
        return _page(*_lines_around(quarter, programme, experiment), form, differences)
    flash(_("Your answer on %(code)s is kept.", code=line.experiment.code), "success")
    return redirect(_address(following) if following else _queue_address(line.quarter), 303)


def _queue(quarter: Quarter) -> list[QueueLine]:
    scope = scope_of(current_person(), Permission.REVIEW_IMPACT)
    return review_queue(current_session(), quarter=quarter, scope=scope)


def _lines_around(
    quarter: str, programme: str, experiment: str
) -> tuple[list[QueueLine], QueueLine]:
    """The whole queue, and the line that the address names.

    NotAllowedError says whose it is, where the officer may read the experiment.
    """
    asked = read_quarter(quarter, today=today())
    lines = _queue(asked)
    try:
        return lines, line_in(lines, experiment_code=experiment, programme_code=programme)
    except UnknownError:
        line_in(_readable(asked), experiment_code=experiment, programme_code=programme)
        raise NotAllowedError(only_officers_of(programme)) from None


def _readable(quarter: Quarter) -> list[QueueLine]:
    """The officer's queue, and what other programmes review of experiments open to them."""
    return readable_lines(current_session(), quarter=quarter, scope=scope_of(current_person()))


def _address(line: QueueLine) -> str:
    return url_for(
        "reviews.edit",
        quarter=str(line.quarter),
        programme=line.programme.code,
        experiment=line.experiment.code,
    )


def _queue_address(quarter: Quarter) -> str:
    return url_for("reviews.index", quarter=str(quarter))


def _accepted(quarter: Quarter, form: AcceptManyForm) -> list[Outcome]:
    said = form.answer(ReviewState.ACCEPTED)
    if problems := problems_of(said):
        raise InvalidError(problems)
    ticked = chosen(_readable(quarter), form.lines.data)
    return answer_all(current_session(), ticked, said=said, by=current_actor(), at=now())


def _queue_page(
    quarter: Quarter, form: AcceptManyForm, outcomes: Sequence[Outcome] | None = None
) -> ResponseReturnValue:
    lines = _queue(quarter)
    closed = locked_reviews(quarter, (line.experiment for line in lines))
    page = render_template(
        "reviews/index.html",
        rows=rows_of(lines, [] if outcomes is not None else form.lines.data or []),
        own=_own(lines),
        closed=closed.keys,
        locked=closed.why,
        typed=told(form) if is_unsaved(form, outcomes) else [],
        quarter=quarter,
        quarters=recent_quarters(today()),
        form=form,
        outcomes=outcomes or [],
    )
    return page, form.status


def _standing(line: QueueLine) -> ReviewForm:
    """The answer that was given last, as this form would have given it."""
    review = line.review
    if review is None:
        return ReviewForm(formdata=None)
    return ReviewForm(
        formdata=None,
        state=review.answer,
        impact=review.impact,
        comment=review.comment,
        version=review.version,
    )


def _following(lines: Sequence[QueueLine], line: QueueLine) -> QueueLine | None:
    """The next that the officer can answer: nothing of their own, nothing that is closed."""
    closed = locked_reviews(line.quarter, (one.experiment for one in lines))
    return next_waiting(lines, line, without={*_own(lines), *closed.keys})


def _page(
    lines: Sequence[QueueLine],
    line: QueueLine,
    form: ReviewForm,
    differences: Differences | None = None,
) -> ResponseReturnValue:
    session = current_session()
    experiment = experiment_by_code(session, line.experiment.code, scope=scope_of(current_person()))
    accepted = accepted_last(session, line)
    page = render_template(
        "reviews/edit.html",
        line=line,
        experiment=experiment,
        form=form,
        accepted=accepted,
        changes=in_words(changes_between(accepted.facts, facts_now(experiment)))
        if accepted
        else [],
        since=_since(line, accepted),
        earlier_steps=earlier_steps(session, line.experiment.code).get(
            (line.programme.code, str(line.quarter))
        ),
        following=_following(lines, line),
        locked=locked_reviews(line.quarter, [line.experiment]).why,
        own_entry=OWN_ENTRY if _own([line]) else None,
        differences=differences,
        typed=told(form) if form.is_submitted() and not differences else [],
    )
    return page, form.status


def _since(line: QueueLine, accepted: ImpactReview | None) -> list[HistoryLine]:
    """Every single change since the last acceptance, as the history tells it."""
    if accepted is None or accepted.accepted_at is None:
        return []
    entries = changes_after(current_session(), line.experiment.code, accepted.accepted_at)
    return experiment_history(entries)


def _own(lines: Sequence[QueueLine]) -> Collection[int]:
    """The experiments among them that the officer wrote part of, by their keys."""
    ids = [line.experiment.id for line in lines]
    return written_by(current_session(), current_person().id, ids)
