"""What the address of a page asks for: whole numbers and words, whatever stands there."""

from flask import request
from werkzeug.routing import IntegerConverter

# Longer ones are kept by no database, and are the number of nothing.
LONGEST_WHOLE = 9


class WholeConverter(IntegerConverter):
    """The ``int`` of addresses: the number of a record, and no page where none could have it."""

    regex = rf"[0-9]{{1,{LONGEST_WHOLE}}}"


def whole(name: str) -> int | None:
    """A whole number after the question mark, or None."""
    text = request.args.get(name, "")
    is_whole = text.isascii() and text.isdigit() and len(text) <= LONGEST_WHOLE
    return int(text) if is_whole else None


def page_number() -> int:
    """Which page of a list is asked for; the first one when that cannot be told."""
    return whole("page") or 1


def words(name: str) -> str:
    """A text after the question mark, without blanks around it."""
    return request.args.get(name, "").strip()
