"""A file of UNDP's forms as it was received: the whole text, and what found no field."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    Base,
    belongs_to,
    digest,
    identity,
    instant,
    long_text,
    now,
    short_text,
    word,
)
from models.vocabulary import PageKind


class ImportedPage(Base):
    """The source of an import, so that nothing of it is lost: a row for each that changed data."""

    __tablename__ = "imported_page"

    id: Mapped[identity]
    kind: Mapped[PageKind] = mapped_column(word(PageKind))
    file_name: Mapped[short_text]
    content_sha256: Mapped[digest] = mapped_column(index=True)
    text: Mapped[long_text]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    flags: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    unmapped: Mapped[list[str]] = mapped_column(default=list)
    record_version: Mapped[int]
    plan_id: Mapped[int | None] = mapped_column(belongs_to("plan.id"), index=True)
    reflection_id: Mapped[int | None] = mapped_column(belongs_to("reflection.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(belongs_to("experiment.id"), index=True)
    imported_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    imported_at: Mapped[instant] = mapped_column(default=now)
