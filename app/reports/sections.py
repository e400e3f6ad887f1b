"""A report laid out part by part, each part kept, and all of them bound together.

A part is what begins a new page. It is laid out alone, without what only the whole knows: its
page numbers and which edition it belongs to. So a part that did not change is not laid out again,
and the cost of a page does not grow with the report.
"""

from collections.abc import Callable, Iterable, Sequence

from app.reports.binding import ELSEWHERE, Part, bind, places_in
from app.reports.render import Fragment, Rendering

LINK, LINK_ELSEWHERE = 'href="#', f'href="{ELSEWHERE}'
# HTML of each part → its PDF.
Press = Callable[[Sequence[str]], Sequence[bytes]]


def lay_out(rendering: Rendering, press: Press) -> bytes:
    """The report as one PDF."""
    groups = _grouped(rendering.fragments())
    texts = [_html(rendering, group, n) for n, group in enumerate(groups)]
    pdfs = list(press(texts))
    keys = [group[0].key for group in groups]
    if "contents" in keys:
        # Laid out without page numbers it is as long as with them.
        contents = rendering.fragment("contents", pages=_pages(pdfs))
        n = keys.index("contents")
        pdfs[n] = press([_html(rendering, [contents], n)])[0]
    parts = [
        Part(pdf, depth=group[0].depth, has_feet=n > 0)
        for n, (group, pdf) in enumerate(zip(groups, pdfs, strict=True))
    ]
    return bind(parts, feet=lambda numbers, of: press([rendering.feet(numbers, of)])[0])


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
