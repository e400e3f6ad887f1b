"""Make a report that was asked for: freeze, lay out, store, issue."""

import time

from app.clock import now, today
from app.database import unit_of_work
from app.jobs.work import Work
from app.reports.assemble.quarterly import assemble
from app.services import reporting
from app.services.actor import WORKER
from app.services.reporting import Frozen
from models import ReportIssue

SECONDS_BETWEEN_NOTES = 0.5
PAGES_BESIDE_EXPERIMENTS = 8


def make_quarterly(work: Work) -> None:
    """Make a quarterly report; started again after a crash, it goes on from the kept snapshot."""
    issue_id = work.arguments["issue_id"]
    with unit_of_work(work.engine, writes=False) as session:
        snapshot = assemble(session, session.get_one(ReportIssue, issue_id), today=today())
    with unit_of_work(work.engine) as session:
        frozen = reporting.freeze(session, session.get_one(ReportIssue, issue_id), snapshot)
    folder = work.settings.reports_folder
    name = frozen.file_name
    if name is None or not (folder / name).exists():
        name = reporting.keep_file(folder, _laid_out(work, frozen))
    with work.finishing() as session:
        issue = session.get_one(ReportIssue, issue_id)
        reporting.issue_edition(session, issue, file_name=name, by=WORKER, at=now())


def _laid_out(work: Work, frozen: Frozen) -> bytes:
    expected = len(frozen.snapshot.experiments) + PAGES_BESIDE_EXPERIMENTS
    noted, furthest = time.monotonic(), 0

    def note(page: int) -> None:
        # The library lays pages out again when their numbers in the contents change.
        nonlocal noted, furthest
        furthest = max(furthest, min(page, expected))
        if time.monotonic() - noted > SECONDS_BETWEEN_NOTES:
            noted = time.monotonic()
            work.advance(furthest, expected + 1)

    work.advance(0, expected + 1)
    return reporting.lay_out(frozen, on_page=note)
