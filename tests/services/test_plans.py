"""Plans as people write them: codes, questions that keep their experiments, limits, versions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotReadyError, RefusalError
from app.queries.plan_contents import content_of
from app.services import plans
from app.services.actor import OPERATOR, Actor
from models import HistoryEntry, LearningQuestion, Office, Partner, Plan
from models.vocabulary import ChallengeType, Door, EvidenceKind, Sector
from tests import factories
from tests.cast import Cast

AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
CONTENT = PlanContent(
    title="Digitalization",
    year=2026,
    challenge_type=ChallengeType.BIG_BET,
    statement="Our challenge is that rural homes have no internet.",
    evidence=(EvidencePiece(EvidenceKind.QUANTITATIVE, "5.9 %", "https://inei.gob.pe"),),
    partners=(
        PartnerEntry("Agros", Sector.PRIVATE_SECTOR, "Advice for farmers", True),
        PartnerEntry("Yape"),
    ),
    learning_questions=(QuestionEntry("How are homes connected?"), QuestionEntry("Who pays?")),
)


def add(session: Session, cast: Cast, **change: object) -> Plan:
    content = replace(CONTENT, **change)
    return plans.add(session, office_of(session, cast), content, by=actor(cast))


def office_of(session: Session, cast: Cast) -> Office:
    return session.get_one(Office, cast.peru.id)


def actor(cast: Cast) -> Actor:
    return Actor(person=cast.staff, door=Door.WEB)


def edit(session: Session, cast: Cast, plan: Plan, content: PlanContent) -> Plan:
    seen = plan.version
    return plans.edit(session, plan, content, seen_version=seen, by=actor(cast))


def fields(refusal: RefusalError) -> list[str | None]:
    return [problem.field for problem in refusal.problems]


def test_a_plan_is_stored_as_it_was_written(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    stored = plans.whole_plan(session, plan.id)
    assert content_of(stored).flat() == CONTENT.flat()
    assert stored.created_by_id == cast.staff.id
    assert not stored.is_submitted


def test_codes_count_within_office_and_year(session: Session, cast: Cast) -> None:
    codes = [add(session, cast, title=title).code for title in ("One", "Two")]
    codes += [add(session, cast, title="One", year=2027).code]
    other = plans.add(session, session.get_one(Office, cast.ecuador.id), CONTENT, by=OPERATOR)
    assert [*codes, other.code] == ["PE-2026-P01", "PE-2026-P02", "PE-2027-P01", "EC-2026-P01"]


def test_two_people_adding_at_once_get_two_codes(engine: Engine, cast: Cast) -> None:
    def add_one(number: int) -> str:
        with unit_of_work(engine) as session:
            return add(session, cast, title=f"Plan {number}").code

    with ThreadPoolExecutor(4) as people:
        codes = list(people.map(add_one, range(8)))
    assert sorted(codes) == [f"PE-2026-P{number:02}" for number in range(1, 9)]


def test_two_people_naming_a_new_partner_at_once_name_one(engine: Engine, cast: Cast) -> None:
    def add_one(number: int) -> None:
        with unit_of_work(engine) as session:
            office = session.get_one(Office, (cast.peru.id, cast.ecuador.id)[number % 2])
            content = replace(CONTENT, title=f"Plan {number}")
            plans.add(session, office, content, by=OPERATOR)

    with ThreadPoolExecutor(4) as people:
        list(people.map(add_one, range(8)))
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Partner)) == 2


def test_a_title_is_given_once_an_office_and_year(session: Session, cast: Cast) -> None:
    add(session, cast)
    with pytest.raises(InvalidError) as refusal:
        add(session, cast, statement="Another challenge.")
    assert fields(refusal.value) == ["title"]
    assert "PE-2026-P01" in str(refusal.value.message)


def test_nothing_is_stored_of_a_plan_with_problems(session: Session, cast: Cast) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(session, cast, title="", tweet="x" * 281)
    assert fields(refusal.value) == ["title", "tweet"]
    assert session.scalar(select(func.count()).select_from(Plan)) == 0
    assert session.scalar(select(func.count()).select_from(Partner)) == 0


def test_a_partner_is_one_row_however_it_is_spelled(session: Session, cast: Cast) -> None:
    add(session, cast)
    add(session, cast, title="Other", partners=(PartnerEntry("  ÁGROS ", Sector.GOVERNMENT),))
    assert session.scalars(select(Partner.name).order_by(Partner.name)).all() == ["Agros", "Yape"]


def test_a_plan_keeps_the_sector_as_it_states_it(session: Session, cast: Cast) -> None:
    add(session, cast)
    other = add(session, cast, title="Other", partners=(PartnerEntry("Agros", Sector.GOVERNMENT),))
    assert other.partnerships[0].sector is Sector.GOVERNMENT
    assert other.partnerships[0].partner.sector is Sector.PRIVATE_SECTOR


def test_a_person_can_correct_how_a_partner_is_spelled(session: Session, cast: Cast) -> None:
    plan = add(session, cast, partners=(PartnerEntry("Educacion"),))
    edit(session, cast, plan, replace(content_of(plan), partners=(PartnerEntry("Educación"),)))
    assert plan.partnerships[0].partner.name == "Educación"


def test_a_question_keeps_its_row_when_its_words_or_place_change(
    session: Session, cast: Cast
) -> None:
    plan = add(session, cast)
    first, second = plan.learning_questions
    reworded = replace(content_of(plan).learning_questions[0], text="How are islands connected?")
    content = replace(
        content_of(plan), learning_questions=(content_of(plan).learning_questions[1], reworded)
    )
    edit(session, cast, plan, content)
    session.expire_all()
    stored = plans.whole_plan(session, plan.id).learning_questions
    assert [row.id for row in stored] == [second.id, first.id]
    assert stored[1].text == "How are islands connected?"


def test_a_question_without_experiments_can_be_removed(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    kept = content_of(plan).learning_questions[:1]
    edit(session, cast, plan, replace(content_of(plan), learning_questions=kept))
    assert session.scalar(select(func.count()).select_from(LearningQuestion)) == 1


def test_a_question_that_experiments_answer_cannot_be_removed(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    office = office_of(session, cast)
    question = plan.learning_questions[1]
    experiment = factories.an_experiment(session, office, learning_question_id=question.id)
    kept = content_of(plan).learning_questions[:1]
    with pytest.raises(InvalidError) as refusal:
        edit(session, cast, plan, replace(content_of(plan), learning_questions=kept))
    assert fields(refusal.value) == ["learning_questions"]
    assert experiment.code in str(refusal.value.message)
    assert len(plan.learning_questions) == 2


def test_an_id_of_another_plans_question_takes_nothing_from_it(
    session: Session, cast: Cast
) -> None:
    theirs = add(session, cast, title="Theirs")
    mine = add(session, cast, title="Mine")
    stolen = replace(CONTENT.learning_questions[0], id=theirs.learning_questions[0].id)
    edit(session, cast, mine, replace(content_of(mine), learning_questions=(stolen,)))
    session.expire_all()
    assert len(plans.whole_plan(session, theirs.id).learning_questions) == 2


def test_a_version_that_somebody_overtook_is_refused(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    seen = plan.version
    edit(session, cast, plan, replace(content_of(plan), title="Theirs"))
    with pytest.raises(ChangedMeanwhileError):
        plans.edit(session, plan, CONTENT, seen_version=seen, by=actor(cast))
    assert plan.title == "Theirs"


@pytest.mark.parametrize(
    "change",
    [
        {"partners": CONTENT.partners[::-1]},
        {"learning_questions": (*CONTENT.learning_questions, QuestionEntry("What next?"))},
        {"evidence": ()},
    ],
)
def test_the_version_rises_when_only_a_part_changed(
    session: Session, cast: Cast, change: dict
) -> None:
    plan = add(session, cast)
    seen = plan.version
    edit(session, cast, plan, replace(content_of(plan), **change))
    assert plan.version > seen


def test_saving_without_a_change_leaves_no_trace(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    seen = plan.version
    edit(session, cast, plan, content_of(plan))
    assert plan.version == seen
    assert events(session) == ["plan.added"]


def test_a_change_is_told_field_by_field(session: Session, cast: Cast) -> None:
    plan = add(session, cast)
    renamed = replace(CONTENT.partners[1], name="Plin")
    edit(
        session,
        cast,
        plan,
        replace(content_of(plan), title="Other", partners=(CONTENT.partners[0], renamed)),
    )
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert entry.changes == {
        "title": ["Digitalization", "Other"],
        "partners.2.name": ["Yape", "Plin"],
    }
    assert entry.by_id == cast.staff.id


def events(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEntry.event).order_by(HistoryEntry.id)))


def submit(session: Session, cast: Cast, plan: Plan) -> Plan:
    return plans.submit(session, plan, seen_version=plan.version, by=actor(cast), at=AT)


def test_a_second_big_bet_of_the_year_is_a_draft_and_cannot_be_submitted(
    session: Session, cast: Cast
) -> None:
    first, second = add(session, cast), add(session, cast, title="Second")
    assert submit(session, cast, first).submitted_at == AT
    with pytest.raises(NotReadyError) as refusal:
        submit(session, cast, second)
    assert fields(refusal.value) == ["challenge_type"]
    assert not second.is_submitted


def test_another_year_and_another_office_have_room_of_their_own(
    session: Session, cast: Cast
) -> None:
    submit(session, cast, add(session, cast))
    submit(session, cast, add(session, cast, year=2027))
    theirs = plans.add(session, session.get_one(Office, cast.ecuador.id), CONTENT, by=OPERATOR)
    assert submit(session, cast, theirs).is_submitted


def test_a_third_exploratory_challenge_cannot_be_submitted(session: Session, cast: Cast) -> None:
    kind = ChallengeType.EXPLORATORY
    one, two, three = (
        add(session, cast, title=title, challenge_type=kind) for title in ("One", "Two", "Three")
    )
    submit(session, cast, one)
    submit(session, cast, two)
    with pytest.raises(NotReadyError):
        submit(session, cast, three)
    plans.take_back(session, one, seen_version=one.version, by=actor(cast))
    assert submit(session, cast, three).is_submitted


def test_a_submitted_plan_does_not_move_into_a_full_year(session: Session, cast: Cast) -> None:
    submit(session, cast, add(session, cast))
    next_year = submit(session, cast, add(session, cast, title="Next", year=2027))
    with pytest.raises(InvalidError) as refusal:
        edit(session, cast, next_year, replace(content_of(next_year), year=2026))
    assert fields(refusal.value) == ["challenge_type"]


def test_two_heads_cannot_submit_two_big_bets_at_once(engine: Engine, cast: Cast) -> None:
    with unit_of_work(engine) as session:
        ids = [add(session, cast, title=title).id for title in ("One", "Two")]

    def submit_one(plan_id: int) -> bool:
        try:
            with unit_of_work(engine) as session:
                submit(session, cast, plans.whole_plan(session, plan_id))
        except NotReadyError:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(submit_one, ids)) == [False, True]


def test_two_editors_at_once_do_not_overwrite_each_other(engine: Engine, cast: Cast) -> None:
    with unit_of_work(engine) as session:
        plan = add(session, cast)
        key, seen = plan.id, plan.version

    def edit_one(title: str) -> bool:
        try:
            with unit_of_work(engine) as session:
                loaded = plans.whole_plan(session, key)
                content = replace(content_of(loaded), title=title)
                plans.edit(session, loaded, content, seen_version=seen, by=OPERATOR)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(edit_one, ["A", "B", "C", "D"])) == 1
