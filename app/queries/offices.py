"""Offices by their code."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from models import Office


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
