"""Reports as spreadsheets, read back by another library and held against the snapshot."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.speaker import Speaker
from app.reports.findings import finding_sentence
from app.reports.quarter_sheets import QUARTER_SHEETS
from app.reports.sheets import SHEETS
from app.reports.snapshot import (
    ChangeKind,
    ChangeLine,
    ClosingLine,
    Gap,
    GapKind,
    GateLine,
    MeasurementPoint,
    PartnerLine,
    QuarterlySnapshot,
    SinceQuarter,
    digest,
)
from app.reports.stage_snapshot import AnySnapshot, StageSnapshot
from app.reports.workbook import MOST_IN_CELL, write_xlsx
from models.vocabulary import GateItem, Language, MetricKind, ReviewState, Sector, Stage, Verdict
from tests.reports import samples

SPEAKERS = {language: Speaker(language) for language in Language}
ENGLISH = SPEAKERS[Language.EN]
NAMES = (
    *("Experiments", "Hypotheses", "Metrics", "Readings", "Verdicts", "Decisions"),
    *("Impact reviews", "Due and missing", "Gates", "Amendments"),
    *("Learning questions", "Partners", "Since the last quarter", "About this edition"),
)


def book(snapshot: AnySnapshot, language: Language = Language.EN, *, edition: int = 1) -> Any:
    content = write_xlsx(snapshot, SPEAKERS[language], edition=edition)
    return openpyxl.load_workbook(BytesIO(content))


def rows(opened: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet, each cell under its heading."""
    heads, *rest = opened[name].iter_rows(values_only=True)
    assert len(set(heads)) == len(heads)
    return [dict(zip(heads, row, strict=True)) for row in rest]


def cell(opened: Any, name: str, heading: str, row: int = 2) -> Any:
    heads = [one.value for one in opened[name][1]]
    return opened[name].cell(row, heads.index(heading) + 1)


def full() -> QuarterlySnapshot:
    """One experiment with something for every sheet."""
    gate = GateLine(
        to_stage=Stage.TEST,
        decided_on=date(2026, 8, 3),
        decided_by="Lucía Paz",
        missing=tuple(GateItem)[:2],
        overridden_because="La feria no espera.",
    )
    section = samples.experiment(
        registration=samples.registration(),
        gates=(gate,),
        metrics=(samples.selling(finding=samples.found()), samples.waiting()),
    )
    one = samples.one_experiment()
    return QuarterlySnapshot(**dict(one) | {"experiments": (section,)})


def every_cell(opened: Any) -> Iterator[Any]:
    for sheet in opened:
        for row in sheet.iter_rows():
            yield from row


@pytest.mark.parametrize("language", Language)
def test_there_is_a_sheet_a_table_with_heads_that_stay_and_filter(language: Language) -> None:
    opened = book(full(), language)
    assert len(opened.sheetnames) == len(NAMES)
    if language is Language.EN:
        assert tuple(opened.sheetnames) == NAMES
    for sheet in opened:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert all(one.font.bold and one.value for one in sheet[1])
        assert all(sheet.column_dimensions[one.column_letter].width >= 12 for one in sheet[1])
        assert len({one.value for one in sheet[1]}) == len(sheet[1])


@pytest.mark.parametrize("language", Language)
def test_names_of_sheets_are_what_excel_takes(language: Language) -> None:
    names = book(samples.empty_quarter(), language).sheetnames
    assert len({name.lower() for name in names}) == len(NAMES)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_every_experiment_reading_and_gap_has_its_row(count: int) -> None:
    snapshot = samples.many_experiments(count)
    opened = book(snapshot)
    codes = [row["Code"] for row in rows(opened, "Experiments")]
    assert codes == [section.code for section in snapshot.experiments]
    metrics = [metric for section in snapshot.experiments for metric in section.metrics]
    held = {
        "Hypotheses": sum(len(section.hypotheses) for section in snapshot.experiments),
        "Metrics": len(metrics),
        "Readings": sum(len(metric.points) for metric in metrics),
        "Decisions": sum(len(section.decisions) for section in snapshot.experiments),
        "Impact reviews": sum(len(section.reviews) for section in snapshot.experiments),
        "Due and missing": len(snapshot.gaps),
    }
    assert {name: len(rows(opened, name)) for name in held} == held


def test_cells_are_of_the_kind_of_what_they_hold() -> None:
    opened = book(full())
    on, value = (cell(opened, "Readings", heading) for heading in ("Day", "Value"))
    assert (on.value, on.is_date, on.number_format) == (datetime(2026, 4, 3), True, "yyyy-mm-dd")
    assert (value.value, value.number_format) == (0.17, "0.0%")
    minutes = cell(opened, "Readings", "Value", row=opened["Readings"].max_row)
    assert (minutes.value, minutes.number_format) == (11.8, "General")
    spent = cell(opened, "Experiments", "Spent, USD")
    assert (spent.value, spent.number_format) == (4120.5, "#,##0.00")
    sample = cell(opened, "Experiments", "Planned sample")
    assert (sample.value, sample.number_format) == (1240, "0")
    assert cell(opened, "Verdicts", "Estimate").value == 0.305
    assert cell(opened, "Verdicts", "Confidence").number_format == "0.0%"
    assert cell(opened, "Experiments", "Title").data_type == "s"


def test_what_is_not_recorded_is_an_empty_cell_and_never_a_zero() -> None:
    opened = book(samples.quarter(experiments=(samples.bare_experiment(),)))
    (row,) = rows(opened, "Experiments")
    for heading in (
        "Planned sample",
        "Spent, USD",
        "Owner",
        "Verdict",
        "Evidence level",
        "First day",
    ):
        assert row[heading] is None
    assert row["Stage"] == "Explore"


def test_words_and_sentences_are_those_of_the_pdf() -> None:
    snapshot = full()
    for language, verdict, state in (
        (Language.EN, "Supported", "Running"),
        (Language.ES, SPEAKERS[Language.ES].word(samples.found().verdict), "En ejecución"),
    ):
        opened = book(snapshot, language)
        experiments, found = opened.worksheets[0], opened.worksheets[4]
        assert state in [one.value for one in experiments[2]]
        shown = [one.value for one in found[2]]
        assert verdict in shown
        assert SPEAKERS[language].say(finding_sentence(samples.found())) in shown


def test_an_amendment_has_a_row_for_each_field_it_changed() -> None:
    first, second = rows(book(full()), "Amendments")
    assert first["What changed"] == "“Comerciantes que venden”: Target"
    assert (first["Before"], first["After"]) == ("35%", "30%")
    assert (second["Before"], second["After"]) == ("1,240", "900")
    assert first["How much changed"] == "major"
    assert first["When"] == "after the first measurement"


def test_a_gate_let_through_all_the_same_names_what_was_not_met() -> None:
    (gate,) = rows(book(full()), "Gates")
    assert gate["Gate to"] == "Test"
    assert gate["Let through all the same because"] == "La feria no espera."
    assert gate["Not met"] == "; ".join(ENGLISH.word(item) for item in tuple(GateItem)[:2])


def test_a_review_that_waits_for_the_officer_tells_nothing_of_the_officer() -> None:
    waits = samples.review(state=ReviewState.SUBMITTED, comment="Borrador", reviewed_on=None)
    snapshot = samples.quarter(experiments=(samples.experiment(reviews=(waits,)),))
    (row,) = rows(book(snapshot), "Impact reviews")
    assert (row["Comment"], row["Officer"], row["Day"]) == (None, None, None)
    assert row["State"] == ENGLISH.word(ReviewState.SUBMITTED)
    (accepted,) = rows(book(full()), "Impact reviews")
    assert accepted["Officer"] == "Carmen Ávila"


def test_the_last_sheet_tells_which_edition_it_is() -> None:
    snapshot = full()
    told = {row["What it is"]: row["Value"] for row in rows(book(snapshot, edition=4), NAMES[-1])}
    assert told["Edition"] == 4
    assert told["SHA-256 of the snapshot"] == digest(snapshot)
    assert told["First day"] == datetime(2026, 7, 1)
    assert "not closed" in told["State"]
    assert "Demonstration data" not in told


def test_a_closed_quarter_names_who_approved_it() -> None:
    closing = ClosingLine(edition=1, closed_on=date(2026, 10, 4), closed_by="Lucía Paz")
    opened = book(samples.quarter(closing=closing, scope="PROS"))
    told = {row["What it is"]: row["Value"] for row in rows(opened, NAMES[-1])}
    assert told["Approved by"] == "Lucía Paz"
    assert told["Quarter closed"] == datetime(2026, 10, 4)
    assert told["Programme"] == "Prosperity"


def test_demonstration_data_is_marked_in_its_row_and_on_the_last_sheet() -> None:
    opened = book(samples.quarter(experiments=(samples.experiment(metrics=(samples.invented(),)),)))
    marks = {
        name: {row["Demonstration data"] for row in rows(opened, name)}
        for name in NAMES[:4]
        if name != "Hypotheses"
    }
    assert marks == {"Experiments": {"Yes"}, "Metrics": {"Yes"}, "Readings": {"Yes"}}
    told = [row["What it is"] for row in rows(opened, NAMES[-1])]
    assert "Demonstration data" in told


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "=1+1"])
def test_what_begins_like_a_formula_stays_text_also_when_edited(text: str) -> None:
    opened = book(samples.quarter(experiments=(samples.experiment(title=text),)))
    title = cell(opened, "Experiments", "Title")
    assert (title.value, title.data_type) == (text, "s")
    assert title.quotePrefix
    assert not cell(opened, "Experiments", "Code").quotePrefix


def test_no_sheet_holds_a_formula_or_a_link() -> None:
    address = "https://sdg-innovation-commons.org"
    section = samples.experiment(source=address, what_happened="mailto:a@b.example")
    snapshot = samples.quarter(experiments=(section,))
    content = write_xlsx(snapshot, ENGLISH, edition=1)
    assert {one.data_type for one in every_cell(book(snapshot))} <= {"s", "n", "d"}
    with ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == len(NAMES)
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


@pytest.mark.parametrize("sign", ["ñ", "🦙"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(sign: str) -> None:
    long = sign * 40_000
    opened = book(samples.quarter(experiments=(samples.experiment(what_happened=long),)))
    shown = cell(opened, "Experiments", "What happened").value
    units = len(shown.encode("utf-16-le")) // 2
    assert MOST_IN_CELL - 1 <= units <= MOST_IN_CELL
    kept, _gap, note = shown.partition(" … ")
    assert set(kept) == {sign}
    assert "32,767" in note
    assert "PDF" in note


def test_a_text_that_just_fits_is_whole() -> None:
    long = "ñ" * MOST_IN_CELL
    opened = book(samples.quarter(experiments=(samples.experiment(what_happened=long),)))
    assert cell(opened, "Experiments", "What happened").value == long


def test_a_number_excel_cannot_hold_is_written_out() -> None:
    large = MeasurementPoint(on=date(2026, 8, 1), value=Decimal("1e400"))
    metric = samples.waiting(points=(large,), kind=MetricKind.MEAN)
    opened = book(samples.quarter(experiments=(samples.experiment(metrics=(metric,)),)))
    assert cell(opened, "Readings", "Value").value == "1" + "0" * 400


def test_a_day_before_excel_begins_is_written_out() -> None:
    snapshot = samples.quarter(experiments=(samples.experiment(starts_on=date(1821, 7, 28)),))
    assert cell(book(snapshot), "Experiments", "First day").value == "1821-07-28"


def test_signs_and_scripts_of_the_world_are_kept() -> None:
    title = "🦙 שלום Ñandú 市場"
    (row,) = rows(book(samples.quarter(experiments=(samples.experiment(title=title),))), NAMES[0])
    assert row["Title"] == title


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1, max_size=80))
def test_any_text_is_read_back_as_the_snapshot_keeps_it(text: str) -> None:
    snapshot = samples.quarter(experiments=(samples.experiment(title=text),))
    shown = cell(book(snapshot), "Experiments", "Title").value
    assert (shown or "") == snapshot.experiments[0].title


@settings(max_examples=60, deadline=None)
@given(
    value=st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**8), max_value=10**8
    )
)
def test_a_number_is_read_back_as_it_was_measured(value: Decimal) -> None:
    point = MeasurementPoint(on=date(2026, 8, 1), value=value)
    metric = samples.waiting(points=(point,))
    opened = book(samples.quarter(experiments=(samples.experiment(metrics=(metric,)),)))
    assert cell(opened, "Readings", "Value").value == pytest.approx(float(value), rel=1e-15)


@pytest.mark.parametrize("language", Language)
def test_an_empty_quarter_has_heads_and_no_rows(language: Language) -> None:
    opened = book(samples.empty_quarter(), language)
    assert [sheet.max_row for sheet in opened][:-1] == [1] * 13
    assert opened.worksheets[-1].max_row > 5


def test_the_questions_partners_and_changes_of_a_quarter_have_sheets_of_their_own() -> None:
    line = PartnerLine(name="Cooperativa Kallpa", sector=Sector.PRIVATE_SECTOR)
    section = samples.experiment(partnerships=(line,), verdict=Verdict.SUPPORTED)
    changes = (
        ChangeLine(kind=ChangeKind.STAGE, experiment=section.code, before="explore", now="test"),
        ChangeLine(kind=ChangeKind.DETAIL, experiment=section.code, about="advice"),
    )
    since = SinceQuarter(quarter="2026-Q2", edition=1, changes=changes)
    parts = {"experiments": (section,), "since_quarter": since}
    opened = book(QuarterlySnapshot(**dict(samples.one_experiment()) | parts))
    (question,) = rows(opened, "Learning questions")
    assert question["Plan"] == section.plan.code if section.plan else None
    assert question["Verdicts and experiments"] == f"Supported: {section.code}"
    (partner,) = rows(opened, "Partners")
    assert partner == {
        "Partner": "Cooperativa Kallpa",
        "Sector": ENGLISH.word(Sector.PRIVATE_SECTOR),
        "New and unusual": None,
        "Experiments": section.code,
    }
    stage, advice = rows(opened, "Since the last quarter")
    assert (stage["Before"], stage["Now"]) == ("Explore", "Test")
    assert advice["What changed"] == "Advice to others"


@pytest.mark.parametrize("stage", [Stage.EXPLORE, Stage.TEST, Stage.GROW])
def test_a_stage_report_is_a_spreadsheet_of_its_experiment(stage: Stage) -> None:
    snapshot = StageSnapshot(
        kind="stage",
        office=samples.quarter().office,
        programmes=samples.PROGRAMMES,
        experiments=(samples.experiment(),),
        stage=stage,
        gaps=(Gap(kind=GapKind.NO_RESULT, experiment="PE-2026-001"),),
    )
    opened = book(snapshot)
    assert [row["Code"] for row in rows(opened, "Experiments")] == ["PE-2026-001"]
    assert len(rows(opened, "Due and missing")) == 1
    told = {row["What it is"]: row["Value"] for row in rows(opened, NAMES[-1])}
    assert ENGLISH.word(stage) in told["Report"]


def test_the_same_snapshot_gives_the_same_bytes_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_xlsx(full(), ENGLISH, edition=1)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write_xlsx(full(), ENGLISH, edition=1) == first
    with ZipFile(BytesIO(first)) as parts:
        assert len({part.date_time for part in parts.infolist()}) == 1
        assert parts.testzip() is None


def test_its_properties_come_from_the_facts() -> None:
    snapshot = full()
    known = book(snapshot).properties
    assert known.creator == snapshot.office.name
    assert known.created == known.modified == datetime(2026, 9, 30, 22, 15)
    assert digest(snapshot) in known.description


def test_every_heading_is_said_once_in_a_sheet() -> None:
    for sheet in (*SHEETS, *QUARTER_SHEETS):
        for speaker in SPEAKERS.values():
            heads: Iterable[str] = [speaker.say(column.heading) for column in sheet.columns]
            assert len(set(heads)) == len(sheet.columns), sheet.name
