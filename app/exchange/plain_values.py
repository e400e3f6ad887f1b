"""Days, amounts, months and shares written as free text, where only one reading is possible.

Whatever leaves a doubt gives None, and the text is kept as it stands.
"""

import re
from datetime import date

from app.domain.dates import EARLIEST, LATEST, UnreadableDayError, read_day
from app.exchange.form_text import key_of, without_bullet

MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: de| of)? ([a-z]+)(?: de| del)? (\d{4})")
MONTH_DAY_YEAR = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")

DIGITS = r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+(?:[.,]\d{1,2})?"
AMOUNT = re.compile(rf"(?<![\d.,])(?:{DIGITS})(?![\d.,]*\d)")
AROUND_AN_AMOUNT = re.compile(
    r"us\$|u\$s|\$|~|\b(?:usd|us|dollars?|d[oó]lares|american|approximately|approx|about|around"
    r"|circa|ca|nearly|almost|close|roughly|aprox|aproximadamente|cerca|unos|alrededor|de|to|of"
    r"|total|in|a)\b",
    re.IGNORECASE,
)
SMALL_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            ("one", "un", "uno"),
            ("two", "dos"),
            ("three", "tres"),
            ("four", "cuatro"),
            ("five", "cinco"),
            ("six", "seis"),
            ("seven", "siete"),
            ("eight", "ocho"),
            ("nine", "nueve"),
            ("ten", "diez"),
            ("eleven", "once"),
            ("twelve", "doce"),
        ),
        start=1,
    )
    for word in words
}
MONTH_COUNT = re.compile(
    r"(?:approximately |about |around |approx\.? |aproximadamente )?"
    r"(\d{1,2}(?:[.,]\d)?|[a-z]+)(?: months?| mes(?:es)?)?",
    re.IGNORECASE,
)
SHARE = re.compile(r"(\d{1,3})\s*%?")
STAGE_SHARE = re.compile(r"\b(sense|explore|test|grow)\b\W*?(\d{1,3})\s*%?", re.IGNORECASE)


def day_in(text: str) -> date | None:
    """The one day the text is, day before month as the form asks: 24/06/2024, 24 June 2024."""
    try:
        return read_day(without_bullet(text).rstrip("."))
    except UnreadableDayError:
        return _named_day(key_of(text))


def _named_day(words: str) -> date | None:
    day_first = DAY_MONTH_YEAR.fullmatch(words)
    month_first = MONTH_DAY_YEAR.fullmatch(words)
    if day_first:
        day, month, year = day_first.groups()
    elif month_first:
        month, day, year = month_first.groups()
    else:
        return None
    try:
        found = date(int(year), MONTH_NUMBERS.get(month, 0), int(day))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def dollars_in(text: str) -> str | None:
    """The one amount in US dollars the text is, as plain decimal text: "USD 10,000" is 10000.

    Another currency, a range, several numbers, "less than" or any other word give None, and so
    does a lone point before three digits (10.000), which is ten to some and ten thousand to
    others.
    """
    text = without_bullet(text)
    amounts = AMOUNT.findall(text)
    if len(amounts) != 1:
        return None
    around = AROUND_AN_AMOUNT.sub(" ", AMOUNT.sub(" ", text))
    if re.sub(r"[\s.,:;()]", "", around):
        return None
    return _plain(amounts[0])


def _plain(amount: str) -> str:
    """Digits with a point for cents: "195,000", "1 445", "1.234,50" and "12,5" are understood."""
    last = max(amount.rfind(","), amount.rfind("."))
    cents = amount[last + 1 :] if last >= 0 and len(amount) - last - 1 < 3 else ""
    whole = amount[:last] if cents else amount
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    return f"{digits}.{cents}" if cents else digits


def months_in(text: str) -> str | None:
    """The one number of months the text is, as plain decimal text: "6 months", "Two months"."""
    found = MONTH_COUNT.fullmatch(without_bullet(text).rstrip("."))
    if not found:
        return None
    number = found[1].casefold().replace(",", ".")
    if number[0].isdigit():
        return number
    return str(SMALL_NUMBERS[number]) if number in SMALL_NUMBERS else None


def share_in(text: str) -> int | None:
    """The whole per cent the text is: "20", "20%"."""
    found = SHARE.fullmatch(text.strip())
    return int(found[1]) if found and int(found[1]) <= 100 else None


def stage_shares_in(text: str) -> dict[str, int] | None:
    """Shares of time by stage, where the text says nothing else: "Sense: 20%, Test 80%"."""
    shares = {stage.casefold(): int(share) for stage, share in STAGE_SHARE.findall(text)}
    rest = STAGE_SHARE.sub("", text)
    if not shares or re.search(r"\w", rest) or len(shares) != len(STAGE_SHARE.findall(text)):
        return None
    return shares if all(share <= 100 for share in shares.values()) else None
