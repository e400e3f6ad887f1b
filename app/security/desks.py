"""Whose desk holds what: one function for the page and the letter."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.quarters import Quarter
from app.language.sentences import sentence
from app.queries.desk import Desk, Places, desk_of
from app.queries.offices import offices_reached
from app.queries.quarters import quarters_known, standing_quarter
from app.queries.scope import Scope
from app.queries.waiting import Line, Part, Section, section, verbatim
from app.reports.assemble.readiness import as_it_stands, debtors_of
from app.security.permissions import Permission
from app.security.policy import may, scope_of
from models import Office, Person
from models.vocabulary import QuarterState


def desk_for(session: Session, person: Person, *, at: datetime) -> Desk:
    """The person's desk at a moment, with what is missing in the quarters of their own offices."""
    places = Places(
        reads=_where(person, Permission.READ_PORTFOLIO),
        lab=_where(person, Permission.WRITE_EXPERIMENT),
        officer=_where(person, Permission.REVIEW_IMPACT),
        head=_where(person, Permission.DECIDE_GATE),
        admin=_where(person, Permission.MANAGE_PEOPLE),
        reports=_where(person, Permission.READ_REPORT),
    )
    closes = _where(person, Permission.CLOSE_QUARTER)
    quarters = _quarters(session, closes, day_of(at)) if closes else None
    return desk_of(session, person.id, places=places, at=at, quarters=quarters)


def _where(person: Person, permission: Permission) -> Scope | None:
    return scope_of(person, permission) if may(person, permission) else None


def _quarters(session: Session, scope: Scope, today: date) -> Section:
    """Of each office the person heads: who owes what to the quarter that is closed next."""
    # Who heads the whole installation is in no office's list of heads either.
    offices = offices_reached(session, Scope(office_ids=scope.office_ids))
    lines = [line for office in offices for line in _owed_in(session, office, today)]
    return section(Part.QUARTERS, lines, more="/quarters")


def _owed_in(session: Session, office: Office, today: date) -> Iterator[Line]:
    quarter = _closed_next(session, office, today)
    path = f"/quarters/{quarter}?office={office.code}"
    if quarter.ends_on < today:
        title = sentence("%(quarter)s is not closed yet", quarter=str(quarter))
        yield Line(title, path, verbatim(office.name), due_on=quarter.ends_on)
    snapshot = as_it_stands(session, office.id, str(quarter), today=today)
    for debtor in debtors_of(session, office.id, snapshot.gaps):
        yield Line(
            verbatim(debtor.name) if debtor.name else sentence("Nobody in particular"),
            path,
            sentence("%(quarter)s, missing: %(n)s", quarter=str(quarter), n=len(debtor.gaps)),
            due_on=quarter.ends_on,
        )


def _closed_next(session: Session, office: Office, today: date) -> Quarter:
    this, *before = quarters_known(session, office.id, today=today)
    last = standing_quarter(session, office.id, str(before[0])) if before else None
    is_closed = last is not None and last.state is QuarterState.CLOSED
    return before[0] if before and not is_closed else this
