"""Compile the catalogues that are older than their texts, so that plain ``pytest`` suffices."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parent.parent / "app" / "translations"


def compile_what_changed() -> None:
    """Write each ``.mo`` that is missing or older than its ``.po``, whole or not at all."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(".mo.part")
        with source.open("rb") as texts, unfinished.open("wb") as compiled:
            write_mo(compiled, read_po(texts, locale=source.parent.parent.name))
        unfinished.replace(target)
