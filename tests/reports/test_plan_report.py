"""The report of a plan as text: the form as filled, its questions, its closing and its annex."""

import re

import pytest

from app.language.speaker import Speaker
from app.reports.plan_snapshot import PlanSnapshot
from app.reports.render import Rendering
from app.reports.snapshot import canonical_json
from app.reports.stage_snapshot import read_any
from models.vocabulary import Language, Verdict
from tests.reports import samples


def told(snapshot: PlanSnapshot, language: Language = Language.EN) -> dict[str, str]:
    fragments = Rendering(snapshot, Speaker(language)).fragments()
    return {part.key: " ".join(re.sub(r"<[^>]+>", " ", part.html).split()) for part in fragments}


def test_its_snapshot_reads_back_as_it_was_written() -> None:
    snapshot = samples.a_plan()
    assert read_any(canonical_json(snapshot)) == snapshot


@pytest.mark.parametrize("language", list(Language))
def test_every_part_is_printed_in_both_languages(language: Language) -> None:
    parts = told(samples.a_plan(), language)
    assert list(parts) == [
        *("plan_cover", "plan_form", "plan_questions", "plan_closing", "plan_about"),
    ]
    assert "Cerrar la brecha digital" in parts["plan_cover"]
    assert "Tres de cada cuatro hogares" in parts["plan_form"]
    assert "¿Cómo amplificar los proyectos?" in parts["plan_questions"]
    assert "La conexión no basta." in parts["plan_closing"]
    assert "Sobró esto." in parts["plan_about"]


def test_what_nobody_wrote_is_called_missing_and_no_heading_is_left_out() -> None:
    parts = told(samples.an_empty_plan())
    for heading in ("Challenge statement", "Background", "Value proposition", "Early leads"):
        assert f"{heading} not recorded" in parts["plan_form"]
    assert "No partner is named." in parts["plan_form"]
    assert "The plan is not closed yet." in parts["plan_closing"]
    assert "Annex" not in parts["plan_about"]


def test_partners_stand_in_their_rank_with_what_is_new_and_unusual() -> None:
    form = told(samples.a_plan())["plan_form"]
    assert form.index("Agros") < form.index("Banco de la Nación")
    assert "Agros Private sector · New and unusual for UNDP: Yes" in form
    assert "Banco de la Nación Sector not stated · New and unusual for UNDP: Not stated" in form


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [(Verdict.SUPPORTED, "Answered"), (Verdict.PROMISING, "Partly"), (None, "Open")],
)
def test_a_question_is_answered_as_far_as_its_experiments_are(
    verdict: Verdict | None, answer: str
) -> None:
    plan = samples.a_plan()
    line = plan.questions[0].experiments[0].model_copy(update={"verdict": verdict})
    question = plan.questions[0].model_copy(update={"experiments": (line,)})
    parts = told(plan.model_copy(update={"questions": (question,)}))
    assert f"1 · {answer}" in parts["plan_questions"]
    assert f"1. {answer}" in parts["plan_cover"]


def test_planned_is_set_against_actual() -> None:
    closing = told(samples.a_plan())["plan_closing"]
    assert "As planned (1)" in closing
    assert "Used without being planned (1)" in closing
    assert "Entrevista" in closing
    assert "Planned and not worked with (1)" in closing


def test_shares_of_time_and_answers_in_words_are_printed_with_their_names() -> None:
    closing = told(samples.a_plan())["plan_closing"]
    assert "10 % 30 % 40 % 20 %" in closing
    assert "Barriers El idioma." in closing


def test_demonstration_data_mark_every_part() -> None:
    html = [
        part.html
        for part in Rendering(
            samples.a_plan(is_demonstration=True), Speaker(Language.ES)
        ).fragments()
    ]
    assert all("holds-demonstration" in each for each in html)


def test_what_people_wrote_is_never_markup() -> None:
    html = "".join(
        part.html
        for part in Rendering(
            samples.a_plan(statement="<script>x</script>", tweet="<b>y</b>"),
            Speaker(Language.EN),
        ).fragments()
    )
    assert "<script>" not in html
    assert "<b>y</b>" not in html
