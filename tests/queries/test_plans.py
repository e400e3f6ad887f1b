"""The list of plans and one plan whole: who sees what, and how many statements it takes."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.plans import missing_from
from app.domain.refusals import UnknownError
from app.queries.plan_contents import content_of
from app.queries.plans import (
    PAGE_SIZE,
    PlanFilters,
    experiments_by_question,
    plan_by_code,
    plans_page,
    reflection_by_id,
    reflections_of,
    waiting_reflections,
    years_of_plans,
)
from app.queries.scope import EVERYTHING, Scope
from models import Office, Plan, Programme, Reflection
from models.vocabulary import ChallengeType
from tests import factories
from tests.cast import Cast
from tests.conftest import Statements


def titles(session: Session, *, scope: Scope = EVERYTHING, **filters: object) -> list[str]:
    found = plans_page(session, scope=scope, filters=PlanFilters(**filters))
    return [line.plan.title for line in found.lines]


def peru(session: Session, cast: Cast) -> Office:
    return session.get_one(Office, cast.peru.id)


def of_peru(cast: Cast) -> Scope:
    return Scope(office_ids=frozenset({cast.peru.id}))


def test_the_list_shows_the_plans_of_the_scope(session: Session, cast: Cast) -> None:
    factories.a_plan(session, peru(session, cast), title="Ours")
    factories.a_plan(session, session.get_one(Office, cast.ecuador.id), title="Theirs")
    assert titles(session, scope=of_peru(cast)) == ["Ours"]
    assert sorted(titles(session)) == ["Ours", "Theirs"]
    assert titles(session, scope=Scope()) == []


def test_an_officer_reads_the_plans_of_the_programmes_office(session: Session, cast: Cast) -> None:
    factories.a_plan(session, peru(session, cast), title="Ours")
    factories.a_plan(session, session.get_one(Office, cast.ecuador.id), title="Theirs")
    officer = Scope(programme_ids=frozenset({cast.markets.id}))
    assert titles(session, scope=officer) == ["Ours"]


def test_filters_narrow_the_list(session: Session, cast: Cast) -> None:
    office = peru(session, cast)
    markets = factories.a_plan(session, office, title="Markets", year=2025)
    factories.a_plan(
        session, office, title="Schools", challenge_type=ChallengeType.EXPLORATORY, year=2026
    )
    factories.a_question(session, markets, text="Who pays by phone? 100% of them", position=2)
    assert titles(session, year=2025) == ["Markets"]
    assert titles(session, challenge_type=ChallengeType.EXPLORATORY) == ["Schools"]
    assert titles(session, words="PHONE markets") == ["Markets"]
    assert titles(session, words="phone schools") == []
    assert titles(session, words="100%") == ["Markets"]
    assert titles(session, words="%") == ["Markets"]
    assert titles(session, office_id=cast.ecuador.id) == []
    assert years_of_plans(session, scope=of_peru(cast)) == [2026, 2025]


def test_each_line_says_what_its_plan_lacks(session: Session, cast: Cast) -> None:
    office = peru(session, cast)
    plan = factories.a_plan(session, office, challenge_type=None)
    (line,) = plans_page(session, scope=EVERYTHING, filters=PlanFilters()).lines
    said = [str(each) for each in missing_from(line.outline)]
    assert said[:2] == [
        "The challenge type is not stated.",
        "Learning questions without an experiment: 1.",
    ]
    question = plan_by_code(session, plan.code, scope=EVERYTHING).learning_questions[0]
    factories.an_experiment(session, office, learning_question_id=question.id)
    (line,) = plans_page(session, scope=EVERYTHING, filters=PlanFilters()).lines
    assert line.outline.questions_without_experiment == 0


def test_pages_follow_each_other_without_gap_or_repetition(session: Session, cast: Cast) -> None:
    office = peru(session, cast)
    codes = {factories.a_plan(session, office).code for _ in range(PAGE_SIZE + 3)}
    first = plans_page(session, scope=EVERYTHING, filters=PlanFilters())
    second = plans_page(session, scope=EVERYTHING, filters=PlanFilters(), page=2)
    assert first.has_next
    assert not second.has_next
    assert (second.first, second.last) == (PAGE_SIZE + 1, PAGE_SIZE + 3)
    assert {line.plan.code for line in [*first.lines, *second.lines]} == codes
    beyond = plans_page(session, scope=EVERYTHING, filters=PlanFilters(), page=99)
    assert beyond.page == 2


def test_the_list_takes_two_statements_however_long(
    session: Session, cast: Cast, statements: Statements
) -> None:
    office = peru(session, cast)
    for _ in range(20):
        factories.a_plan(session, office)
    session.expire_all()
    statements.clear()
    found = plans_page(session, scope=EVERYTHING, filters=PlanFilters())
    assert {line.plan.office.code for line in found.lines} == {"PE"}
    assert len(statements) == 2


def test_a_plan_takes_as_many_statements_small_or_large(
    engine: Engine, cast: Cast, statements: Statements
) -> None:
    counted = []
    for size in (1, 12):
        with unit_of_work(engine) as session:
            office = peru(session, cast)
            plan = factories.a_plan(session, office)
            for position in range(2, size + 1):
                question = factories.a_question(session, plan, position=position)
                factories.an_experiment(session, office, learning_question_id=question.id)
            for rank in range(1, size + 1):
                factories.a_partnership(session, plan, name=f"Partner {size} {rank}", rank=rank)
            code = plan.code
        with unit_of_work(engine, writes=False) as session:
            statements.clear()
            shown = plan_by_code(session, code, scope=EVERYTHING)
            content = content_of(shown)
            experiments_by_question(session, shown, scope=EVERYTHING)
            reflections_of(session, shown)
            counted.append(len(statements))
        assert len(content.partners) == size
    assert counted[0] == counted[1] <= 7


def test_a_plan_of_another_office_is_unknown(session: Session, cast: Cast) -> None:
    plan = factories.a_plan(session, session.get_one(Office, cast.ecuador.id))
    with pytest.raises(UnknownError):
        plan_by_code(session, plan.code, scope=of_peru(cast))
    assert plan_by_code(session, plan.code, scope=EVERYTHING) is plan


def test_experiments_stand_under_their_question_and_others_are_counted(
    session: Session, cast: Cast
) -> None:
    office = peru(session, cast)
    plan = factories.a_plan(session, office)
    markets, inclusion = (
        session.get_one(Programme, each.id) for each in (cast.markets, cast.inclusion)
    )
    plan = plan_by_code(session, plan.code, scope=EVERYTHING)
    question = plan.learning_questions[0].id
    mine = factories.an_experiment(session, office, markets, learning_question_id=question)
    factories.an_experiment(session, office, inclusion, learning_question_id=question)
    officer = Scope(programme_ids=frozenset({cast.markets.id}))
    found = experiments_by_question(session, plan, scope=officer)[question]
    assert [row.code for row in found.experiments] == [mine.code]
    assert found.count == 2
    assert (
        len(experiments_by_question(session, plan, scope=of_peru(cast))[question].experiments) == 2
    )


def a_reflection(session: Session, office_id: int, plan: Plan | None = None) -> Reflection:
    row = Reflection(office_id=office_id, plan_id=plan.id if plan else None, title="Closing")
    session.add(row)
    session.flush()
    return row


def test_closing_forms_wait_until_they_have_a_plan(session: Session, cast: Cast) -> None:
    plan = factories.a_plan(session, peru(session, cast))
    lonely = a_reflection(session, cast.peru.id)
    a_reflection(session, cast.peru.id, plan)
    a_reflection(session, cast.ecuador.id)
    assert waiting_reflections(session, scope=of_peru(cast)) == [lonely]
    assert len(reflections_of(session, plan)) == 1


def test_a_closing_form_of_another_office_is_unknown(session: Session, cast: Cast) -> None:
    theirs = a_reflection(session, cast.ecuador.id)
    with pytest.raises(UnknownError):
        reflection_by_id(session, theirs.id, scope=of_peru(cast))
