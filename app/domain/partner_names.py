"""Take the names of several partners in one answer apart."""

import re

LONGEST_NAME = 120
BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
LISTED = re.compile(r"[;\n]+")
# A comma inside brackets belongs to the name before it.
COMMA = re.compile(r",\s*(?![^()]*\))")


def names_in(answer: str) -> list[str]:
    """The names in an answer, in order, each once.

    Lines and semicolons part names; commas do where every part is short enough to be a name,
    otherwise the line is a text about one partner and stays whole.
    """
    lines = [BULLET.sub("", line).strip() for line in LISTED.split(answer)]
    names = [name for line in lines for name in _by_comma(line)]
    return list(dict.fromkeys(name for name in names if name))


def _by_comma(line: str) -> list[str]:
    parts = [part.strip(" .") for part in COMMA.split(line)]
    if all(len(part) <= LONGEST_NAME and ". " not in part and ":" not in part for part in parts):
        return parts
    return [line.strip()]
