"""Files written whole or not at all: under another name first, then renamed into place."""

import os
from contextlib import suppress
from pathlib import Path
from threading import get_ident


def write_whole(path: Path, content: bytes) -> None:
    """Write a file durably; until it is whole, what was there before stays. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
