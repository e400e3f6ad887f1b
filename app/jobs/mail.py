"""Send a letter that was written."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.delivery import deliver, letter
from app.jobs.work import Work
from app.services import mail
from models import Mail


def send_letter(work: Work) -> None:
    """Send one letter; one that left already is left alone.

    A worker that dies after sending and before noting it sends again, under the same Message-ID.
    """
    mail_id = work.arguments["mail_id"]
    with work.reading() as session:
        written = session.scalars(
            select(Mail).where(Mail.id == mail_id).options(joinedload(Mail.to))
        ).one()
    if written.sent_at is None and not written.to.is_disabled:
        _deliver(work, written)
    with work.finishing() as session:
        mail.sent(session, mail_id, at=written.sent_at or now())


def _deliver(work: Work, written: Mail) -> None:
    message = letter(
        to=written.to.email,
        subject=written.subject,
        text=written.text,
        key=f"chaski-{written.id}-{written.written_at:%Y%m%d%H%M%S}",
        settings=work.settings,
    )
    try:
        deliver(message, work.settings)
    except OSError as error:
        with work.writing() as session:
            mail.failed(session, written.id, error=f"{type(error).__name__}: {error}")
        raise
