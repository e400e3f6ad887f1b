"""The catalogues of both languages: collect the texts, fill them in, check that none is missing.

    python bin/translations.py update            collect the texts of app/, models/ and templates/
    python bin/translations.py fill es FILE…     take translations from JSON: {"text": "texto"}
    python bin/translations.py check             exit 1 and say what is missing or wrong

A text with a plural is "one", the sign U+0000, "many" in JSON, and has a list of forms.
English is a catalogue too: update writes each text as its own translation, to be refined there.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGES = ("en", "es")
FOLDERS = ("app", "models", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"silent": "false", "newstyle_gettext": "true"}}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "plural": (1, 2),
    "sentence": None,
}
MOST_SHOWN = 40
PLACEHOLDER = re.compile(r"%\((\w+)\)")
NAMES: dict[str, Any] = {
    "project": "chaski",
    "version": "",
    "msgid_bugs_address": "",
    "fuzzy": False,
}
HEADER = "# Texts of Chaski. Collected by `make translations`; the order is that of the files."


class Anything(dict[str, Any]):
    """Fills any placeholder, to try whether a text can be filled in at all."""

    def __missing__(self, _name: str) -> int:
        return 1


def collected() -> Catalog:
    """Every text of the program, with the files it stands in."""
    catalogue = Catalog(**NAMES)
    for folder in FOLDERS:
        for file, _line, text, remarks, _context in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, KEYWORDS
        ):
            place = [(f"{folder}/{Path(file).as_posix()}", 0)]
            catalogue.add(text, None, place, auto_comments=remarks)
    return catalogue


def catalogue_of(language: str) -> Catalog:
    """The catalogue as it is kept; empty when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(
            locale=language,
            header_comment=HEADER,
            last_translator="",
            language_team="",
            revision_date=datetime.now(UTC),
            **NAMES,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Where a language's catalogue lies."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Bring both catalogues to the texts of the program; what is translated stays."""
    for language in LANGUAGES:
        catalogue = catalogue_of(language)
        # Collected for each anew: update() takes the messages themselves over.
        catalogue.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
        if language == "en":
            for message in _texts(catalogue):
                if not _is_filled(message):
                    message.string = message.id
        save(language, catalogue)


def fill(language: str, files: Iterable[Path]) -> None:
    """Take translations from JSON files; the program's texts that they do not hold stay."""
    catalogue = catalogue_of(language)
    for file in files:
        for text, translated in json.loads(file.read_text(encoding="utf-8")).items():
            message = catalogue.get(text.split("\0")[0])
            if message is not None:
                message.string = tuple(translated) if isinstance(translated, list) else translated
                message.flags.discard("fuzzy")
    save(language, catalogue)


def save(language: str, catalogue: Catalog) -> None:
    """Write a catalogue so that only what changed differs."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file,
            catalogue,
            width=100,
            sort_by_file=True,
            include_lineno=False,
            ignore_obsolete=True,
        )


def check() -> list[str]:
    """What is missing or wrong in the catalogues; empty is good."""
    texts = {_key(message): message for message in _texts(collected())}
    faults = [] if texts else ["no text was collected at all"]
    for language in LANGUAGES:
        kept = {_key(message): message for message in _texts(catalogue_of(language))}
        faults += [f"{language}: missing: {key!r}" for key in texts.keys() - kept.keys()]
        faults += [f"{language}: no longer used: {key!r}" for key in kept.keys() - texts.keys()]
        for key in texts.keys() & kept.keys():
            faults += [f"{language}: {fault}: {key!r}" for fault in _faults(kept[key])]
    return sorted(faults)


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "marked as doubtful"
    if not _is_filled(message):
        yield "not translated"
        return
    given = _forms(message.id)
    for form in _forms(message.string):
        lost = set(PLACEHOLDER.findall(given[-1])) - set(PLACEHOLDER.findall(form))
        unknown = set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(" ".join(given)))
        # "One review waits" needs no number.
        if unknown or (lost and not (len(given) > 1 and lost <= {"n", "num"})):
            yield f"placeholders differ ({', '.join(sorted(unknown | lost))})"
        if _can_be_filled(given[-1]) and not _can_be_filled(form):
            yield "a sign % that cannot be filled in"


def _can_be_filled(text: str) -> bool:
    if not PLACEHOLDER.search(text):
        return True
    try:
        text % Anything()
    except (TypeError, ValueError):
        return False
    return True


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _key(message: Message) -> str | tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def _forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [text]


def _is_filled(message: Message) -> bool:
    return all(form and form.strip() for form in _forms(message.string))


def _counts() -> str:
    counts: dict[str, int] = defaultdict(int)
    for language in LANGUAGES:
        counts[language] = sum(1 for _ in _texts(catalogue_of(language)))
    return ", ".join(f"{language} {count}" for language, count in counts.items())


def main() -> int:
    """Read the command line; 0 done, 1 something is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("update")
    verbs.add_parser("check")
    filling = verbs.add_parser("fill")
    filling.add_argument("language", choices=LANGUAGES)
    filling.add_argument("files", nargs="+", type=Path)
    asked = parser.parse_args()
    if asked.verb == "update":
        update()
    elif asked.verb == "fill":
        fill(asked.language, asked.files)
    else:
        faults = check()
        print(*faults[:MOST_SHOWN], sep="\n", end="\n" if faults else "", file=sys.stderr)
        print(f"Texts in the catalogues: {_counts()}; {len(faults)} faults.")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
