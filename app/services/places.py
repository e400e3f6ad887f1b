"""Places: loading the reference list."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Place

DEPARTMENTS = Path(__file__).resolve().parent.parent / "reference" / "peru_departments.csv"


def load_departments(session: Session) -> int:
    """Add the departments of Peru that are not there yet, and return how many were added."""
    known = set(session.scalars(select(Place.ubigeo)))
    new = [place for place in _departments() if place.ubigeo not in known]
    session.add_all(new)
    session.flush()
    return len(new)


def _departments() -> list[Place]:
    lines = DEPARTMENTS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [Place(ubigeo=row["ubigeo"], name=row["name"]) for row in rows]
