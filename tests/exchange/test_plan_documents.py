"""Our own JSON: what is not ours is refused with the place, and its names stand in the docs."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.domain.plan_content import PlanContent
from app.domain.refusals import InvalidError
from app.exchange.plan_documents import (
    EvidenceLine,
    OfficeName,
    PartnerLine,
    PlanDocument,
    QuestionLine,
    ReflectionDocument,
    document_from,
    looks_like_json,
    read_plan_document,
)
from app.services.import_reports import ImportReport, as_json
from models.vocabulary import ImportStatus

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
DOCUMENT = document_from(
    PlanContent(title="Mercados", year=2026),
    code="PE-2026-P01",
    office=OfficeName(code="PE", name="Peru"),
    submitted_at=None,
)


def changed(**fields: object) -> str:
    return json.dumps({**DOCUMENT.model_dump(mode="json"), **fields})


def test_a_document_is_read_as_it_was_written() -> None:
    assert read_plan_document(DOCUMENT.model_dump_json(), name="x") == DOCUMENT


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"title": ""}, "title"),
        ({"year": 20}, "year"),
        ({"budget": 5}, "budget"),
        ({"version": 2}, "version"),
        ({"partners": [{"rank": 1, "name": "Agros", "sector": "farming"}]}, "partners.0.sector"),
        ({"learning_questions": [{"text": "How?", "stages": ["fly"]}]}, "learning_questions.0"),
    ],
)
def test_a_document_that_is_not_ours_is_refused_with_the_place(
    fields: dict[str, object], place: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        read_plan_document(changed(**fields), name="plan.json")
    assert place in str(refusal.value.message)


@pytest.mark.parametrize("text", ["{", "{]", "{" * 100_000, '{"a": NaN'])
def test_what_only_begins_like_json_is_refused(text: str) -> None:
    assert looks_like_json(text)
    with pytest.raises(InvalidError, match=r"plan\.json"):
        read_plan_document(text, name="plan.json")


@pytest.mark.parametrize(
    "part", [PlanDocument, OfficeName, EvidenceLine, PartnerLine, QuestionLine, ReflectionDocument]
)
def test_every_name_of_the_document_is_documented(part: type[BaseModel]) -> None:
    text = FORMATS.read_text(encoding="utf-8")
    assert [name for name in part.model_fields if f"`{name}`" not in text] == []


def test_every_name_of_an_import_report_is_documented() -> None:
    text = FORMATS.read_text(encoding="utf-8")
    report = as_json(ImportReport(file="x", kind=None, status=ImportStatus.REFUSED))
    assert [name for name in report if f"`{name}`" not in text] == []
