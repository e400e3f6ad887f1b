"""A report laid out part by part, each part kept, and all of them bound together.

A part is what begins a new page. It is laid out alone, without what only the whole knows: its
page numbers and which edition it belongs to. So a part that did not change is not laid out again,
and the cost of a page does not grow with the report.
"""

from collections.abc import Callable, Iterable, Sequence

from app.reports.binding import ELSEWHERE, Attachment, Part, bind, places_in
from app.reports.presses import PrintAll
from app.reports.render import Fragment, Rendering

LINK, LINK_ELSEWHERE = 'href="#', f'href="{ELSEWHERE}'
OnPart = Callable[[int, int], None]


def lay_out(
    rendering: Rendering,
    press: PrintAll,
    *,
    attachments: Sequence[Attachment] = (),
    on_part: OnPart,
) -> bytes:
    """The report as one PDF. ``on_part`` is told how many parts of all are done."""
    groups = _grouped(rendering.fragments())
    pdfs = list(
        press(
            [_html(rendering, group, n) for n, group in enumerate(groups)],
            on_done=lambda n: on_part(n, len(groups)),
        )
    )
    keys = [group[0].key for group in groups]
    if "contents" in keys:
        # Laid out without page numbers it is as long as with them.
        contents, n = rendering.fragment("contents", pages=_pages(pdfs)), keys.index("contents")
        pdfs[n] = _one(press, _html(rendering, [contents], n))
    parts = [
        Part(pdf, depth=group[0].depth, has_feet=n > 0)
        for n, (group, pdf) in enumerate(zip(groups, pdfs, strict=True))
    ]
    return bind(
        parts,
        feet=lambda numbers, of: _one(press, rendering.feet(numbers, of)),
        attachments=attachments,
    )


def _one(press: PrintAll, html: str) -> bytes:
    return press([html], on_done=lambda _n: None)[0]


def _grouped(fragments: Iterable[Fragment]) -> list[list[Fragment]]:
    groups: list[list[Fragment]] = []
    for fragment in fragments:
        if fragment.follows_on and groups:
            groups[-1].append(fragment)
        else:
            groups.append([fragment])
    return groups


def _html(rendering: Rendering, group: Sequence[Fragment], n: int) -> str:
    return rendering.part(group, is_first=n == 0).replace(LINK, LINK_ELSEWHERE)


def _pages(pdfs: Iterable[bytes]) -> dict[str, int]:
    """The page on which each place of the document stands, counted from 1."""
    pages: dict[str, int] = {}
    before = 0
    for pdf in pdfs:
        places, length = places_in(pdf)
        pages |= {name: before + page for name, page in places.items()}
        before += length
    return pages
