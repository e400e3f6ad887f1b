"""The weekly letter: to everybody who wants it and for whom something waits, on Monday morning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from textwrap import wrap

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from app.clock import day_of, now
from app.database import PATIENT_TRIES, unit_of_work
from app.jobs.work import Work
from app.language.sentences import N_
from app.language.speaker import LIMA, Speaker
from app.queries.desk import Desk
from app.queries.waiting import Line, Part, Section
from app.security.desks import desk_for
from app.services import mail, queue
from app.services.actor import WORKER
from models import Job, Person
from models.vocabulary import JobKind, Language, MailKind

BEGINS = timedelta(hours=6)
WEEK = timedelta(days=7)
WIDTH = 76

WAITS = N_("Chaski: what waits for you (%(n)s)")
NEW = N_("Chaski: new reports")
HELLO = N_("Hello %(name)s:")
AS_OF = N_("This is what your desk shows on %(day)s.")
SINCE = N_("Since %(day)s.")
DUE = N_("Due %(day)s.")
OVERDUE = N_("Overdue: it was due %(day)s.")
REST = N_("And %(n)s more.")
DESK = N_("Your desk: %(address)s")
STOP = N_("You get this letter on Mondays when something waits for you. To stop it: %(address)s")


@dataclass(frozen=True)
class Letters:
    """How many letters were written, and how many of before were put to be sent again."""

    written: int
    again: int


def week_of(at: datetime) -> str:
    """The week whose letters are due: it begins on Monday at six in the morning in Lima."""
    return f"{at.astimezone(LIMA) - BEGINS:%G-W%V}"


def put_digest(engine: Engine, *, at: datetime) -> bool:
    """Queue the week's letters unless a worker did before; whether this one did."""
    week = week_of(at)
    with unit_of_work(engine, writes=False) as session:
        if session.scalar(select(Job.id).where(Job.unique_key == _key(week))) is not None:
            return False
    try:
        with unit_of_work(engine) as session:
            queue.put(
                session,
                kind=JobKind.DIGEST,
                arguments={"week": week},
                all_steps=1,
                by=WORKER,
                unique_key=_key(week),
            )
    except IntegrityError:
        # Another worker was faster.
        return False
    return True


def send_digest(work: Work) -> None:
    """Write the week's letters; started again after a crash, it writes those still missing."""
    write_letters(
        work.engine,
        week=work.arguments["week"],
        site=work.settings.site,
        at=now(),
        advance=work.advance,
    )
    with work.finishing():
        pass


def write_letters(
    engine: Engine,
    *,
    week: str,
    site: str,
    at: datetime,
    advance: Callable[[int, int], None] = lambda _done, _of: None,
) -> Letters:
    """Write to each person once a week, and queue again what did not leave lately."""
    with unit_of_work(engine, tries=PATIENT_TRIES) as session:
        again = mail.send_again(session, by=WORKER, at=at)
    with unit_of_work(engine, writes=False) as session:
        wanting = select(Person.id).where(Person.wants_digest, Person.disabled_at.is_(None))
        people = session.scalars(wanting.order_by(Person.id)).all()
    written = 0
    for place, person_id in enumerate(people):
        advance(place, len(people))
        written += _write_to(engine, person_id, week=week, site=site, at=at)
    return Letters(written, again)


def _write_to(engine: Engine, person_id: int, *, week: str, site: str, at: datetime) -> bool:
    # Reading takes longer than writing, and nobody should wait for it.
    with unit_of_work(engine, writes=False) as session:
        person = session.get_one(Person, person_id)
        letter = compose(person, desk_for(session, person, at=at), site=site, at=at)
    if letter is None:
        return False
    subject, text = letter
    with unit_of_work(engine, tries=PATIENT_TRIES) as session:
        written = mail.write(
            session,
            to=session.get_one(Person, person_id),
            kind=MailKind.DIGEST,
            subject=subject,
            text=text,
            by=WORKER,
            once_key=f"digest:{person_id}:{week}",
        )
    return written is not None


def compose(person: Person, desk: Desk, *, site: str, at: datetime) -> tuple[str, str] | None:
    """Subject and text of the person's letter, in their language; None when nothing waits."""
    sections = [kept for one in desk.sections if (kept := _worth_telling(one, at)).count]
    if not sections:
        return None
    voice = Speaker(mail.language_of(person))
    today = day_of(at)
    parts = [
        voice.say(HELLO, name=person.name),
        voice.say(AS_OF, day=today),
        *(_section(one, voice, site=site, today=today) for one in sections),
        voice.say(DESK, address=f"{site}/"),
        "\n".join(_wrapped(voice.say(STOP, address=f"{site}/account#letters"))),
    ]
    subject = voice.say(WAITS, n=desk.waiting) if desk.waiting else voice.say(NEW)
    return subject, "\n\n".join(parts) + "\n"


def _worth_telling(one: Section, at: datetime) -> Section:
    """What waits, and the reports of the week."""
    if one.part is Part.REPORTS:
        lines = tuple(line for line in one.lines if line.since and line.since > at - WEEK)
        return replace(one, lines=lines, count=len(lines))
    return one if one.waits else replace(one, lines=(), count=0)


def _section(one: Section, voice: Speaker, *, site: str, today: date) -> str:
    heading = f"{voice.say(one.title)} ({voice.number(one.count)})"
    rows = [heading, "-" * len(heading)]
    for line in one.lines:
        rows += [*_told(line, voice, today), f"  {site}{line.path}"]
    if rest := one.count - len(one.lines):
        rows.append(voice.say(REST, n=rest))
    return "\n".join(rows)


def _told(line: Line, voice: Speaker, today: date) -> list[str]:
    programme = line.programme
    names = [programme.name_es, programme.name_en] if programme else []
    if voice.language is Language.EN:
        names.reverse()
    about = ", ".join(each for each in (line.code, next(filter(None, names), "")) if each)
    title = f"{voice.say(line.title)} ({about})" if about else voice.say(line.title)
    said = [voice.say(line.said)] if line.said else []
    when = " ".join(_when(line, voice, today))
    told = _wrapped(title, first="- ", rest="  ")
    return told + [row for text in (*said, when) for row in _wrapped(text, first="  ", rest="  ")]


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    # An address stays whole, however long it is.
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _when(line: Line, voice: Speaker, today: date) -> Iterator[str]:
    if line.since:
        yield voice.say(SINCE, day=day_of(line.since))
    if line.due_on:
        yield voice.say(OVERDUE if line.due_on < today else DUE, day=line.due_on)


def _key(week: str) -> str:
    return f"digest:{week}"
