"""Take a plan's form in: added, updated, unchanged, or refused."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.names import folded
from app.domain.plan_content import PlanContent, QuestionEntry, changes_between
from app.domain.plans import no_room_for, over_limits
from app.exchange.plan_readings import content_from
from app.language.sentences import sentence
from app.queries.plan_contents import content_of
from app.services import plans
from app.services.arrivals import Arrival, Landed, refuse_overwriting
from app.services.codes import lock_office, next_plan_code
from app.services.imported_pages import keep_page, latest_page, records_like
from app.services.reflection_links import attach_waiting
from models import Experiment, LearningQuestion, Plan
from models.vocabulary import ChallengeType, ImportStatus, PageKind


def take_plan(session: Session, arrival: Arrival) -> Landed:
    """Store the plan, or find that it is here already.

    The same content again changes nothing. Changed content of the same office, year and title
    is laid over the plan unless somebody changed the plan here since: then it is refused.
    """
    lock_office(session, arrival.office.id)
    content = _content(arrival)
    plan = _known(session, arrival, content)
    if plan is None:
        return _added(session, arrival, content)
    page = latest_page(session, plan)
    if page is not None and page.content_sha256 == arrival.digest:
        return Landed(plan, ImportStatus.UNCHANGED, plan.code)
    content = _with_its_rows(session, plan, content, arrival)
    if not changes_between(content_of(plan), content):
        return Landed(plan, ImportStatus.UNCHANGED, plan.code)
    refuse_overwriting(plan, page, name=plan.code)
    return _updated(session, arrival, plan, content)


def _content(arrival: Arrival) -> PlanContent:
    if arrival.document is not None:
        return replace(arrival.document.content(), year=arrival.year)
    return content_from(arrival.reading, year=arrival.year, fitted=arrival.fitted)


def _known(session: Session, arrival: Arrival, content: PlanContent) -> Plan | None:
    """The plan this form was imported as before, else the one of its title and year."""
    alike = records_like(session, PageKind.PLAN, arrival.digest)
    titles = session.execute(
        select(Plan.id, Plan.title, Plan.year)
        .where(Plan.office_id == arrival.office.id)
        .order_by(Plan.year.desc(), Plan.id)
    ).all()
    if arrival.year_is_stated:
        titles = [row for row in titles if row.year == arrival.year]
    found = [row.id for row in titles if row.id in alike] or [
        row.id
        for row in titles
        if row.year == arrival.year and folded(row.title) == folded(content.title)
    ]
    return plans.whole_plan(session, found[0]) if found else None


def _added(session: Session, arrival: Arrival, content: PlanContent) -> Landed:
    _flag_limits(session, arrival, content)
    code = _code(session, arrival, content)
    plan = plans.new_plan(session, arrival.office, content, code=code, by=arrival.by)
    if arrival.document is not None and arrival.document.submitted_at is not None:
        plan.submitted_at = arrival.document.submitted_at
    changes = changes_between(None, content)
    plans.note(session, plan, "plan.imported", by=arrival.by, changes=changes)
    session.flush()
    attach_waiting(session, plan, by=arrival.by)
    _keep(session, arrival, plan)
    return Landed(plan, ImportStatus.ADDED, plan.code)


def _updated(session: Session, arrival: Arrival, plan: Plan, content: PlanContent) -> Landed:
    _flag_limits(session, arrival, content, besides=plan)
    changes = plans.replace_content(session, plan, content)
    plans.note(session, plan, "plan.updated_from_file", by=arrival.by, changes=changes)
    session.flush()
    _keep(session, arrival, plan)
    return Landed(plan, ImportStatus.UPDATED, plan.code)


def _keep(session: Session, arrival: Arrival, plan: Plan) -> None:
    keep_page(
        session,
        plan,
        source=arrival.source,
        reading=arrival.reading,
        flags=arrival.flags,
        unmapped=arrival.unmapped,
        by=arrival.by,
    )


def _code(session: Session, arrival: Arrival, content: PlanContent) -> str:
    """The exported code where it is still free and of this office and year, else the next one."""
    wanted = arrival.document.code if arrival.document else ""
    number = wanted.removeprefix(f"{arrival.office.code}-{content.year}-P")
    is_ours = number != wanted and number.isdecimal() and number.isascii()
    if is_ours and not session.scalar(select(Plan.id).where(Plan.code == wanted)):
        return wanted
    return next_plan_code(session, arrival.office, year=content.year)


def _flag_limits(
    session: Session, arrival: Arrival, content: PlanContent, *, besides: Plan | None = None
) -> None:
    flagged = {flag.field for flag in arrival.reading.flags}
    for problem in over_limits(content):
        if problem.field and problem.field not in flagged:
            arrival.fitted.flag(problem.field, problem.message)
    kind = content.challenge_type
    if kind is None:
        return
    others = _others_of_type(session, arrival, kind, content.year, besides)
    if room := no_room_for(kind, others=others, year=content.year):
        arrival.fitted.flag("challenge_type", room)


def _others_of_type(
    session: Session, arrival: Arrival, kind: ChallengeType, year: int, besides: Plan | None
) -> int:
    """How many other plans of the office, year and type there are, drafts included."""
    counted = select(func.count()).select_from(Plan)
    return (
        session.scalar(
            counted.where(
                Plan.office_id == arrival.office.id,
                Plan.year == year,
                Plan.challenge_type == kind,
                Plan.id != (besides.id if besides else 0),
            )
        )
        or 0
    )


def _with_its_rows(
    session: Session, plan: Plan, content: PlanContent, arrival: Arrival
) -> PlanContent:
    """The content with each question tied to its row: by its words, else by its place.

    A question the file no longer has stays while experiments hang on it.
    """
    rows = {row.id: row for row in plan.learning_questions}
    ids = _matched([*rows.values()], content.learning_questions)
    tied = tuple(
        replace(entry, id=row_id)
        for entry, row_id in zip(content.learning_questions, ids, strict=True)
    )
    left = [row_id for row_id in rows if row_id not in ids]
    held = set(
        session.scalars(
            select(Experiment.learning_question_id).where(Experiment.learning_question_id.in_(left))
        )
    )
    kept = [question for question in content_of(plan).learning_questions if question.id in held]
    for question in kept:
        arrival.fitted.flag(
            "learning_questions",
            sentence(
                "“%(question)s” is no longer in the file; it stays because experiments answer it.",
                question=question.text,
            ),
        )
    return replace(content, learning_questions=(*tied, *kept))


def _matched(rows: list[LearningQuestion], entries: tuple[QuestionEntry, ...]) -> list[int | None]:
    """For each entry the id of its row, each row at most once."""
    free = {row.id: row for row in rows}
    ids: list[int | None] = [None] * len(entries)
    for place, entry in enumerate(entries):
        same = next((row.id for row in free.values() if row.text == entry.text), None)
        if same is not None:
            ids[place] = same
            del free[same]
    for place, row in enumerate(rows):
        if row.id in free and place < len(ids) and ids[place] is None:
            ids[place] = row.id
    return ids
