"""One page of a list, and where it stands in the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Line = TypeVar("Line")


@dataclass(frozen=True)
class ListPage(Generic[Line]):
    """The lines of one page. ``page`` counts from 1; ``size`` is the most lines a page has."""

    lines: Sequence[Line]
    total: int
    page: int
    size: int

    @property
    def first(self) -> int:
        """The place of the first line among all, counted from 1."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last line among all."""
        return self.first + len(self.lines) - 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.last < self.total


def page_within(page: int, *, total: int, size: int) -> int:
    """The page asked for, or the nearest there is."""
    return max(1, min(page, -(-total // size)))
