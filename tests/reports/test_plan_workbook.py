"""The spreadsheet of a plan, read back."""

import io

import openpyxl
import pytest

from app.language.speaker import Speaker
from app.reports.workbook import write_xlsx
from models.vocabulary import Language
from tests.reports import samples


def rows_of(plan, name, language=Language.EN):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(plan, Speaker(language), edition=1)))
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Learning questions", ["¿Cómo amplificar los proyectos?", "Explore; Test", "Encuesta"]),
        ("Experiments", [1, "PE-2026-001", "Vender por un canal digital"]),
        ("Partners", [1, "Agros", "Private sector", "Yes"]),
        ("Closing", ["Lo que aprendimos", "Key insights", "La conexión no basta."]),
    ],
)
def test_each_table_stands_on_its_sheet_with_its_first_row(name, first):
    assert rows_of(samples.a_plan(), name)[1][: len(first)] == first


def test_what_nobody_answered_is_no_row():
    closing = rows_of(samples.a_plan(), "Closing")
    assert [row[2] for row in closing[1:]] == ["La conexión no basta.", "El idioma."]


@pytest.mark.parametrize("language", list(Language))
def test_an_empty_plan_has_its_headings_and_no_row(language):
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(samples.an_empty_plan(), Speaker(language), edition=1))
    )
    assert len(book.sheetnames) == 5
    assert all(sheet.max_row == 1 for sheet in book.worksheets[:-1])


def test_the_same_snapshot_gives_the_same_bytes():
    one, two = (write_xlsx(samples.a_plan(), Speaker(Language.ES), edition=1) for _ in range(2))
    assert one == two
