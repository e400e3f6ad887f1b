"""Take a closing form in, tied to its plan where the plan is known."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.names import folded
from app.domain.plan_content import PartnerEntry
from app.domain.reflections import SHARES, WHOLE
from app.exchange.readings import REFLECTION_FIELDS
from app.language.sentences import sentence
from app.queries.plan_contents import partner_of
from app.services.arrivals import Arrival, Landed, refuse_overwriting
from app.services.codes import lock_office
from app.services.imported_pages import keep_page, latest_page, records_like
from app.services.reflection_links import plan_closed_by
from app.services.reflections import lay, note
from models import Plan, Reflection
from models.base import now
from models.vocabulary import ImportStatus, PageKind

LISTS = ("methods", "data_sources")


def take_reflection(session: Session, arrival: Arrival) -> Landed:
    """Store the closing form, or find that it is here already; as plans are."""
    lock_office(session, arrival.office.id)
    values = _values(arrival)
    partners = arrival.fitted.partners(arrival.reading.partners)
    reflection = _known(session, arrival)
    if reflection is None:
        return _added(session, arrival, values, partners)
    page = latest_page(session, reflection)
    plan = session.get(Plan, reflection.plan_id) if reflection.plan_id else None
    code = plan.code if plan else None
    if page is not None and page.content_sha256 == arrival.digest:
        return Landed(reflection, ImportStatus.UNCHANGED, code)
    if _says(reflection, values, partners):
        return Landed(reflection, ImportStatus.UNCHANGED, code)
    refuse_overwriting(reflection, page, name=reflection.title)
    lay(session, reflection, values, partners)
    reflection.changed_at = now()
    _note(session, plan, "plan.reflection_updated", arrival, reflection)
    return _kept(session, arrival, reflection, ImportStatus.UPDATED, code)


def _values(arrival: Arrival) -> dict[str, Any]:
    reading = arrival.reading
    values: dict[str, Any] = {
        name: reading.fields.get(name, blank) for name, blank in REFLECTION_FIELDS.items()
    }
    shares = [values[name] for name in SHARES]
    if None not in shares and sum(shares) != WHOLE:
        _flag_total(arrival, shares)
        values |= dict.fromkeys(SHARES)  # the page keeps them
    values |= {name: list(reading.listed(name)) for name in LISTS}
    values["title"] = arrival.fitted.title(reading.text("title"))
    values["year"] = arrival.year if arrival.year_is_stated else None
    return values


def _flag_total(arrival: Arrival, shares: list[int]) -> None:
    """Say which shares are not taken over, unless the reader of the form pointed at their total."""
    if any(flag.field == SHARES[0] for flag in arrival.flags):
        return
    said = sentence(
        "The shares of time add up to %(total)s and not to 100 (%(shares)s): the closing form "
        "takes none of them over, what was read keeps them.",
        total=sum(shares),
        shares=" + ".join(map(str, shares)),
    )
    arrival.fitted.flag(SHARES[0], said)


def _known(session: Session, arrival: Arrival) -> Reflection | None:
    alike = records_like(session, PageKind.REFLECTION, arrival.digest)
    year = arrival.year if arrival.year_is_stated else None
    title = folded(arrival.reading.text("title"))
    rows = session.scalars(
        select(Reflection)
        .where(Reflection.office_id == arrival.office.id)
        .order_by(Reflection.id)
        .options(selectinload(Reflection.partnerships))
    ).all()
    same_content = (row for row in rows if row.id in alike and row.year == year)
    same_title = (row for row in rows if folded(row.title) == title and row.year == year)
    return next(same_content, None) or next(same_title, None)


def _added(
    session: Session,
    arrival: Arrival,
    values: dict[str, Any],
    partners: tuple[PartnerEntry, ...],
) -> Landed:
    plan = plan_closed_by(session, arrival.office.id, title=values["title"], year=values["year"])
    reflection = Reflection(
        office_id=arrival.office.id, plan_id=plan.id if plan else None, partnerships=[]
    )
    lay(session, reflection, values, partners)
    session.add(reflection)
    session.flush()
    if plan is None:
        arrival.fitted.flag(
            "title",
            sentence(
                "No plan “%(title)s” of office %(office)s is here yet: the closing form waits"
                " for it.",
                title=reflection.title,
                office=arrival.office.code,
            ),
        )
    _note(session, plan, "plan.reflection_imported", arrival, reflection)
    return _kept(session, arrival, reflection, ImportStatus.ADDED, plan.code if plan else None)


def _says(
    reflection: Reflection, values: dict[str, Any], partners: tuple[PartnerEntry, ...]
) -> bool:
    stored = tuple(partner_of(row) for row in reflection.partnerships)
    same = all(_plain(getattr(reflection, name)) == _plain(values[name]) for name in values)
    return same and stored == partners


def _note(
    session: Session, plan: Plan | None, event: str, arrival: Arrival, reflection: Reflection
) -> None:
    named = {"reflection": [None, reflection.title]}
    note(session, reflection, plan, event, by=arrival.by, changes=named)


def _kept(
    session: Session,
    arrival: Arrival,
    reflection: Reflection,
    status: ImportStatus,
    code: str | None,
) -> Landed:
    session.flush()
    keep_page(
        session,
        reflection,
        source=arrival.source,
        reading=arrival.reading,
        flags=arrival.flags,
        unmapped=arrival.unmapped,
        by=arrival.by,
    )
    return Landed(reflection, status, code)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value
