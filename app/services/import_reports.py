"""What an import was asked to do, and what it answers, form by form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.refusals import RefusalError
from app.exchange.readings import (
    FieldValue,
    Flag,
    LearningQuestionReading,
    PartnerReading,
    Reading,
)
from app.language.sentences import Sentence, sentence
from app.language.speaker import Speaker
from models.vocabulary import ChallengeType, ImportStatus, Language, PageKind, Sector


@dataclass(frozen=True)
class Correction:
    """What a person put right in one reading before saving it.

    ``sectors`` by rank; ``split`` holds the numbers, from one, of learning questions to split.
    """

    challenge_type: ChallengeType | None = None
    sectors: Mapping[int, Sector | None] = field(default_factory=dict)
    split: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Choices:
    """What was said beside the file. Both None: the file itself, or the only office, decides."""

    office_code: str | None = None
    year: int | None = None
    this_year: int = 0
    corrections: Mapping[int, Correction] = field(default_factory=dict)


OUTLOOKS: Mapping[ImportStatus, Sentence] = {
    ImportStatus.ADDED: sentence("Will be added"),
    ImportStatus.UPDATED: sentence("Will be updated"),
    ImportStatus.UNCHANGED: sentence("No changes"),
    ImportStatus.REFUSED: sentence("Refused"),
}


@dataclass(frozen=True)
class ImportReport:
    """What became of one form. ``code`` is None in a rehearsal and for a reflection's own row.

    ``record_id`` is the row of a reflection, whose address has no code.
    """

    file: str
    kind: PageKind | None
    status: ImportStatus
    code: str | None = None
    record_id: int | None = None
    office_code: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    partners: Sequence[PartnerReading] = ()
    learning_questions: Sequence[LearningQuestionReading] = ()
    flags: Sequence[Flag] = ()
    unmapped: Sequence[str] = ()
    error: Sentence | None = None

    @property
    def is_refused(self) -> bool:
        """Whether nothing was stored of it."""
        return self.status is ImportStatus.REFUSED

    @property
    def outlook(self) -> Sentence:
        """What will become of the form, said before anything is saved."""
        return OUTLOOKS[self.status]


def unread(file: str, refusal: RefusalError) -> ImportReport:
    """The report of a file that could not be read at all."""
    return ImportReport(file=file, kind=None, status=ImportStatus.REFUSED, error=refusal.message)


def refused(file: str, reading: Reading, error: Sentence) -> ImportReport:
    """The report of a form that was understood and could not be taken in."""
    return ImportReport(
        file=file,
        kind=reading.kind,
        status=ImportStatus.REFUSED,
        fields=reading.fields,
        partners=reading.partners,
        learning_questions=reading.learning_questions,
        flags=reading.flags,
        unmapped=reading.unmapped,
        error=error,
    )


def as_json(report: ImportReport) -> dict[str, Any]:
    """The report in plain values, its sentences in English: docs/formats.md."""
    say = Speaker(Language.EN).say
    return {
        "file": report.file,
        "kind": report.kind.value if report.kind else None,
        "code": report.code,
        "status": report.status.value,
        "error": say(report.error) if report.error else None,
        "fields": dict(report.fields),
        "partners": [partner.model_dump(mode="json") for partner in report.partners],
        "learning_questions": [
            question.model_dump(mode="json") for question in report.learning_questions
        ],
        "flags": [{"field": flag.field, "message": say(flag.message)} for flag in report.flags],
        "unmapped": list(report.unmapped),
    }
