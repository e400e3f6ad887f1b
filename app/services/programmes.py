"""Programmes: added to an office by the operator."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.codes import programme_code_fault
from app.domain.refusals import InvalidError, Problem
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from models import Office, Programme

LONGEST_NAME = 300


def add(
    session: Session,
    office: Office,
    *,
    code: str,
    name_en: str,
    name_es: str,
    by: Actor,
    source: str = "",
) -> Programme:
    """Add a programme. One name may be missing: the other is then shown in both languages.

    Raises InvalidError for a code in use or not a code, and when both names are missing.
    """
    code = code.strip().upper()
    names = {"name_en": " ".join(name_en.split()), "name_es": " ".join(name_es.split())}
    problems = []
    if fault := programme_code_fault(code):
        problems.append(Problem("code", fault))
    elif session.scalar(select(Programme.id).where(Programme.code == code)):
        taken = sentence("There is a programme %(code)s already.", code=code)
        problems.append(Problem("code", taken))
    if not any(names.values()) or max(map(len, names.values())) > LONGEST_NAME:
        problems.append(Problem("name_es", sentence("Write the programme's name.")))
    if problems:
        raise InvalidError(problems)
    programme = Programme(office=office, code=code, source=source.strip(), **names)
    session.add(programme)
    session.flush()
    history.record(
        session,
        subject=f"programme:{code}",
        event="programme.added",
        by=by,
        changes=history.values_of(programme),
    )
    return programme
