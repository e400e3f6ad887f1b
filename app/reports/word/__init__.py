"""A frozen snapshot as a Word document, for who must edit it; the PDF is the edition.

It is made from the same fragments as the PDF, so that what is said, and in which order, is
decided once, and a new kind of report is a Word document as soon as it is a PDF.
"""

from datetime import datetime
from typing import Any

from docx.document import Document
from lxml import html  # type: ignore[import-untyped]

from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports.dating import dated
from app.reports.plain import UNPRINTABLE
from app.reports.render import Rendering
from app.reports.stage_snapshot import AnySnapshot
from app.reports.word.blank import LOCALES, blank
from app.reports.word.flow import Flow, needs_width
from app.reports.word.packing import packed
from app.reports.word.pages import Pages
from app.reports.word.runs import PLAIN, Places

LONGEST_PROPERTY = 255
FEET = ("running-edition", "running-page")
COPY = sentence(
    "This file was made from the same frozen facts as the PDF, which is the edition: what is "
    "changed here is in no edition. Pictures stand in the PDF; here they are read out, and every "
    "number is in the spreadsheet."
)


def write_docx(
    snapshot: AnySnapshot, speaker: Speaker, *, edition: int, before: AnySnapshot | None = None
) -> bytes:
    """The report as a Word document; ``before`` is what the edition before it told.

    The same snapshots give the same bytes.
    """
    rendering = Rendering(snapshot, speaker, edition=edition, before=before, on_paper=False)
    document = blank(speaker.language)
    frame = _read(rendering.part((), is_first=True))
    _set_properties(document, frame, LOCALES[speaker.language], dated(snapshot))
    places = Places()
    _set_feet(document, frame, places, is_marked=snapshot.has_demonstration)
    pages = Pages(document.element.body)
    flow = Flow(document.element.body, places)
    for n, fragment in enumerate(rendering.fragments()):
        root = _read(fragment.html).find("body/section")
        is_on_new = pages.turn(is_turned=needs_width(root))
        flow.width = pages.width
        flow.section(root, breaks_page=n > 0 and not fragment.follows_on and not is_on_new)
    flow.paragraph([(speaker.say(COPY), PLAIN)], "Note")
    pages.end()
    return packed(document)


def _read(text: str) -> Any:
    return html.document_fromstring(
        UNPRINTABLE.sub("", text), parser=html.HTMLParser(encoding="utf-8", huge_tree=True)
    )


def _set_properties(document: Document, frame: Any, locale: str, made_at: datetime) -> None:
    told = {meta.get("name"): meta.get("content") for meta in frame.iterfind("head/meta")}
    known = document.core_properties
    known.title = frame.findtext("head/title")[:LONGEST_PROPERTY]
    known.author = known.last_modified_by = told["author"][:LONGEST_PROPERTY]
    known.comments = told["description"]
    known.created = known.modified = made_at
    known.language = locale
    known.keywords = ""


def _set_feet(document: Document, frame: Any, places: Places, *, is_marked: bool) -> None:
    """What stands above and below every page; it is one for all, as pages move under an editor."""
    (section,) = document.sections
    heads = ["running-title", *(["running-demonstration"] if is_marked else [])]
    places_of = (("Header", section.header, heads), ("Footer", section.footer, FEET))
    for style, place, names in places_of:
        place.is_linked_to_previous = False
        (empty,) = place._element
        place._element.remove(empty)
        for name in names:
            shown = frame.find(f"body/div[@class='{name}']")
            Flow(place._element, places).content(shown, style)
