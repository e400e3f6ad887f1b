"""The time, asked for at the doors only: rules, queries and services are handed it.

What day a moment lies in is decided here, for all.
"""

from datetime import UTC, date, datetime

from app.language.speaker import LIMA


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in the office."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day a moment lies in, in the office."""
    return moment.astimezone(LIMA).date()
