"""What a correction of a closed quarter keeps: the programmes it was reported under."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.queries.programmes_changed import programmes_changed_in_closed
from app.reports.snapshot import ProgrammeShare, read_json
from models import Closing, OfficeQuarter

Shares = tuple[ProgrammeShare, ...]
NONE_KEPT: Mapping[str, Shares] = MappingProxyType({})


def programmes_kept(session: Session, row: OfficeQuarter, standing: Closing) -> dict[str, Shares]:
    """The frozen programmes of each experiment, by code, that changed them without an exception.

    What changed nothing, or changed all of it while its exception ran, is told as it stands.
    """
    changed = programmes_changed_in_closed(session, row, since=standing.closed_at)
    frozen = read_json(standing.snapshot_json).experiments if changed else ()
    return {section.code: section.programmes for section in frozen if section.code in changed}
