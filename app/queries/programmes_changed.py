"""Which experiments changed their programmes while a closed quarter was closed to them."""

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from models import Experiment, HistoryEntry, OfficeQuarter, QuarterException

PROGRAMMES = {"lead_programme", "contributing_programmes"}


def programmes_changed_in_closed(
    session: Session, row: OfficeQuarter, *, since: datetime
) -> set[str]:
    """The codes of the office's experiments that did so after a moment, outside an exception."""
    edits = session.execute(
        select(Experiment.id, Experiment.code, HistoryEntry.at, HistoryEntry.changes)
        .join(HistoryEntry, HistoryEntry.subject == literal("experiment:").concat(Experiment.code))
        .where(
            Experiment.office_id == row.office_id,
            HistoryEntry.event == "experiment.edited",
            HistoryEntry.at > since,
        )
    ).all()
    given = session.scalars(
        select(QuarterException).where(QuarterException.office_quarter_id == row.id)
    ).all()
    return {
        code
        for key, code, at, changes in edits
        if PROGRAMMES & changes.keys()
        and not any(one.experiment_id == key and one.given_at <= at < one.until for one in given)
    }
