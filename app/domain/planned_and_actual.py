"""What a plan meant to use against what was used in the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.names import folded


@dataclass(frozen=True)
class Comparison:
    """Each name once, spelled as it was first written."""

    as_planned: Sequence[str]
    not_used: Sequence[str]
    unplanned: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether neither side named anything."""
        return not (self.as_planned or self.not_used or self.unplanned)


def compared(*, planned: Sequence[str], actual: Sequence[str]) -> Comparison:
    """Compare two lists of names without regard to case, accents and blanks."""
    meant, used = _by_key(planned), _by_key(actual)
    return Comparison(
        as_planned=[name for key, name in meant.items() if key in used],
        not_used=[name for key, name in meant.items() if key not in used],
        unplanned=[name for key, name in used.items() if key not in meant],
    )


def _by_key(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded(name), name)
    found.pop("", None)
    return found
