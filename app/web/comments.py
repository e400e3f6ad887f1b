"""Comments beside an experiment, its hypotheses and its reviews."""

from collections.abc import Callable, Sequence
from itertools import chain

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.database import current_session
from app.domain.comments import called_in, problems_of
from app.language.sentences import Sentence, sentence
from app.queries.comments import (
    Thread,
    comment_in,
    people_around,
    people_elsewhere,
    threads_on,
)
from app.queries.experiments import reviews_of
from app.security.guards import requires, signed_in
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.services import comments
from app.web.forms.comments import CommentForm
from app.web.forms.conflicts import saved
from app.web.history import entries_shown
from app.web.loading import experiment_for
from app.web.markdown import rendered
from app.web.record_history import record_history
from models import Comment, Experiment

pages = Blueprint("comments", __name__, url_prefix="/experiments/<code>/comments")
own = Blueprint("mentions", __name__, url_prefix="/mentions")
pages.add_app_template_filter(rendered, "markdown")


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def index(code: str) -> ResponseReturnValue:
    """Every thread, and room for a new one."""
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    asked = {name: request.args.get(name) for name in ("hypothesis", "review", "answers")}
    return _page(CommentForm(formdata=None, **asked), experiment)


@pages.post("")
@requires(Permission.READ_PORTFOLIO)
def create(code: str) -> ResponseReturnValue:
    """Write it down."""
    experiment, form = experiment_for(Permission.READ_PORTFOLIO, code), CommentForm()
    _offer(form, experiment)
    comment = saved(
        form,
        lambda: comments.add(
            current_session(),
            experiment,
            form.remark(),
            by=current_actor(),
            key=form.submission_key.data,
        ),
        rules=lambda: problems_of(form.remark()),
    )
    if comment is None:
        return _page(form, experiment)
    flash(_("Your comment stands."), "success")
    return _back(code, comment)


@pages.post("/<int:comment_id>/resolve")
@requires(Permission.READ_PORTFOLIO)
def resolve(code: str, comment_id: int) -> ResponseReturnValue:
    """Settle a thread."""
    return _changed(
        code,
        comment_id,
        lambda experiment, comment: comments.resolve(
            current_session(), experiment, comment, by=current_actor(), at=now()
        ),
    )


@pages.post("/<int:comment_id>/reopen")
@requires(Permission.READ_PORTFOLIO)
def reopen(code: str, comment_id: int) -> ResponseReturnValue:
    """Open it again."""
    return _changed(
        code,
        comment_id,
        lambda experiment, comment: comments.reopen(
            current_session(), experiment, comment, by=current_actor()
        ),
    )


@pages.post("/<int:comment_id>/remove")
@requires(Permission.READ_PORTFOLIO)
def remove(code: str, comment_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    return _changed(
        code,
        comment_id,
        lambda experiment, comment: comments.take_back(
            current_session(), experiment, comment, by=current_actor(), at=now()
        ),
    )


@pages.post("/<int:comment_id>/restore")
@requires(Permission.READ_PORTFOLIO)
def restore(code: str, comment_id: int) -> ResponseReturnValue:
    """Put one's own comment back."""
    return _changed(
        code,
        comment_id,
        lambda experiment, comment: comments.put_back(
            current_session(), experiment, comment, by=current_actor()
        ),
    )


@own.post("/seen")
@signed_in
def seen() -> ResponseReturnValue:
    """Clear the desk of what named the person."""
    comments.mark_seen(current_session(), current_person().id, at=now())
    return redirect(url_for("desk.index"), 303)


def _changed(
    code: str, comment_id: int, change: Callable[[Experiment, Comment], None]
) -> ResponseReturnValue:
    experiment = experiment_for(Permission.READ_PORTFOLIO, code)
    comment = comment_in(current_session(), experiment, comment_id)
    change(experiment, comment)
    return _back(code, comment)


def _back(code: str, comment: Comment) -> ResponseReturnValue:
    first = comment.answers_id or comment.id
    return redirect(url_for("comments.index", code=code, _anchor=f"comment-{first}"), 303)


def _offer(form: CommentForm, experiment: Experiment) -> None:
    around = people_around(current_session(), experiment)
    me = current_person().id
    form.told.offer((person.id, person.name) for person in around if person.id != me)


def _page(form: CommentForm, experiment: Experiment) -> ResponseReturnValue:
    _offer(form, experiment)
    threads = threads_on(current_session(), experiment)
    page = render_template(
        "comments/index.html",
        form=form,
        experiment=experiment,
        threads=threads,
        nobody=_naming_nobody(experiment, threads),
        subjects=_subjects(experiment),
        me=current_person().id,
        history=record_history(entries_shown(f"comments:{experiment.code}")),
    )
    return page, form.status


def _naming_nobody(experiment: Experiment, threads: Sequence[Thread]) -> dict[int, tuple[str, ...]]:
    """What was typed as a name in a comment, by its key, and told nobody."""
    session = current_session()
    around = {person.id: person.name for person in people_around(session, experiment)}
    others = people_elsewhere(session, around)
    told: dict[int, tuple[str, ...]] = {}
    for comment in chain.from_iterable((one.first, *one.answers) for one in threads):
        # Who was told then may have left since.
        then = {each.person_id: others.get(each.person_id, "") for each in comment.mentions}
        told[comment.id] = called_in(comment.text, then | around, others.values()).nobody
    return told


def _subjects(experiment: Experiment) -> dict[tuple[str, int], Sentence]:
    """What a comment may be about, by the field that says it."""
    hypotheses: dict[tuple[str, int], Sentence] = {
        ("hypothesis", each.id): sentence("Hypothesis %(n)s", n=each.position)
        for each in experiment.hypotheses
    }
    return hypotheses | {
        ("review", each.id): sentence(
            "Review of %(quarter)s by %(programme)s",
            quarter=each.quarter,
            programme=each.programme.code,
        )
        for each in reviews_of(current_session(), experiment)
    }
