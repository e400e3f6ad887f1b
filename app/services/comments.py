"""Comments: written once, answered, resolved, taken back; nothing of it is lost."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.comments import Remark, called_in, problems_of
from app.domain.refusals import InvalidError, NotAllowedError, Problem
from app.language.sentences import sentence
from app.queries.comments import comment_in, people_around, people_elsewhere
from app.services import history
from app.services.actor import Actor
from app.services.submissions import sent_before
from models import Comment, Experiment, ImpactReview, Mention

# What a comment may be about, and what it answers.
PLACE = ("hypothesis_id", "review_id", "answers_id")
WROTE_ANOTHER = sentence(
    "This form has written another comment already. Copy what you typed, open the comments again "
    "and write it there."
)


def add(
    session: Session,
    experiment: Experiment,
    remark: Remark,
    *,
    by: Actor,
    key: str | None = None,
    is_demonstration: bool = False,
) -> Comment:
    """Write a comment; who is named in it finds it on their desk.

    The same ``key`` with the same content writes once; another content under it is refused.
    """
    if sent := sent_before(session, Comment, key):
        return _same_as_before(sent, experiment, remark, by)
    if problems := [*problems_of(remark), *_place_problems(session, experiment, remark)]:
        raise InvalidError(problems)
    comment = Comment(
        experiment_id=experiment.id,
        hypothesis_id=remark.hypothesis_id,
        review_id=remark.review_id,
        answers_id=remark.answers_id,
        submission_key=key,
        text=remark.text.strip(),
        by_id=by.id,
        is_demonstration=is_demonstration,
        mentions=[Mention(person_id=each) for each in _told(session, experiment, remark, by)],
    )
    session.add(comment)
    session.flush()
    _note(session, experiment, comment, "comment.added", by, text=[None, comment.text])
    return comment


def resolve(
    session: Session, experiment: Experiment, comment: Comment, *, by: Actor, at: datetime
) -> None:
    """Say that a thread is settled."""
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by_id = at, by.id
        _note(session, experiment, comment, "comment.resolved", by)


def reopen(session: Session, experiment: Experiment, comment: Comment, *, by: Actor) -> None:
    """Say that it is not settled after all."""
    if comment.resolved_at is not None:
        comment.resolved_at, comment.resolved_by_id = None, None
        _note(session, experiment, comment, "comment.reopened", by)


def take_back(
    session: Session, experiment: Experiment, comment: Comment, *, by: Actor, at: datetime
) -> None:
    """Hide one's own comment; it can be put back."""
    _refuse_others(comment, by)
    if comment.removed_at is None:
        comment.removed_at = at
        _note(session, experiment, comment, "comment.removed", by)


def put_back(session: Session, experiment: Experiment, comment: Comment, *, by: Actor) -> None:
    """Show one's own comment again."""
    _refuse_others(comment, by)
    if comment.removed_at is not None:
        comment.removed_at = None
        _note(session, experiment, comment, "comment.restored", by)


def mark_seen(session: Session, person_id: int, *, at: datetime) -> None:
    """Say that somebody has seen every comment that names them."""
    session.execute(
        update(Mention)
        .where(Mention.person_id == person_id, Mention.seen_at.is_(None))
        .values(seen_at=at)
    )


def _same_as_before(sent: Comment, experiment: Experiment, remark: Remark, by: Actor) -> Comment:
    """The comment this form wrote: of this experiment and author, at this place, in these words."""
    written = (sent.experiment_id, sent.by_id, sent.text, *(getattr(sent, at) for at in PLACE))
    asked = (experiment.id, by.id, remark.text.strip(), *(getattr(remark, at) for at in PLACE))
    if written != asked:
        raise InvalidError([Problem(None, WROTE_ANOTHER)])
    return sent


def _told(session: Session, experiment: Experiment, remark: Remark, by: Actor) -> list[int]:
    """Who is named or ticked, can read it and did not write it."""
    around = {person.id: person.name for person in people_around(session, experiment)}
    elsewhere = people_elsewhere(session, around)
    named = {*remark.told, *called_in(remark.text, around, elsewhere.values()).people}
    return sorted((named & around.keys()) - {by.id})


def _place_problems(session: Session, experiment: Experiment, remark: Remark) -> list[Problem]:
    """What it is about, and what it answers, must belong to the experiment."""
    review = session.get(ImpactReview, remark.review_id) if remark.review_id else None
    answered = comment_in(session, experiment, remark.answers_id) if remark.answers_id else None
    is_placed = (
        remark.hypothesis_id in (None, *(each.id for each in experiment.hypotheses))
        and (remark.review_id is None or (review and review.experiment_id == experiment.id))
        and (answered is None or answered.answers_id is None)
    )
    if is_placed:
        return []
    return [Problem(None, sentence("What this comment is about is not part of this experiment."))]


def _refuse_others(comment: Comment, by: Actor) -> None:
    if comment.by_id is None or comment.by_id != by.id:
        raise NotAllowedError(sentence("Only who wrote a comment takes it back."))


def _note(
    session: Session,
    experiment: Experiment,
    comment: Comment,
    event: str,
    by: Actor,
    **changes: list[str | None],
) -> None:
    """Comments have a history of their own: they change nothing of the experiment."""
    history.record(
        session,
        subject=f"comments:{experiment.code}",
        event=event,
        by=by,
        changes={"comment": [comment.id, comment.id], **changes},
    )
    session.flush()
