"""Quarters of the calendar year, spelled "2026-Q3"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.refusals import InvalidError, NotReadyError, Problem
from app.language.sentences import sentence

SPELLED = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months; ``number`` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts_on(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """The last day."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.starts_on <= day <= self.ends_on


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str, *, today: date) -> Quarter:
    """A quarter that has begun, from its spelling.

    Raises InvalidError for another spelling and NotReadyError for a quarter of the future.
    """
    found = SPELLED.fullmatch(text.strip().upper())
    if not found or not 1990 <= int(found[1]) <= 2100:
        raise InvalidError(
            [
                Problem(
                    "quarter",
                    sentence("“%(text)s” is no quarter. Write it like 2026-Q3.", text=text),
                )
            ]
        )
    quarter = Quarter(int(found[1]), int(found[2]))
    if quarter.starts_on > today:
        raise NotReadyError(
            sentence(
                "%(quarter)s has not begun: it starts on %(day)s.",
                quarter=str(quarter),
                day=quarter.starts_on,
            ),
            field="quarter",
        )
    return quarter
