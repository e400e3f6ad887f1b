"""Make a report that was asked for, saying how far it is."""

import time
from functools import partial

from app.clock import now, today
from app.jobs.work import Work
from app.services import reporting
from app.services.actor import WORKER
from app.services.reporting import Frozen

SECONDS_BETWEEN_NOTES = 0.5
PAGES_BESIDE_EXPERIMENTS = 8


def make_report(work: Work) -> None:
    """Make a report of any kind; started again after a crash, it goes on from the kept snapshot."""
    reporting.make_edition(
        work,
        work.arguments["issue_id"],
        folder=work.settings.reports_folder,
        by=WORKER,
        today=today(),
        clock=now,
        lay_out=partial(_laid_out, work),
    )


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
