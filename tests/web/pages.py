"""A proof-reader: what it would mark on a page, and an assertion that it marks nothing.

Text that people or their files wrote stands inside ``data-verbatim``; there a literal "None" or
"{{" is theirs and is left alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from enum import StrEnum
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

from models import vocabulary

UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
LANGUAGES = {"en", "es"}
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "popovertarget")
SPELLINGS = {
    word.value
    for closed_list in vars(vocabulary).values()
    if isinstance(closed_list, type) and issubclass(closed_list, StrEnum)
    for word in closed_list
    if "_" in word.value
}
LEFTOVERS = {
    "a template's brackets": re.compile(r"\{\{|\}\}|\{%|%\}"),
    "an unfilled place of a sentence": re.compile(r"%\(\w*\)?"),
    "a Python object": re.compile(
        r"<[A-Z]\w*[.:( ]|<(?:Macro|bound method|function|built-in|class|generator)\b"
        r"| object at 0x|\bUndefined\b|\b(?:Decimal|Markup|Sentence|datetime|date)\("
    ),
}
NONE = re.compile(r"^None$|[:·→]\s*None\b|\bNone\s*[·→%]")
NOT_READ = {"id", "name", "for", "class", "href", "action", "src", "d"}
NONE_IN_ADDRESS = re.compile(r"(?:^|[/=])None\b")

Check = Callable[[Element], Iterator[str]]


def proof_read(html: str, *, url: str) -> None:
    """Fail with everything wrong on the page, each named; ``url`` says which page it is."""
    faults = faults_of(html)
    assert not faults, f"{url}: " + "; ".join(faults)


def faults_of(html: str) -> list[str]:
    """What a proof-reader would mark on a page; empty when nothing."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    faults = [_parse_fault(*error) for error in parser.errors]
    for check in CHECKS:
        faults.extend(check(page))
    return faults


def text_of(element: Element) -> str:
    """The text a reader sees, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _parse_fault(position: tuple[int, int], code: str, values: dict[str, object]) -> str:
    line, column = position
    return f"not valid HTML at line {line}, column {column}: {PARSE_ERRORS[code] % values}"


def _heading(page: Element) -> Iterator[str]:
    headings = [text_of(each) for each in page.iter("h1")]
    # The first title is the page's own; charts have titles, too.
    title = next((text_of(each) for each in page.iter("title")), "")
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    elif not headings[0]:
        yield "an empty h1"
    elif not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"


def _language(page: Element) -> Iterator[str]:
    if page.get("lang") not in LANGUAGES:
        yield f"the page's language is {page.get('lang')!r}"


def _ids(page: Element) -> Iterator[str]:
    counted = Counter(each.get("id") for each in page.iter() if each.get("id") is not None)
    yield from (f"the id {name!r} occurs {n} times" for name, n in counted.items() if n > 1)


def _pointers(page: Element) -> Iterator[str]:
    ids = {each.get("id") for each in page.iter()}
    for each in page.iter():
        named = [name for key in POINTERS for name in (each.get(key) or "").split()]
        if each.tag == "label" and each.get("for") is not None:
            named.append(each.get("for") or "")
        if (each.get("href") or "").startswith("#"):
            named.append((each.get("href") or "")[1:])
        yield from (f"<{each.tag}> points to no {name!r}" for name in named if name not in ids)


def _forms(page: Element) -> Iterator[str]:
    for form in page.iter("form"):
        method = (form.get("method") or "").lower()
        if method not in {"get", "post"}:
            yield f"a form without a method: {form.get('action')}"
        if method == "post" and not any(
            each.get("name") == "csrf_token" and each.get("value") for each in form.iter("input")
        ):
            yield f"a form without its token, csrf_token: {form.get('action')}"


def _labels(page: Element) -> Iterator[str]:
    labels = {each.get("for"): text_of(each) for each in page.iter("label") if each.get("for")}
    inside = {id(field) for label in page.iter("label") for field in label.iter()}
    for field in page.iter():
        if not _is_field(field):
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        if not (named or labels.get(field.get("id")) or id(field) in inside):
            yield f"a field without a label: {field.get('name')}"


def _is_field(element: Element) -> bool:
    kind = (element.get("type") or "text").lower()
    return element.tag in {"select", "textarea"} or (
        element.tag == "input" and kind not in UNLABELLED
    )


def _pictures(page: Element) -> Iterator[str]:
    for image in page.iter("img"):
        if image.get("alt") is None:
            yield f"a picture without alt: {image.get('src')}"
    for drawing in page.iter("{http://www.w3.org/2000/svg}svg"):
        title = drawing.find("{http://www.w3.org/2000/svg}title")
        is_titled = title is not None and text_of(title)
        if not (is_titled or drawing.get("aria-hidden") == "true" or drawing.get("aria-label")):
            yield "a drawing that is neither described nor hidden from listeners"


def _policy(page: Element) -> Iterator[str]:
    for each in page.iter():
        tag = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        if tag == "style":
            yield "a <style> element"
        if tag == "script" and not each.get("src"):
            yield "a script inside the page"
        for name, value in each.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"an inline {name} on <{tag}>"
            if value.strip().lower().startswith("javascript:"):
                yield f"a script in the {name} of <{tag}>"


def _texts(page: Element) -> Iterator[str]:
    for place, text in _own_texts(page):
        for what, pattern in LEFTOVERS.items():
            if found := pattern.search(text):
                yield f"{what} in {place}: {_around(text, found)!r}"
        if NONE.search(text):
            yield f"None is printed in {place}"
        if text in SPELLINGS and not place.startswith("the value"):
            yield f"a word as the database spells it in {place}: {text!r}"


def _addresses(page: Element) -> Iterator[str]:
    for each in page.iter():
        for name in ("href", "action", "src"):
            if NONE_IN_ADDRESS.search(each.get(name) or ""):
                yield f"an address with None: {each.get(name)}"


def _own_texts(element: Element) -> Iterator[tuple[str, str]]:
    """Texts and attributes the product wrote, each with its place."""
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "a comment"
    for name, value in element.attrib.items():
        if name not in NOT_READ:
            yield f"the {name} of <{tag}>", value.strip()
    if element.get("data-verbatim") is None:
        yield f"<{tag}>", (element.text or "").strip()
        for child in element:
            yield from _own_texts(child)
            yield f"<{tag}>", (child.tail or "").strip()


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - 15, 0) : found.end() + 25]


CHECKS: tuple[Check, ...] = (
    _heading,
    _language,
    _ids,
    _pointers,
    _forms,
    _labels,
    _pictures,
    _policy,
    _texts,
    _addresses,
)
