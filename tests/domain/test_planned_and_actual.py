"""What was planned against what was used."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import folded
from app.domain.plan_content import PartnerEntry
from app.domain.planned_and_actual import compared, partners_compared
from models.vocabulary import Sector

NAMES = st.lists(st.sampled_from(["Pilots", "pilots ", "PILOTS", "Étude", "etude", "Maps", ""]))


@given(NAMES, NAMES)
def test_each_name_stands_once_and_where_it_belongs(planned: list[str], actual: list[str]) -> None:
    found = compared(planned=planned, actual=actual)
    kept = [folded(n) for n in (*found.as_planned, *found.not_used, *found.unplanned)]
    meant, used = ({folded(name) for name in names} - {""} for names in (planned, actual))
    assert sorted(kept) == sorted(meant | used)
    assert {folded(name) for name in found.as_planned} == meant & used
    assert {folded(name) for name in found.not_used} == meant - used
    assert {folded(name) for name in found.unplanned} == used - meant


def test_partners_are_one_however_they_are_spelled() -> None:
    found = partners_compared(
        planned=[PartnerEntry("Ministerio de Educación"), PartnerEntry("Agros")],
        actual=[PartnerEntry("MINISTERIO DE  EDUCACION"), PartnerEntry("Yape")],
    )
    assert [each.name for each in found.as_planned] == ["Ministerio de Educación"]
    assert [each.name for each in found.not_used] == ["Agros"]
    assert [each.name for each in found.unplanned] == ["Yape"]


def test_what_one_row_leaves_open_of_a_partner_another_says() -> None:
    found = partners_compared(
        planned=[PartnerEntry("Agros", new_and_unusual=False)],
        actual=[
            PartnerEntry("agros", Sector.PRIVATE_SECTOR, new_and_unusual=True),
            PartnerEntry("Yape"),
            PartnerEntry("Yape", Sector.OTHER, new_and_unusual=True),
        ],
    )
    assert found.as_planned == [PartnerEntry("Agros", Sector.PRIVATE_SECTOR, "", False)]
    assert found.unplanned == [PartnerEntry("Yape", Sector.OTHER, "", True)]


def test_nothing_on_either_side_is_nothing_to_compare() -> None:
    assert partners_compared(planned=[], actual=[]).is_empty
    assert not partners_compared(planned=[], actual=[PartnerEntry("Yape")]).is_empty
