"""The moment a file says it was made: that of its facts, so that the clock changes no byte."""

from datetime import UTC, datetime

from app.reports.snapshot import Snapshot

# The first day a zip file can bear; that of a report whose facts have no day.
FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)


def dated(snapshot: Snapshot) -> datetime:
    """When the newest fact was recorded; without any, the first day reported on."""
    told = snapshot.data_as_of or getattr(snapshot, "starts_on", None)
    if not told:
        return FIRST_DAY
    moment = datetime.fromisoformat(told)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
