"""Codes of records: given once, by office and year, and never used twice."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Experiment, Office, Plan


def lock_office(session: Session, office_id: int) -> None:
    """Let one writer of the office pass at a time, until the transaction ends.

    SQLite has one writer anyway; on PostgreSQL the office's row is the gate. What is read after
    this is what the writer before has committed.
    """
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update())


def next_plan_code(session: Session, office: Office, *, year: int) -> str:
    """The next free code of a plan: PE-2026-P01."""
    lock_office(session, office.id)
    begins = f"{office.code}-{year}-P"
    taken = session.scalars(select(Plan.code).where(Plan.code.startswith(begins, autoescape=True)))
    return f"{begins}{_next_number(taken, begins):02d}"


def next_experiment_code(session: Session, office: Office, *, year: int) -> str:
    """The next free code of an experiment: PE-2026-014."""
    lock_office(session, office.id)
    begins = f"{office.code}-{year}-"
    taken = session.scalars(
        select(Experiment.code).where(Experiment.code.startswith(begins, autoescape=True))
    )
    return f"{begins}{_next_number(taken, begins):03d}"


def _next_number(codes: Iterable[str], begins: str) -> int:
    numbers = [code.removeprefix(begins) for code in codes]
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1
