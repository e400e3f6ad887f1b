"""How much of the portfolio somebody sees, as the queries filter by it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """Offices seen whole and programmes seen by their experiments; ``everything`` outranks both."""

    everything: bool = False
    office_ids: frozenset[int] = field(default_factory=frozenset)
    programme_ids: frozenset[int] = field(default_factory=frozenset)


EVERYTHING = Scope(everything=True)
