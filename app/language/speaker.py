"""Say sentences, words, dates and numbers in one language; used by every door and by reports.

Spanish numbers group with a no-break space and mark decimals with a comma ("1 234,5"): that is
how the Academy writes them, and a reader from Lima and one from Madrid both read it one way.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import NumberPattern, format_decimal, parse_pattern
from babel.support import Translations

from app.language.sentences import Sentence
from app.language.words import LABELS
from models.vocabulary import Language

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LIMA = ZoneInfo("America/Lima")
NO_BREAK_SPACE = "\u00a0"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
# Halves are rounded up everywhere, as people do; the precision holds any number kept.
HALF_UP = Context(prec=60, rounding=ROUND_HALF_UP)


@lru_cache(maxsize=len(Language))
def catalogue(language: Language) -> NullTranslations:
    """The compiled gettext catalogue of a language."""
    return Translations.load(str(CATALOGUES), [language.value])


@lru_cache(maxsize=32)
def _pattern(digits: int | None) -> NumberPattern:
    """How a number of so many decimals is written. Reading a pattern costs more than using it."""
    decimals = "######" if digits is None else "0" * digits
    return parse_pattern(f"#,##0.{decimals}".rstrip("."))


def shortest(value: Decimal, at_most: int) -> Decimal:
    """The number rounded to at most so many decimals, without idle zeros."""
    with localcontext(HALF_UP):
        return value.quantize(Decimal(1).scaleb(-at_most)).normalize()


def places_of(value: Decimal) -> int:
    """How many decimals a number has."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class Speaker:
    """One language's voice. ``zone`` is the time zone instants are told in."""

    def __init__(self, language: Language, *, zone: ZoneInfo = LIMA) -> None:
        self.language = language
        self.zone = zone
        self._catalogue = catalogue(language)

    def say(self, text: str | Sentence, **values: object) -> str:
        """Translate a template or a sentence and fill in its values, each said in turn."""
        template, given = (
            (text.template, text.values) if isinstance(text, Sentence) else (text, values)
        )
        translated = self._catalogue.gettext(template) if template else ""
        return translated % self._said(given) if given else translated

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form the language uses for ``n``, with ``%(n)s`` filled in."""
        template = self._catalogue.ngettext(one, many, n)
        return template % self._said({"n": n, **values})

    def word(self, member: StrEnum) -> str:
        """The label of a vocabulary word."""
        label = LABELS[member]
        return self._catalogue.gettext(label) if label else ""

    def month(self, day: date, *, with_year: bool) -> str:
        """The month of a day as its date writes it, as in "Sep 2026" or "sept"."""
        pattern = "MMM y" if with_year else "MMM"
        return format_date(day, pattern, locale=self.language.value)

    def date(self, day: date) -> str:
        """A day, as in "Sep 30, 2026" or "30 sept 2026"."""
        return format_date(day, "medium", locale=self.language.value)

    def instant(self, moment: datetime) -> str:
        """A moment with its minute, told in the office's time zone."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        local = aware.astimezone(self.zone)
        return f"{self.date(local.date())}, {local:%H:%M}"

    def number(self, value: Decimal | int, digits: int | None = None) -> str:
        """A number; ``digits`` fixes the decimals, else they are kept as they are, at most 6."""
        with localcontext(HALF_UP):
            text = format_decimal(value, format=_pattern(digits), locale=self.language.value)
        return text.replace(".", NO_BREAK_SPACE) if self.language is Language.ES else text

    def percent(self, value: Decimal, digits: int = 0) -> str:
        """A share (0 to 1) as a percentage."""
        gap = NO_BREAK_SPACE if self.language is Language.ES else ""
        return f"{self.number(value * 100, digits)}{gap}%"

    def money(self, value: Decimal, at_most: int = 2) -> str:
        """An amount in US dollars: its cents where it has any, at most so many decimals.

        Dollars are the currency of every amount the portfolio adds up.
        """
        places = places_of(shortest(value, at_most))
        return f"USD{NO_BREAK_SPACE}{self.number(value, places and max(places, 2))}"

    def power_of_ten(self, value: Decimal) -> str:
        """A number of any size in little room, as in "2.35 × 10⁻⁹"."""
        size = value.adjusted() if value else 0
        exponent = str(size).translate(SUPERSCRIPTS)
        return f"{self.number(shortest(value.scaleb(-size), 2))} × 10{exponent}"

    def _said(self, values: Mapping[str, object]) -> dict[str, object]:
        return {name: self._one(value) for name, value in values.items()}

    def _one(self, value: object) -> object:
        match value:
            case Sentence():
                return self.say(value)
            case StrEnum():
                return self.word(value)
            case datetime():
                return self.instant(value)
            case date():
                return self.date(value)
            case int() | Decimal() if not isinstance(value, bool):
                return self.number(value)
            case _:
                return value
