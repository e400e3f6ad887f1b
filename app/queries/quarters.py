"""Quarters of an office: where each stands, what was frozen, and what is still open in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from app.clock import day_of
from app.domain.locks import Closed
from app.domain.quarters import Quarter, quarter_kept, quarters_since
from models import (
    Closing,
    Decision,
    Experiment,
    ImpactReview,
    Measurement,
    Membership,
    Metric,
    Nudge,
    OfficeQuarter,
    Person,
    Plan,
    Programme,
    QuarterException,
    ReportIssue,
    StageEntry,
)
from models.vocabulary import ReviewState, Role


@dataclass(frozen=True)
class GivenException:
    """An exception, and the code and title of its experiment."""

    given: QuarterException
    code: str
    title: str


def closed_for(
    session: Session, office_id: int, quarter: Quarter, experiment_id: int | None
) -> Closed:
    """The quarter as an experiment, None for one not logged yet, meets it; one statement."""
    closed_at, until = session.execute(
        select(func.min(Closing.closed_at), func.max(QuarterException.until))
        .select_from(OfficeQuarter)
        .outerjoin(Closing, Closing.office_quarter_id == OfficeQuarter.id)
        .outerjoin(
            QuarterException,
            (QuarterException.office_quarter_id == OfficeQuarter.id)
            & (QuarterException.experiment_id == experiment_id),
        )
        .where(OfficeQuarter.office_id == office_id, OfficeQuarter.quarter == str(quarter))
    ).one()
    return Closed(quarter, day_of(closed_at) if closed_at else None, until)


def acceptances_in(
    session: Session, experiment_id: int, quarter: Quarter
) -> Sequence[tuple[str, datetime]]:
    """Which programmes accepted what the experiment says of the quarter, and when.

    It stays accepted while something new of it is submitted, until the officer returns it.
    """
    rows = session.execute(
        select(Programme.code, ImpactReview.accepted_at)
        .join(ImpactReview, ImpactReview.programme_id == Programme.id)
        .where(
            ImpactReview.experiment_id == experiment_id,
            ImpactReview.quarter == str(quarter),
            ImpactReview.state.in_((ReviewState.ACCEPTED, ReviewState.SUBMITTED)),
            ImpactReview.accepted_at == ImpactReview.reviewed_at,
        )
        .order_by(Programme.code)
    )
    return [(code, accepted_at) for code, accepted_at in rows if accepted_at is not None]


def closed_quarters(session: Session, office_id: int, experiment_id: int) -> list[Closed]:
    """The office's closed quarters as an experiment meets them, the newest first."""
    rows = session.execute(
        select(OfficeQuarter.quarter, func.min(Closing.closed_at), func.max(QuarterException.until))
        .join(Closing, Closing.office_quarter_id == OfficeQuarter.id)
        .outerjoin(
            QuarterException,
            (QuarterException.office_quarter_id == OfficeQuarter.id)
            & (QuarterException.experiment_id == experiment_id),
        )
        .where(OfficeQuarter.office_id == office_id)
        .group_by(OfficeQuarter.quarter)
        .order_by(OfficeQuarter.quarter.desc())
    )
    return [Closed(quarter_kept(name), day_of(closed_at), until) for name, closed_at, until in rows]


def closed_for_each(
    session: Session, quarter: Quarter, experiment_ids: Collection[int]
) -> dict[int, Closed]:
    """The quarter as each of the experiments meets it whose office closed it, by their keys."""
    rows = session.execute(
        select(Experiment.id, func.min(Closing.closed_at), func.max(QuarterException.until))
        .join(OfficeQuarter, OfficeQuarter.office_id == Experiment.office_id)
        .join(Closing, Closing.office_quarter_id == OfficeQuarter.id)
        .outerjoin(
            QuarterException,
            (QuarterException.office_quarter_id == OfficeQuarter.id)
            & (QuarterException.experiment_id == Experiment.id),
        )
        .where(OfficeQuarter.quarter == str(quarter), Experiment.id.in_(experiment_ids))
        .group_by(Experiment.id)
    )
    return {key: Closed(quarter, day_of(closed_at), until) for key, closed_at, until in rows}


def quarters_known(session: Session, office_id: int, *, today: date) -> list[Quarter]:
    """The quarters an office can have: since anything of it is dated to, the newest first."""
    of_office = Experiment.office_id == office_id
    firsts = (
        select(func.min(Plan.year)).where(Plan.office_id == office_id),
        select(func.min(OfficeQuarter.quarter)).where(OfficeQuarter.office_id == office_id),
        select(func.min(Experiment.created_at)).where(of_office),
        select(func.min(Experiment.starts_on)).where(of_office),
        select(func.min(StageEntry.entered_at)).join(Experiment).where(of_office),
        select(func.min(Decision.decided_on)).join(Experiment).where(of_office),
        select(func.min(Measurement.measured_on)).join(Metric).join(Experiment).where(of_office),
    )
    found = session.execute(select(*(one.scalar_subquery() for one in firsts))).one()
    days = [_first_day(one) for one in found if one is not None]
    return quarters_since(min(days, default=today), today=today)


def _first_day(found: int | str | datetime | date) -> date:
    """The first day of a year or of a quarter as it is spelled, or the day of a moment."""
    match found:
        case int():
            return date(found, 1, 1)
        case str():
            return quarter_kept(found).starts_on
        case datetime():
            return day_of(found)
        case _:
            return found


def standing_quarter(session: Session, office_id: int, quarter: str) -> OfficeQuarter | None:
    """The office's quarter as the database holds it at this moment; None: nothing was done yet."""
    return session.scalar(
        select(OfficeQuarter)
        .where(OfficeQuarter.office_id == office_id, OfficeQuarter.quarter == quarter)
        .execution_options(populate_existing=True)
    )


def quarters_of(session: Session, office_id: int) -> dict[str, OfficeQuarter]:
    """What was done with the office's quarters, by their spelling, with their closings."""
    rows = session.scalars(
        select(OfficeQuarter)
        .where(OfficeQuarter.office_id == office_id)
        .options(
            selectinload(OfficeQuarter.closings)
            .joinedload(Closing.closed_by)
            .lazyload(Person.memberships)
        )
    )
    return {row.quarter: row for row in rows}


def newest_closing(session: Session, office_id: int, quarter: str) -> Closing | None:
    """What was frozen last; None while the quarter is not closed."""
    return session.scalar(
        select(Closing)
        .join(OfficeQuarter, OfficeQuarter.id == Closing.office_quarter_id)
        .where(OfficeQuarter.office_id == office_id, OfficeQuarter.quarter == quarter)
        .order_by(Closing.edition.desc())
        .limit(1)
    )


def exceptions_of(session: Session, office_quarter_id: int) -> list[GivenException]:
    """The exceptions of a quarter with their experiments, the one that ends last first."""
    rows = session.execute(
        select(QuarterException, Experiment.code, Experiment.title)
        .join(Experiment, Experiment.id == QuarterException.experiment_id)
        .where(QuarterException.office_quarter_id == office_quarter_id)
        .options(joinedload(QuarterException.given_by).lazyload(Person.memberships))
        .order_by(QuarterException.until.desc(), QuarterException.id.desc())
    )
    return [GivenException(*row) for row in rows]


def exceptions_running(
    session: Session, office_quarter_id: int, experiment_id: int, *, at: datetime
) -> Sequence[QuarterException]:
    """The exceptions of an experiment in a quarter that have not ended."""
    return session.scalars(
        select(QuarterException).where(
            QuarterException.office_quarter_id == office_quarter_id,
            QuarterException.experiment_id == experiment_id,
            QuarterException.until > at,
        )
    ).all()


def nudged_last(session: Session, office_quarter_id: int) -> dict[int, datetime]:
    """When each person was nudged last, by their id."""
    rows = session.execute(
        select(Nudge.person_id, func.max(Nudge.sent_at))
        .where(Nudge.office_quarter_id == office_quarter_id)
        .group_by(Nudge.person_id)
    )
    return dict(rows.all())


def owners_of(session: Session, codes: Collection[str]) -> dict[str, Person]:
    """The owners of experiments, by code."""
    rows = session.execute(
        select(Experiment.code, Person)
        .join(Person, Person.id == Experiment.owner_id)
        .where(Experiment.code.in_(codes), Person.disabled_at.is_(None))
        .options(lazyload(Person.memberships))
    )
    return dict(rows.all())


def officers_by_programme(session: Session, office_id: int) -> dict[str, list[Person]]:
    """Who may review for each programme of the office, by its code and their names."""
    rows = session.execute(
        select(Programme.code, Person)
        .join(
            Membership,
            or_(
                Membership.programme_id == Programme.id,
                Membership.office_id == Programme.office_id,
            ),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Programme.office_id == office_id,
            Membership.role == Role.OFFICER,
            Person.disabled_at.is_(None),
        )
        .options(lazyload(Person.memberships))
        .distinct()
        .order_by(Programme.code, Person.name, Person.id)
    )
    officers: dict[str, list[Person]] = {}
    for code, person in rows:
        officers.setdefault(code, []).append(person)
    return officers


def heads_of(session: Session, office_id: int) -> Sequence[Person]:
    """The heads of experimentation of an office."""
    return session.scalars(
        select(Person)
        .where(
            Person.disabled_at.is_(None),
            Person.memberships.any(
                (Membership.role == Role.HEAD) & (Membership.office_id == office_id)
            ),
        )
        .options(lazyload(Person.memberships))
        .order_by(Person.name)
    ).all()


def reports_of(session: Session, office_id: int, quarter: str) -> Sequence[ReportIssue]:
    """The office's reports of a quarter that were issued, the first of each edition."""
    return session.scalars(
        select(ReportIssue)
        .where(
            ReportIssue.office_id == office_id,
            ReportIssue.quarter == quarter,
            ReportIssue.programme_id.is_(None),
            ReportIssue.issued_at.is_not(None),
        )
        .order_by(ReportIssue.edition, ReportIssue.language, ReportIssue.id)
    ).all()
