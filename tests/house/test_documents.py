"""The documents say what is so: targets, settings, commands, words, links."""

import enum
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from app.config import Settings
from app.factory import create_app
from app.language.speaker import Speaker
from app.language.words import LABELS
from app.services import demonstration
from models import vocabulary
from models.vocabulary import Language
from tests.conftest import SECRET
from tests.house.source import ROOT, kept_files, name_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [path for path in kept_files() if path.suffix == ".md"]
LISTS = [
    each
    for each in vars(vocabulary).values()
    if isinstance(each, type) and issubclass(each, enum.StrEnum) and each is not enum.StrEnum
]
FLASKS_OWN = {"run", "shell", "routes"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app, for its commands; no database is asked."""
    return create_app(Settings(instance=tmp_path_factory.mktemp("instance"), secret_key=SECRET))


def targets() -> set[str]:
    """The targets of the Makefile that are meant to be typed."""
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    return set(phony.group(1).replace("\\", "").split()) - {"help"}


def commands(group: click.Group, *before: str) -> Iterator[str]:
    """Every command of a group as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        elif name not in FLASKS_OWN:
            yield " ".join(["flask", *before, name])


def test_every_target_is_explained() -> None:
    explained = set(re.findall(r"`make ([a-z-]+)", README + CONTRIBUTING))
    explained |= set(re.findall(r"^make ([a-z-]+)$", README, re.MULTILINE))
    assert targets() == explained


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    listed = re.findall(r"^\| `(CHASKI_[A-Z_]+)` \|", README, re.MULTILINE)
    assert listed == [f"CHASKI_{name.upper()}" for name in Settings.model_fields]


def test_every_setting_says_why_its_default_is_safe_or_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_every_command_stands_in_the_readme_and_no_other(program: Flask) -> None:
    listed = set(re.findall(r"`(flask [a-z -]+)`", README))
    assert listed == set(commands(program.cli))


def test_every_command_helps(program: Flask) -> None:
    for command in commands(program.cli):
        answer = program.test_cli_runner().invoke(args=[*command.split()[1:], "--help"])
        assert answer.exit_code == 0
        assert len(answer.output.splitlines()) > 3


def test_the_demonstration_sign_ins_stand_in_the_readme() -> None:
    facts = demonstration.PORTFOLIO.read_text(encoding="utf-8")
    emails = set(re.findall(r'"email": "([^"]+)"', facts))
    assert set(re.findall(r"^\| `([^`]+@[^`]+)` \|", README, re.MULTILINE)) == emails
    assert f"`{demonstration.PASSWORD}`" in README


def test_there_are_lists_of_words() -> None:
    assert len(LISTS) > 25


@pytest.mark.parametrize("words", LISTS, ids=lambda words: words.__name__)
def test_every_word_is_labelled_in_both_languages_and_stands_in_the_glossary(
    words: type[enum.StrEnum],
) -> None:
    english, spanish = Speaker(Language.EN), Speaker(Language.ES)
    section = GLOSSARY.partition(f"\n`{words.__name__}`:")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|", section, re.MULTILINE)
    assert rows == [(word.value, english.word(word), spanish.word(word)) for word in words]
    assert all(word in LABELS for word in words)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_documents_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (document.parent / link).exists(), link


def test_every_picture_is_shown() -> None:
    """One that no document shows would grow old unseen."""
    shown = {
        (document.parent / link).resolve()
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#\s]+\.png)", document.read_text(encoding="utf-8"))
    }
    assert {path for path in kept_files() if path.suffix == ".png"} == shown != set()


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers)) > 5
