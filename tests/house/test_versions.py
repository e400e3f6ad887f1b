"""What is installed is what is pinned, and never older than what is safe."""

import ast
import re
from importlib.metadata import packages_distributions, version

import pysqlite3
import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from app.database import SAFE_SQLITE
from tests.house.source import CODE, ROOT, imported, modules, tree_of

# Below these, each has a published hole or a bug that loses data.
FLOORS = {
    "weasyprint": "69.0",
    "flask": "3.1.3",
    "werkzeug": "3.1.5",
    "jinja2": "3.1.6",
    "pillow": "12.3",
    "pypdf": "6.10.2",
    "fonttools": "4.60.2",
}
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z]+\])?==([^ ;\\]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)
# Run or loaded without an import of ours: the server, the driver of PostgreSQL, the time zones,
# and what decides every byte of a PDF together with WeasyPrint.
# scipy is loaded by its name, by the first analysis that needs it.
NEEDED_UNIMPORTED = {"granian", "psycopg", "tzdata", "pydyf", "scipy"}
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def pins(name: str) -> list[tuple[str, str]]:
    """Package and version of each pin without a condition."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = [(package, pinned) for package, pinned, condition in PIN.findall(text) if not condition]
    assert len(found) > 20
    return found


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_a_package_is_not_below_its_floor(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


def test_sqlite_does_not_corrupt_its_log() -> None:
    assert SAFE_SQLITE == (3, 51, 3)
    assert pysqlite3.sqlite_version_info >= SAFE_SQLITE


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    differing = {
        package: (pinned, version(package))
        for package, pinned in pins(name)
        if Version(version(package)) != Version(pinned)
    }
    assert differing == {}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pin_has_hashes_and_no_file_names_an_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for pin in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", text) == []


def test_the_two_files_agree_where_both_pin_a_package() -> None:
    running, testing = (dict(pins(name)) for name in REQUIREMENTS)
    differing = {name for name in running.keys() & testing.keys() if running[name] != testing[name]}
    assert differing == set()


def asked_for(name: str) -> set[str]:
    """The packages an .in file names."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z]+\])?==", text, re.MULTILINE))


def imported_by_the_program() -> set[str]:
    """The packages that app, models, migrations and wsgi.py import."""
    providers = packages_distributions()
    roots = {
        name
        for path in [*modules(*CODE, "migrations"), ROOT / "wsgi.py"]
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
    }
    return {canonicalize_name(providers[root][0]) for root in roots if root in providers}


def test_every_package_the_program_imports_is_asked_for_by_name() -> None:
    assert imported_by_the_program() <= asked_for("requirements.in")


def test_no_package_is_asked_for_without_need() -> None:
    unused = asked_for("requirements.in") - imported_by_the_program() - NEEDED_UNIMPORTED
    assert unused == set()
