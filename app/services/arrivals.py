"""One form on its way in, and what became of it."""

from dataclasses import dataclass

from app.domain.refusals import NotReadyError
from app.exchange.plan_documents import PlanDocument
from app.exchange.plan_readings import Fitted
from app.exchange.readings import Flag, Reading
from app.language.sentences import sentence
from app.services.actor import Actor
from app.services.imported_pages import Record, Source
from models import ImportedPage, Office
from models.vocabulary import ImportStatus


@dataclass(frozen=True)
class Arrival:
    """A form that was read, corrected and given an office and a year.

    ``year_is_stated`` is false where neither the file nor the person said one.
    ``document`` is our own JSON, where the form came as that.
    """

    source: Source
    reading: Reading
    office: Office
    year: int
    year_is_stated: bool
    fitted: Fitted
    by: Actor
    document: PlanDocument | None = None

    @property
    def digest(self) -> str:
        """What makes the same form the same."""
        return self.source.digest_of(self.reading)

    @property
    def flags(self) -> list[Flag]:
        """The reader's doubts and those met on the way, each field's limit said once."""
        return [*self.reading.flags, *self.fitted.flags]

    @property
    def unmapped(self) -> list[str]:
        """All text without a field."""
        return [*self.reading.unmapped, *self.fitted.unmapped]


@dataclass(frozen=True)
class Landed:
    """What became of an arrival."""

    record: Record
    status: ImportStatus
    code: str | None = None


def refuse_overwriting(record: Record, page: ImportedPage | None, *, name: str) -> None:
    """Refuse a changed file for a record that somebody wrote or changed here."""
    if page is None:
        raise NotReadyError(
            sentence(
                "%(name)s has this title and was written here, so the file was not laid over it:"
                " nothing was changed. Edit it on its page, or give the file another title.",
                name=name,
            )
        )
    if page.record_version != record.version:
        raise NotReadyError(
            sentence(
                "%(name)s was changed here after its file was imported (%(day)s), so the new file"
                " was not laid over it: nothing was changed. Edit it on its page instead.",
                name=name,
                day=page.imported_at.date(),
            )
        )
