"""Read days as people write them."""

import re
from datetime import date

from app.domain.texts import quoted
from app.language.sentences import Sentence, sentence

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
EARLIEST, LATEST = 1990, 2100


class UnreadableDayError(ValueError):
    """The text is no day, or a day that does not exist."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


def read_day(text: str) -> date:
    """The day a person meant: 2026-09-30 or, day first as Peru writes it, 30/09/2026."""
    cleaned = text.strip()
    found = ISO.fullmatch(cleaned) or DAY_FIRST.fullmatch(cleaned)
    if not found:
        raise UnreadableDayError(
            sentence("“%(text)s” is not a date. Write it like 30/09/2026.", text=quoted(cleaned))
        )
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise UnreadableDayError(
            sentence("%(text)s does not exist in the calendar.", text=cleaned)
        ) from None
    if not EARLIEST <= day.year <= LATEST:
        raise UnreadableDayError(
            sentence("%(text)s lies outside the years 1990 to 2100.", text=cleaned)
        )
    return day
