"""Countries by their ISO 3166 code, from the names people write in three languages."""

from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

from app.domain.names import folded
from models.vocabulary import Language

LANGUAGES = ("en", "es", "fr")
# Two-letter codes of Unicode's list that name no country.
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})

# The United Nations' own short names, where Unicode's lists spell the country otherwise.
UNITED_NATIONS_NAMES = {
    "Bolivia (Plurinational State of)": "BO",
    "Brunei Darussalam": "BN",
    "Cabo Verde": "CV",
    "Congo": "CG",
    "Congo (Republic of)": "CG",
    "Côte d'Ivoire": "CI",
    "Czech Republic": "CZ",
    "Democratic People's Republic of Korea": "KP",
    "Democratic Republic of the Congo": "CD",
    "DR Congo": "CD",
    "DRC": "CD",
    "Iran (Islamic Republic of)": "IR",
    "Ivory Coast": "CI",
    "Kosovo (as per UNSCR 1244)": "XK",
    "Lao People's Democratic Republic": "LA",
    "Lao PDR": "LA",
    "Micronesia (Federated States of)": "FM",
    "Palestine": "PS",
    "Republic of Korea": "KR",
    "Republic of Moldova": "MD",
    "República de Moldova": "MD",
    "Russian Federation": "RU",
    "State of Palestine": "PS",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "The Gambia": "GM",
    "Timor Leste": "TL",
    "Turkey": "TR",
    "United Republic of Tanzania": "TZ",
    "United States": "US",
    "Venezuela (Bolivarian Republic of)": "VE",
    "Viet Nam": "VN",
}


def country_code(name: str) -> str | None:
    """The two-letter code of a country named in English, Spanish or French; None when unknown."""
    return _codes_by_name().get(_plain(name))


def country_name(code: str, language: Language = Language.EN) -> str | None:
    """The country's name in a language; None when no country has this code."""
    return _names(language.value).get(code.upper())


def countries_named(text: str) -> list[str]:
    """The codes of the countries a text names by their whole names, each once."""
    words = f" {_plain(text)} "
    found = {
        code: words.index(f" {name} ")
        for name, code in _codes_by_name().items()
        if f" {name} " in words
    }
    return sorted(found, key=lambda code: found[code])


def _names(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    return dict(_spellings())


def _spellings() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for code, name in _names(language).items():
            yield _plain(name), code
    for name, code in UNITED_NATIONS_NAMES.items():
        yield _plain(name), code


def _plain(name: str) -> str:
    """Folded, and without the marks that spellings differ in ("Côte d’Ivoire", "Guinea-Bissau")."""
    words = "".join(sign if sign.isalnum() else " " for sign in folded(name).replace("&", " and "))
    return " ".join(words.split()).removeprefix("the ")
