"""The real forms the project was given. They may not be redistributed, so they lie beside it."""

from pathlib import Path

import pytest

INPUTS = Path(__file__).resolve().parents[3] / "shared" / "inputs"
WHY_SKIPPED = "the real forms of ../shared/inputs are not on this machine"

SEED = "action-learning-plan-digitalization.txt"
FILES = sorted(
    str(path.relative_to(INPUTS))
    for path in INPUTS.rglob("*")
    if path.is_file() and path.suffix in (".txt", ".md")
)
needs_inputs = pytest.mark.skipif(not FILES, reason=WHY_SKIPPED)


def content_of(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


def text_of(name: str) -> str:
    return content_of(name).decode("utf-8")
