"""Whether a file is a report as it was issued."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import DamagedError, UnknownError
from app.language.sentences import Sentence, sentence
from app.reports.binding.reading import digest_in
from models import ReportIssue


@dataclass(frozen=True)
class Checked:
    """The issued edition that a file is, to the byte."""

    issue: ReportIssue
    snapshot_sha256: str


def check_file(session: Session, content: bytes) -> Checked:
    """The edition this file is.

    Raises UnknownError when nothing here was issued from the facts it names, DamagedError when
    something was, and the file is another.
    """
    digest = digest_in(content)
    if digest is None:
        raise UnknownError(sentence("This is no report of Chaski: it names no frozen facts."))
    issued = session.scalars(
        select(ReportIssue)
        .where(ReportIssue.snapshot_sha256 == digest, ReportIssue.issued_at.is_not(None))
        .order_by(ReportIssue.id)
    ).all()
    if not issued:
        raise UnknownError(sentence("No report issued here was made from the facts it names."))
    name = hashlib.sha256(content).hexdigest()
    same = next((issue for issue in issued if issue.file_sha256 == name), None)
    if same is None:
        raise DamagedError(_of_another_file([issue.id for issue in issued]))
    return Checked(same, digest)


def _of_another_file(numbers: Sequence[int]) -> Sentence:
    """The same facts may have been issued in both languages: all are named."""
    if len(numbers) == 1:
        return sentence(
            "It names the facts of report %(number)s, and is not the file that was issued: it "
            "was altered, or laid out by another version.",
            number=numbers[0],
        )
    return sentence(
        "It names the facts of the reports %(numbers)s, and is none of the files that were "
        "issued: it was altered, or laid out by another version.",
        numbers=", ".join(map(str, numbers)),
    )
