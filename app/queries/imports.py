"""Imported files: the source of a record, and what a reader of it should look at."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import Problem
from app.language.kept_sentences import restored
from models import ImportedPage


def page_of(
    session: Session,
    *,
    plan_id: int | None = None,
    reflection_id: int | None = None,
    experiment_id: int | None = None,
) -> ImportedPage | None:
    """The file a record was last imported from, or None when it was written here."""
    owned = ImportedPage.plan_id == plan_id
    if reflection_id is not None:
        owned = ImportedPage.reflection_id == reflection_id
    if experiment_id is not None:
        owned = ImportedPage.experiment_id == experiment_id
    return session.scalar(select(ImportedPage).where(owned).order_by(ImportedPage.id.desc()))


def flags_of(page: ImportedPage | None) -> list[Problem]:
    """The doubts kept with an imported file, sayable in either language."""
    if page is None:
        return []
    return [Problem(str(flag.get("field", "")), restored(flag)) for flag in page.flags]
