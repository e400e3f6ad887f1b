"""A report laid out part by part is the report laid out whole: page for page, word for word."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import page as validation
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.language.speaker import Speaker
from app.reports import sections
from app.reports.attachments import facts_of
from app.reports.binding import lasting
from app.reports.binding.fonts import FILES
from app.reports.pdf import Press, write_pdf
from app.reports.render import Rendering
from app.reports.snapshot import QuarterlySnapshot, canonical_json
from app.reports.stage_snapshot import AnySnapshot
from models.vocabulary import Language
from tests.reports import samples

SNAPSHOTS = {
    "empty": samples.empty_quarter,
    "one": samples.one_experiment,
    "ten": lambda: samples.many_experiments(10),
    "long": samples.long_texts,
    "hostile": samples.hostile_texts,
    "stage": samples.a_stage,
    "plan": samples.a_plan,
    "empty plan": samples.an_empty_plan,
}
PRESS = Press()
# The validator takes a stream whose last byte is a carriage return for one byte shorter than it
# is; test_every_stream_is_as_long_as_it_says reads the lengths itself.
MISREAD = {("PDFA3A-STREAM-LENGTH-001", "a stream /Length does not match its raw content length")}


def printed_alone(documents: Sequence[str], *, on_done: Any = None) -> list[bytes]:
    return [kept(document) for document in documents]


@lru_cache(maxsize=256)
def kept(document: str) -> bytes:
    return PRESS.pdf(document)


def rendering_of(name: str, language: Language = Language.ES, edition: int = 1) -> Rendering:
    return Rendering(SNAPSHOTS[name](), Speaker(language), edition=edition)


@lru_cache(maxsize=16)
def by_parts(name: str, language: Language = Language.ES) -> bytes:
    return laid_out(SNAPSHOTS[name](), language)


def laid_out(snapshot: AnySnapshot, language: Language = Language.ES) -> bytes:
    rendering = Rendering(snapshot, Speaker(language))
    return sections.lay_out(
        rendering,
        printed_alone,
        attachments=facts_of(snapshot),
        on_part=lambda _done, _of: None,
    )


@lru_cache(maxsize=16)
def whole(name: str, language: Language = Language.ES) -> bytes:
    return lasting(write_pdf(rendering_of(name, language).whole()), facts_of(SNAPSHOTS[name]()))


def pixels(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=1).to_numpy().tobytes() for page in document]


def words(pdf: bytes) -> list[list[str]]:
    """The words of each page. Feet are written last by one way and by the other with the rest."""
    return [sorted(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def bookmarks(pdf: bytes) -> list[tuple[int, str, int]]:
    reader = PdfReader(io.BytesIO(pdf))

    def below(entries: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from below(entry, depth + 1)
            else:
                yield depth, str(entry.title), reader.get_destination_page_number(entry) or 0

    return list(below(reader.outline, 1))


# --- Both ways -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_both_ways_give_the_same_pictures_of_the_same_pages(name: str) -> None:
    one, other = pixels(by_parts(name)), pixels(whole(name))
    assert len(one) == len(other)
    assert [n for n, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_both_ways_give_the_same_words_on_each_page(name: str) -> None:
    assert words(by_parts(name)) == words(whole(name))


@pytest.mark.parametrize("name", ["empty", "ten"])
def test_both_ways_give_the_same_bookmarks(name: str) -> None:
    assert bookmarks(by_parts(name)) == bookmarks(whole(name)) != []


def test_the_parts_together_are_hardly_larger_than_the_whole() -> None:
    assert len(by_parts("ten")) <= 1.3 * len(whole("ten"))


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert laid_out(samples.many_experiments(10)) == by_parts("ten")


def test_only_what_changed_is_laid_out_again() -> None:
    before, after = samples.many_experiments(10), _with_another_ending(samples.many_experiments(10))
    asked: list[str] = []

    def press(documents: Sequence[str], *, on_done: Any) -> list[bytes]:
        asked.extend(documents)
        return printed_alone(documents)

    for snapshot in (before, after):
        rendering = Rendering(snapshot, Speaker(Language.ES))
        sections.lay_out(rendering, press, on_part=lambda _done, _of: None)
    first, second = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    changed = [n for n, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]
    alone = [n for n in changed if 'class="experiment' in second[n]]
    assert len(alone) == 1
    assert "Terminó de otro modo." in second[alone[0]]
    # The cover, the back with its digest, and the feet say which edition it is.
    assert len(changed) <= 4


def _with_another_ending(snapshot: QuarterlySnapshot) -> QuarterlySnapshot:
    first, *rest = snapshot.experiments
    changed = first.model_copy(update={"what_happened": "Terminó de otro modo."})
    return snapshot.model_copy(update={"experiments": (changed, *rest)})


# --- Read by machines ------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_3A"])
@pytest.mark.parametrize("way", [by_parts, whole])
@pytest.mark.parametrize("name", ["empty", "ten", "hostile", "stage", "plan", "empty plan"])
@pytest.mark.parametrize("language", list(Language))
def test_a_report_is_accessible_and_lasts(
    name: str, way: Any, profile: str, language: Language
) -> None:
    report = validation.validate_pdf_bytes(
        way(name, language), profile=validation.ValidationProfile[profile]
    )
    faults = {(fault.rule_id, fault.message) for fault in report.failures} - MISREAD
    assert faults == set()
    assert report.rules.total > 100


def test_every_stream_is_as_long_as_it_says() -> None:
    written = by_parts("ten")
    heads = list(re.finditer(rb"/Length (\d+)[^\n]*>>\nstream\n", written))
    assert len(heads) == written.count(b"\nstream\n") > 50
    for head in heads:
        end = head.end() + int(head[1])
        assert written[end : end + 10] == b"\nendstream"


def test_every_mark_of_a_page_hangs_in_the_tree_below_the_document() -> None:
    reader = PdfReader(io.BytesIO(by_parts("ten")))
    tree: Any = reader.trailer["/Root"]["/StructTreeRoot"]
    top = tree["/K"][0].get_object()
    within = {kid.idnum for kid in top["/K"]}
    numbers = tree["/ParentTree"]["/Nums"]
    keys = [int(key) for key in numbers[::2]]
    assert keys == list(range(len(keys)))
    owners = dict(zip(keys, numbers[1::2], strict=True))
    for n, page in enumerate(reader.pages):
        marks = owners[int(page["/StructParents"])].get_object()
        used = set(map(int, re.findall(rb"/MCID (\d+)", page.get_contents().get_data())))
        assert used == set(range(len(marks))), f"page {n + 1}"
        assert {_outermost(mark.get_object(), top) for mark in marks} <= within


def _outermost(tag: Any, top: Any) -> int:
    while tag["/P"].get_object() != top:
        tag = tag["/P"].get_object()
    return int(tag.indirect_reference.idnum)


def test_every_link_leads_to_a_place_in_the_document() -> None:
    reader = PdfReader(io.BytesIO(by_parts("ten")))
    places = set(reader.named_destinations)
    links = [
        annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])
    ]
    assert len(links) > 20
    assert {str(link["/Dest"]) for link in links} <= places


def test_the_contents_print_the_page_each_experiment_is_on() -> None:
    reader = PdfReader(io.BytesIO(by_parts("ten")))
    contents = re.sub(r"\s+", " ", reader.pages[1].extract_text())
    for n in range(1, 11):
        code = f"PE-2026-{n:03}"
        on = reader.get_destination_page_number(reader.named_destinations[code]) or 0
        assert code in reader.pages[on].extract_text()
        assert re.search(rf"{code}[^—]*?\b{on + 1}\b", contents)


def test_each_page_but_the_cover_says_which_of_all_it_is() -> None:
    pages = PdfReader(io.BytesIO(by_parts("ten", Language.EN))).pages
    assert f"of {len(pages)}" not in pages[0].extract_text()
    for n, page in enumerate(pages[1:], start=2):
        assert f"Page {n} of {len(pages)}" in re.sub(r"\s+", " ", page.extract_text())


def test_there_is_one_file_of_each_font_for_all_pages() -> None:
    reader = PdfReader(io.BytesIO(by_parts("ten")))
    files: dict[str, set[int]] = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            file: DictionaryObject = descendant["/FontDescriptor"].get_object()
            name = str(file["/FontName"])
            files.setdefault(name, set()).add(file.raw_get("/FontFile2").idnum)
    assert len(files) >= 3
    assert all(len(ids) == 1 for ids in files.values())


def test_all_digits_of_a_font_are_equally_wide() -> None:
    """The feet are numbered by exchanging digits."""
    for path in (FILES["NotoSans"], FILES["NotoSansBold"]):
        with TTFont(path) as font:
            names = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
            assert len({font["hmtx"].metrics[name][0] for name in names}) == 1


# --- The facts go with it --------------------------------------------------------------------


def test_the_frozen_facts_and_two_tables_are_attached() -> None:
    snapshot = samples.many_experiments(10)
    attached = PdfReader(io.BytesIO(by_parts("ten"))).attachments
    assert attached["snapshot.json"] == [canonical_json(snapshot)]
    experiments = attached["experiments.csv"][0].decode().splitlines()
    assert len(experiments) == 11
    assert experiments[1].startswith("PE-2026-001,")
    readings = attached["readings.csv"][0].decode().splitlines()
    points = [
        point
        for section in snapshot.experiments
        for metric in section.metrics
        for point in metric.points
    ]
    assert len(readings) == 1 + len(points)


def test_progress_is_told_part_by_part() -> None:
    told: list[tuple[int, int]] = []

    def press(documents: Sequence[str], *, on_done: Any) -> list[bytes]:
        made = []
        for n, document in enumerate(documents, start=1):
            made.append(kept(document))
            on_done(n)
        return made

    sections.lay_out(rendering_of("ten"), press, on_part=lambda done, of: told.append((done, of)))
    assert told == [(n, len(told)) for n in range(1, len(told) + 1)]
    assert len(told) > 10
