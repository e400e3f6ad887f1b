"""The time, asked for at the doors only: rules, queries and services are handed it."""

from datetime import UTC, date, datetime

from app.language.speaker import LIMA


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in the office."""
    return now().astimezone(LIMA).date()
