"""Every template compiles, and none marks text as safe without a reason."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader

from app.config import Settings
from app.factory import create_app
from app.language.speaker import Speaker
from app.reports import render
from models.vocabulary import Language
from tests.conftest import SECRET
from tests.house.source import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PRINTED = [name for name in TEMPLATES if name.startswith("print/")]
SHOWN = [name for name in TEMPLATES if name not in PRINTED]
# Where escaping is off, and why nobody's text can pass there unescaped.
SAFE_FOR_A_REASON = {
    f"print/{name}.html": "its sections were rendered by templates that escape"
    for name in ("document", "part", "screen")
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app, for its filters; no database is asked."""
    return create_app(Settings(instance=tmp_path_factory.mktemp("instance"), secret_key=SECRET))


def text_of(name: str) -> str:
    return Path(FOLDER / name).read_text(encoding="utf-8")


def test_there_are_templates_of_both_kinds() -> None:
    assert len(SHOWN) > 10
    assert len(PRINTED) > 5


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_compiles(pages: Flask, name: str) -> None:
    pages.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_section_compiles(name: str) -> None:
    environment = Environment(loader=FileSystemLoader(FOLDER / "print"), autoescape=True)
    environment.filters.update(render._filters(Speaker(Language.ES)))
    environment.get_template(name.removeprefix("print/"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_escaping_stays_on(name: str) -> None:
    marked = re.findall(r"\|\s*safe\b|autoescape\s+false|Markup\(", text_of(name))
    assert not marked or name in SAFE_FOR_A_REASON


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_is_written_inside_a_tag_that_the_page_policy_forbids(name: str) -> None:
    forbidden = re.findall(
        r"\sstyle=|\son[a-z]+=[\"']|<style|<script(?![^>]*\bsrc=)", text_of(name)
    )
    assert forbidden == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text_of(name)) == []
