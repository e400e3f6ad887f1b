"""Reports as Word documents, read back and held against the snapshot and the PDF's sections."""

from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import docx
import html5lib
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.speaker import Speaker
from app.reports.render import Rendering
from app.reports.snapshot import QuarterlySnapshot, digest
from app.reports.stage_snapshot import AnySnapshot, FlagLine, InquiryLine, StageSnapshot
from app.reports.word import write_docx
from models.vocabulary import Language, Stage
from tests.reports import samples

SPEAKERS = {language: Speaker(language) for language in Language}
ENGLISH = SPEAKERS[Language.EN]
LONG_WORD = "Ñ" * 5000
SHALOM = "שלום לעולם"


def stage_report(stage: Stage = Stage.TEST, **changes: Any) -> StageSnapshot:
    given: dict[str, Any] = {
        "office": samples.quarter().office,
        "programmes": samples.PROGRAMMES,
        "experiments": (samples.experiment(registration=samples.registration()),),
        "stage": stage,
        "inquiry": InquiryLine(methods_planned=("Entrevistas",)),
    }
    return StageSnapshot(**{"kind": "stage", **given, **changes})


SAMPLES: dict[str, AnySnapshot] = {
    "empty": samples.empty_quarter(),
    "one": samples.one_experiment(),
    "bare": samples.quarter(experiments=(samples.bare_experiment(),)),
    "many": samples.many_experiments(12),
    "programme": samples.quarter(scope="PROS", experiments=(samples.experiment(),)),
    "long": samples.long_texts(),
    "hostile": samples.hostile_texts(),
    "explore": stage_report(Stage.EXPLORE),
    "test": stage_report(Stage.TEST),
    "grow": stage_report(Stage.GROW),
}


def written(
    snapshot: AnySnapshot,
    language: Language = Language.EN,
    *,
    edition: int = 1,
    before: AnySnapshot | None = None,
) -> Document:
    content = write_docx(snapshot, SPEAKERS[language], edition=edition, before=before)
    return docx.Document(BytesIO(content))


def paragraphs(document: Document) -> list[Paragraph]:
    """Every paragraph of the body in reading order, those in tables too."""
    found = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            found += [Paragraph(p, document) for p in block._tbl.iter(qn("w:p"))]
        else:
            found.append(block)
    return found


def style_of(paragraph: Paragraph) -> str:
    style = paragraph.style
    return str(style.name) if style is not None else ""


def headings(document: Document) -> list[tuple[str, str]]:
    return [(style_of(p), p.text) for p in document.paragraphs if "Heading" in style_of(p)]


def letters(text: str) -> str:
    """The text without its blanks, which HTML and Word set each in its own way."""
    return "".join(text.split())


def told(document: Document) -> str:
    """What the body says, without the pictures read out and the note of the end."""
    *shown, last = [p for p in paragraphs(document) if style_of(p) != "Read out"]
    assert "PDF" in last.text
    return letters("".join(p.text for p in shown))


def said_in_print(
    snapshot: AnySnapshot, speaker: Speaker, *, edition: int = 1, before: AnySnapshot | None = None
) -> str:
    """What the sections of the PDF say, their pictures left out but for the stage."""
    rendering = Rendering(snapshot, speaker, edition=edition, before=before, on_paper=False)
    sections = rendering.fragments()
    page = html5lib.parse("".join(one.html for one in sections), namespaceHTMLElements=False)
    for parent in list(page.iter()):
        for child in list(parent):
            if child.tag.endswith("svg"):
                title = child.find("{*}title")
                is_stage = "stage-path" in child.get("class", "")
                shown = (title.text or "") if is_stage and title is not None else ""
                tail = child.tail
                child.clear()
                child.text, child.tail = shown, tail
    return letters("".join(page.itertext()))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_what_the_pdf_says_in_the_same_order(name: str, language: Language) -> None:
    snapshot = SAMPLES[name]
    assert told(written(snapshot, language)) == said_in_print(snapshot, SPEAKERS[language])


def test_every_experiment_has_its_heading_once_under_its_programme() -> None:
    snapshot = samples.many_experiments(12)
    found = headings(written(snapshot))
    titles = [text for style, text in found if style == "Heading 3"]
    for section in snapshot.experiments:
        alike = [one for one in snapshot.experiments if one.title == section.title]
        assert titles.count(section.title) == len(alike)
    first = found.index(("Heading 1", "Experiments, one by one"))
    assert found[first + 1][0] == "Heading 2"


def test_headings_go_down_one_level_at_a_time() -> None:
    for name in ("one", "many", "empty", "test"):
        levels = [
            int(style[-1])
            for style, _text in headings(written(SAMPLES[name]))
            if style[-1].isdigit()
        ]
        deeper = [after - before for before, after in pairwise(levels)]
        assert max(deeper, default=0) <= 1, name
        assert levels[0] == 1


def test_the_title_is_the_only_one_and_stands_on_the_first_page() -> None:
    for name in ("one", "explore"):
        styles = [style_of(p) for p in written(SAMPLES[name]).paragraphs]
        assert styles.count("Title") == 1
        assert styles.index("Title") <= 1


def test_the_heads_of_tables_repeat_on_the_next_page() -> None:
    document = written(samples.many_experiments(12))
    (register,) = (table for table in document.tables if table.cell(0, 0).text == "Code")
    repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in register.rows]
    assert repeated[0] is not None
    assert [mark for mark in repeated[1:] if mark is not None] == []
    assert len(register.rows) == 13


@pytest.mark.parametrize("name", SAMPLES)
def test_it_can_be_edited_there_are_no_boxes_pictures_or_merged_cells(name: str) -> None:
    body = written(SAMPLES[name]).element.body
    used = {node.tag.rpartition("}")[2] for node in body.iter() if isinstance(node.tag, str)}
    assert (
        used & {"gridSpan", "vMerge", "txbxContent", "drawing", "pict", "framePr", "sdt"} == set()
    )
    for table in body.iter(qn("w:tbl")):
        widths = {len(row.findall(qn("w:tc"))) for row in table.iter(qn("w:tr"))}
        assert widths == {len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))}


# The order in which the format's schema (ISO 29500, wml.xsd) wants what we write.
ORDER = {
    "pPr": ("pStyle", "pageBreakBefore", "bidi", "sectPr"),
    "rPr": ("rStyle", "b", "i", "rtl"),
    "tblPr": ("tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption"),
    "tbl": ("tblPr", "tblGrid", "tr"),
    "tr": ("trPr", "tc"),
    "tc": ("tcPr", "p"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_elements_stand_in_the_order_of_the_format(name: str) -> None:
    snapshot = SAMPLES[name]
    body = written(snapshot).element.body
    for parent, order in ORDER.items():
        for node in body.iter(qn(f"w:{parent}")):
            places = [order.index(child.tag.rpartition("}")[2]) for child in node]
            assert places == sorted(places), (parent, places)
    for cell in body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")
    for table in body.iter(qn("w:tbl")):
        assert table.getnext().tag == qn("w:p")


def test_the_contents_are_a_field_whose_lines_lead_to_what_they_name() -> None:
    snapshot = samples.many_experiments(12)
    body = written(snapshot).element.body
    marks = [node.get(qn("w:fldCharType")) for node in body.iter(qn("w:fldChar"))]
    assert marks == ["begin", "separate", "end"]
    (code,) = (node.text for node in body.iter(qn("w:instrText")))
    assert code.split()[:3] == ["TOC", r"\o", '"1-3"']
    named = {node.get(qn("w:name")): node for node in body.iter(qn("w:bookmarkStart"))}
    linked = [node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))]
    assert set(linked) <= set(named)
    assert len(set(linked)) >= len(snapshot.experiments)
    assert max(map(len, named)) <= 40
    assert len({node.get(qn("w:id")) for node in named.values()}) == len(named)


def test_a_link_of_the_contents_leads_to_the_experiment_it_names() -> None:
    document = written(samples.many_experiments(12))
    by_text = {
        link.text: link.fragment
        for p in document.paragraphs
        if style_of(p) == "toc 3"
        for link in p.hyperlinks
    }
    for text, place in by_text.items():
        code = text.partition(" ")[0]
        (mark,) = (
            node
            for node in document.element.body.iter(qn("w:bookmarkStart"))
            if node.get(qn("w:name")) == place
        )
        after = [Paragraph(p, document).text for p in mark.getparent().itersiblings(qn("w:p"))][:4]
        assert any(code in line for line in after), (code, after)


def test_the_foot_counts_pages_and_names_edition_and_digest() -> None:
    snapshot = samples.one_experiment()
    for language, page in ((Language.EN, "Page 1 of 1"), (Language.ES, "Página 1 de 1")):
        foot = written(snapshot, language, edition=3).sections[0].footer
        codes = [node.text.strip() for node in foot._element.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]
        edition, pages = (p.text for p in foot.paragraphs)
        assert pages == page
        assert digest(snapshot)[:12] in edition
        assert "3" in edition


def test_what_holds_demonstration_data_says_so_above_every_page() -> None:
    marked, plain = samples.many_experiments(3), samples.one_experiment()
    assert [p.text for p in written(marked).sections[0].header.paragraphs][1:] == [
        "Demonstration data"
    ]
    assert len(written(plain).sections[0].header.paragraphs) == 1
    runs = [
        run.text
        for p in paragraphs(written(marked))
        for run in p.runs
        if run.style.name == "Demonstration"
    ]
    assert runs
    assert set(runs) == {"demonstration"}


@pytest.mark.parametrize(("language", "locale"), [(Language.EN, "en-US"), (Language.ES, "es-PE")])
def test_its_properties_come_from_the_facts(language: Language, locale: str) -> None:
    snapshot = samples.one_experiment()
    document = written(snapshot, language, edition=2)
    known = document.core_properties
    assert snapshot.office.name in known.title
    assert known.author == snapshot.office.name
    assert digest(snapshot) in known.comments
    assert known.created == known.modified
    assert f"{known.created:%Y-%m-%dT%H:%M:%S}Z" == snapshot.data_as_of
    assert known.language == locale
    spoken = {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert spoken == {locale}


@pytest.mark.parametrize("name", ["empty", "one", "test"])
def test_the_same_snapshot_gives_the_same_bytes_on_any_day(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_docx(SAMPLES[name], ENGLISH, edition=1)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write_docx(SAMPLES[name], ENGLISH, edition=1) == first
    with ZipFile(BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None
        assert "docProps/thumbnail.jpeg" not in parts.namelist()


def test_another_edition_is_another_file() -> None:
    snapshot = samples.one_experiment()
    first, second = (write_docx(snapshot, ENGLISH, edition=n) for n in (1, 2))
    assert first != second


def test_a_later_edition_tells_what_changed_since_the_one_before() -> None:
    before = samples.one_experiment()
    after = samples.quarter(experiments=(samples.experiment(title="Vender en la feria"),))
    said = told(written(after, edition=2, before=before))
    assert said == said_in_print(after, ENGLISH, edition=2, before=before)
    assert said != told(written(after, edition=2))


def test_a_sign_our_fonts_lack_is_kept_as_it_was_written() -> None:
    snapshot = samples.quarter(experiments=(samples.experiment(title="Ñandú 🦙 市場"),))
    document = written(snapshot)
    assert ("Heading 3", "Ñandú 🦙 市場") in headings(document)
    assert "□" not in "".join(p.text for p in paragraphs(document))


def test_a_script_from_the_right_runs_from_the_right() -> None:
    section = samples.experiment(title=f"{SHALOM} and Ate", learning_intent=f"In Ate: {SHALOM}.")
    document = written(samples.quarter(experiments=(section,)))
    (title,) = (p for p in document.paragraphs if style_of(p) == "Heading 3" and "Ate" in p.text)
    assert title._p.pPr.find(qn("w:bidi")) is not None
    turned = [
        run.text for run in title.runs if run._r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None
    ]
    assert turned == [SHALOM]
    (asked,) = (p for p in document.paragraphs if p.text == f"In Ate: {SHALOM}.")
    assert asked._p.pPr.find(qn("w:bidi")) is None
    assert [run.text for run in asked.runs] == ["In Ate: ", SHALOM, "."]


def test_control_codes_that_no_file_can_hold_are_left_out() -> None:
    said = {"template": "Bad\x00 \x0bcode", "values": {}}
    snapshot = stage_report(flags=(FlagLine(metric="Ventas", said=said),))
    texts = [p.text for p in written(snapshot).paragraphs]
    assert any("Bad code" in text for text in texts)


def test_one_long_word_does_not_widen_the_page() -> None:
    section = samples.experiment(owner=LONG_WORD, title=LONG_WORD)
    document = written(samples.quarter(experiments=(section,)))
    assert LONG_WORD in [p.text for p in paragraphs(document)]
    for table in document.element.body.iter(qn("w:tbl")):
        layout = table.find(f"{qn('w:tblPr')}/{qn('w:tblLayout')}")
        assert layout.get(qn("w:type")) == "fixed"
        widths = [int(cell.get(qn("w:w"))) for cell in table.iter(qn("w:gridCol"))]
        assert sum(widths) <= (14_600 if len(widths) > 8 else 9_700)
        assert min(widths) >= 480


def test_a_table_of_many_columns_turns_its_page_and_no_other() -> None:
    snapshot = samples.many_experiments(4)
    document = written(snapshot)
    most = {len(table.columns) for table in document.tables}
    turned = [s for s in document.sections if s.orientation is WD_ORIENT.LANDSCAPE]
    assert bool(turned) == (max(most) > 8)
    for section in document.sections:
        tables = [part for part in section.iter_inner_content() if isinstance(part, Table)]
        is_wide = any(len(table.columns) > 8 for table in tables)
        assert (section.page_width > section.page_height) == is_wide
        assert [p.text for p in section.footer.paragraphs][1] == "Page 1 of 1"


def test_a_finding_of_forty_thousand_words_is_there_to_the_last() -> None:
    long = " ".join(f"palabra{n}" for n in range(40_000))
    document = written(samples.quarter(experiments=(samples.experiment(what_happened=long),)))
    assert any(long in p.text for p in document.paragraphs)


def test_lines_somebody_broke_stay_broken() -> None:
    section = samples.experiment(learning_intent="Primero\n\nSegundo  y   tercero")
    texts = [p.text for p in written(samples.quarter(experiments=(section,))).paragraphs]
    assert "Primero\n\nSegundo y tercero" in texts


def test_each_experiment_begins_on_a_page_of_its_own() -> None:
    snapshot = samples.many_experiments(4)
    document = written(snapshot)
    begins = {
        node.get(qn("w:name")): Paragraph(node.getparent(), document)
        for node in document.element.body.iter(qn("w:bookmarkStart"))
    }
    for section in snapshot.experiments:
        name = section.code.replace("-", "_")
        (first,) = (p for place, p in begins.items() if place.rpartition("_")[0] == name)
        assert first.paragraph_format.page_break_before
    assert document.paragraphs[0].paragraph_format.page_break_before is None


def test_a_picture_is_read_out_unless_a_table_holds_its_numbers() -> None:
    quarterly = [
        p.text for p in written(samples.one_experiment()).paragraphs if style_of(p) == "Read out"
    ]
    assert any("21.5%" in text for text in quarterly)
    of_stage = written(stage_report())
    assert [p.text for p in of_stage.paragraphs if style_of(p) == "Read out"] == []
    assert any("21.5%" in cell.text for table in of_stage.tables for cell in table._cells)


def test_what_is_missing_looks_missing() -> None:
    document = written(samples.quarter(experiments=(samples.bare_experiment(),)))
    missing = {
        run.text for p in paragraphs(document) for run in p.runs if run.style.name == "Missing"
    }
    assert {"No hypothesis is recorded.", "No metric is recorded.", "not recorded"} <= missing


@settings(max_examples=10, deadline=None)
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_is_printed_as_the_snapshot_keeps_it(text: str) -> None:
    snapshot = samples.quarter(experiments=(samples.experiment(source=text, what_happened=text),))
    document = written(snapshot)
    assert letters(snapshot.experiments[0].source) in letters(
        "".join(p.text for p in paragraphs(document))
    )


def test_an_empty_quarter_is_a_whole_document() -> None:
    document = written(samples.empty_quarter(), Language.ES)
    assert isinstance(SAMPLES["empty"], QuarterlySnapshot)
    texts = [p.text for p in document.paragraphs]
    assert any("registro está vacío" in text for text in texts)
    assert f"{document.core_properties.created:%Y-%m-%d}" == "2026-07-01"
