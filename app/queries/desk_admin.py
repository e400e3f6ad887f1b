"""The parts of a desk that tell an administrator what did not work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.language.kept_sentences import restored
from app.language.sentences import sentence
from app.queries.people import people_in
from app.queries.scope import Scope
from app.queries.waiting import Line, Part, Section, section, verbatim
from models import Job, Mail
from models.vocabulary import JobKind, JobState

LOOKS_BACK = timedelta(days=14)


def passwords_out(session: Session, *, scope: Scope, at: datetime) -> Section:
    """People who never chose a password of their own while the temporary one worked."""
    return section(
        Part.PASSWORDS,
        (
            Line(
                verbatim(person.name),
                f"/people/{person.id}",
                said=sentence("Give a new temporary password, or close the account."),
                since=person.password_temporary_until,
            )
            for person in people_in(session, scope=scope)
            if not person.is_disabled
            and person.password_temporary_until is not None
            and person.password_temporary_until < at
        ),
        more="/people",
    )


def failures(session: Session, *, scope: Scope, at: datetime) -> Section:
    """Work and letters that failed lately; told to who runs the whole installation."""
    if not scope.everything:
        return section(Part.FAILURES, ())
    since = at - LOOKS_BACK
    return section(Part.FAILURES, [*_jobs(session, since), *_letters(session, since)])


def _jobs(session: Session, since: datetime) -> Iterator[Line]:
    failed = select(Job).where(
        Job.state == JobState.FAILED, Job.finished_at > since, Job.kind != JobKind.MAIL
    )
    for job in session.scalars(failed):
        path = "/reports" if job.kind is JobKind.QUARTERLY_REPORT else "/"
        yield Line(
            sentence("%(kind)s", kind=job.kind), path, restored(job.error), since=job.finished_at
        )


def _letters(session: Session, since: datetime) -> Iterator[Line]:
    kept = (
        select(Mail)
        .options(joinedload(Mail.to))
        .where(Mail.sent_at.is_(None), Mail.error != "", Mail.written_at > since)
    )
    for mail in session.scalars(kept):
        if not mail.to.is_disabled:
            yield Line(
                sentence("Letter to %(name)s", name=mail.to.name),
                f"/people/{mail.to_id}",
                verbatim(mail.error),
                since=mail.written_at,
            )
