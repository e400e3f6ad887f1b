"""Plain values a snapshot is made of: exact decimals, ISO days and instants, printable text.

Each type takes the Python value or its text and keeps the text, so that a snapshot read back
from JSON equals the one that was written. Floats are refused: they have no exact text.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def figure(value: Decimal | int | str) -> str:
    """The one spelling of a number: no exponent, no idle zeros, no minus before zero.

    >>> figure(Decimal("1.50")), figure(Decimal("1E+3")), figure(Decimal("-0.0"))
    ('1.5', '1000', '0')
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("a figure must be a finite number")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if not number else text


def _figure(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValueError("a figure must be a Decimal, an int or their text")
    try:
        return figure(value)
    except ArithmeticError as error:
        raise ValueError("a figure must be a number") from error


def _day(value: object) -> str:
    if isinstance(value, datetime):
        raise ValueError("a day has no time; convert the instant in the office's time zone first")
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return day.isoformat()


def _instant(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _printable(value: str) -> str:
    """The text with one kind of line end and without the control codes no paper can hold."""
    return UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


Figure = Annotated[str, BeforeValidator(_figure)]
Day = Annotated[str, BeforeValidator(_day)]
Instant = Annotated[str, BeforeValidator(_instant)]
Text = Annotated[str, AfterValidator(_printable)]
