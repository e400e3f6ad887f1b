"""Disaggregations: by what the readings of a metric are parted, and into what."""

import pytest

from app.domain.disaggregations import cells_of, name_of, problems_of


def test_each_line_names_its_parts_as_cells():
    text = "sex: women, men\n\n age : under 30; 30 or older "
    assert cells_of(text) == ["sex: women", "sex: men", "age: under 30", "age: 30 or older"]
    assert list(problems_of(text)) == []


def test_a_cell_knows_by_what_it_parts_the_group():
    assert name_of("sex: women") == "sex"
    assert name_of("women") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("women, men", "write by what"),
        (": women, men", "write by what"),
        ("sex: women", "at least two parts"),
        ("sex: women, men, Women", "names a part twice"),
        ("sex: women, men\nSex: f, m", "join them"),
        ("sex: women, " + "m" * 300, "at most 300"),
    ],
)
def test_what_names_no_parts_is_refused_in_words(text, said):
    (problem,) = problems_of(text)
    assert problem.field == "disaggregations"
    assert said in str(problem.message)
