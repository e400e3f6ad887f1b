"""Templates rendered by themselves: without an app, a database or a request."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from jinja2 import Environment, FileSystemLoader, Undefined, UndefinedError

from app.language.speaker import Speaker
from models.vocabulary import Language
from tests.web.pages import text_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Piece</title></head>
<body><h1>Piece</h1>{body}</body></html>"""

FLASHED: list[tuple[str, str]] = []


def render(source: str, *, flashed: Sequence[tuple[str, str]] = (), **context: Any) -> str:
    """What a template's source becomes, in English."""
    return _with(flashed).from_string(source).render(**context)


def render_file(name: str, *, flashed: Sequence[tuple[str, str]] = (), **context: Any) -> str:
    """What a template file becomes, in English."""
    return _with(flashed).get_template(name).render(**context)


def page_with(body: str) -> str:
    """A whole page around a piece, ready to be proof-read."""
    return PAGE.replace("{body}", body)


def tree_of(html: str) -> Element:
    """A page or piece as a tree."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    assert isinstance(tree, Element)
    return tree


def the(tree: Element, tag: str, **attributes: str) -> Element:
    """The only element of a kind with these attributes; ``_`` stands for ``-``."""
    found = every(tree, tag, **attributes)
    assert len(found) == 1, f"{len(found)} <{tag}> with {attributes}"
    return found[0]


def every(tree: Element, tag: str, **attributes: str) -> list[Element]:
    """All elements of a kind with these attributes, in order."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return [each for each in tree.iter(tag) if wanted.items() <= each.attrib.items()]


def texts(tree: Element, tag: str, **attributes: str) -> list[str]:
    """What a reader sees in each of these elements."""
    return [text_of(each) for each in every(tree, tag, **attributes)]


def _with(flashed: Sequence[tuple[str, str]]) -> Environment:
    FLASHED[:] = flashed
    return _environment()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=_Unprintable,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    speaker = Speaker(Language.EN)
    for name in ("say", "word", "date", "instant", "number", "percent", "money"):
        environment.filters[name] = getattr(speaker, name)
    environment.globals.update(
        url_for=_address,
        csrf_token=lambda: "token",
        get_flashed_messages=lambda with_categories: list(FLASHED),
    )
    return environment


def _address(endpoint: str, **values: str) -> str:
    return "/".join(["", *endpoint.split("."), *values.values()])


class _Unprintable(Undefined):
    """Missing names may be asked about, never printed."""

    def __str__(self) -> str:
        raise UndefinedError(self._undefined_message)
