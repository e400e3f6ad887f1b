"""Numbers of any size as a reader can take them in."""

from decimal import Decimal

from app.language.speaker import Speaker

# Powers of ten between which a number is written out; beyond them it would fill its column.
SMALLEST, LARGEST = -6, 9
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def readable(value: Decimal, speaker: Speaker) -> str:
    """A number at the precision a reader needs; very large or tiny ones by powers of ten."""
    size = value.adjusted() if value else 0
    if not SMALLEST <= size <= LARGEST:
        mantissa = value.scaleb(-size)
        return f"{_decimals(mantissa, 2, speaker)} × 10{str(size).translate(SUPERSCRIPTS)}"
    return _decimals(value, 0 if size > 3 else 1 if size > 1 else max(2, 2 - size), speaker)


def _decimals(value: Decimal, at_most: int, speaker: Speaker) -> str:
    rounded = round(value, min(at_most, 6))
    return speaker.number(rounded.normalize() if rounded else Decimal(0))
