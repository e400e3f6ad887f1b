"""Nudges: telling people by letter what they owe to a quarter that is being closed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.quarters import Move, Quarter
from app.domain.refusals import NotReadyError
from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.assemble.readiness import Debtor, as_it_stands, debtors_of
from app.reports.snapshot import QuarterlySnapshot
from app.reports.wording import gap_sentence
from app.services import history, mail
from app.services.actor import Actor
from app.services.quarters import held
from models import Nudge, Office, Person
from models.vocabulary import MailKind

SUBJECT = N_("%(quarter)s is being closed: what is missing from you")
OPENING = N_("Hello %(name)s:")
WHY = N_("%(office)s is closing %(quarter)s. This is still missing from you:")
WHERE = N_("Each is mended from the page of the quarter: %(address)s")
AFTER = N_("What is missing when it is closed is printed as missing.")
NOBODY = sentence("Nobody is left to be nudged today: who owes something has had a letter.")


def nudge(
    session: Session,
    office: Office,
    quarter: Quarter,
    *,
    person_id: int | None,
    site: str,
    by: Actor,
    at: datetime,
) -> list[Nudge]:
    """Write to one person who owes something, or to all (None); at most once a day to each.

    ``site`` is the tracker's address, which the letter's link begins with. Raises NotReadyError
    where no letter is left to write.
    """
    row = held(session, office, quarter, Move.NUDGE, by=by)
    today = day_of(at)
    snapshot = as_it_stands(session, office.id, str(quarter), today=today)
    address = f"{site}/quarters/{quarter}?office={office.code}"
    sent = []
    for debtor in debtors_of(session, office.id, snapshot.gaps):
        if debtor.person is None or person_id not in (None, debtor.person.id):
            continue
        voice = Speaker(mail.language_of(debtor.person))
        letter = mail.write(
            session,
            to=debtor.person,
            kind=MailKind.NUDGE,
            subject=voice.say(SUBJECT, quarter=str(quarter)),
            text=_letter(debtor, snapshot, voice, address=address),
            by=by,
            once_key=f"nudge:{row.id}:{debtor.person.id}:{today}",
        )
        if letter is not None:
            sent.append(_nudge(row.id, debtor, debtor.person, by=by, at=at))
    if not sent:
        raise NotReadyError(NOBODY)
    session.add_all(sent)
    history.record(
        session,
        subject=f"quarter:{office.code}:{quarter}",
        event="quarter.nudged",
        by=by,
        changes={"nudged": [None, len(sent)]},
    )
    session.flush()
    return sent


def _letter(debtor: Debtor, snapshot: QuarterlySnapshot, voice: Speaker, *, address: str) -> str:
    names = {line.code: line.name(voice.language) for line in snapshot.programmes}
    lines = [
        f"- {gap.experiment}: {voice.say(gap_sentence(gap, names.get(gap.programme, '')))}"
        for gap in debtor.gaps
    ]
    return "\n".join(
        [
            voice.say(OPENING, name=debtor.name),
            "",
            voice.say(WHY, office=snapshot.office.name, quarter=snapshot.quarter),
            *lines,
            "",
            voice.say(WHERE, address=address),
            voice.say(AFTER),
        ]
    )


def _nudge(
    office_quarter_id: int, debtor: Debtor, person: Person, *, by: Actor, at: datetime
) -> Nudge:
    return Nudge(
        office_quarter_id=office_quarter_id,
        person_id=person.id,
        owed=[gap.model_dump(mode="json") for gap in debtor.gaps],
        sent_by_id=by.id,
        sent_at=at,
    )
