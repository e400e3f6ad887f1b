"""What a plan meant to use and whom it meant to work with, against how it went in the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from app.domain.names import folded
from app.domain.plan_content import PartnerEntry

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
