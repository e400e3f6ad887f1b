"""Plans: the list with what each lacks, and one plan whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.plans import PlanOutline
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.listing import ListPage, page_within
from app.queries.scope import Scope
from models import (
    Experiment,
    ExperimentProgramme,
    LearningQuestion,
    Metric,
    Partnership,
    Plan,
    PlanEvidence,
    Programme,
    Reflection,
)
from models.vocabulary import ChallengeType, EvidenceKind

PAGE_SIZE = 25


@dataclass(frozen=True)
class PlanFilters:
    """What a list of plans is narrowed to. ``words``: each must occur somewhere in the plan."""

    office_id: int | None = None
    year: int | None = None
    challenge_type: ChallengeType | None = None
    words: str = ""


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list, and the counts that say what it lacks."""

    plan: Plan
    outline: PlanOutline


@dataclass(frozen=True)
class QuestionExperiments:
    """The experiments under one learning question: those open to the reader, and all counted."""

    experiments: Sequence[Experiment] = field(default_factory=tuple)
    count: int = 0


def plans_page(
    session: Session, *, scope: Scope, filters: PlanFilters, page: int = 1
) -> ListPage[PlanLine]:
    """A page of plans, newest year first; three statements however many there are."""
    wanted = [_reached(scope), *_narrowed(filters)]
    total = session.scalar(select(func.count()).select_from(Plan).where(*wanted)) or 0
    page = page_within(page, total=total, size=PAGE_SIZE)
    rows = session.execute(
        _with_counts()
        .where(*wanted)
        .options(joinedload(Plan.office))
        .order_by(Plan.year.desc(), Plan.code)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return ListPage([_line(row) for row in rows], total, page, PAGE_SIZE)


def years_of_plans(session: Session, *, scope: Scope) -> Sequence[int]:
    """The years that have plans, newest first."""
    years = select(Plan.year).where(_reached(scope)).distinct().order_by(Plan.year.desc())
    return session.scalars(years).all()


def plan_by_code(session: Session, code: str, *, scope: Scope) -> Plan:
    """A whole plan: office, evidence, partners in rank, questions. UnknownError when not open."""
    plan = session.scalar(
        select(Plan)
        .where(Plan.code == code, _reached(scope))
        .options(
            joinedload(Plan.office),
            joinedload(Plan.created_by),
            selectinload(Plan.evidence),
            selectinload(Plan.partnerships),
            selectinload(Plan.learning_questions),
        )
    )
    if plan is None:
        raise UnknownError(sentence("There is no plan %(code)s open to you.", code=code))
    return plan


def experiments_by_question(
    session: Session, plan: Plan, *, scope: Scope
) -> dict[int, QuestionExperiments]:
    """Question id → its experiments. The reader sees those of the scope; the count is of all."""
    ids = [question.id for question in plan.learning_questions]
    rows = session.execute(
        select(Experiment, _experiment_reached(scope))
        .where(Experiment.learning_question_id.in_(ids))
        .order_by(Experiment.code)
    ).all()
    return {
        key: QuestionExperiments(
            [row for row, is_open in rows if is_open and row.learning_question_id == key],
            sum(row.learning_question_id == key for row, _ in rows),
        )
        for key in ids
    }


def experiments_answering(session: Session, plan: Plan) -> Sequence[Experiment]:
    """All experiments of a plan's questions, with decisions and readings, whoever may open them."""
    return session.scalars(
        select(Experiment)
        .join(LearningQuestion, Experiment.learning_question_id == LearningQuestion.id)
        .where(LearningQuestion.plan_id == plan.id)
        .options(
            selectinload(Experiment.decisions),
            selectinload(Experiment.metrics).selectinload(Metric.measurements),
        )
        .order_by(Experiment.code)
    ).all()


def reflections_of(session: Session, plan: Plan) -> Sequence[Reflection]:
    """The closing forms of a plan, newest last."""
    return session.scalars(
        select(Reflection)
        .where(Reflection.plan_id == plan.id)
        .options(selectinload(Reflection.partnerships))
        .order_by(Reflection.id)
    ).all()


def partnerships_under(
    session: Session, plan: Plan, *, scope: Scope
) -> tuple[list[Partnership], int]:
    """The partners of the experiments of a plan's questions.

    Those of the scope's experiments, and how many experiments with partners lie outside it.
    """
    rows = session.execute(
        select(Partnership, _experiment_reached(scope))
        .join(Experiment, Partnership.experiment_id == Experiment.id)
        .join(LearningQuestion, Experiment.learning_question_id == LearningQuestion.id)
        .where(LearningQuestion.plan_id == plan.id)
        .order_by(Experiment.code, Partnership.rank)
    ).all()
    unseen = {row.experiment_id for row, is_open in rows if not is_open}
    return [row for row, is_open in rows if is_open], len(unseen)


def waiting_reflections(session: Session, *, scope: Scope) -> Sequence[Reflection]:
    """Imported closing forms that found no plan yet."""
    return session.scalars(
        select(Reflection)
        .where(Reflection.plan_id.is_(None), _in_office(Reflection.office_id, scope))
        .order_by(Reflection.title, Reflection.id)
    ).all()


def reflection_by_id(session: Session, key: int, *, scope: Scope) -> Reflection:
    """One closing form with its partners and plan. UnknownError when not open."""
    reflection = session.scalar(
        select(Reflection)
        .where(Reflection.id == key, _in_office(Reflection.office_id, scope))
        .options(selectinload(Reflection.partnerships), joinedload(Reflection.plan))
    )
    if reflection is None:
        raise UnknownError(sentence("There is no such reflection open to you."))
    return reflection


def plans_of_office(session: Session, office_id: int) -> Sequence[Plan]:
    """The office's plans, newest first: what a reflection or an experiment may belong to."""
    plans = select(Plan).where(Plan.office_id == office_id)
    return session.scalars(plans.order_by(Plan.year.desc(), Plan.code)).all()


def _reached(scope: Scope) -> ColumnElement[bool]:
    return _in_office(Plan.office_id, scope)


def _in_office(column: Any, scope: Scope) -> ColumnElement[bool]:
    """Offices seen whole, and the offices of programmes: an officer reads the plans behind."""
    if scope.everything:
        return column.is_not(None)  # type: ignore[no-any-return]
    of_programmes = select(Programme.office_id).where(Programme.id.in_(scope.programme_ids))
    return or_(column.in_(scope.office_ids), column.in_(of_programmes))


def _experiment_reached(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return Experiment.id.is_not(None)
    served = select(ExperimentProgramme.experiment_id).where(
        ExperimentProgramme.programme_id.in_(scope.programme_ids)
    )
    return or_(Experiment.office_id.in_(scope.office_ids), Experiment.id.in_(served))


def _narrowed(filters: PlanFilters) -> list[ColumnElement[bool]]:
    exact = (
        (Plan.office_id, filters.office_id),
        (Plan.year, filters.year),
        (Plan.challenge_type, filters.challenge_type),
    )
    narrowed: list[ColumnElement[bool]] = [
        column == value for column, value in exact if value is not None
    ]
    return [*narrowed, *(_says(word) for word in filters.words.split()[:8])]


def _says(word: str) -> ColumnElement[bool]:
    """Whether the word occurs in the plan's texts or questions, without regard to case."""
    texts = (Plan.code, Plan.title, Plan.statement, Plan.background, Plan.tweet)
    asked = select(LearningQuestion.plan_id).where(
        LearningQuestion.text.icontains(word, autoescape=True)
    )
    return or_(*(text.icontains(word, autoescape=True) for text in texts), Plan.id.in_(asked))


def _with_counts() -> Select[Any]:
    questions = _counted(LearningQuestion)
    unanswered = questions.where(
        ~select(Experiment.id)
        .where(Experiment.learning_question_id == LearningQuestion.id)
        .exists()
    )
    evidence = _counted(PlanEvidence)
    return select(
        Plan,
        _counted(Partnership).scalar_subquery().label("partners"),
        questions.scalar_subquery().label("questions"),
        unanswered.scalar_subquery().label("unanswered"),
        evidence.where(PlanEvidence.kind == EvidenceKind.QUANTITATIVE)
        .scalar_subquery()
        .label("quantitative"),
        evidence.where(PlanEvidence.kind == EvidenceKind.QUALITATIVE)
        .scalar_subquery()
        .label("qualitative"),
    )


def _counted(part: Any) -> Select[Any]:
    return select(func.count()).select_from(part).where(part.plan_id == Plan.id).correlate(Plan)


def _line(row: Any) -> PlanLine:
    plan: Plan = row.Plan
    return PlanLine(
        plan,
        PlanOutline(
            challenge_type=plan.challenge_type,
            has_statement=bool(plan.statement),
            has_quantitative=row.quantitative > 0,
            has_qualitative=row.qualitative > 0,
            tweet_length=len(plan.tweet),
            partners=row.partners,
            questions=row.questions,
            questions_without_experiment=row.unanswered,
        ),
    )
