"""Who owes what to a quarter that is being closed: what its report would print as missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.names import folded
from app.queries.quarters import heads_of, officers_by_programme, owners_of
from app.reports.assemble.quarterly import assemble
from app.reports.snapshot import Gap, GapKind, QuarterlySnapshot
from models import Person, ReportIssue

# What the quarter itself waits for, the most urgent first. What else is missing stood before it.
AWAITED = (
    GapKind.REVIEW_NOT_ACCEPTED,
    GapKind.NOT_SUBMITTED,
    GapKind.NO_REVIEW,
    GapKind.NO_READING_THIS_QUARTER,
    GapKind.NO_READING,
    GapKind.DECISION_REVIEW_OVERDUE,
)


@dataclass(frozen=True)
class Debtor:
    """Somebody and what they owe, the most urgent first; of equals in the report's order.

    ``person`` is None where the name is nobody's account, ``name`` "" where nobody is named.
    """

    name: str
    person: Person | None
    gaps: Sequence[Gap]


def as_it_stands(
    session: Session, office_id: int, quarter: str, *, today: date
) -> QuarterlySnapshot:
    """What the office's report of the quarter would tell now, in constant statements.

    While it runs, what it waits for until its end is listed as well.
    """
    asked = ReportIssue(office_id=office_id, quarter=quarter, introduction="")
    return assemble(session, asked, today=today, lists_awaited=True)


def debtors_of(session: Session, office_id: int, gaps: Iterable[Gap]) -> list[Debtor]:
    """What is missing by who owes it, the most urgent first; what nobody owes comes last."""
    gaps = list(gaps)
    owners = owners_of(session, {gap.experiment for gap in gaps})
    officers = officers_by_programme(session, office_id)
    heads = {head.name: head for head in heads_of(session, office_id)}
    owed: dict[tuple[str, int], tuple[Person | None, list[Gap]]] = {}
    for gap in gaps:
        for name, person in _owing(gap, owners, officers, heads):
            owed.setdefault((name, person.id if person else 0), (person, []))[1].append(gap)
    debtors = [
        Debtor(name, person, tuple(sorted(each, key=_urgency)))
        for (name, _id), (person, each) in owed.items()
    ]
    return sorted(debtors, key=lambda one: (not one.name, _urgency(one.gaps[0]), folded(one.name)))


def is_awaited(gap: Gap) -> bool:
    """Whether the quarter waits for it, rather than that it was missing all along."""
    return gap.kind in AWAITED


def _urgency(gap: Gap) -> int:
    return AWAITED.index(gap.kind) if is_awaited(gap) else len(AWAITED)


def _owing(
    gap: Gap,
    owners: dict[str, Person],
    officers: dict[str, list[Person]],
    heads: dict[str, Person],
) -> list[tuple[str, Person | None]]:
    """The people behind the name that the report prints."""
    if gap.kind is GapKind.NO_REVIEW:
        reviewing = officers.get(gap.programme, [])
        return [(one.name, one) for one in reviewing] or [(gap.owed_by, None)]
    owner = owners.get(gap.experiment)
    if owner is not None and owner.name == gap.owed_by:
        return [(owner.name, owner)]
    return [(gap.owed_by, heads.get(gap.owed_by))]
