"""The report as a PDF: reproducible, tagged, closed to the outside, readable by machines."""

import hashlib
import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from app.language.speaker import Speaker
from app.reports import pdf
from app.reports.pdf import RefusedAddressError, write_pdf
from app.reports.render import Rendering
from app.reports.snapshot import ExperimentSection, Gap, GapKind, QuarterlySnapshot
from models.vocabulary import (
    DecisionKind,
    ExperimentState,
    Impact,
    Language,
    PauseReason,
    ReviewState,
    Verdict,
)
from tests.reports import samples

SPEAKERS = {language: Speaker(language) for language in Language}
SHELL = (
    '<!DOCTYPE html><html lang="es"><head><title>x</title>{head}</head><body>{body}</body></html>'
)
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhg"
    "GAWjR9awAAAABJRU5ErkJggg=="
)


@lru_cache(maxsize=8)
def printed(name: str, language: Language) -> bytes:
    made = {
        "empty": samples.empty_quarter,
        "one": samples.one_experiment,
        "ten": lambda: samples.many_experiments(10),
        "long": samples.long_texts,
        "hostile": samples.hostile_texts,
    }[name]()
    return write_pdf(Rendering(made, SPEAKERS[language]).whole())


def read(name: str, language: Language = Language.EN) -> PdfReader:
    return PdfReader(io.BytesIO(printed(name, language)))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in reader.pages))


# --- The same bytes --------------------------------------------------------------------------


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    again = write_pdf(Rendering(samples.one_experiment(), SPEAKERS[Language.ES]).whole())
    assert again == printed("one", Language.ES)


ELSEWHERE = """
import hashlib
from app.language.speaker import Speaker
from app.reports.pdf import write_pdf
from app.reports.render import Rendering
from app.reports.snapshot import ExperimentSection, Gap, GapKind
from models.vocabulary import Language
from tests.reports import samples

html = Rendering(samples.one_experiment(), Speaker(Language.ES)).whole()
print(hashlib.sha256(write_pdf(html)).hexdigest())
"""


def test_a_bare_machine_with_another_seed_and_locale_prints_the_same_bytes(tmp_path: Path) -> None:
    no_fonts = tmp_path / "fonts.conf"
    no_fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    elsewhere = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONHASHSEED": "4711",
        "LC_ALL": "C",
        "TZ": "Asia/Tokyo",
        "FONTCONFIG_FILE": str(no_fonts),
    }
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=elsewhere,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert answer.stdout.strip() == hashlib.sha256(printed("one", Language.ES)).hexdigest()


def test_printing_leaves_the_fonts_of_other_programs_alone() -> None:
    before = dict(os.environ)
    write_pdf(SHELL.format(head="", body="<p>x</p>"))
    assert dict(os.environ) == before


def test_the_dates_of_the_file_are_those_of_the_facts() -> None:
    properties = read("one").metadata
    assert properties is not None
    assert properties["/CreationDate"] == properties["/ModDate"] == "D:20260930221500Z"


def test_each_language_is_a_file_of_its_own() -> None:
    identifiers = {
        bytes(read("one", language).trailer["/ID"][0].original_bytes) for language in Language
    }
    assert len(identifiers) == len(Language)


# --- Nothing from outside --------------------------------------------------------------------


@pytest.fixture
def counting_server() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and every path anyone asked of it."""
    asked: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Counting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_picture_in_a_text_is_printed_as_text_and_asks_nobody(
    counting_server: tuple[str, list[str]],
) -> None:
    address, asked = counting_server
    text = f'<img src="{address}/spy.png"> <link rel="stylesheet" href="{address}/spy.css">'
    written = write_pdf(Rendering(samples.hostile_texts(text), SPEAKERS[Language.ES]).whole())
    assert asked == []
    assert "spy.png" in text_of(PdfReader(io.BytesIO(written)))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", '<img src="{address}/a.png">'),
        ("", '<object data="{address}/a.svg"></object>'),
        ("", '<p style="background: url({address}/a.png)">x</p>'),
        ('<link rel="stylesheet" href="{address}/a.css">', ""),
        ('<style>@import url("{address}/a.css");</style>', ""),
        ('<style>@font-face {{ font-family: x; src: url("{address}/a.ttf") }}</style>', "<p>x</p>"),
        ('<base href="{address}/">', '<img src="a.png">'),
        ('<link rel="attachment" href="{address}/a.txt">', "<p>x</p>"),
        ("", '<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/a.png"/></svg>'),
    ],
)
def test_an_outside_address_in_the_document_stops_the_rendering(
    head: str, body: str, counting_server: tuple[str, list[str]]
) -> None:
    address, asked = counting_server
    filled = SHELL.format(head=head.format(address=address), body=body.format(address=address))
    with pytest.raises(RefusedAddressError, match=re.escape(address)):
        write_pdf(filled)
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://127.0.0.1/x",
        "asset:../pdf.py",
        "asset:fonts.conf",
        "asset:/etc/passwd",
        "data:text/html,<p>x</p>",
    ],
)
def test_files_and_unnamed_assets_are_refused(address: str) -> None:
    with pytest.raises(RefusedAddressError):
        write_pdf(SHELL.format(head="", body=f'<img src="{address}">'))


def test_a_picture_written_into_the_document_is_printed() -> None:
    reader = PdfReader(
        io.BytesIO(write_pdf(SHELL.format(head="", body=f'<img alt="x" src="{PIXEL}">')))
    )
    assert len(reader.pages[0].images) == 1


def test_a_vector_picture_cannot_smuggle_an_address_in(
    counting_server: tuple[str, list[str]],
) -> None:
    address, asked = counting_server
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}/a.png'/></svg>"
    with pytest.raises(RefusedAddressError):
        write_pdf(SHELL.format(head="", body=f'<img alt="x" src="data:image/svg+xml,{svg}">'))
    assert asked == []


# --- Read by people and machines -------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_the_file_is_tagged_and_says_its_title_and_language(language: Language) -> None:
    reader = read("one", language)
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == "true" or catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == language.value
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "2026" in (reader.metadata.title or "")
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()


def elements(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every structure element reachable from the root."""
    waiting: list[Any] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                yield node
            waiting.append(node.get("/K"))


def test_pictures_have_alternative_texts_and_tables_their_headers() -> None:
    found = list(elements(read("one")))
    kinds = [element["/S"] for element in found]
    figures = [element for element in found if element["/S"] == "/Figure"]
    assert len(figures) == 1 + 1 + 1 + 1 + 2 + 2, "states, time, map, stage, two ways, two metrics"
    assert all(figure.get("/Alt") for figure in figures)
    assert kinds.count("/H1") == 1
    assert kinds.count("/TH") >= 20
    assert "/TOC" not in kinds
    assert {"/H2", "/H3", "/L", "/LI", "/Table", "/Link", "/P"} <= set(kinds)


@pytest.mark.parametrize("name", ["empty", "one", "ten", "long", "hostile"])
def test_only_our_fonts_are_in_the_file_and_they_are_embedded(name: str) -> None:
    names = set()
    for page in read(name).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
            names.add(str(descendant["/BaseFont"]).partition("+")[2])
    assert names
    assert all(name.startswith("Noto-Sans") for name in names)


def test_text_comes_out_in_the_order_it_is_read_with_its_accents() -> None:
    text = text_of(read("one", Language.ES))
    in_order = [
        "Laboratorio de Aceleración del PNUD en el Perú",
        "Vender por un canal digital en los mercados de Ate",
        "¿Qué necesita una comerciante",
        "un acompañamiento de seis semanas",
        "la formación presencial duplicó el uso",
        "Tiempo para registrar una venta",
        "La brecha con el grupo de comparación",
        "Las sesiones presenciales llenaron",
        "«kaywanmi rantikuyku»",
        "UNDP Accelerator Labs, archivo público",
    ]
    assert re.search(".*".join(map(re.escape, in_order)), text)


def test_letters_of_quechua_and_aymara_and_signs_are_printed_not_boxed() -> None:
    words = "Ñawpaqman jach’a ʼ qhaqya ā ǁ → ≥ ≤ − × ✓ ● « » ¿ ¡ € № Δ σ"
    html = SHELL.format(
        head='<link rel="stylesheet" href="asset:print.css">',
        body=f"<section><p>{words}</p></section>",
    )
    text = text_of(PdfReader(io.BytesIO(write_pdf(html))))
    assert words in text


def test_a_sign_outside_our_fonts_does_not_stop_the_report() -> None:
    section = samples.experiment(title="日本語 العربية 😀 título", what_happened="😀" * 50)
    written = write_pdf(
        Rendering(samples.quarter(experiments=(section,)), SPEAKERS[Language.ES]).whole()
    )
    text = text_of(PdfReader(io.BytesIO(written)))
    assert "□□□ □□□□□□□ □ título" in text
    assert SPEAKERS[Language.ES].say("Signs that cannot be printed") in text


def outline(
    reader: PdfReader, entries: Any = None, depth: int = 1
) -> Iterator[tuple[int, str, int]]:
    for entry in reader.outline if entries is None else entries:
        if isinstance(entry, list):
            yield from outline(reader, entry, depth + 1)
        else:
            page = reader.get_destination_page_number(entry)
            yield depth, str(entry.title), (page or 0) + 1


@pytest.mark.parametrize("language", list(Language))
def test_bookmarks_lead_to_every_section_and_the_contents_print_their_pages(
    language: Language,
) -> None:
    reader = read("ten", language)
    marks = list(outline(reader))
    experiments = {title[:11]: page for depth, title, page in marks if title.startswith("PE-2026")}
    assert sorted(experiments) == [f"PE-2026-{n:03}" for n in range(1, 11)]
    assert len(set(experiments.values())) == 10, "each begins its own page"
    contents = re.sub(r"\s+", " ", reader.pages[1].extract_text())
    for code, page in experiments.items():
        assert code in reader.pages[page - 1].extract_text()
        assert re.search(rf"{code}[^—]*?\b{page}\b", contents)
    chapters = [title for depth, title, _page in marks if depth == 2]
    assert SPEAKERS[language].say("Without a programme") in chapters


@pytest.mark.parametrize("language", list(Language))
def test_every_page_but_the_cover_says_which_of_how_many_it_is(language: Language) -> None:
    reader = read("ten", language)
    whole = len(reader.pages)
    said = SPEAKERS[language].say("Page %(page)s of %(pages)s")
    for number, page in enumerate(reader.pages[1:], start=2):
        words = said.replace("%(page)s", str(number)).replace("%(pages)s", str(whole))
        assert words in page.extract_text()


def test_every_link_leads_somewhere() -> None:
    reader = read("ten")
    named = set(reader.named_destinations)
    targets = [
        annotation.get_object()["/Dest"]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
    ]
    assert len(targets) > 30
    assert {str(target) for target in targets} <= named


@pytest.mark.parametrize(("count", "least", "most"), [(0, 4, 8), (1, 10, 13), (10, 20, 25)])
def test_the_report_is_as_long_as_its_experiments_need(count: int, least: int, most: int) -> None:
    name = {0: "empty", 1: "one", 10: "ten"}[count]
    assert least <= len(read(name).pages) <= most


LACKS = ("The verdict has to be “supported”.", "Write the manual by which others can do it.")


def ordinary(n: int, *, is_found: bool) -> ExperimentSection:
    """An experiment of ``n`` metrics with about 1,200 characters of text, a long title and gaps.

    Its plan is registered and amended.
    """
    text = samples.LONG[:150]
    found = ({"finding": samples.found()}, {"finding": samples.guarded()}) if is_found else ({}, {})
    verdict = {"verdict": Verdict.SUPPORTED, "evidence_level": 3, "level_lacks": LACKS}
    return samples.experiment(
        f"PE-2026-{n:03}",
        title=samples.TITLES[4],
        learning_intent=text,
        hypotheses=(samples.hypothesis(change=text, because=text),),
        registration=samples.registration(),
        metrics=[(samples.selling, samples.waiting)[m % 2](**found[m % 2]) for m in range(n)],
        first_measured_on=date(2026, 4, 3),
        **verdict if is_found else {},
        what_happened=text,
        obstacles=text,
        decisions=(samples.decision(reason=text),),
        reviews=(samples.review(comment=text),),
    )


def starts(reader: PdfReader) -> dict[str, int]:
    """The first page of each section, by the first letters of its bookmark."""
    return {title[:11]: page for _depth, title, page in outline(reader)}


@pytest.mark.parametrize("is_found", [False, True])
@pytest.mark.parametrize("language", list(Language))
def test_an_ordinary_experiment_takes_one_page(language: Language, is_found: bool) -> None:
    counts = (0, 1, 2, 4, 6)
    sections = tuple(ordinary(n, is_found=is_found) for n in counts)
    lacks = (GapKind.NO_CONSENT, GapKind.NO_HARM_CHECK)
    gaps = tuple(Gap(kind=kind, experiment=one.code) for one in sections for kind in lacks)
    made = samples.quarter(experiments=sections, gaps=gaps)
    reader = PdfReader(io.BytesIO(write_pdf(Rendering(made, SPEAKERS[language]).whole())))
    first = starts(reader)
    pages = [first[section.code] for section in sections]
    after = first[SPEAKERS[language].say("What is due and missing")[:11]]
    assert [*pages, after] == list(range(pages[0], pages[0] + len(counts) + 1))


def test_an_experiment_that_runs_on_says_so_on_its_further_pages() -> None:
    reader = read("long")
    page = starts(reader)["PE-2026-001"]
    assert "· continued" not in reader.pages[page - 1].extract_text()
    assert "PE-2026-001 · continued" in reader.pages[page].extract_text()


def test_pages_that_hold_demonstration_data_say_so_and_others_do_not() -> None:
    reader, snapshot = read("ten"), samples.many_experiments(10)
    invented = {section.code: section.has_demonstration for section in snapshot.experiments}
    for _depth, title, number in outline(reader):
        if title[:11] in invented:
            page = reader.pages[number - 1].extract_text()
            assert ("Demonstration data" in page) is invented[title[:11]]
    assert "Demonstration data" in reader.pages[0].extract_text()


def test_every_named_asset_exists_and_its_licence_lies_beside_the_fonts() -> None:
    assert len(pdf.ASSETS) == 7
    assert all(path.is_file() for path, _type in pdf.ASSETS.values())
    assert "SIL Open Font License" in (pdf.FONTS / "OFL.txt").read_text()


def crowded() -> QuarterlySnapshot:
    """A quarter of which page one has as much to tell as it can have."""
    reasons = list(PauseReason)
    kinds, verdicts = list(DecisionKind), list(Verdict)

    def one(n: int) -> ExperimentSection:
        against = samples.decision(
            kind=kinds[n % 6], verdict=verdicts[n % 7], against_because="Llovió."
        )
        is_paused = n < len(reasons)
        reviews = [samples.review(state=ReviewState.SUBMITTED), samples.review()]
        return samples.experiment(
            f"PE-2026-{n:03}",
            state=ExperimentState.PAUSED if is_paused else ExperimentState.RUNNING,
            pause_reason=reasons[n] if is_paused else None,
            verdict=verdicts[n % 7],
            decisions=(against,),
            reviews=(reviews[n % 2].model_copy(update={"impact": list(Impact)[n % 4]}),),
            is_demonstration=True,
        )

    sections = tuple(one(n) for n in range(24))
    lacks = (Gap(kind=GapKind.NO_CONSENT, experiment="PE-2026-001"),)
    return samples.quarter(introduction=(samples.LONG * 2)[:600], experiments=sections, gaps=lacks)


@pytest.mark.parametrize("language", list(Language))
def test_page_one_holds_all_it_has_to_tell_above_whose_edition_it_is(language: Language) -> None:
    speaker = SPEAKERS[language]
    cover = Rendering(crowded(), speaker).fragment("cover")
    html = Rendering(crowded(), speaker).part([cover], is_first=True)
    (page,) = PdfReader(io.BytesIO(write_pdf(html.replace('href="#', 'href="elsewhere:')))).pages
    heights: dict[str, float] = {}

    def seen(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        heights.setdefault(text.strip(), tm[5] * cm[3] + cm[5])

    page.extract_text(visitor_text=seen)
    lowest, edition = (heights[speaker.say(words)] for words in ("Missing", "Edition"))
    assert lowest - edition > 25, "points between the last row and the foot of the page"


def test_the_register_is_turned_and_its_foot_stands_at_its_own_edge() -> None:
    places = list(feet_in(read("ten")))
    turned = [place for width, height, place in places if width > height]
    assert len(turned) == 1
    assert turned[0] > 700, "points from the left of a page 842 wide"
    assert all(480 < place < 545 for width, height, place in places if width < height)


def feet_in(reader: PdfReader) -> Iterator[tuple[float, float, float]]:
    """Width and height of each page with a foot, and how far from the left "Page" stands in it."""
    for page in reader.pages[1:]:
        found: list[float] = []

        def seen(text: str, cm: list[float], tm: list[float], *_: Any, found: Any = found) -> None:
            if text.strip().startswith("Page"):
                found.append(tm[4] * cm[0] + cm[4])

        page.extract_text(visitor_text=seen)
        yield float(page.mediabox.width), float(page.mediabox.height), found[-1]
