"""Take the form of an experiment in. What its columns do not hold is kept with its page."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.names import folded
from app.domain.partner_names import names_in
from app.domain.plan_content import PartnerEntry
from app.exchange.plan_readings import numbers_in
from app.exchange.readings import PartnerReading, Reading
from app.language.sentences import sentence
from app.services import findings, history, registration
from app.services.arrivals import Arrival, Landed, refuse_overwriting
from app.services.codes import lock_office, next_experiment_code
from app.services.imported_pages import keep_page, latest_page, records_like
from app.services.plan_rows import lay_partners
from models import Experiment, Hypothesis, LearningQuestion, Plan, StageEntry
from models.base import now
from models.vocabulary import (
    Assignment,
    ControlGroup,
    DesignType,
    ExperimentState,
    ImportStatus,
    PageKind,
    Sector,
    Stage,
)

# Column → field of the reading, where the one takes the other as it is.
TEXTS: Mapping[str, str] = {
    "learning_intent": "learning_intent",
    "actions": "actions",
    "unit_of_analysis": "unit_of_analysis",
    "data_collection": "data_collection",
    "timeline": "timeline",
    "cost_note": "actual_cost_text",
    "what_happened": "outcome_statement",
    "obstacles": "obstacles",
    "surprises": "surprises",
    "advice": "advice",
}
LISTS = ("quality_checks", "scaling_outcomes")


def take_experiment(session: Session, arrival: Arrival) -> Landed:
    """Store the experiment, or find that it is here already; as plans are."""
    lock_office(session, arrival.office.id)
    experiment = _known(session, arrival)
    if experiment is None:
        return _added(session, arrival)
    page = latest_page(session, experiment)
    if page is not None and page.content_sha256 == arrival.digest:
        return Landed(experiment, ImportStatus.UNCHANGED, experiment.code)
    refuse_overwriting(experiment, page, name=experiment.code)
    return _updated(session, arrival, experiment)


def _known(session: Session, arrival: Arrival) -> Experiment | None:
    """The experiment this form was imported as before, else the office's one of its title."""
    alike = records_like(session, PageKind.EXPERIMENT, arrival.digest)
    title = folded(arrival.reading.text("title"))
    titles = session.execute(
        select(Experiment.id, Experiment.title)
        .where(Experiment.office_id == arrival.office.id)
        .order_by(Experiment.id)
    ).all()
    found = [row.id for row in titles if row.id in alike] or [
        row.id for row in titles if folded(row.title) == title
    ]
    return session.scalar(
        select(Experiment)
        .where(Experiment.id.in_(found[:1]))
        .options(selectinload(Experiment.partnerships), selectinload(Experiment.hypotheses))
    )


def _added(session: Session, arrival: Arrival) -> Landed:
    state = arrival.reading.text("state")
    experiment = Experiment(
        office=arrival.office,
        office_id=arrival.office.id,
        code=next_experiment_code(session, arrival.office, year=arrival.year),
        stage=Stage.TEST,
        state=ExperimentState(state) if state else ExperimentState.DESIGN,
        created_by_id=arrival.by.id,
        source=arrival.source.file_name,
        partnerships=[],
        hypotheses=[],
    )
    arrival.fitted.flag(
        "stage", sentence("The form does not say its stage: taken as %(stage)s.", stage=Stage.TEST)
    )
    if not state:
        arrival.fitted.flag(
            "state",
            sentence("No status is stated: taken as %(state)s.", state=ExperimentState.DESIGN),
        )
    _lay(session, arrival, experiment)
    session.add(experiment)
    session.flush()
    session.add(
        StageEntry(
            experiment_id=experiment.id,
            stage=experiment.stage,
            state=experiment.state,
            by_id=arrival.by.id,
        )
    )
    _lay_hypothesis(session, experiment, arrival.reading.text("hypothesis"))
    _note(session, arrival, experiment, "experiment.imported", history.values_of(experiment))
    return _kept(session, arrival, experiment, ImportStatus.ADDED)


def _updated(session: Session, arrival: Arrival, experiment: Experiment) -> Landed:
    _lay(session, arrival, experiment)
    state = arrival.reading.text("state")
    if state and state != experiment.state.value:
        arrival.fitted.flag(
            "state",
            sentence(
                "The file says %(state)s; the experiment's own state was left as it is.",
                state=ExperimentState(state),
            ),
        )
    _lay_hypothesis(session, experiment, arrival.reading.text("hypothesis"))
    experiment.changed_at = now()
    changes = history.changes_of(experiment)
    _note(session, arrival, experiment, "experiment.updated_from_file", changes)
    registration.hold_to_plan(session, experiment, reason="", by=arrival.by)
    return _kept(session, arrival, experiment, ImportStatus.UPDATED)


def _lay(session: Session, arrival: Arrival, experiment: Experiment) -> None:
    reading = arrival.reading
    lay_partners(session, experiment.partnerships, _partners(arrival))
    for name, value in _columns(arrival).items():
        setattr(experiment, name, value)
    experiment.learning_question_id = _question_id(session, arrival)
    for name, field in TEXTS.items():
        setattr(experiment, name, reading.text(field))


def _columns(arrival: Arrival) -> dict[str, Any]:
    reading = arrival.reading
    cost = reading.fields.get("actual_cost_usd")
    return {
        "title": arrival.fitted.title(reading.text("title")),
        "design_type": _word(reading, "design_type", DesignType),
        "control_group": _word(reading, "control_group", ControlGroup),
        "assignment": _word(reading, "assignment", Assignment),
        "cost_actual_usd": Decimal(str(cost)) if cost is not None else None,
        "sdgs": list(numbers_in(reading, "sdgs")),
        **{name: list(reading.listed(name)) for name in LISTS},
    }


def _word(reading: Reading, name: str, words: Any) -> Any:
    value = reading.text(name)
    return words(value) if value else None


def _partners(arrival: Arrival) -> tuple[PartnerEntry, ...]:
    """The partners named in one answer, apart; a sector only where one is beside one name."""
    names = names_in(arrival.reading.text("partner_names"))
    sectors = arrival.reading.listed("partner_sectors")
    sector = Sector(sectors[0]) if len(names) == len(sectors) == 1 else None
    if len(names) > 1:
        arrival.fitted.flag(
            "partner_names",
            sentence("The partners stood in one answer and were taken apart: check their names."),
        )
    return arrival.fitted.partners(
        [
            PartnerReading(rank=rank, name=name, sector=sector)
            for rank, name in enumerate(names, start=1)
        ]
    )


def _question_id(session: Session, arrival: Arrival) -> int | None:
    """The learning question the form names, where its words are those of a question here."""
    wanted = folded(arrival.reading.text("learning_question"))
    if not wanted:
        return None
    asked = session.execute(
        select(LearningQuestion.id, LearningQuestion.text)
        .join(Plan, Plan.id == LearningQuestion.plan_id)
        .where(Plan.office_id == arrival.office.id)
        .order_by(Plan.year.desc(), LearningQuestion.id)
    )
    found = next((key for key, text in asked if folded(text) == wanted), None)
    if found is None:
        arrival.fitted.flag(
            "learning_question",
            sentence("No plan of the office asks this learning question: choose one here."),
        )
    return found


def _lay_hypothesis(session: Session, experiment: Experiment, text: str) -> None:
    if not text:
        return
    if not experiment.hypotheses:
        session.add(Hypothesis(experiment_id=experiment.id, position=1, free_text=text))
    elif experiment.hypotheses[0].version == 1:
        experiment.hypotheses[0].free_text = text


def _note(
    session: Session, arrival: Arrival, experiment: Experiment, event: str, changes: Any
) -> None:
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=event,
        by=arrival.by,
        changes=changes,
    )


def _kept(
    session: Session, arrival: Arrival, experiment: Experiment, status: ImportStatus
) -> Landed:
    findings.recompute(session, experiment)
    keep_page(
        session,
        experiment,
        source=arrival.source,
        reading=arrival.reading,
        flags=arrival.flags,
        unmapped=arrival.unmapped,
        by=arrival.by,
    )
    return Landed(experiment, status, experiment.code)
