import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.names import folded
from app.domain.partner_names import names_in
from app.domain.planned_and_actual import compared


@pytest.mark.parametrize(
    "spelling",
    ["Ministerio de Educación", "MINISTERIO DE EDUCACION", " ministerio  de\tEducación "],
)
def test_case_accents_and_blanks_do_not_make_another_organisation(spelling: str) -> None:
    assert folded(spelling) == folded("Ministerio de Educación")


def test_other_words_make_another_organisation() -> None:
    assert folded("Agros") != folded("Agro")


@given(st.text())
@example("\N{MATHEMATICAL BOLD CAPITAL A}")
def test_a_folded_name_stays_as_it_is(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("Agros, Yape; Internet para Todos", ["Agros", "Yape", "Internet para Todos"]),
        ("- Agros\n- Yape (BCP, Lima)", ["Agros", "Yape (BCP, Lima)"]),
        ("1. Agros\n2. Agros", ["Agros"]),
        ("", []),
        (
            "Agros is a startup. It works with farmers, fishers and schools.",
            ["Agros is a startup. It works with farmers, fishers and schools."],
        ),
    ],
)
def test_partners_in_one_answer_are_taken_apart(answer: str, names: list[str]) -> None:
    assert names_in(answer) == names


@given(st.lists(st.from_regex(r"[a-z]{1,12}", fullmatch=True), unique=True))
def test_no_partner_is_lost_when_an_answer_is_taken_apart(names: list[str]) -> None:
    assert names_in("; ".join(names)) == names


def test_planned_and_actual_are_compared_without_regard_to_spelling() -> None:
    found = compared(planned=["Co-creation", "Pilots"], actual=["pilots", "Ethnography"])
    assert found.as_planned == ["Pilots"]
    assert found.not_used == ["Co-creation"]
    assert found.unplanned == ["Ethnography"]


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_every_name_stands_on_exactly_one_side(planned: list[str], actual: list[str]) -> None:
    found = compared(planned=planned, actual=actual)
    named = [*found.as_planned, *found.not_used, *found.unplanned]
    assert sorted({folded(name) for name in [*planned, *actual]} - {""}) == sorted(
        folded(name) for name in named
    )
