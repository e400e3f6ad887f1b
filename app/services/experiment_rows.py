"""Lay an experiment's core and blocks over its rows, keeping the rows that others point at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from app.clock import day_of
from app.domain.experiments import Blocks, Core, cost_in_usd, each_once
from app.domain.locks import why_closed
from app.domain.names import folded
from app.domain.plan_content import PartnerEntry
from app.domain.quarters import read_quarter
from app.domain.refusals import Problem
from app.domain.reviews import why_it_stays
from app.domain.texts import quoted
from app.language.sentences import sentence
from app.queries.choices import places, possible_owners, programmes_of_offices
from app.queries.quarters import closed_for
from app.queries.reviews import unsettled_reviews
from app.services.plan_rows import lay_partners
from models import (
    Experiment,
    ExperimentProgramme,
    Hypothesis,
    LearningQuestion,
    Metric,
    Office,
    Person,
    Place,
    Plan,
    Programme,
)
from models.vocabulary import ProgrammeRole, Verdict

LAID_APART = {"contributing_programme_ids", "partners", "ubigeos", "cost_actual_usd", "repeats"}


@dataclass(frozen=True)
class Offered:
    """The records of an office that its experiments may name, by their keys."""

    programmes: dict[int, Programme]
    owners: dict[int, Person]
    questions: dict[int, LearningQuestion]
    places: dict[str, Place]


def offered_by(session: Session, office_id: int, core: Core) -> Offered:
    """What the office offers; of its learning questions only the one the core names."""
    asked = (
        select(LearningQuestion)
        .join(LearningQuestion.plan)
        .where(LearningQuestion.id == core.learning_question_id, Plan.office_id == office_id)
        .options(contains_eager(LearningQuestion.plan))
    )
    return Offered(
        programmes={row.id: row for row in programmes_of_offices(session, [office_id])},
        owners={row.id: row for row in possible_owners(session, [office_id])},
        questions={row.id: row for row in session.scalars(asked)},
        places={row.ubigeo: row for row in places(session)},
    )


def core_problems(offered: Offered, core: Core, *, present_owner: int | None) -> Iterator[Problem]:
    """Whether programme, owner and question are the office's; a present owner may stay."""
    if core.lead_programme_id not in offered.programmes:
        said = sentence("Choose one of the programmes listed.")
        yield Problem("lead_programme_id", said)
    if core.owner_id not in offered.owners and core.owner_id != present_owner:
        yield Problem("owner_id", sentence("The owner is somebody of the office's lab staff."))
    if core.learning_question_id is not None and not offered.questions:
        said = sentence("Choose one of the learning questions listed.")
        yield Problem("learning_question_id", said)


def block_problems(offered: Offered, blocks: Blocks) -> Iterator[Problem]:
    """Whether contributing programmes and places are among those there are."""
    if not set(blocks.contributing_programme_ids) <= set(offered.programmes):
        said = sentence("Choose one of the programmes listed.")
        yield Problem("contributing_programme_ids", said)
    if not set(blocks.ubigeos) <= set(offered.places):
        yield Problem("ubigeos", sentence("Choose among the departments listed."))


def leaving_problems(
    session: Session, experiment: Experiment, core: Core, blocks: Blocks, *, at: datetime
) -> Iterator[Problem]:
    """Whether a programme leaves before its review, of a quarter that is open to it, is settled."""
    staying = {core.lead_programme_id, *blocks.contributing_programme_ids}
    leaving = {row.programme_id: row for row in experiment.programmes}
    for review in unsettled_reviews(session, experiment.id, leaving.keys() - staying):
        quarter = read_quarter(review.quarter, today=day_of(at))
        closed = closed_for(session, experiment.office_id, quarter, experiment.id)
        if why_closed(closed, experiment.code, at=at) is None:
            row = leaving[review.programme_id]
            is_lead = row.role is ProgrammeRole.LEAD
            field = "lead_programme_id" if is_lead else "contributing_programme_ids"
            yield Problem(field, why_it_stays(review.state, row.programme.code, review.quarter))


def repeated_by(session: Session, code: str) -> Experiment | None:
    """The experiment of this code, of whatever office: others' are worth repeating."""
    return session.scalar(select(Experiment).where(Experiment.code == code)) if code else None


def repetition_problems(
    experiment: Experiment, code: str, repeated: Experiment | None
) -> Iterator[Problem]:
    """Whether there is such an experiment, and it is another one that does not repeat this one."""
    if code and repeated is None:
        said = sentence("There is no experiment %(code)s here.", code=quoted(code))
        yield Problem("repeats", said)
    elif repeated is experiment:
        yield Problem("repeats", sentence("An experiment does not repeat itself."))
    elif repeated is not None and repeated.repeats_id == experiment.id:
        said = sentence("%(code)s repeats this one already.", code=code)
        yield Problem("repeats", said)


def new_row(office: Office, *, code: str) -> Experiment:
    """A row without content, its parts known to be empty."""
    return Experiment(
        office=office,
        office_id=office.id,
        code=code,
        owner=None,
        learning_question=None,
        programmes=[],
        places=[],
        partnerships=[],
        stages=[],
        hypotheses=[],
        metrics=[],
        registration=None,
        repeats=None,
        decisions=[],
        verdict=Verdict.NOT_ASSESSABLE,
        evidence_level=0,
    )


def lay_core(experiment: Experiment, core: Core, offered: Offered) -> None:
    """The core, but for the programmes."""
    _put(experiment, "title", core.title)
    _put(experiment, "learning_intent", core.learning_intent)
    if core.owner_id is not None and core.owner_id != experiment.owner_id:
        experiment.owner = offered.owners[core.owner_id]
    if core.learning_question_id != experiment.learning_question_id:
        experiment.learning_question = next(iter(offered.questions.values()), None)


def lay_blocks(session: Session, experiment: Experiment, blocks: Blocks, offered: Offered) -> None:
    """The optional blocks, but for the programmes."""
    for name in Blocks.__dataclass_fields__.keys() - LAID_APART:
        _put(experiment, name, getattr(blocks, name))
    _put(experiment, "cost_actual_usd", cost_in_usd(blocks))
    chosen = [offered.places[ubigeo] for ubigeo in sorted(set(blocks.ubigeos))]
    if experiment.places != chosen:
        experiment.places = chosen
    partners = _partners(experiment, blocks.partners)
    lay_partners(session, experiment.partnerships, partners, respell=True)


def lay_programmes(experiment: Experiment, core: Core, blocks: Blocks, offered: Offered) -> None:
    """Exactly these programmes, one of them leading; rows that stay keep their identity."""
    roles = dict.fromkeys(blocks.contributing_programme_ids, ProgrammeRole.CONTRIBUTING)
    if core.lead_programme_id is not None:
        roles[core.lead_programme_id] = ProgrammeRole.LEAD
    rows = {row.programme_id: row for row in experiment.programmes}
    for programme_id in rows.keys() - roles.keys():
        experiment.programmes.remove(rows[programme_id])
    for programme_id, role in roles.items():
        row = rows.get(programme_id)
        if row is None:
            programme = offered.programmes[programme_id]
            experiment.programmes.append(ExperimentProgramme(programme=programme, role=role))
        elif row.role is not role:
            row.role = role


def _put(experiment: Experiment, name: str, value: object) -> None:
    """Assign only what differs, so that an unchanged row stays unchanged; ticks have no order."""
    before = getattr(experiment, name)
    if isinstance(value, tuple):
        if set(before or ()) != set(value):
            setattr(experiment, name, list(value))
    elif before != value:
        setattr(experiment, name, value)


def _partners(experiment: Experiment, names: Sequence[str]) -> list[PartnerEntry]:
    """The named partners, each once; what was known of a partnership stays with it."""
    known = {folded(row.partner.name): row for row in experiment.partnerships}
    return [_partner(name, known.get(folded(name))) for name in each_once(names)]


def _partner(name: str, row: object) -> PartnerEntry:
    kept = ("sector", "collaboration", "new_and_unusual")
    return PartnerEntry(name, **{field: getattr(row, field) for field in kept if row})


def next_position(
    session: Session, kind: type[Hypothesis] | type[Metric], experiment: Experiment
) -> int:
    """The place after the last one ever given: a removed part keeps its own for its return."""
    last = select(func.max(kind.position)).where(kind.experiment_id == experiment.id)
    return (session.scalar(last) or 0) + 1
