"""Numbers of any size as a reader can take them in."""

from decimal import Decimal

from app.domain.numbers import MOST_DIGITS
from app.language.speaker import Speaker, shortest

# Powers of ten between which a number is written out: whatever can be recorded is.
SMALLEST, LARGEST = -6, MOST_DIGITS
# Decimals of a value where many stand together, and where its record itself is read.
DECIMALS, MOST_DECIMALS = 2, 6


def readable(value: Decimal, speaker: Speaker, at_most: int = DECIMALS) -> str:
    """A number as it was typed, to so many decimals; below one to three digits that count."""
    if value and not SMALLEST <= value.adjusted() <= LARGEST:
        return speaker.power_of_ten(value)
    return speaker.number(shortest(value, places_for(value, at_most)))


def places_for(value: Decimal, at_most: int) -> int:
    """The decimals a value is shown with: so many, or more where it would read as nothing."""
    size = value.adjusted() if value else 0
    return min(max(at_most, 2 - size), MOST_DECIMALS)
