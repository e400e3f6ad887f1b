"""Experiments: the list with what each lacks, and one or many of them whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.domain.quarters import Quarter
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.evidence import MetricEvidence, evidence_of, main_metric, missing_of
from app.queries.listing import ListPage, page_within
from app.queries.scope import Scope
from models import (
    Amendment,
    Decision,
    Experiment,
    ExperimentProgramme,
    Finding,
    Gate,
    Hypothesis,
    ImpactReview,
    LearningQuestion,
    Measurement,
    Metric,
    Person,
    Programme,
    Registration,
    StageEntry,
)
from models.vocabulary import ExperimentState, ReviewState, Stage, Verdict

PAGE_SIZE = 25
MOST_WORDS = 8
NEWEST_FIRST = "-code"
# People are shown by their names: what they may do is not fetched with them.
ROLES = Person.memberships


@dataclass(frozen=True)
class ExperimentFilters:
    """What a list is narrowed to. ``words``: each must occur. ``sort``: a key of SORTS or "-key".

    ``quarter`` keeps what had begun and not ended in it.
    """

    stage: Stage | None = None
    state: ExperimentState | None = None
    programme: str | None = None
    owner_id: int | None = None
    quarter: Quarter | None = None
    verdict: Verdict | None = None
    level: int | None = None
    words: str = ""
    sort: str = NEWEST_FIRST


@dataclass(frozen=True)
class ExperimentLine:
    """An experiment in a list: its main metric, and how many links of its chain are missing."""

    experiment: Experiment
    main: MetricEvidence | None
    missing: int


SORTS: Mapping[str, ColumnElement[Any]] = {
    "code": Experiment.code.expression,
    "title": func.lower(Experiment.title),
    "stage": case({word: place for place, word in enumerate(Stage)}, value=Experiment.stage),
    "state": case(
        {word: place for place, word in enumerate(ExperimentState)}, value=Experiment.state
    ),
    "verdict": case({word: place for place, word in enumerate(Verdict)}, value=Experiment.verdict),
    "changed": Experiment.changed_at.expression,
}


def list_experiments(
    session: Session, *, scope: Scope, filters: ExperimentFilters, page: int = 1
) -> ListPage[ExperimentLine]:
    """A page of experiments; as many statements for one as for all of them."""
    wanted = [visible(scope), *_narrowed(filters)]
    total = session.scalar(select(func.count()).select_from(Experiment).where(*wanted)) or 0
    page = page_within(page, total=total, size=PAGE_SIZE)
    rows = session.scalars(
        select(Experiment)
        .where(*wanted)
        .options(*_for_a_line())
        .order_by(*_ordered(filters.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return ListPage([_line(row) for row in rows], total, page, PAGE_SIZE)


def experiment_by_code(session: Session, code: str, *, scope: Scope) -> Experiment:
    """A whole experiment: all that its page and its report show. UnknownError when not open."""
    experiment = session.scalar(_whole().where(Experiment.code == code, visible(scope)))
    if experiment is None:
        raise UnknownError(sentence("There is no experiment %(code)s open to you.", code=code))
    return experiment


def experiments_of_programme(
    session: Session, programme_id: int, scope: Scope
) -> Sequence[Experiment]:
    """Every experiment of a programme, whole, by code; as many statements for one as for all."""
    served = _serves(Programme.id == programme_id)
    return session.scalars(_whole().where(served, visible(scope)).order_by(Experiment.code)).all()


def experiments_of_office(session: Session, office_id: int, scope: Scope) -> Sequence[Experiment]:
    """Every experiment of an office, whole, by code; as many statements for one as for all."""
    of_office = Experiment.office_id == office_id
    return session.scalars(
        _whole().where(of_office, visible(scope)).order_by(Experiment.code)
    ).all()


def reviews_of(session: Session, experiment: Experiment) -> Sequence[ImpactReview]:
    """The reviews of an experiment, newest quarter first."""
    return session.scalars(
        select(ImpactReview)
        .where(ImpactReview.experiment_id == experiment.id)
        .options(
            joinedload(ImpactReview.programme),
            joinedload(ImpactReview.reviewed_by).lazyload(ROLES),
            joinedload(ImpactReview.submitted_by).lazyload(ROLES),
            joinedload(ImpactReview.submitted_again_by).lazyload(ROLES),
        )
        .order_by(ImpactReview.quarter.desc(), ImpactReview.id)
    ).all()


def owners_in(session: Session, *, scope: Scope) -> Sequence[Person]:
    """The people who own an experiment of the scope, by name."""
    owning = select(Experiment.owner_id).where(visible(scope))
    return session.scalars(
        select(Person)
        .where(Person.id.in_(owning))
        .options(lazyload(ROLES))
        .order_by(Person.name, Person.id)
    ).all()


def visible(scope: Scope) -> ColumnElement[bool]:
    """The experiments of offices seen whole, and those of the scope's programmes.

    What was handed in to a programme stays open to it, also after it was taken off.
    """
    if scope.everything:
        return Experiment.id.is_not(None)
    return or_(
        Experiment.office_id.in_(scope.office_ids),
        _serves(Programme.id.in_(scope.programme_ids)),
        Experiment.id.in_(
            handed_in(ImpactReview.experiment_id).where(
                ImpactReview.programme_id.in_(scope.programme_ids)
            )
        ),
    )


def handed_in(column: InstrumentedAttribute[int]) -> Select[int]:
    """A column of the reviews that a programme was given to answer."""
    return select(column).where(ImpactReview.state != ReviewState.DRAFT)


def _serves(programme: ColumnElement[bool]) -> ColumnElement[bool]:
    served = select(ExperimentProgramme.experiment_id).join(Programme).where(programme)
    return Experiment.id.in_(served)


def _whole() -> Select[Experiment]:
    return select(Experiment).options(
        joinedload(Experiment.office),
        joinedload(Experiment.learning_question).joinedload(LearningQuestion.plan),
        joinedload(Experiment.owner).lazyload(ROLES),
        selectinload(Experiment.programmes).joinedload(ExperimentProgramme.programme),
        selectinload(Experiment.places),
        joinedload(Experiment.repeats).selectinload(Experiment.programmes),
        selectinload(Experiment.partnerships),
        selectinload(Experiment.stages).joinedload(StageEntry.by).lazyload(ROLES),
        selectinload(Experiment.hypotheses),
        selectinload(Experiment.metrics)
        .selectinload(Metric.measurements)
        .joinedload(Measurement.recorded_by)
        .lazyload(ROLES),
        selectinload(Experiment.metrics).selectinload(Metric.planned_waves),
        joinedload(Experiment.registration).joinedload(Registration.by).lazyload(ROLES),
        joinedload(Experiment.registration)
        .selectinload(Registration.amendments)
        .joinedload(Amendment.by)
        .lazyload(ROLES),
        selectinload(Experiment.findings.and_(Finding.is_current)),
        selectinload(Experiment.decisions).joinedload(Decision.by).lazyload(ROLES),
        selectinload(Experiment.gates).joinedload(Gate.asked_by).lazyload(ROLES),
        selectinload(Experiment.gates).joinedload(Gate.decided_by).lazyload(ROLES),
    )


def _for_a_line() -> list[ORMOption]:
    return [
        joinedload(Experiment.owner).lazyload(ROLES),
        selectinload(Experiment.programmes).joinedload(ExperimentProgramme.programme),
        selectinload(Experiment.hypotheses),
        selectinload(Experiment.metrics).selectinload(Metric.measurements),
        selectinload(Experiment.decisions),
        selectinload(Experiment.stages),
    ]


def _line(experiment: Experiment) -> ExperimentLine:
    metric = main_metric(experiment)
    return ExperimentLine(
        experiment=experiment,
        main=evidence_of(metric) if metric else None,
        missing=len(missing_of(experiment)),
    )


def _narrowed(filters: ExperimentFilters) -> list[ColumnElement[bool]]:
    exact = (
        (Experiment.stage, filters.stage),
        (Experiment.state, filters.state),
        (Experiment.owner_id, filters.owner_id),
        (Experiment.verdict, filters.verdict),
        (Experiment.evidence_level, filters.level),
    )
    narrowed: list[ColumnElement[bool]] = [
        column == value for column, value in exact if value is not None
    ]
    if filters.programme is not None:
        narrowed.append(_serves(Programme.code == filters.programme))
    if filters.quarter is not None:
        narrowed.extend(_active_in(filters.quarter))
    return [*narrowed, *(_says(word) for word in filters.words.split()[:MOST_WORDS])]


def began_on() -> ColumnElement[Any]:
    """The day an experiment starts, else the one it first got anywhere."""
    entered = select(func.min(StageEntry.entered_at)).where(
        StageEntry.experiment_id == Experiment.id
    )
    first_on, made_on = func.date(entered.scalar_subquery()), func.date(Experiment.created_at)
    return func.coalesce(Experiment.starts_on, first_on, made_on)


def _active_in(quarter: Quarter) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        began_on() <= quarter.ends_on,
        or_(Experiment.ends_on.is_(None), Experiment.ends_on >= quarter.starts_on),
    )


def _says(word: str) -> ColumnElement[bool]:
    """Whether the word occurs in the code, the title or the intent, without regard to case."""
    texts = (Experiment.code, Experiment.title, Experiment.learning_intent)
    return or_(*(text.icontains(word, autoescape=True) for text in texts))


def _ordered(sort: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    column = SORTS.get(sort.removeprefix("-"), SORTS["code"])
    is_descending = sort.startswith("-")
    return (column.desc() if is_descending else column.asc(), Experiment.id.desc())


def removed_parts(session: Session, experiment: Experiment) -> list[Hypothesis | Metric]:
    """The hypotheses and the metrics that were taken away, the newest first."""
    found: list[Hypothesis | Metric] = []
    for kind in (Hypothesis, Metric):
        wanted = select(kind).where(
            kind.experiment_id == experiment.id, kind.removed_at.is_not(None)
        )
        found += session.scalars(wanted.options(*_with_readings(kind)))
    return sorted(found, key=lambda part: part.removed_at or part.changed_at, reverse=True)


def _with_readings(kind: type[Hypothesis] | type[Metric]) -> list[ORMOption]:
    if kind is Hypothesis:
        return []
    return [selectinload(Metric.measurements), selectinload(Metric.planned_waves)]
