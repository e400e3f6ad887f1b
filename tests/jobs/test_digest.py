"""The weekly letter: once a week, to whom it concerns, in their language, with what waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.database import unit_of_work
from app.jobs import TASKS, digest
from app.jobs.digest import put_digest, week_of, write_letters
from app.jobs.worker import work_once
from app.services import mail, queue
from models import Job, Mail, Mention, Person
from models.vocabulary import JobKind, JobState, Language, MailKind, ReviewState
from tests.accounts import here
from tests.factories import (
    a_comment,
    a_hypothesis,
    a_review,
    an_experiment,
)

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEEK = "2026-W48"
DIES_AT = 1
SITE = "https://chaski.example.org"
ENGLISH = """\
Hello Otto Salas:

This is what your desk shows on Nov 23, 2026.

Reviews waiting for you (1)
---------------------------
- Messages that bring sellers online (PE-2026-900, Markets and livelihoods)
  Review of 2026-Q4
  Since Nov 20, 2026. Due Dec 31, 2026.
  https://chaski.example.org/reviews/2026-Q4/PE-MERCADOS/PE-2026-900

Comments that name you (1)
--------------------------
- Messages that bring sellers online (PE-2026-900)
  Rosa Quispe: Otto, look at the second hall.
  Since Nov 20, 2026.
  https://chaski.example.org/experiments/PE-2026-900/comments#comment-{comment}

Your desk: https://chaski.example.org/

You get this letter on Mondays when something waits for you. To stop it:
https://chaski.example.org/account#letters
"""
SPANISH = """\
Hola, Otto Salas:

Esto es lo que muestra su escritorio al 23 nov 2026.

Revisiones que le esperan (1)
-----------------------------
- Messages that bring sellers online (PE-2026-900, Mercados y sustento)
  Revisión de 2026-Q4
  Desde el 20 nov 2026. Vence el 31 dic 2026.
  https://chaski.example.org/reviews/2026-Q4/PE-MERCADOS/PE-2026-900

Comentarios que le mencionan (1)
--------------------------------
- Messages that bring sellers online (PE-2026-900)
  Rosa Quispe: Otto, look at the second hall.
  Desde el 20 nov 2026.
  https://chaski.example.org/experiments/PE-2026-900/comments#comment-{comment}

Su escritorio: https://chaski.example.org/

Recibe esta carta los lunes, cuando algo le espera. Para dejar de recibirla:
https://chaski.example.org/account#letters
"""


@pytest.fixture
def experiment(engine, cast):
    """Rosa's experiment: its review waits for Otto, and a comment names him."""
    with unit_of_work(engine) as session:
        made = an_experiment(
            session,
            here(session, cast.peru),
            here(session, cast.markets),
            code="PE-2026-900",
            title="Messages that bring sellers online",
            owner_id=cast.staff.id,
        )
        a_hypothesis(session, made)
        since = datetime(2026, 11, 20, 15, tzinfo=UTC)
        a_review(
            session,
            made,
            here(session, cast.markets),
            quarter="2026-Q4",
            state=ReviewState.SUBMITTED,
            submitted_at=since,
        )
        comment = a_comment(
            session,
            made,
            text="Otto, look at\nthe second hall.",
            by_id=cast.staff.id,
            created_at=since,
        )
        session.add(Mention(comment_id=comment.id, person_id=cast.officer.id))
    return made


def changed(engine, person, **values):
    with unit_of_work(engine) as session:
        for name, value in values.items():
            setattr(session.get_one(Person, person.id), name, value)


def write(engine, week=WEEK, at=AT):
    return write_letters(engine, week=week, site=SITE, at=at)


def letters_to(engine, person):
    with unit_of_work(engine, writes=False) as session:
        return session.scalars(select(Mail).where(Mail.to_id == person.id).order_by(Mail.id)).all()


def jobs(engine, kind=JobKind.DIGEST):
    with unit_of_work(engine, writes=False) as session:
        return session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)).all()


# When


@pytest.mark.parametrize(
    ("at", "week"),
    [
        # 05:59 and 06:00 on a Monday in Lima; Lima is five hours behind.
        (datetime(2026, 11, 23, 10, 59, tzinfo=UTC), "2026-W47"),
        (datetime(2026, 11, 23, 11, 0, tzinfo=UTC), "2026-W48"),
        # Still Sunday in Lima while it is Monday in UTC.
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "2026-W47"),
        # The year's last days belong to the first week of the next.
        (datetime(2024, 12, 31, 15, 0, tzinfo=UTC), "2025-W01"),
    ],
)
def test_a_week_begins_on_monday_morning_in_lima(at, week):
    assert week_of(at) == week


def test_whichever_worker_comes_first_puts_the_weeks_letters_and_no_other_does(engine):
    assert put_digest(engine, at=AT)
    assert not put_digest(engine, at=AT + timedelta(days=6))
    assert put_digest(engine, at=AT + timedelta(days=7))
    assert [job.arguments["week"] for job in jobs(engine)] == ["2026-W48", "2026-W49"]


def test_of_two_workers_at_the_same_moment_one_puts_it(engine, monkeypatch):
    put = queue.put

    def race(session, **kwargs):
        monkeypatch.setattr(queue, "put", put)
        session.rollback()
        assert put_digest(engine, at=AT)
        return put(session, **kwargs)

    monkeypatch.setattr(queue, "put", race)
    assert not put_digest(engine, at=AT)
    assert len(jobs(engine)) == 1


def test_the_worker_writes_the_letters_and_sends_them(
    engine, settings, cast, experiment, monkeypatch
):
    monkeypatch.setattr(digest, "now", lambda: AT)
    put_digest(engine, at=AT)
    while work_once(engine, settings, TASKS):
        pass
    (job,) = jobs(engine)
    assert job.state is JobState.DONE
    (letter,) = letters_to(engine, cast.officer)
    assert letter.kind is MailKind.DIGEST
    assert letter.sent_at
    assert any(b"otto@example.org" in file.read_bytes() for file in settings.outbox.glob("*.eml"))


def test_a_worker_that_died_halfway_writes_the_rest_and_nothing_twice(engine, cast, experiment):
    def dies(done, _of):
        if done == DIES_AT:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_letters(engine, week=WEEK, site=SITE, at=AT, advance=dies)
    written = len(letters_to(engine, cast.staff)) + len(letters_to(engine, cast.officer))
    assert written == 1
    write(engine)
    assert [len(letters_to(engine, one)) for one in (cast.staff, cast.officer)] == [1, 1]


# To whom


def test_it_goes_to_those_for_whom_something_waits(engine, cast, experiment):
    done = write(engine)
    got = {part for part, person in cast.everybody().items() if letters_to(engine, person)}
    # Hilda heads the lab and its quarter lacks something; Rosa has readings to take.
    assert got == {"staff", "officer", "head"}
    assert (done.written, done.again) == (3, 0)


def test_nobody_gets_a_second_one_in_the_same_week(engine, cast, experiment):
    write(engine)
    assert write(engine, at=AT + timedelta(days=2)).written == 0
    assert write(engine, week="2026-W49", at=AT + timedelta(days=7)).written == 3
    assert len(letters_to(engine, cast.officer)) == 2


@pytest.mark.parametrize(
    "values", [{"wants_digest": False}, {"disabled_at": AT}], ids=["stopped", "closed"]
)
def test_it_does_not_go_to_who_stopped_it_or_whose_account_is_closed(
    engine, cast, experiment, values
):
    changed(engine, cast.officer, **values)
    write(engine)
    assert letters_to(engine, cast.officer) == []


def test_nothing_is_written_where_nothing_waits(engine, cast):
    with unit_of_work(engine) as session:
        for person in session.scalars(select(Person)):
            person.wants_digest = person.id != cast.head.id
    assert write(engine).written == 0


# What


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        (Language.EN, "Chaski: what waits for you (2)", ENGLISH),
        (Language.ES, "Chaski: lo que le espera (2)", SPANISH),
        (None, "Chaski: lo que le espera (2)", SPANISH),
    ],
)
def test_it_reads_like_a_letter_in_the_persons_language(
    engine, cast, experiment, language, subject, text
):
    changed(engine, cast.officer, language=language)
    write(engine)
    (letter,) = letters_to(engine, cast.officer)
    comment = letter.text.partition("#comment-")[2].split()[0]
    assert letter.language is (language or Language.ES)
    assert letter.subject == subject
    assert letter.text == text.format(comment=comment)


def test_what_is_overdue_says_so(engine, cast, experiment):
    with unit_of_work(engine) as session:
        a_review(
            session,
            session.merge(experiment),
            here(session, cast.markets),
            state=ReviewState.SUBMITTED,
        )
    write(engine)
    (letter,) = letters_to(engine, cast.officer)
    assert "Overdue: it was due Sep 30, 2026." in " ".join(letter.text.split())
    assert letter.text.index("2026-Q3") < letter.text.index("2026-Q4")


def test_nobody_is_told_what_they_may_not_see(engine, cast, experiment):
    write(engine)
    with unit_of_work(engine, writes=False) as session:
        told = session.scalars(
            select(Mail.text).where(
                Mail.to_id.in_([cast.stranger.id, cast.reader.id, cast.other_officer.id])
            )
        ).all()
    assert not any("PE-2026-900" in text for text in told)


# Letters that did not leave


def a_letter(engine, person, **given):
    with unit_of_work(engine) as session:
        row = Mail(
            to_id=person.id,
            kind=MailKind.NUDGE,
            language=Language.ES,
            subject="Falta algo",
            text="Falta algo.",
            **({"written_at": AT - timedelta(days=3)} | given),
        )
        session.add(row)
    return row


def test_letters_of_the_last_week_that_failed_are_sent_again(engine, settings, cast):
    failed = a_letter(engine, cast.staff, error="451 later")
    a_letter(engine, cast.staff, error="451 later", written_at=AT - timedelta(days=7))
    a_letter(engine, cast.staff, sent_at=AT)
    assert write(engine).again == 1
    assert jobs(engine, JobKind.MAIL)[0].arguments == {"mail_id": failed.id}
    while work_once(engine, settings, TASKS):
        pass
    assert letters_to(engine, cast.staff)[0].sent_at


def test_a_letter_that_is_on_its_way_is_not_sent_twice(engine, cast):
    a_letter(engine, cast.staff, error="451 later")
    assert write(engine).again == 1
    assert write(engine).again == 0


# The operator


def test_an_operator_writes_them_without_waiting_for_monday(app, engine, cast, experiment):
    result = app.test_cli_runner().invoke(args=["mail", "digest"])
    assert result.exit_code == 0
    assert "letters written" in result.output
    assert letters_to(engine, cast.officer)
    again = app.test_cli_runner().invoke(args=["mail", "digest"])
    assert again.output == "0 letters written, 0 sent again.\n"


def test_a_letter_written_now_is_of_this_week(app, engine, cast, experiment):
    app.test_cli_runner().invoke(args=["mail", "digest"])
    (letter,) = letters_to(engine, cast.officer)
    assert letter.once_key == f"digest:{cast.officer.id}:{week_of(now())}"
    assert mail.language_of(cast.officer) is letter.language
