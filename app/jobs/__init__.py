"""Door 3: background work. One task for each kind of job."""

from collections.abc import Mapping
from typing import Final

from app.jobs.digest import send_digest
from app.jobs.mail import send_letter
from app.jobs.reports import make_report
from app.jobs.worker import Task
from models.vocabulary import JobKind

TASKS: Final[Mapping[JobKind, Task]] = {
    JobKind.QUARTERLY_REPORT: make_report,
    JobKind.STAGE_REPORT: make_report,
    JobKind.PLAN_REPORT: make_report,
    JobKind.MAIL: send_letter,
    JobKind.DIGEST: send_digest,
}
