"""The check of the catalogues finds what is missing, doubtful, superfluous or badly filled in."""

import json
from pathlib import Path

import pytest

from bin import translations

SOURCE = """
from app.language.sentences import N_, sentence

LABEL = N_("Plan")
REFUSED = sentence("%(code)s is closed.", code="PE")
"""
TEMPLATE = '{{ _("Save") }} {{ ngettext("%(n)s plan", "%(n)s plans", n) }}'
SPANISH = {
    "Plan": "Plan",
    "%(code)s is closed.": "%(code)s está cerrado.",
    "Save": "Guardar",
    "%(n)s plan\0%(n)s plans": ["%(n)s plan", "%(n)s planes"],
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small program with four texts, all of them translated."""
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "TRANSLATIONS", tmp_path / "app" / "translations")
    for folder in translations.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "app" / "plans.py").write_text(SOURCE)
    (tmp_path / "templates" / "plan.html").write_text(TEMPLATE)
    translations.update()
    spanish(tmp_path, {})
    assert translations.check() == []
    return tmp_path


def spanish(house: Path, changes: dict[str, object]) -> None:
    file = house / "spanish.json"
    file.write_text(json.dumps(SPANISH | changes))
    translations.fill("es", [file])


def test_a_text_nobody_collected_is_missing(house: Path) -> None:
    (house / "templates" / "new.html").write_text('{{ _("Open") }}')
    assert translations.check() == ["en: missing: 'Open'", "es: missing: 'Open'"]


def test_a_text_without_its_translation_is_found(house: Path) -> None:
    spanish(house, {"Save": ""})
    assert translations.check() == ["es: not translated: 'Save'"]


def test_a_plural_without_its_second_form_is_found(house: Path) -> None:
    spanish(house, {"%(n)s plan\0%(n)s plans": ["%(n)s plan", ""]})
    assert translations.check() == ["es: not translated: ('%(n)s plan', '%(n)s plans')"]


def test_one_thing_may_be_said_without_its_number(house: Path) -> None:
    spanish(house, {"%(n)s plan\0%(n)s plans": ["Un plan", "%(n)s planes"]})
    assert translations.check() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Está cerrado.", "placeholders differ (code)"),
        ("%(codigo)s está cerrado.", "placeholders differ (code, codigo)"),
        ("%(code)s está al 100 % cerrado.", "a sign % that cannot be filled in"),
    ],
)
def test_a_translation_that_cannot_be_filled_in_is_found(
    house: Path, text: str, fault: str
) -> None:
    spanish(house, {"%(code)s is closed.": text})
    assert translations.check() == [f"es: {fault}: '%(code)s is closed.'"]


def test_a_doubtful_translation_is_found(house: Path) -> None:
    path = translations.path_of("es")
    path.write_text(path.read_text().replace('msgid "Save"', '#, fuzzy\nmsgid "Save"'))
    assert translations.check() == ["es: marked as doubtful: 'Save'"]


def test_a_text_the_program_no_longer_has_is_found(house: Path) -> None:
    (house / "templates" / "plan.html").write_text('{{ _("Save") }}')
    assert {fault.split(":")[1].strip() for fault in translations.check()} == {"no longer used"}


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(house: Path) -> None:
    (house / "templates" / "plan.html").write_text('{{ _("Save") }}{{ _("Open") }}')
    translations.update()
    assert translations.check() == ["es: not translated: 'Open'"]
    assert translations.catalogue_of("es")["Save"].string == "Guardar"


def test_a_second_update_changes_no_byte(house: Path) -> None:
    before = translations.path_of("es").read_bytes()
    translations.update()
    assert translations.path_of("es").read_bytes() == before


def test_a_program_without_any_text_is_no_success(house: Path) -> None:
    (house / "templates" / "plan.html").write_text("")
    (house / "app" / "plans.py").write_text("")
    assert "no text was collected at all" in translations.check()
