"""What a plan meant to use and whom it meant to work with, against how it went in the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from app.domain.names import folded
from app.domain.plan_content import PartnerEntry, PlanContent
from app.domain.reflections import ReflectionContent

Item = TypeVar("Item")


@dataclass(frozen=True)
class Comparison(Generic[Item]):
    """Each thing once, spelled as it was first written."""

    as_planned: Sequence[Item]
    not_used: Sequence[Item]
    unplanned: Sequence[Item]

    @property
    def is_empty(self) -> bool:
        """Whether neither side named anything."""
        return not (self.as_planned or self.not_used or self.unplanned)


@dataclass(frozen=True)
class PlannedAndActual:
    """The comparisons of a whole plan; ``unseen_experiments`` are closed to the reader."""

    methods: Comparison[str]
    data_sources: Comparison[str]
    partners: Comparison[PartnerEntry]
    unseen_experiments: int = 0


def planned_and_actual(
    plan: PlanContent,
    closing: Sequence[ReflectionContent],
    *,
    partners_under: Iterable[PartnerEntry],
    unseen_experiments: int = 0,
) -> PlannedAndActual | None:
    """The comparisons of a whole plan; None before it is closed: until then all is still open.

    ``partners_under`` are those of the experiments that answer its questions.
    """
    if not closing:
        return None
    return PlannedAndActual(
        methods=compared(
            planned=planned_methods(plan),
            actual=[name for form in closing for name in form.methods],
        ),
        data_sources=compared(
            planned=plan.data_sources,
            actual=[name for form in closing for name in form.data_sources],
        ),
        partners=partners_compared(
            planned=plan.partners,
            actual=[*(each for form in closing for each in form.partners), *partners_under],
        ),
        unseen_experiments=unseen_experiments,
    )


def planned_methods(plan: PlanContent) -> list[str]:
    """The methods of a plan and of its questions."""
    asked = [name for entry in plan.learning_questions for name in entry.methods]
    return [*plan.methods, *asked]


def compared(*, planned: Iterable[str], actual: Iterable[str]) -> Comparison[str]:
    """Compare two lists of names without regard to case, accents and blanks."""
    return _told_apart(_by_key(planned), _by_key(actual))


def partners_compared(
    *, planned: Iterable[PartnerEntry], actual: Iterable[PartnerEntry]
) -> Comparison[PartnerEntry]:
    """Compare partners by name. What one row leaves open of a partner, another may say.

    Of a partner that was planned the plan speaks first, then how it went.
    """
    meant, worked_with = list(planned), list(actual)
    known = _known_partners([*meant, *worked_with])
    return _told_apart(
        {folded(each.name): known[folded(each.name)] for each in meant},
        {folded(each.name): known[folded(each.name)] for each in worked_with},
    )


def _told_apart(meant: Mapping[str, Item], used: Mapping[str, Item]) -> Comparison[Item]:
    return Comparison(
        as_planned=[item for key, item in meant.items() if key in used],
        not_used=[item for key, item in meant.items() if key not in used],
        unplanned=[item for key, item in used.items() if key not in meant],
    )


def _by_key(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded(name), name)
    found.pop("", None)
    return found


def _known_partners(entries: Iterable[PartnerEntry]) -> dict[str, PartnerEntry]:
    known: dict[str, PartnerEntry] = {}
    for entry in entries:
        first = known.setdefault(folded(entry.name), entry)
        known[folded(entry.name)] = replace(
            first,
            sector=first.sector or entry.sector,
            new_and_unusual=_first_said(first.new_and_unusual, entry.new_and_unusual),
        )
    return known


def _first_said(first: bool | None, later: bool | None) -> bool | None:
    return later if first is None else first
