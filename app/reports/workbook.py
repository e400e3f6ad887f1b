"""A frozen snapshot as a spreadsheet: one sheet a table, cells of their kind.

The one module that knows XlsxWriter. Text is always text: what begins like a formula stays what
somebody wrote, also after the cell is edited.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports import wording
from app.reports.cells import USUAL, WIDEST, Plain, Quantity, Sheet, said
from app.reports.dating import dated
from app.reports.plain import UNPRINTABLE
from app.reports.plan_sheets import PLAN_SHEETS
from app.reports.plan_snapshot import PlanSnapshot
from app.reports.quarter_sheets import QUARTER_SHEETS
from app.reports.sheets import SHEETS, about
from app.reports.snapshot import QuarterlySnapshot, digest
from app.reports.stage_snapshot import AnySnapshot
from models.vocabulary import MetricKind

# What Excel takes: letters in a cell (each of two bytes), and in the name of a sheet.
MOST_IN_CELL = 32_767
MOST_IN_NAME = 31
FIRST_YEAR = 1901
LARGEST = 9.99e307
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBERS = {MetricKind.PROPORTION: "share", MetricKind.MONEY: "amount"}
TOP = {"valign": "top", "font_name": "Calibri", "font_size": 10}
LOOKS: dict[str, dict[str, object]] = {
    "head": {**TOP, "bold": True, "text_wrap": True, "bg_color": "#E6EBF0", "bottom": 1},
    "text": {**TOP, "text_wrap": True},
    "quoted": {**TOP, "text_wrap": True, "quote_prefix": True},
    "whole": {**TOP, "num_format": "0"},
    "number": TOP,
    "share": {**TOP, "num_format": "0.0%"},
    "amount": {**TOP, "num_format": "#,##0.00"},
    "day": {**TOP, "num_format": "yyyy-mm-dd"},
}
CUT = sentence(
    " … [Cut here: a cell holds %(most)s characters. The whole text is in the PDF.]",
    most=MOST_IN_CELL,
)


def write_xlsx(snapshot: AnySnapshot, speaker: Speaker, *, edition: int) -> bytes:
    """The report as a spreadsheet; the same snapshot gives the same bytes."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        _set_properties(book, snapshot, speaker, edition)
        writer = _Writer(
            book,
            {name: book.add_format(look) for name, look in LOOKS.items()},
            speaker.say(CUT),
        )
        for sheet in sheets_of(snapshot):
            columns = [(speaker.say(column.heading), column.width) for column in sheet.columns]
            writer.sheet(speaker.say(sheet.name), columns, sheet.rows(snapshot, speaker))
        named = about(snapshot, edition=edition)
        rows = ((speaker.say(name), said(value, speaker)) for name, value in named)
        heads = [(speaker.say(N_("What it is")), USUAL * 2), (speaker.say(N_("Value")), WIDEST * 2)]
        writer.sheet(speaker.say(N_("About this edition")), heads, rows)
    return made.getvalue()


def sheets_of(snapshot: AnySnapshot) -> tuple[Sheet[Any], ...]:
    """The tables of a report of its kind."""
    if isinstance(snapshot, PlanSnapshot):
        return PLAN_SHEETS
    return (*SHEETS, *QUARTER_SHEETS) if isinstance(snapshot, QuarterlySnapshot) else SHEETS


def _set_properties(book: Any, snapshot: AnySnapshot, speaker: Speaker, edition: int) -> None:
    told = sentence(
        "Snapshot %(digest)s, edition %(edition)s", digest=digest(snapshot), edition=edition
    )
    book.set_properties(
        {
            "title": speaker.say(wording.document_title(snapshot))[:255],
            "author": snapshot.office.name[:255],
            "comments": speaker.say(told),
            "created": dated(snapshot),
        }
    )


@dataclass(frozen=True)
class _Writer:
    """Writes sheets into a book; ``cut`` is said where a text is too long for a cell."""

    book: Any
    looks: dict[str, Any]
    cut: str

    def sheet(
        self, name: str, columns: list[tuple[str, int]], rows: Iterable[Iterable[Plain]]
    ) -> None:
        """A sheet with its heads, which stay in sight and are printed on every page."""
        sheet = self.book.add_worksheet(name[:MOST_IN_NAME])
        for n, (heading, width) in enumerate(columns):
            sheet.set_column(n, n, width)
            sheet.write_string(0, n, heading, self.looks["head"])
        last = 0
        for last, row in enumerate(rows, start=1):
            for n, (value, _column) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, last, n, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _cell(self, sheet: Any, row: int, column: int, value: Plain) -> None:
        match value:
            case None | "":
                return
            case Quantity() if abs(float(value.value)) <= LARGEST:
                look = self.looks[NUMBERS.get(value.kind, "number")]
                sheet.write_number(row, column, float(value.value), look)
            case Quantity():
                self._text(sheet, row, column, str(value.value))
            case int():
                sheet.write_number(row, column, value, self.looks["whole"])
            case date() if value.year >= FIRST_YEAR:
                sheet.write_datetime(row, column, value, self.looks["day"])
            case date():
                self._text(sheet, row, column, value.isoformat())
            case str():
                self._text(sheet, row, column, value)

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        shown = self._fitting(UNPRINTABLE.sub("", text))
        look = "quoted" if shown.startswith(LIKE_A_FORMULA) else "text"
        sheet.write_string(row, column, shown, self.looks[look])

    def _fitting(self, text: str) -> str:
        """The text, or as much of it as a cell holds, and that it is cut."""
        units = text.encode("utf-16-le")
        if len(units) <= 2 * MOST_IN_CELL:
            return text
        room = 2 * (MOST_IN_CELL - len(self.cut))
        return units[:room].decode("utf-16-le", errors="ignore") + self.cut
