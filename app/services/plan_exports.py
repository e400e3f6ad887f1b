"""A plan as a file: our own JSON, or UNDP's form text."""

from enum import StrEnum

from sqlalchemy.orm import Session

from app.exchange.learning_plan_form import write_form
from app.exchange.plan_documents import (
    OfficeName,
    PlanDocument,
    ReflectionDocument,
    document_from,
    partner_lines,
)
from app.exchange.plan_readings import reading_from
from app.queries.plan_contents import content_of, partner_of
from app.queries.plans import reflections_of
from models import Plan, Reflection


class ExportFormat(StrEnum):
    """How a plan is written to a file."""

    JSON = "json"
    FORM = "form"


def exported(session: Session, plan: Plan, *, as_format: ExportFormat) -> str:
    """The text of the file; reading it again gives the same plan. Closing forms go into JSON."""
    if as_format is ExportFormat.FORM:
        return write_form(reading_from(content_of(plan)))
    return plan_document(session, plan).model_dump_json(indent=2) + "\n"


def plan_document(session: Session, plan: Plan) -> PlanDocument:
    """The plan with its closing forms as a document."""
    return document_from(
        content_of(plan),
        code=plan.code,
        office=OfficeName(code=plan.office.code, name=plan.office.name),
        submitted_at=plan.submitted_at,
        reflections=[_reflection_document(row) for row in reflections_of(session, plan)],
    )


def _reflection_document(reflection: Reflection) -> ReflectionDocument:
    written = ReflectionDocument.model_fields.keys() - {"partners"}
    partners = [partner_of(row) for row in reflection.partnerships]
    return ReflectionDocument(
        **{name: getattr(reflection, name) for name in written}, partners=partner_lines(partners)
    )
