"""What somebody owes to a quarter, each thing with the page where the reader can pay it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.language.sentences import Sentence
from app.reports.assemble.readiness import Debtor, is_awaited
from app.reports.snapshot import Gap, GapKind, QuarterlySnapshot
from app.reports.wording import gap_sentence
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import may
from app.web.language import current_language
from models import Person

# Kind → page and what else its address names; the rest is mended from the experiment's own page.
PAGES: Mapping[GapKind, tuple[Permission, str, Mapping[str, str]]] = {
    GapKind.NO_HYPOTHESIS: (Permission.WRITE_EXPERIMENT, "hypotheses.new", {}),
    GapKind.NO_METRIC: (Permission.WRITE_EXPERIMENT, "metrics.new", {}),
    GapKind.NO_DECISION: (Permission.TAKE_DECISION, "decisions.new", {}),
    GapKind.DECISION_REVIEW_OVERDUE: (Permission.TAKE_DECISION, "decisions.new", {}),
    GapKind.NO_READING: (Permission.WRITE_EXPERIMENT, "measurements.new", {}),
    GapKind.NO_READING_THIS_QUARTER: (Permission.WRITE_EXPERIMENT, "measurements.new", {}),
    GapKind.NO_CONSENT: (Permission.WRITE_EXPERIMENT, "experiments.edit", {"open": "care"}),
    GapKind.NO_HARM_CHECK: (Permission.WRITE_EXPERIMENT, "experiments.edit", {"open": "care"}),
    GapKind.NO_RESULT: (Permission.WRITE_EXPERIMENT, "experiments.edit", {"open": "results"}),
}
TO_SUBMIT = (GapKind.NOT_SUBMITTED, GapKind.REVIEW_NOT_ACCEPTED)


@dataclass(frozen=True)
class Owed:
    """One thing that is missing, said, and where it is mended."""

    said: Sentence
    url: str


@dataclass(frozen=True)
class OwedIn:
    """What is missing in one experiment: what the quarter waits for, and the standing gaps."""

    code: str
    title: str
    awaited: Sequence[Owed]
    standing: Sequence[Owed]


@dataclass(frozen=True)
class Owing:
    """Somebody, what they owe in each experiment, and when they were nudged last.

    ``person`` None: no account.
    """

    name: str
    person: Person | None
    nudged_at: datetime | None
    owed: Sequence[OwedIn]


def owing(
    debtors: Iterable[Debtor],
    snapshot: QuarterlySnapshot,
    nudged: Mapping[int, datetime],
    *,
    office_id: int,
) -> list[Owing]:
    """Each debtor as the page shows it, the experiment with the most urgent first."""
    names = {line.code: line.name(current_language()) for line in snapshot.programmes}
    may_write = may(current_person(), Permission.WRITE_EXPERIMENT, office_id=office_id)

    def owed(gap: Gap) -> Owed:
        said = gap_sentence(gap, names.get(gap.programme, ""))
        return Owed(said, _paid_at(gap, snapshot.quarter, office_id, may_write=may_write))

    titles = {section.code: section.title for section in snapshot.experiments}
    return [
        Owing(
            debtor.name,
            debtor.person,
            nudged.get(debtor.person.id) if debtor.person else None,
            [
                OwedIn(
                    code,
                    titles.get(code, ""),
                    [owed(gap) for gap in gaps if is_awaited(gap)],
                    [owed(gap) for gap in gaps if not is_awaited(gap)],
                )
                for code, gaps in _by_experiment(debtor.gaps).items()
            ],
        )
        for debtor in debtors
    ]


def _by_experiment(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.experiment, []).append(gap)
    return found


def _paid_at(gap: Gap, quarter: str, office_id: int, *, may_write: bool) -> str:
    code = gap.experiment
    if gap.kind in TO_SUBMIT and may_write:
        return url_for("review_submissions.index", quarter=quarter, experiment=code)
    if gap.kind is GapKind.NO_REVIEW and may(current_person(), Permission.REVIEW_IMPACT):
        return url_for("reviews.edit", quarter=quarter, programme=gap.programme, experiment=code)
    permission, page, named = PAGES.get(gap.kind, (None, "", {}))
    if permission and may(current_person(), permission, office_id=office_id):
        return url_for(page, code=code, **named)  # type: ignore[arg-type]
    return url_for("experiments.show", code=code)
