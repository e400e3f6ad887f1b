"""Readings added up: what several of them say together."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from app.domain.measurements import Numbers
from models.vocabulary import MetricKind

COUNTED = (
    *("successes", "n", "to_yes", "to_no", "count", "exposure"),
    *("promoters", "passives", "detractors"),
)


def added(kind: MetricKind, parts: Sequence[Numbers]) -> Numbers:
    """The numbers of all parts together, as if they had been one reading; parts is not empty.

    Counts add up; averages weigh by n, and their spread holds what lies within the parts and
    between them. A number that one part lacks is lacking of all.
    """
    if len(parts) == 1:
        return parts[0]
    if kind is MetricKind.ORDINAL:
        answers = (part.answers or () for part in parts)
        return Numbers(answers=tuple(map(sum, zip(*answers, strict=True))))
    counted: dict[str, Any] = {
        name: _sum(getattr(part, name) for part in parts) for name in COUNTED
    }
    mean, sd = _pooled([(part.n, part.mean, part.sd) for part in parts])
    change, change_sd = _pooled([(part.n, part.change_mean, part.change_sd) for part in parts])
    return Numbers(**counted, mean=mean, sd=sd, change_mean=change, change_sd=change_sd)


def _sum(values: Iterable[int | Decimal | None]) -> int | Decimal | None:
    total: int | Decimal = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


Group = tuple[int | None, Decimal | None, Decimal | None]


def _pooled(groups: Sequence[Group]) -> tuple[Decimal | None, Decimal | None]:
    """Mean and standard deviation of the groups together."""
    known = [(n, mean) for n, mean, _sd in groups if n is not None and mean is not None]
    if len(known) < len(groups):
        return None, None
    total = sum(n for n, _mean in known)
    middle = sum((n * mean for n, mean in known), Decimal(0)) / total
    # One single value has no spread of its own and needs none.
    within = [Decimal(0) if n == 1 else sd for n, _mean, sd in groups]
    spreads = [sd for sd in within if sd is not None]
    if len(spreads) < len(within) or total < 2:
        return middle, None
    squares = sum(
        ((n - 1) * sd**2 + n * (mean - middle) ** 2)
        for (n, mean), sd in zip(known, spreads, strict=True)
    )
    return middle, (Decimal(squares) / (total - 1)).sqrt()
