"""Where decisions live, what things are called and how long they may be."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.house.source import (
    CODE,
    ROOT,
    functions_of,
    imported,
    kept_files,
    modules,
    name_of,
    tree_of,
)

NAMES_OF_NO_ROOM = {
    *("util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"),
    *("handler", "handlers", "data", "info", "process"),
}
# Slow to import and needed by one calculation.
IMPORTED_LATE = {"app/domain/statistics.py": {"scipy"}}
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 12


def commits(path: Path) -> bool:
    """Whether a module commits a transaction; ending a savepoint inside one is something else."""
    nodes = list(ast.walk(tree_of(path)))
    savepoints = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and called(node.value) == "begin_nested"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return any(
        called(node) == "commit"
        and not (isinstance(receiver := node.func.value, ast.Name) and receiver.id in savepoints)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )


def called(node: ast.AST) -> str | None:
    """The method a call calls."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    return None


def test_only_the_database_module_commits() -> None:
    assert {name_of(path) for path in modules(*CODE) if commits(path)} == {"app/database.py"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    nameless = [
        name_of(path)
        for path in modules(*CODE, "tests")
        if NAMES_OF_NO_ROOM & set(Path(name_of(path)).with_suffix("").parts)
    ]
    assert nameless == []


def test_imports_stand_at_the_top() -> None:
    late = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(*CODE)
        for function in functions_of(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not imported(node) <= IMPORTED_LATE.get(name_of(path), set())
    ]
    assert late == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(*CODE, "tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def lengths() -> dict[str, int]:
    """How many lines each function has, without its docstring."""
    return {
        f"{name_of(path)}:{function.name}": (function.end_lineno or 0)
        - function.lineno
        + 1
        - docstring_lines(function)
        for path in modules(*CODE)
        for function in functions_of(path)
    }


def docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's docstring."""
    docstring = ast.get_docstring(function, clean=False)
    return docstring.count("\n") + 1 if docstring else 0


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = {name: lines for name, lines in lengths().items() if lines > LONGEST_FUNCTION}
    assert too_long == {}


def test_the_usual_function_is_short() -> None:
    assert statistics.median(lengths().values()) <= USUAL_FUNCTION


@pytest.mark.parametrize("exception", ["Exception", "BaseException"])
def test_a_broad_handler_gives_its_reason(exception: str) -> None:
    silent = [
        f"{name_of(path)}:{number}"
        for path in modules(*CODE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rf"except {exception}\b(?!.*#)", line)
    ]
    assert silent == []


def test_nothing_names_a_machine_or_a_package_registry() -> None:
    # Spelled in two parts, so that this file is not the first to be found.
    foreign = ["/" + "work/", "/" + "root/", "/" + "home/", "pypi" + ".org", "python" + "hosted"]
    named = [
        f"{name_of(path)}: {word}"
        for path in kept_files()
        if path.suffix not in {".ttf", ".png", ".pdf", ".woff2"}
        for word in foreign
        if word in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert named == []


def test_every_package_of_the_house_is_a_folder_with_an_init() -> None:
    bare = [
        name_of(path.parent)
        for path in modules(*CODE)
        if not (path.parent / "__init__.py").exists() and path.parent != ROOT
    ]
    assert bare == []
