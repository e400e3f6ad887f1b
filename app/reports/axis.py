"""Scales of a picture: values and days to coordinates, with the ticks a person would choose.

Values stay Decimal until they are coordinates, so that huge, tiny and nearly equal numbers
neither overflow nor divide by zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext

from app.language.speaker import Speaker

ROOMY = Context(prec=60, Emin=-99_999, Emax=99_999)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000, 24_000)
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class ValueScale:
    """Values from ``low`` to ``high`` on heights from ``bottom`` up to ``top`` (y grows down)."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]
    bottom: float
    top: float

    def at(self, value: Decimal) -> float:
        """The height of a value; values beyond the scale are held at its edge."""
        with localcontext(ROOMY):
            share = (value - self.low) / (self.high - self.low)
            held = min(max(share, Decimal(0)), Decimal(1))
        return self.bottom - float(held) * (self.bottom - self.top)


def value_scale(values: Sequence[Decimal], *, bottom: float, top: float) -> ValueScale:
    """A scale whose ends and three to five ticks are round numbers around the values."""
    with localcontext(ROOMY):
        low, high = _range(values)
        step = _step((high - low) / 3)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        ticks = tuple((first + n) * step for n in range(int(last - first) + 1))
    return ValueScale(ticks[0], ticks[-1], ticks, bottom, top)


def _range(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The values' range, from zero where zero is near, and never empty."""
    low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(1))
    if 0 <= low <= high / 2:
        low = Decimal(0)
    elif low / 2 <= high <= 0:
        high = Decimal(0)
    if high - low <= max(abs(low), abs(high)).scaleb(-40):
        pad = abs(high) / 10 if high else Decimal(1)
        return low - pad, high + pad
    return low, high


def _step(at_least: Decimal) -> Decimal:
    unit = Decimal(1).scaleb(at_least.adjusted())
    return next(step * unit for step in STEPS if step * unit >= at_least)


@dataclass(frozen=True)
class DayScale:
    """Days from ``first`` to ``last`` on widths from ``left`` to ``right``."""

    first: date
    last: date
    left: float
    right: float

    @property
    def days(self) -> int:
        """How many days lie between the ends."""
        return (self.last - self.first).days

    def at(self, day: date) -> float:
        """Where a day stands: held at the edge beyond it, in the middle when there is one day."""
        if not self.days:
            return (self.left + self.right) / 2
        share = min(max((day - self.first).days / self.days, 0), 1)
        return self.left + share * (self.right - self.left)


def day_scale(days: Sequence[date], *, left: float, right: float) -> DayScale:
    """A true time axis over the days given (at least one)."""
    return DayScale(min(days), max(days), left, right)


def calendar_ticks(scale: DayScale, *, at_most: int = 6) -> list[date]:
    """First days of months, quarters or years inside the scale, or its two ends when short."""
    ticks: list[date] = []
    for months in MONTHS:
        if scale.days > months * 31 * (at_most + 1):
            continue
        ticks = list(_month_starts(scale, months))
        if len(ticks) <= at_most:
            break
    return ticks if len(ticks) >= 2 else sorted({scale.first, scale.last})


def _month_starts(scale: DayScale, months: int) -> Iterator[date]:
    month = scale.first.year * 12 + scale.first.month - 1
    month -= month % months
    while (year := month // 12) <= min(scale.last.year, date.max.year):
        day = date(max(year, 1), month % 12 + 1, 1)
        if scale.first <= day <= scale.last:
            yield day
        month += months


def tick_words(ticks: Sequence[date], speaker: Speaker) -> list[str]:
    """Months by name, with the year where it begins or changes; other days in full."""
    if any(day.day != 1 for day in ticks):
        return [speaker.date(day) for day in ticks]
    if all(day.month == 1 for day in ticks):
        return [str(day.year) for day in ticks]
    years = [None, *(day.year for day in ticks)]
    return [
        speaker.month(day, with_year=day.year != before)
        for day, before in zip(ticks, years, strict=False)
    ]


def spread(heights: Sequence[float], *, apart: float, top: float, bottom: float) -> list[float]:
    """The heights moved as little as order allows so that neighbours stand ``apart``."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed: list[float] = []
    for i in order:
        placed.append(max(heights[i], placed[-1] + apart if placed else top))
    limit = bottom
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], limit)
        limit = placed[n] - apart
    result = [0.0] * len(heights)
    for i, height in zip(order, placed, strict=True):
        result[i] = height
    return result
