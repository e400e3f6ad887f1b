"""The project's own files, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("app", "models")


def modules(*folders: str) -> list[Path]:
    """Every module of the folders, by path."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    # A check that looked at nothing would pass: the folders are known to be full.
    assert len(found) > len(folders)
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The path as seen from the root."""
    return path.relative_to(ROOT).as_posix()


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def kept_files() -> list[Path]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = [ROOT / name for name in listed if (ROOT / name).is_file()]
    assert len(found) > 100
    return found


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The packages a statement imports from."""
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".", maxsplit=1)[0]}
    return {alias.name.split(".", maxsplit=1)[0] for alias in node.names}
