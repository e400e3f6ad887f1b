"""Letters to people of the tracker, written in the transaction of what they tell."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services import queue
from app.services.actor import Actor
from models import Job, Mail, Person
from models.vocabulary import JobKind, JobState, Language, MailKind

# After a week what a letter says is out of date.
SENT_AGAIN_FOR = timedelta(days=7)


def language_of(person: Person) -> Language:
    """The language a person's letters are in: Spanish unless they chose."""
    return person.language or Language.ES


def write(
    session: Session,
    *,
    to: Person,
    kind: MailKind,
    subject: str,
    text: str,
    by: Actor,
    once_key: str | None = None,
) -> Mail | None:
    """Write a letter and queue its sending, both in the caller's transaction.

    ``subject`` and ``text`` are said already, in ``language_of(to)``, and hold no secret. None
    where ``once_key`` was written before, and for somebody whose account is closed.
    """
    if to.is_disabled or (once_key and _is_written(session, once_key)):
        return None
    mail = Mail(
        to_id=to.id,
        kind=kind,
        language=language_of(to),
        subject=subject,
        text=text,
        once_key=once_key,
    )
    session.add(mail)
    session.flush()
    _send(session, mail, by=by)
    return mail


def send_again(session: Session, *, by: Actor, at: datetime) -> int:
    """Queue the letters of the last seven days that did not leave; how many they are."""
    under_way = session.scalars(
        select(Job).where(
            Job.kind == JobKind.MAIL, Job.state.in_((JobState.WAITING, JobState.RUNNING))
        )
    )
    on_their_way = {job.arguments["mail_id"] for job in under_way}
    kept = session.scalars(
        select(Mail).where(Mail.sent_at.is_(None), Mail.written_at > at - SENT_AGAIN_FOR)
    )
    again = [mail for mail in kept if mail.id not in on_their_way]
    for mail in again:
        _send(session, mail, by=by)
    return len(again)


def sent(session: Session, mail_id: int, *, at: datetime) -> None:
    """Note that a letter left."""
    mail = session.get_one(Mail, mail_id)
    mail.sent_at, mail.error = at, ""


def failed(session: Session, mail_id: int, *, error: str) -> None:
    """Note why a letter did not leave."""
    session.get_one(Mail, mail_id).error = error


def _send(session: Session, mail: Mail, *, by: Actor) -> None:
    queue.put(session, kind=JobKind.MAIL, arguments={"mail_id": mail.id}, all_steps=1, by=by)


def _is_written(session: Session, once_key: str) -> bool:
    return session.scalar(select(Mail.id).where(Mail.once_key == once_key)) is not None
