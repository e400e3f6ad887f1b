"""Read numbers as people write them in English and Spanish."""

import re
from decimal import Decimal

from app.domain.texts import quoted
from app.language.sentences import Sentence, sentence
from models.vocabulary import Language

SPACED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?P<gap>[ \u00a0\u2009\u202f’'])\d{3}((?P=gap)\d{3})*([.,]\d*)?"
)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
MOST_DIGITS = 14


class UnreadableNumberError(ValueError):
    """The text is no number, or could be read as two different ones."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


def read_decimal(text: str, *, language: Language) -> Decimal:
    """The number a person meant: "1 234,5" and "1.234,50" in Spanish, "1,234.5" in English.

    Spaces and apostrophes group, by three digits. With both signs present the last one marks
    decimals. One sign alone followed by exactly three digits groups in English when it is a comma;
    a point there is a decimal mark. In Spanish a comma is always the decimal mark, and a lone
    point before three digits is refused, because a reader in Lima and one in Madrid mean different
    numbers by it.
    """
    cleaned = _closed_up(text.strip().replace("−", "-"))
    if "," in cleaned and "." in cleaned:
        plain = _with_both_signs(cleaned)
    elif GROUPED.fullmatch(cleaned):
        plain = _grouped(cleaned, language)
    else:
        plain = cleaned.replace(",", ".")
    if not PLAIN.fullmatch(plain):
        raise UnreadableNumberError(
            sentence(
                "“%(text)s” is not a number. Write it like %(example)s.",
                text=quoted(text),
                example=Decimal("1234.5"),
            )
        )
    return _bounded(plain, text)


def read_whole(text: str, *, language: Language) -> int:
    """The whole number a person meant, grouped or not; a lone mark before three digits groups."""
    cleaned = _closed_up(text.strip().replace("−", "-"))
    if GROUPED.fullmatch(cleaned):
        cleaned = cleaned.replace(",", "").replace(".", "")
    try:
        value = read_decimal(cleaned, language=language)
    except UnreadableNumberError:
        value = None
    if value is None or value != value.to_integral_value():
        raise UnreadableNumberError(
            sentence(
                "“%(text)s” is not a whole number of at most 14 digits. "
                "Write it like %(example)s, without decimals.",
                text=quoted(text),
                example=1234,
            )
        )
    return int(value)


def _closed_up(text: str) -> str:
    """Without the spaces or apostrophes between groups; other spaces stay, and are refused."""
    spaced = SPACED.fullmatch(text)
    return text.replace(spaced["gap"], "") if spaced else text


def _with_both_signs(cleaned: str) -> str:
    decimal_mark = max(",.", key=cleaned.rfind)
    group_mark = "." if decimal_mark == "," else ","
    whole, _, fraction = cleaned.rpartition(decimal_mark)
    if not re.fullmatch(rf"[+-]?\d{{1,3}}(\{group_mark}\d{{3}})+", whole):
        return "?"
    return f"{whole.replace(group_mark, '')}.{fraction}"


def _grouped(cleaned: str, language: Language) -> str:
    marks = [sign for sign in cleaned if sign in ",."]
    if len(marks) > 1:
        return cleaned.replace(marks[0], "")
    match language, marks[0]:
        case (Language.EN, ","):
            return cleaned.replace(",", "")
        case (Language.ES, "."):
            raise UnreadableNumberError(
                sentence(
                    "“%(text)s” can be read in two ways: write %(whole)s or %(decimal)s.",
                    text=cleaned,
                    whole=cleaned.replace(".", ""),
                    decimal=cleaned.replace(".", ","),
                )
            )
        case _:
            return cleaned.replace(",", ".")


def _bounded(plain: str, text: str) -> Decimal:
    value = Decimal(plain)
    if len(str(abs(value.to_integral_value()))) > MOST_DIGITS or _decimals(value) > 6:
        raise UnreadableNumberError(
            sentence(
                "“%(text)s” is too long: at most 14 digits and 6 decimals are kept.",
                text=quoted(text),
            )
        )
    return value


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
