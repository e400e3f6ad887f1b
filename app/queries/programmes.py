"""Programmes and what is tried in them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.names import folded
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.scope import Scope
from models import Experiment, ExperimentProgramme, Membership, Office, Person, Programme
from models.vocabulary import ExperimentState, Role, Stage


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme and how many of its experiments stand at each stage."""

    programme: Programme
    at_stage: Counter[Stage]
    running: int

    @property
    def experiments(self) -> int:
        """All of them."""
        return self.at_stage.total()


def programmes_in(session: Session, *, scope: Scope) -> list[Programme]:
    """The programmes a scope reaches, by code."""
    return list(session.scalars(_reached(scope).options(joinedload(Programme.office))))


def programme_lines(session: Session, *, scope: Scope) -> list[ProgrammeLine]:
    """Every programme of the scope with its counts, in two statements."""
    programmes = programmes_in(session, scope=scope)
    counted = session.execute(
        select(ExperimentProgramme.programme_id, Experiment.stage, Experiment.state, func.count())
        .join(Experiment, Experiment.id == ExperimentProgramme.experiment_id)
        .group_by(ExperimentProgramme.programme_id, Experiment.stage, Experiment.state)
    ).all()
    return [
        _line(
            programme,
            [(stage, state, n) for key, stage, state, n in counted if key == programme.id],
        )
        for programme in programmes
    ]


def programme_by_code(session: Session, code: str, *, scope: Scope) -> Programme:
    """One programme, or UnknownError when it is not open to this scope."""
    programme = session.scalar(
        _reached(scope).where(Programme.code == code).options(joinedload(Programme.office))
    )
    if programme is None:
        raise UnknownError(sentence("There is no programme %(code)s open to you.", code=code))
    return programme


def officers_of(session: Session, programmes: Sequence[Programme]) -> dict[str, str]:
    """Who may review for each programme: the names by its code, "" where there is nobody."""
    held = session.execute(
        select(Person.name, Membership.programme_id, Membership.office_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.OFFICER, Person.disabled_at.is_(None))
    ).all()
    names: dict[str, set[str]] = {one.code: set() for one in programmes}
    for one in programmes:
        for name, programme_id, office_id in held:
            if programme_id == one.id or office_id == one.office_id:
                names[one.code].add(name)
    # Names alike but for their accents still have one order: the snapshot's digest hangs on it.
    return {
        code: ", ".join(sorted(each, key=lambda name: (folded(name), name)))
        for code, each in names.items()
    }


def experiments_of(session: Session, programme: Programme) -> Sequence[ExperimentProgramme]:
    """The programme's links to experiments, with what a list of them shows."""
    return session.scalars(
        select(ExperimentProgramme)
        .join(Experiment, Experiment.id == ExperimentProgramme.experiment_id)
        .where(ExperimentProgramme.programme_id == programme.id)
        .options(
            joinedload(ExperimentProgramme.experiment).options(
                joinedload(Experiment.owner), selectinload(Experiment.decisions)
            )
        )
        .order_by(Experiment.code)
    ).all()


def offices_in(session: Session, *, scope: Scope) -> list[Office]:
    """The offices a scope sees whole."""
    offices = select(Office).order_by(Office.code)
    if not scope.everything:
        offices = offices.where(Office.id.in_(scope.office_ids))
    return list(session.scalars(offices))


def _reached(scope: Scope) -> Select[Programme]:
    programmes = select(Programme).order_by(Programme.code)
    if scope.everything:
        return programmes
    return programmes.where(
        or_(Programme.id.in_(scope.programme_ids), Programme.office_id.in_(scope.office_ids))
    )


def _line(
    programme: Programme, counted: Sequence[tuple[Stage, ExperimentState, int]]
) -> ProgrammeLine:
    at_stage: Counter[Stage] = Counter()
    for stage, _, count in counted:
        at_stage[stage] += count
    running = sum(count for _, state, count in counted if state is ExperimentState.RUNNING)
    return ProgrammeLine(programme=programme, at_stage=at_stage, running=running)
