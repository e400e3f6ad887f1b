"""Parts of reports that were laid out before, each under what it was made from.

A part is found again by its HTML and by all that decides how it is laid out: the engine, our
styles and our fonts. What nobody asked for in a long time is thrown away.
"""

import hashlib
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.reports.pdf import FINGERPRINT
from app.reports.presses import OnDone, PrintAll
from app.whole_files import write_whole

KEPT_SECONDS: Final = 120 * 24 * 3600


@dataclass(frozen=True)
class KeptParts:
    """The parts kept in a folder."""

    folder: Path

    def all_of(
        self, documents: Sequence[str], *, print_all: PrintAll, on_done: OnDone
    ) -> list[bytes]:
        """The PDF of each document; those that are not kept are laid out together, and kept.

        ``on_done`` is told how many are there.
        """
        paths = [self._path(document) for document in documents]
        kept = [_read(path) for path in paths]
        missing = [n for n, pdf in enumerate(kept) if pdf is None]
        there = len(kept) - len(missing)
        on_done(there)
        made = print_all([documents[n] for n in missing], on_done=lambda n: on_done(there + n))
        for n, pdf in zip(missing, made, strict=True):
            kept[n] = pdf
            # A full disk costs time later, and no report now.
            with suppress(OSError):
                paths[n].parent.mkdir(parents=True, exist_ok=True)
                write_whole(paths[n], hashlib.sha256(pdf).digest() + pdf)
        return [pdf for pdf in kept if pdf is not None]

    def forget_old(self, *, now: float | None = None) -> int:
        """Throw away what was not asked for in a season; how many."""
        before, forgotten = (now or time.time()) - KEPT_SECONDS, 0
        for path in self.folder.glob("*/*.part"):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    forgotten += 1
        return forgotten

    def _path(self, document: str) -> Path:
        name = hashlib.sha256(FINGERPRINT + document.encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.part"


def _read(path: Path) -> bytes | None:
    with suppress(OSError):
        content = path.read_bytes()
        digest, pdf = content[:32], content[32:]
        if hashlib.sha256(pdf).digest() == digest:
            os.utime(path)
            return pdf
    return None
