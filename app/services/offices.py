"""Offices: added by the operator before anything else can be."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.codes import office_code_fault
from app.domain.refusals import InvalidError, Problem
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from models import Office

LONGEST_NAME = 300


def add(session: Session, *, code: str, name: str, by: Actor) -> Office:
    """Add an office. Raises InvalidError for a code in use or not a code, and a missing name."""
    code, name = code.strip().upper(), " ".join(name.split())
    problems = []
    if fault := office_code_fault(code):
        problems.append(Problem("code", fault))
    elif session.scalar(select(Office.id).where(Office.code == code)):
        problems.append(
            Problem("code", sentence("There is an office %(code)s already.", code=code))
        )
    if not 0 < len(name) <= LONGEST_NAME:
        problems.append(Problem("name", sentence("Write the office's name.")))
    if problems:
        raise InvalidError(problems)
    office = Office(code=code, name=name)
    session.add(office)
    session.flush()
    history.record(
        session,
        subject=f"office:{code}",
        event="office.added",
        by=by,
        changes=history.values_of(office),
    )
    return office
