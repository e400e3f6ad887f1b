"""Rows of a form that grow, shrink and change places without JavaScript.

The buttons of the ``rows`` macro send the whole form: ``add_row=partners``,
``remove_row=partners-2``, ``move_up=partners-2``. What was typed is rearranged before the form
reads it, so that everything stays as it was typed, also what could not be read.
"""

import re

from werkzeug.datastructures import MultiDict

ADD, REMOVE, MOVE_UP = "add_row", "remove_row", "move_up"
ROW = re.compile(r"(?P<rows>.+)-(?P<number>\d+)")
Sent = MultiDict[str, str]


def asks_for_rows(sent: Sent) -> bool:
    """Whether a row button was pressed: the form is to be shown again, not saved."""
    return any(button in sent for button in (ADD, REMOVE, MOVE_UP))


def rearranged(sent: Sent) -> Sent:
    """What was sent, with the row added, removed or moved up that the pressed button names."""
    if rows := sent.get(ADD):
        return _with(sent, {f"{rows}-{max(_numbers(sent, rows), default=-1) + 1}-row": [""]})
    if found := ROW.fullmatch(sent.get(REMOVE, "")):
        begins = f"{found['rows']}-{found['number']}"
        return MultiDict(
            (name, value) for name, value in sent.items(multi=True) if not _is_in(name, begins)
        )
    if found := ROW.fullmatch(sent.get(MOVE_UP, "")):
        return _moved_up(sent, found["rows"], int(found["number"]))
    return sent


def _moved_up(sent: Sent, rows: str, number: int) -> Sent:
    above = max((n for n in _numbers(sent, rows) if n < number), default=number)
    swapped = {f"{rows}-{number}": f"{rows}-{above}", f"{rows}-{above}": f"{rows}-{number}"}
    return MultiDict((_renamed(name, swapped), value) for name, value in sent.items(multi=True))


def _renamed(name: str, swapped: dict[str, str]) -> str:
    for old, new in swapped.items():
        if _is_in(name, old):
            return new + name.removeprefix(old)
    return name


def _with(sent: Sent, more: dict[str, list[str]]) -> Sent:
    grown: Sent = MultiDict(sent.items(multi=True))
    for name, values in more.items():
        grown.setlist(name, values)
    return grown


def _numbers(sent: Sent, rows: str) -> set[int]:
    """The numbers of the rows that were sent."""
    found = (re.match(rf"{re.escape(rows)}-(\d+)(?:-|$)", name) for name in sent)
    return {int(each[1]) for each in found if each}


def _is_in(name: str, row: str) -> bool:
    return name == row or name.startswith(f"{row}-")
