"""Make a report that was asked for, saying how far it is."""

import time
from functools import partial

from app.clock import now, today
from app.jobs.work import Work
from app.printing import layout_of
from app.services import reporting
from app.services.actor import WORKER
from app.services.reporting import Frozen

SECONDS_BETWEEN_NOTES = 0.5


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
    noted = 0.0

    def note(done: int, of: int) -> None:
        nonlocal noted
        if time.monotonic() - noted > SECONDS_BETWEEN_NOTES:
            noted = time.monotonic()
            # The last step is taken when the parts are bound and kept.
            work.advance(done, of + 1)

    return reporting.lay_out(frozen, layout_of(work.settings), on_part=note)
