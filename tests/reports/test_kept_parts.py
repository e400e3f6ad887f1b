"""Parts that were laid out before are kept, as long as nothing they were made from changes."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.reports import kept_parts
from app.reports.kept_parts import KEPT_SECONDS, KeptParts


class Counted:
    """A press that counts what it was given."""

    def __init__(self) -> None:
        self.documents: list[str] = []

    def __call__(self, documents: Sequence[str], *, on_done: Callable[[int], None]) -> list[bytes]:
        self.documents += documents
        for n in range(len(documents)):
            on_done(n + 1)
        return [f"%PDF of {document}".encode() for document in documents]


@pytest.fixture
def press() -> Counted:
    return Counted()


@pytest.fixture
def kept(tmp_path: Path) -> KeptParts:
    return KeptParts(tmp_path / "parts")


def asked(kept: KeptParts, press: Counted, *documents: str) -> tuple[list[bytes], list[int]]:
    told: list[int] = []
    return kept.all_of(documents, print_all=press, on_done=told.append), told


def test_only_what_is_not_kept_is_laid_out(kept: KeptParts, press: Counted) -> None:
    first, _told = asked(kept, press, "one", "two", "three")
    second, told = asked(kept, press, "one", "another", "three")
    assert press.documents == ["one", "two", "three", "another"]
    assert second == [first[0], b"%PDF of another", first[2]]
    assert told == [2, 3]


def test_another_engine_style_or_font_lays_everything_out_anew(
    kept: KeptParts, press: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(kept, press, "one")
    monkeypatch.setattr(kept_parts, "FINGERPRINT", b"another")
    asked(kept, press, "one")
    assert press.documents == ["one", "one"]


@pytest.mark.parametrize("damage", [b"", b"half", b"x" * 500])
def test_a_damaged_part_is_laid_out_again(kept: KeptParts, press: Counted, damage: bytes) -> None:
    asked(kept, press, "one")
    (path,) = kept.folder.rglob("*.part")
    path.write_bytes(damage)
    again, _told = asked(kept, press, "one")
    assert again == [b"%PDF of one"]
    asked(kept, press, "one")
    assert press.documents == ["one", "one"]


def test_a_full_disk_costs_time_and_no_report(
    kept: KeptParts, press: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_parts, "write_whole", full)
    assert asked(kept, press, "one")[0] == [b"%PDF of one"]
    assert asked(kept, press, "one")[0] == [b"%PDF of one"]
    assert press.documents == ["one", "one"]


def test_what_nobody_asked_for_in_a_season_is_forgotten(kept: KeptParts, press: Counted) -> None:
    asked(kept, press, "one", "two")
    for path in kept.folder.rglob("*.part"):
        os.utime(path, (0, time.time() - KEPT_SECONDS - 60))
    asked(kept, press, "two")
    assert kept.forget_old() == 1
    asked(kept, press, "one", "two")
    assert press.documents == ["one", "two", "one"]


def test_nothing_to_ask_for_asks_the_press_for_nothing(kept: KeptParts, press: Counted) -> None:
    assert asked(kept, press) == ([], [0])
    assert press.documents == []
