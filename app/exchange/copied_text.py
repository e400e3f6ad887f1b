"""Other ways in which people write and send a form, as the lines the readers know.

A saved web page, the fields above a page as YAML, the signs of a quoted e-mail, a table of
questions and answers, and the strokes of converters. Each is told by the text as a whole, so
that an answer that holds such a sign keeps it.
"""

import re
from collections.abc import Iterator, Sequence

from app.exchange.saved_pages import is_saved_page, text_of_page

FENCE = re.compile(r"-{3,}\s*")
FIELD = re.compile(r"([A-Za-z][\w -]{0,40}?)\s*:(?:\s+(.*))?")
ITEM = re.compile(r"\s*-\s+(.*)")
INLINE_LIST = re.compile(r"\[(.*)\]")
LIST_PART = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[^,]+)")
UNDERLINE = re.compile(r"={3,}\s*")
QUOTED = re.compile(r"^\s{0,3}>\s?")
ROW = re.compile(r"^\s*\|(.*)\|\s*$")
CELL_END = re.compile(r"(?<!\\)\|")
BETWEEN_ROWS = re.compile(r"[\s|:+-]+")
STROKE = re.compile(r"\\(?=[^\w\s\\])")


def as_lines(text: str) -> str:
    """The text in the way the readers of forms know; most texts stay as they are."""
    if is_saved_page(text):
        text = text_of_page(text)
    if text.lstrip().startswith("\\[") or "\n\\[\\[" in text:
        text = STROKE.sub("", text)
    lines = text.split("\n")
    for change in (_unquoted, _without_table, _with_tags, _with_heading):
        lines = change(lines)
    return "\n".join(lines)


def _written(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _unquoted(lines: list[str]) -> list[str]:
    """Without the ``>`` of a quoted e-mail, which stands before nearly every line."""
    written = _written(lines)
    if sum(bool(QUOTED.match(line)) for line in written) * 5 < len(written) * 4:
        return lines
    return [QUOTED.sub("", line) for line in lines]


def _without_table(lines: list[str]) -> list[str]:
    """The cells of a table one a line, where most lines are its rows."""
    written = _written(lines)
    if sum(bool(ROW.match(line)) for line in written) * 2 <= len(written):
        return lines
    return [cell for line in lines for cell in _cells(line)]


def _cells(line: str) -> Iterator[str]:
    row = ROW.match(line)
    if row is None:
        yield line
    elif not BETWEEN_ROWS.fullmatch(line):
        yield from (cell.strip().replace("\\|", "|") for cell in CELL_END.split(row[1]))


def _with_tags(lines: list[str]) -> list[str]:
    """Fields in YAML above the page as tags, the title as its heading."""
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not FENCE.fullmatch(lines[start]):
        return lines
    end = next((n for n in range(start + 1, len(lines)) if FENCE.fullmatch(lines[n])), None)
    tags = _tags(lines[start + 1 : end]) if end is not None else None
    return lines if end is None or tags is None else [*tags, *lines[end + 1 :]]


def _tags(lines: Sequence[str]) -> list[str] | None:
    """The fields as lines; None where a line is neither a field nor an item of a list."""
    heading: list[str] = []
    tags: list[str] = []
    name = ""
    for line in _written(lines):
        item, field = ITEM.fullmatch(line), FIELD.fullmatch(line)
        if item and name:
            tags.append(f"[[{name}:{_bare(item[1])}]]")
        elif field is None:
            return None
        elif field[1].casefold() == "title" and field[2]:
            heading = [f"# {_bare(field[2])}"]
        else:
            name = field[1]
            tags += [f"[[{name}:{value}]]" for value in _values(name, field[2] or "")]
    return heading + tags


def _values(name: str, text: str) -> list[str]:
    inside = INLINE_LIST.fullmatch(text.strip())
    if inside is None:
        return [_bare(text)] if text.strip() else []
    if name.casefold() == "latlng":
        return [inside[1]]
    return [_bare(part) for part in LIST_PART.findall(inside[1]) if part.strip()]


def _bare(value: str) -> str:
    value = value.strip()
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _with_heading(lines: list[str]) -> list[str]:
    """The first line with ``#`` before it where it is underlined."""
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if start + 1 >= len(lines) or not UNDERLINE.fullmatch(lines[start + 1]):
        return lines
    return [*lines[:start], f"# {lines[start].strip()}", *lines[start + 2 :]]
