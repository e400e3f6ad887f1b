"""Our own JSON: what is not ours is refused with the place, and its names stand in the docs."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from app.domain.plan_content import PartnerEntry, PlanContent, QuestionEntry
from app.domain.refusals import InvalidError
from app.exchange.form_documents import read_document
from app.exchange.learning_plan_form import write_form
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
from app.exchange.plan_readings import Fitted, content_from, reading_from
from app.exchange.text_files import read_text
from app.services.import_reports import ImportReport, as_json
from models.vocabulary import ChallengeType, ImportStatus, Sector, Stage

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


LINES = st.sampled_from(
    [
        "We ask what is your learning question for this challenge.",
        "Partners",
        "Our [x] challenge (with brackets) [[and tags]]",
        "",
        "Yes",
        "No",
        "2026",
        "1. first",
        "- a bullet",
        "“quotes” & <b>signs</b>",
        "| a | table |",
        "> quoted",
        "---",
        "¿Cómo?",
    ]
)
LONG = st.lists(LINES, max_size=5).map(lambda lines: "\n".join(lines).strip())
SHORT = st.sampled_from(["Agros", "Yes", "2026", "Mercados [x]", "¿Cómo? (1)", "Title", "R&D"])
NAMES = st.lists(SHORT, max_size=3, unique=True).map(tuple)
PARTNERS = st.builds(
    PartnerEntry,
    name=SHORT,
    sector=st.none() | st.sampled_from(Sector),
    collaboration=LONG,
    new_and_unusual=st.none() | st.booleans(),
)
QUESTIONS = st.builds(
    QuestionEntry,
    text=SHORT,
    stages=st.sets(st.sampled_from(list(Stage))).map(
        lambda stages: tuple(stage.value for stage in Stage if stage in stages)
    ),
    methods=st.just(("Pilots",)) | st.just(()),
    method_use=LONG,
    new_data_sources=LONG,
    data_gaps=LONG,
)
PLANS = st.builds(
    PlanContent,
    title=SHORT,
    year=st.integers(2019, 2030),
    challenge_type=st.none() | st.sampled_from(ChallengeType),
    statement=LONG,
    background=LONG,
    value_proposition=LONG,
    tweet=LONG,
    early_leads=LONG,
    comments=LONG,
    thematic_areas=NAMES,
    sdgs=st.lists(st.integers(1, 17), max_size=3, unique=True).map(tuple),
    methods=NAMES,
    data_sources=NAMES,
    partners=st.lists(PARTNERS, max_size=3).map(tuple),
    learning_questions=st.lists(QUESTIONS, max_size=3).map(tuple),
)


@given(PLANS)
def test_any_plan_written_as_json_is_read_as_the_same_plan(content: PlanContent) -> None:
    office = OfficeName(code="PE", name="Peru")
    document = document_from(content, code="PE-2026-P01", office=office, submitted_at=None)
    text = read_text(document.model_dump_json().encode(), name="plan.json")
    assert read_plan_document(text, name="plan.json").content() == content


@settings(deadline=None)
@given(PLANS)
def test_any_plan_printed_as_its_form_is_read_as_the_same_plan(content: PlanContent) -> None:
    text = read_text(write_form(reading_from(content)).encode(), name="plan.txt")
    (reading,) = read_document(text, name="plan.txt")
    assert content_from(reading, year=content.year, fitted=Fitted()) == content
