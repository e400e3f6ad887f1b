"""Offices and programmes: what an operator sets up first."""

import pytest
from sqlalchemy.orm import Session

from app.domain.refusals import InvalidError
from app.services import offices, programmes
from app.services.actor import OPERATOR
from models import Office
from tests.accounts import everything_noted


def test_an_office_is_added_and_written_down(session: Session) -> None:
    office = offices.add(session, code=" pe ", name=" UNDP  Peru ", by=OPERATOR)
    assert (office.code, office.name) == ("PE", "UNDP Peru")
    (entry,) = everything_noted(session)
    assert (entry.subject, entry.event) == ("office:PE", "office.added")


@pytest.mark.parametrize(
    ("code", "name", "fields"),
    [("PE", "", ["name"]), ("P-E", "Peru", ["code"]), ("", "", ["code", "name"])],
)
def test_an_office_needs_a_code_and_a_name(
    session: Session, code: str, name: str, fields: list[str]
) -> None:
    with pytest.raises(InvalidError) as refusal:
        offices.add(session, code=code, name=name, by=OPERATOR)
    assert [problem.field for problem in refusal.value.problems] == fields


def test_a_code_is_used_once(session: Session) -> None:
    office = offices.add(session, code="PE", name="Peru", by=OPERATOR)
    with pytest.raises(InvalidError, match="office PE already"):
        offices.add(session, code="pe", name="Peru again", by=OPERATOR)
    add_programme(session, office)
    with pytest.raises(InvalidError, match="programme PE-INCLUSION already"):
        add_programme(session, office)


def test_a_programme_is_added_with_either_name(session: Session) -> None:
    office = offices.add(session, code="PE", name="Peru", by=OPERATOR)
    programme = add_programme(session, office, name_en="")
    assert (programme.code, programme.name_es) == ("PE-INCLUSION", "Inclusión")
    assert everything_noted(session)[-1].subject == "programme:PE-INCLUSION"
    with pytest.raises(InvalidError) as refusal:
        add_programme(session, office, code="PE X", name_en=" ", name_es="")
    assert [problem.field for problem in refusal.value.problems] == ["code", "name_es"]


def add_programme(session: Session, office: Office, **given: str) -> programmes.Programme:
    facts = {"code": "pe-inclusion", "name_en": "Inclusion", "name_es": "Inclusión"}
    return programmes.add(session, office, by=OPERATOR, **(facts | given))
