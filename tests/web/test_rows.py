"""Rows of a form grow, shrink and move by buttons; nothing typed is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web.forms.rows import asks_for_rows, rearranged

SENT = [
    ("title", "Markets"),
    ("partners-0-name", "Agros"),
    ("partners-2-name", "Yape"),
    ("partners-2-stages", "explore"),
    ("partners-2-stages", "test"),
    ("partners-10-name", "Plin"),
]


def sent(*more: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict([*SENT, *more])


def test_saving_presses_no_row_button() -> None:
    assert not asks_for_rows(sent())
    assert asks_for_rows(sent(("add_row", "partners")))


def test_an_added_row_comes_last() -> None:
    assert "partners-11-row" in rearranged(sent(("add_row", "partners")))


def test_the_first_row_of_an_empty_list_can_be_added() -> None:
    assert "evidence-0-row" in rearranged(sent(("add_row", "evidence")))


def test_a_removed_row_takes_only_itself_along() -> None:
    left = rearranged(sent(("remove_row", "partners-2")))
    assert [name for name in left if name.startswith("partners")] == [
        "partners-0-name",
        "partners-10-name",
    ]
    assert "partners-10-name" in rearranged(sent(("remove_row", "partners-1")))


def test_a_row_moves_above_the_one_before_it() -> None:
    moved = rearranged(sent(("move_up", "partners-2")))
    assert moved["partners-0-name"] == "Yape"
    assert moved.getlist("partners-0-stages") == ["explore", "test"]
    assert moved["partners-2-name"] == "Agros"


def test_the_first_row_stays_first() -> None:
    moved = rearranged(sent(("move_up", "partners-0")))
    assert moved["partners-0-name"] == "Agros"


@given(st.sampled_from([0, 2, 10]))
def test_moving_loses_nothing(number: int) -> None:
    moved = rearranged(sent(("move_up", f"partners-{number}")))
    assert sorted(value for _, value in moved.items(multi=True)) == sorted(
        value for _, value in sent(("move_up", f"partners-{number}")).items(multi=True)
    )


@given(st.text(max_size=20))
def test_a_button_that_names_no_row_changes_nothing(name: str) -> None:
    for button in ("remove_row", "move_up"):
        if not name.startswith("partners-"):
            asked = sent((button, name))
            assert list(rearranged(asked).items(multi=True)) == list(asked.items(multi=True))
