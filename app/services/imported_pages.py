"""The source of a record: kept whole, and asked whether it was here before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.readings import Flag, Reading
from app.language.kept_sentences import kept
from app.services.actor import Actor
from models import Experiment, ImportedPage, Plan, Reflection
from models.vocabulary import PageKind

LONGEST_FILE_NAME = 300
Record = Plan | Reflection | Experiment
TABLES: Mapping[PageKind, type[Record]] = {
    PageKind.PLAN: Plan,
    PageKind.REFLECTION: Reflection,
    PageKind.EXPERIMENT: Experiment,
}


@dataclass(frozen=True)
class Source:
    """The clean text of a file or of what was pasted."""

    file_name: str
    text: str

    def digest_of(self, reading: Reading) -> str:
        """What makes the same form the same: its kind, its title, and the text it stands in.

        Blanks at line ends are nothing: a page and a pasted copy of it are one content.
        """
        lines = "\n".join(line.rstrip() for line in self.text.strip().split("\n"))
        named = f"{reading.kind.value}\n{reading.text('title')}\n{lines}"
        return hashlib.sha256(named.encode()).hexdigest()


def keep_page(
    session: Session,
    record: Record,
    *,
    source: Source,
    reading: Reading,
    flags: list[Flag],
    unmapped: list[str],
    by: Actor,
) -> ImportedPage:
    """Keep the source beside the record it changed; the record must be flushed."""
    page = ImportedPage(
        kind=reading.kind,
        file_name=source.file_name[-LONGEST_FILE_NAME:],
        content_sha256=source.digest_of(reading),
        text=source.text,
        fields=dict(reading.fields),
        flags=[{"field": flag.field, **kept(flag.message)} for flag in flags],
        unmapped=unmapped,
        record_version=record.version,
        imported_by_id=by.id,
        **{_owner(record): record.id},
    )
    session.add(page)
    return page


def latest_page(session: Session, record: Record) -> ImportedPage | None:
    """The file the record was last imported from."""
    owner = getattr(ImportedPage, _owner(record))
    return session.scalar(
        select(ImportedPage).where(owner == record.id).order_by(ImportedPage.id.desc())
    )


def records_like(session: Session, kind: PageKind, digest: str) -> list[int]:
    """Ids of the records of a kind that once came from this very content."""
    owner = getattr(ImportedPage, f"{kind.value}_id")
    return list(
        session.scalars(
            select(owner).where(
                ImportedPage.content_sha256 == digest,
                ImportedPage.kind == kind,
                owner.is_not(None),
            )
        )
    )


def offices_of(session: Session, kind: PageKind, digest: str) -> list[int]:
    """Ids of the offices whose records of a kind once came from this very content."""
    table: type[Record] = TABLES[kind]
    ids = records_like(session, kind, digest)
    return list(session.scalars(select(table.office_id).where(table.id.in_(ids)).distinct()))


def _owner(record: Record) -> str:
    return f"{record.__tablename__}_id"
