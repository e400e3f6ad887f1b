"""Imported files: the source of a record, and what a reader of it should look at."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.refusals import Problem
from app.language.kept_sentences import restored
from models import ImportedPage, Plan, Reflection

# What a page says and no column of a plan or closing form holds.
ONLY_ON_THE_PAGE = (
    "page_title",
    "country",
    "latitude",
    "longitude",
    "learning_cycle_stages",
    "options_as_written",
)
NOT_IN_A_CLOSING_FORM = ("thematic_areas", "sdgs", "comments")


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


def pages_behind(
    session: Session, plan: Plan, reflections: Sequence[Reflection]
) -> list[ImportedPage]:
    """The files a plan and its closing forms were last imported from, the plan's first."""
    pages = session.scalars(
        select(ImportedPage)
        .where(
            or_(
                ImportedPage.plan_id == plan.id,
                ImportedPage.reflection_id.in_([row.id for row in reflections]),
            )
        )
        .order_by(ImportedPage.plan_id.is_(None), ImportedPage.id)
    )
    newest = {(page.plan_id, page.reflection_id): page for page in pages}
    return list(newest.values())


def only_on_the_page(page: ImportedPage) -> dict[str, tuple[str, ...]]:
    """Field → its values as text, of all a page says that its record has no column for."""
    names = ONLY_ON_THE_PAGE if page.plan_id else (*ONLY_ON_THE_PAGE, *NOT_IN_A_CLOSING_FORM)
    said = {name: page.fields.get(name) for name in names}
    return {
        name: tuple(str(each) for each in (value if isinstance(value, list) else [value]))
        for name, value in said.items()
        if value
    }


def flags_of(page: ImportedPage | None) -> list[Problem]:
    """The doubts kept with an imported file, sayable in either language."""
    if page is None:
        return []
    return [Problem(str(flag.get("field", "")), restored(flag)) for flag in page.flags]
