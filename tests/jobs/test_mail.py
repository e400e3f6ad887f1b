"""Letters: written with what they tell, sent once, kept when the mail server is away."""

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from sqlalchemy import select

from app.clock import now
from app.config import MailSecurity
from app.database import unit_of_work
from app.jobs import TASKS
from app.jobs.worker import work_once
from app.services import mail
from app.services.actor import OPERATOR
from models import Job, Mail, Person
from models.vocabulary import JobState, Language, MailKind

SUBJECT = "Falta su revisión de 2026-Q3: ñandú, ¿sí?"
TEXT = "Hola, Rosa:\n\nQuedan 3 revisiones.\n.\nhttps://chaski.example.org/reviews\n"


class Mailbox(Sink):
    """Keeps what the mail server took in; refuses as told."""

    def __init__(self):
        self.letters = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if self.answer.startswith("2"):
            self.letters.append(envelope)
        return self.answer


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def posting(mailbox, settings):
    """Settings with a mail server that is really there."""
    server = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    server.start()
    yield settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_security": MailSecurity.NONE,
            "mail_from": "chaski@undp.example",
        }
    )
    server.stop()


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def rosa(cast):
    return cast.staff


def written(engine, to, **said):
    with unit_of_work(engine) as session:
        return mail.write(
            session,
            to=session.get_one(Person, to.id),
            kind=MailKind.NUDGE,
            subject=SUBJECT,
            text=TEXT,
            by=OPERATOR,
            **said,
        )


def kept(engine):
    with unit_of_work(engine, writes=False) as session:
        return session.scalars(select(Mail)).all(), session.scalars(select(Job)).all()


def test_it_reaches_the_mail_server_as_it_was_written(engine, posting, mailbox, rosa):
    written(engine, rosa)
    assert work_once(engine, posting, TASKS)
    (envelope,) = mailbox.letters
    letter = email.message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.mail_from == "chaski@undp.example"
    assert envelope.rcpt_tos == ["rosa@example.org"]
    assert letter["Subject"] == SUBJECT
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == TEXT
    (one,), (job,) = kept(engine)
    assert one.sent_at
    assert job.state is JobState.DONE


def test_without_a_mail_server_it_lies_in_the_outbox(engine, settings, rosa):
    written(engine, rosa)
    work_once(engine, settings, TASKS)
    (file,) = settings.outbox.glob("*.eml")
    letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == "rosa@example.org"
    assert letter.get_content() == TEXT


def test_it_waits_while_the_mail_server_is_away_and_leaves_once_it_is_back(
    engine, posting, mailbox, rosa
):
    written(engine, rosa)
    mailbox.answer = "451 try again later"
    work_once(engine, posting, TASKS)
    (one,), (job,) = kept(engine)
    assert one.sent_at is None
    assert "451" in one.error
    assert job.state is JobState.WAITING
    mailbox.answer = "250 OK"
    with unit_of_work(engine) as session:
        session.get_one(Job, job.id).run_after = now()
    work_once(engine, posting, TASKS)
    (one,), (job,) = kept(engine)
    assert one.sent_at
    assert one.error == ""
    assert len(mailbox.letters) == 1


def test_a_password_is_never_sent_in_clear(engine, posting, mailbox, rosa):
    secure = posting.model_copy(
        update={"smtp_security": MailSecurity.STARTTLS, "smtp_password": "quipu"}
    )
    written(engine, rosa)
    work_once(engine, secure, TASKS)
    assert mailbox.letters == []
    (one,), _jobs = kept(engine)
    assert "STARTTLS" in one.error


def test_the_same_letter_is_written_once(engine, settings, mailbox, rosa):
    first = written(engine, rosa, once_key="digest:1:2026-W48")
    assert first
    assert written(engine, rosa, once_key="digest:1:2026-W48") is None
    letters, jobs = kept(engine)
    assert (len(letters), len(jobs)) == (1, 1)


def test_a_letter_of_a_change_that_was_rolled_back_was_never_written(engine, rosa):
    def write_and_fail():
        with unit_of_work(engine) as session:
            mail.write(
                session,
                to=session.get_one(Person, rosa.id),
                kind=MailKind.NUDGE,
                subject=SUBJECT,
                text=TEXT,
                by=OPERATOR,
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert kept(engine) == ([], [])


def test_nobody_writes_to_a_closed_account(engine, settings, rosa):
    with unit_of_work(engine) as session:
        session.get_one(Person, rosa.id).disabled_at = now()
    assert written(engine, rosa) is None


def test_an_account_closed_before_the_letter_left_gets_none(engine, posting, mailbox, rosa):
    written(engine, rosa)
    with unit_of_work(engine) as session:
        session.get_one(Person, rosa.id).disabled_at = now()
    work_once(engine, posting, TASKS)
    assert mailbox.letters == []


def test_letters_are_in_spanish_unless_the_person_chose():
    assert mail.language_of(Person()) is Language.ES
    assert mail.language_of(Person(language=Language.EN)) is Language.EN


@pytest.mark.parametrize("subject", ["Two\nlines", "Bcc: all\r\nBcc: x@example.org"])
def test_a_subject_of_several_lines_adds_no_header(engine, posting, mailbox, rosa, subject):
    with unit_of_work(engine) as session:
        mail.write(
            session,
            to=session.get_one(Person, rosa.id),
            kind=MailKind.NUDGE,
            subject=subject,
            text=TEXT,
            by=OPERATOR,
        )
    work_once(engine, posting, TASKS)
    (envelope,) = mailbox.letters
    letter = email.message_from_bytes(envelope.content, policy=policy.default)
    assert letter["Subject"] == " ".join(subject.split())
    assert letter["Bcc"] is None
