"""E-mails, devices, codes, and where administrators reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import office_code_fault, programme_code_fault
from app.domain.devices import device_name
from app.domain.emails import fault_of, read_email
from app.domain.refusals import NotAllowedError
from app.domain.roles import (
    Place,
    Reach,
    misplacement_of,
    reach_of,
    refuse_account,
    refuse_outside,
)
from models import Membership, Office, Person, Programme
from models.vocabulary import Role

PERU, ECUADOR = Office(id=1, code="PE", name="Peru"), Office(id=2, code="EC", name="Ecuador")
MARKETS = Programme(id=11, office_id=1, code="PE-MERCADOS", name_en="", name_es="Mercados")
ISLANDS = Programme(id=21, office_id=2, code="EC-ISLAS", name_en="", name_es="Islas")
PLACES = [Place(), Place(PERU), Place(ECUADOR), Place(programme=MARKETS), Place(programme=ISLANDS)]


def holder(*held: tuple[Role, Place]) -> Person:
    return Person(
        name="Somebody",
        memberships=[
            Membership(
                role=role,
                office=place.office,
                programme=place.programme,
                office_id=place.office.id if place.office else None,
                programme_id=place.programme.id if place.programme else None,
            )
            for role, place in held
        ],
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Rosa@Example.ORG ", "rosa@example.org"),
        ("JOSÉ@perú.pe", "josé@perú.pe"),
        ("jose\u0301@example.org", "josé@example.org"),
    ],
)
def test_an_e_mail_has_one_spelling(typed: str, read: str) -> None:
    assert read_email(typed) == read
    assert fault_of(read) is None


@pytest.mark.parametrize(
    "typed", ["", "rosa", "rosa@", "@example.org", "a@b@c", "a b@c.d", "a\0@b.c", "a\u200b@b.c"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert "Write an e-mail address" in str(fault_of(read_email(typed)))


def test_an_address_longer_than_any_is_refused() -> None:
    assert "at most 254" in str(fault_of("a" * 250 + "@b.pe"))


@given(st.text())
def test_reading_an_e_mail_twice_changes_nothing(typed: str) -> None:
    assert read_email(read_email(typed)) == read_email(typed)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; SM-A155M) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        ("Firefox/132.0", "Firefox"),
        ("curl/8.5", "A device that does not say what it is"),
        ("", "A device that does not say what it is"),
    ],
)
def test_a_device_is_called_as_its_owner_would(user_agent: str, name: str) -> None:
    assert str(device_name(user_agent)) == name


@pytest.mark.parametrize("code", ["PE", "EC", "RO1", "PACIFICO"])
def test_office_codes_are_letters_and_digits(code: str) -> None:
    assert office_code_fault(code) is None


@pytest.mark.parametrize("code", ["", "P", "pe", "PE-1", "PE 1", "PERÚ", "ABCDEFGHIJK"])
def test_other_office_codes_are_refused(code: str) -> None:
    assert "2 to 10 letters" in str(office_code_fault(code))


def test_programme_codes_may_hold_hyphens_between() -> None:
    assert programme_code_fault("PE-INCLUSION-2") is None
    for code in ("", "-PE", "PE-", "PE--X", "pe-x", "PE_X", "P" * 41):
        assert "PE-INCLUSION" in str(programme_code_fault(code))


def test_administrators_of_the_installation_reach_everything() -> None:
    reach = reach_of(holder((Role.ADMIN, Place())))
    assert all(reach.covers(place) for place in PLACES)


def test_administrators_of_an_office_reach_it_and_its_programmes_only() -> None:
    reach = reach_of(holder((Role.ADMIN, Place(PERU)), (Role.HEAD, Place(ECUADOR))))
    assert [reach.covers(place) for place in PLACES] == [False, True, False, True, False]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("place", PLACES)
def test_other_roles_reach_nobody(role: Role, place: Place) -> None:
    reach = reach_of(holder((role, place)))
    assert not any(reach.covers(each) for each in PLACES)


def test_a_role_reached_is_no_licence_for_the_whole_account() -> None:
    peru = Reach(office_ids=frozenset({1}))
    refuse_account(
        peru, holder((Role.STAFF, Place(PERU)), (Role.OFFICER, Place(programme=MARKETS)))
    )
    for more in (Place(), Place(ECUADOR), Place(programme=ISLANDS)):
        with pytest.raises(NotAllowedError, match="outside the offices"):
            refuse_account(peru, holder((Role.STAFF, Place(PERU)), (Role.READER, more)))
    with pytest.raises(NotAllowedError):
        refuse_account(peru, holder())


def test_giving_outside_is_refused_in_words() -> None:
    with pytest.raises(NotAllowedError, match="only in the offices you administer"):
        refuse_outside(Reach(office_ids=frozenset({1})), Place())


def test_a_programme_has_no_administrator_and_belongs_to_its_office() -> None:
    assert "not a programme" in str(misplacement_of(Role.ADMIN, Place(programme=MARKETS)))
    assert "not one of office EC" in str(misplacement_of(Role.STAFF, Place(ECUADOR, MARKETS)))
    assert misplacement_of(Role.OFFICER, Place(PERU, MARKETS)) is None
