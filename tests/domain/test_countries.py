import pytest

from app.domain.countries import countries_named, country_code, country_name
from models.vocabulary import Language


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Peru", "PE"),
        ("Perú", "PE"),
        ("Pérou", "PE"),
        ("PERU", "PE"),
        ("The Gambia", "GM"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Viet Nam", "VN"),
        ("Guinea-Bissau", "GW"),
        ("Trinidad & Tobago", "TT"),
        ("North Macedonia", "MK"),
        ("Türkiye", "TR"),
        ("State of Palestine", "PS"),
    ],
)
def test_a_country_is_known_by_its_names(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("name", ["", "Pacific", "Barbados and the Eastern Caribbean", "EU"])
def test_what_is_no_country_has_no_code(name: str) -> None:
    assert country_code(name) is None


def test_a_code_has_a_name_in_each_language() -> None:
    assert country_name("pe") == "Peru"
    assert country_name("PE", Language.ES) == "Perú"
    assert country_name("EU") is None
    assert country_name("ZZ") is None


def test_countries_are_found_in_a_text_in_their_order() -> None:
    assert countries_named("How Peru, and later Ecuador, closed the divide") == ["PE", "EC"]
    assert countries_named("Peruvian homes") == []
