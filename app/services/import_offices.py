"""Whose form is it: the office named, the country on the page, or the only office there is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.countries import countries_named, country_code, country_name
from app.domain.refusals import InvalidError, Problem
from app.exchange.plan_readings import Fitted
from app.language.sentences import Sentence, sentence
from models import Office


def office_for(
    session: Session,
    *,
    code: str | None,
    country: str,
    statement: str,
    earlier: Sequence[int],
    fitted: Fitted,
) -> Office:
    """The office a form belongs to; an office that was created is flagged.

    ``code`` is the office named beside the file, ``country`` what its page says ("" when
    nothing). Where neither tells: the one office this very content was imported for ``earlier``
    (ids), else the only office there is; before there is any, the one country the challenge
    ``statement`` names. Raises InvalidError beside "office" when none of it tells.
    """
    on_page = country_code(country) if country else None
    if code:
        _flag_foreign_page(code, on_page, country, fitted)
        return _named(session, code, fitted)
    if on_page:
        return _named(session, on_page, fitted)
    if len(earlier) == 1:
        return session.get_one(Office, earlier[0])
    if country:
        raise _refused(
            sentence(
                "The page is from “%(country)s”, which is the name of no country: say which"
                " office it belongs to (--office).",
                country=country,
            )
        )
    return _only_office(session, statement, fitted)


def _named(session: Session, code: str, fitted: Fitted) -> Office:
    code = code.strip().upper()
    office = session.scalar(select(Office).where(Office.code == code))
    return office or _created(session, code, fitted)


def _created(session: Session, code: str, fitted: Fitted) -> Office:
    country = country_name(code)
    if country is None:
        raise _refused(
            sentence(
                "There is no office %(code)s, and no country has this code: use the two-letter"
                " code of the country, like PE.",
                code=code,
            )
        )
    office = Office(code=code, name=f"UNDP {country} Accelerator Lab")
    session.add(office)
    session.flush()
    fitted.flag(
        "country",
        sentence(
            "Office %(code)s (%(name)s) was new and was created.", code=code, name=office.name
        ),
    )
    return office


def _only_office(session: Session, statement: str, fitted: Fitted) -> Office:
    offices = session.scalars(select(Office).order_by(Office.code).limit(2)).all()
    if len(offices) == 1:
        return offices[0]
    named = countries_named(statement)
    if not offices and len(named) == 1:
        return _named(session, named[0], fitted)
    raise _refused(sentence("Say which office the file belongs to (--office PE, for example)."))


def _flag_foreign_page(code: str, on_page: str | None, country: str, fitted: Fitted) -> None:
    if on_page and on_page != code.strip().upper():
        fitted.flag(
            "country",
            sentence(
                "The page is from %(country)s; it was taken in for office %(code)s as asked.",
                country=country,
                code=code.strip().upper(),
            ),
        )


def _refused(message: Sentence) -> InvalidError:
    return InvalidError([Problem("office", message)])
