"""Offices by their code."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.scope import Scope
from models import Office, Programme


def office_named(session: Session, code: str | None) -> Office:
    """The office of that code; without a code, the only office there is.

    Raises UnknownError when the code names none, or when it is needed and missing.
    """
    offices = session.scalars(select(Office).order_by(Office.code)).all()
    if code is None and len(offices) == 1:
        return offices[0]
    for office in offices:
        if office.code == (code or "").upper():
            return office
    known = ", ".join(office.code for office in offices) or "—"
    if code is None:
        raise UnknownError(
            sentence("Say which office with --office: %(known)s.", known=known), field="office"
        )
    raise UnknownError(
        sentence("There is no office %(code)s. Known: %(known)s.", code=code, known=known),
        field="office",
    )


def offices_reached(session: Session, scope: Scope) -> Sequence[Office]:
    """The offices a scope sees whole or some programme of, by code."""
    offices = select(Office).order_by(Office.code)
    if scope.everything:
        return session.scalars(offices).all()
    served = select(Programme.office_id).where(Programme.id.in_(scope.programme_ids))
    return session.scalars(
        offices.where(or_(Office.id.in_(scope.office_ids), Office.id.in_(served)))
    ).all()
