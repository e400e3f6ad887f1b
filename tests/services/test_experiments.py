"""Logging an experiment, changing it, and its steps along the learning cycle."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.database import unit_of_work
from app.domain.experiments import Blocks, Core
from app.domain.refusals import ChangedMeanwhileError, InvalidError
from app.domain.steps import Step
from app.queries.experiments import experiment_by_code
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING
from app.services import experiments
from app.services.actor import Actor
from app.services.places import load_departments
from models import Experiment, HistoryEntry, Partner, Place
from models.vocabulary import (
    Door,
    ExperimentState,
    PauseReason,
    ProgrammeRole,
    QualityCheck,
    Sector,
    Stage,
)
from tests.cast import introduce
from tests.factories import a_partnership, a_plan, a_question

NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
TESTED = Step(stage=Stage.TEST, state=ExperimentState.IDEA)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def staff(people):
    return Actor(people.staff, Door.WEB)


@pytest.fixture
def core(people):
    return Core(
        title="Weekly messages for market sellers",
        learning_intent="Whether a weekly message brings sellers to digital payment.",
        lead_programme_id=people.markets.id,
        owner_id=people.staff.id,
    )


@pytest.fixture
def log(session, core, staff):
    """Log an experiment and load it whole, as a page does."""

    def logged(**changes):
        stage = changes.pop("stage", Stage.EXPLORE)
        step = Step(stage=stage, state=ExperimentState.IDEA)
        told = {"step": step, "at": NOW} | changes
        made = experiments.create(session, told.pop("core", core), by=staff, **told)
        return again(session, made.code)

    return logged


def again(session, code):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, code, scope=EVERYTHING)


def edit(session, experiment, core, staff, **blocks):
    return experiments.edit(
        session,
        experiment,
        core,
        Blocks(**blocks),
        seen_version=experiment.version,
        by=staff,
        at=NOW,
    )


def move(session, experiment, staff, *, at=NOW, **step):
    return experiments.move(
        session,
        experiment,
        Step(**({"stage": experiment.stage, "state": experiment.state} | step)),
        seen_version=experiment.version,
        by=staff,
        at=at,
    )


def fields_of(refusal):
    return {problem.field for problem in refusal.value.problems}


def test_five_answers_log_an_experiment(log, people):
    experiment = log()
    assert experiment.code == "PE-2026-001"
    assert experiment.office_id == people.peru.id
    assert (experiment.stage, experiment.state) == (Stage.EXPLORE, ExperimentState.IDEA)
    assert experiment.owner.name == "Rosa Quispe"
    assert [(row.programme.code, row.role) for row in experiment.programmes] == [
        ("PE-MERCADOS", ProgrammeRole.LEAD)
    ]
    assert [entry.left_at for entry in experiment.stages] == [None]


def test_logging_is_written_down_by_names(session, log):
    experiment = log()
    (entry,) = entries_of(session, f"experiment:{experiment.code}")
    assert entry.event == "experiment.created"
    assert entry.by.name == "Rosa Quispe"
    assert entry.changes["owner"] == [None, "Rosa Quispe"]
    assert entry.changes["lead_programme"] == [None, "PE-MERCADOS"]
    assert not [name for name in entry.changes if name.endswith("_id")]


def test_codes_count_on_within_the_office_and_year(session, log, people, core):
    assert [log().code for _ in range(3)] == ["PE-2026-001", "PE-2026-002", "PE-2026-003"]
    assert log(at=NOW.replace(year=2027)).code == "PE-2027-001"
    islands = replace(core, lead_programme_id=people.galapagos.id, owner_id=people.stranger.id)
    assert log(core=islands).code == "EC-2026-001"


def test_the_year_is_the_one_it_is_in_lima(log):
    new_year_in_utc = datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert log(at=new_year_in_utc).code == "PE-2026-001"


def test_sending_a_form_twice_logs_one_experiment(session, log):
    key = str(uuid4())
    assert log(submission_key=key).id == log(submission_key=key).id
    assert session.scalar(select(func.count()).select_from(Experiment)) == 1


def test_another_experiment_under_the_same_key_is_refused(log, core):
    key = str(uuid4())
    log(submission_key=key)
    with pytest.raises(InvalidError, match="PE-2026-001"):
        log(submission_key=key, core=replace(core, title="Another one"))


def test_it_is_refused_with_everything_the_core_lacks(session, log, core):
    with pytest.raises(InvalidError) as refusal:
        log(core=replace(core, title="", owner_id=None))
    assert fields_of(refusal) == {"title", "owner_id"}
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) == 0


def test_owner_and_question_are_the_offices_own(session, log, core, people):
    question = a_question(session, a_plan(session, people.ecuador))
    with pytest.raises(InvalidError) as refusal:
        log(core=replace(core, owner_id=people.stranger.id, learning_question_id=question.id))
    assert fields_of(refusal) == {"owner_id", "learning_question_id"}


def test_a_programme_that_does_not_exist_is_refused(log, core):
    with pytest.raises(InvalidError) as refusal:
        log(core=replace(core, lead_programme_id=999_999))
    assert fields_of(refusal) == {"lead_programme_id"}


def test_everybody_who_logs_at_once_gets_a_code_of_their_own(engine, cast):
    core = Core(
        title="Messages",
        learning_intent="Whether …",
        lead_programme_id=cast.markets.id,
        owner_id=cast.staff.id,
    )

    def log_one(_turn):
        with unit_of_work(engine) as session:
            by = Actor(session.merge(cast.staff), Door.WEB)
            return experiments.create(session, core, step=TESTED, by=by, at=NOW).code

    with ThreadPoolExecutor(max_workers=8) as crowd:
        codes = list(crowd.map(log_one, range(24)))
    assert sorted(codes) == [f"PE-2026-{n:03}" for n in range(1, 25)]


def test_one_form_sent_many_times_at_once_logs_one_experiment(engine, cast):
    core = Core(
        title="Messages",
        learning_intent="Whether …",
        lead_programme_id=cast.markets.id,
        owner_id=cast.staff.id,
    )
    key = str(uuid4())

    def send(_turn):
        with unit_of_work(engine) as session:
            by = Actor(session.merge(cast.staff), Door.WEB)
            told = {"step": TESTED, "by": by, "at": NOW, "submission_key": key}
            return experiments.create(session, core, **told).code

    with ThreadPoolExecutor(max_workers=8) as crowd:
        assert set(crowd.map(send, range(8))) == {"PE-2026-001"}


def test_every_block_is_kept(session, log, core, people, staff):
    load_departments(session)
    question = a_question(session, a_plan(session, people.peru))
    experiment = log()
    edit(
        session,
        experiment,
        replace(core, learning_question_id=question.id),
        staff,
        contributing_programme_ids=(people.inclusion.id,),
        partners=("Agros", "Internet para Todos"),
        ubigeos=("15", "06"),
        sdgs=(1, 9),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 9, 30),
        sample_planned=240,
        cost_actual_local=Decimal("7500"),
        local_currency="PEN",
        rate_to_usd=Decimal("3.75"),
        quality_checks=(QualityCheck.LOW_RISK.value,),
        consent_given=True,
        what_happened="Sellers answered.",
    )
    kept = again(session, experiment.code)
    assert {row.programme.code: row.role for row in kept.programmes} == {
        "PE-MERCADOS": ProgrammeRole.LEAD,
        "PE-INCLUSION": ProgrammeRole.CONTRIBUTING,
    }
    assert [row.partner.name for row in kept.partnerships] == ["Agros", "Internet para Todos"]
    assert [place.name for place in kept.places] == ["Cajamarca", "Lima"]
    assert kept.sdgs == [1, 9]
    assert kept.cost_actual_usd == 2000
    assert kept.consent_given is True
    assert kept.do_no_harm_checked is None
    assert kept.learning_question.text == question.text


def test_the_lead_can_change_hands_and_there_is_always_one(session, log, core, people, staff):
    experiment = log()
    swapped = replace(core, lead_programme_id=people.inclusion.id)
    edit(session, experiment, swapped, staff, contributing_programme_ids=(people.markets.id,))
    kept = again(session, experiment.code)
    assert {row.programme.code: row.role for row in kept.programmes} == {
        "PE-INCLUSION": ProgrammeRole.LEAD,
        "PE-MERCADOS": ProgrammeRole.CONTRIBUTING,
    }
    both = (people.markets.id, people.inclusion.id)
    edit(session, kept, swapped, staff, contributing_programme_ids=both)
    roles = [row.role for row in again(session, experiment.code).programmes]
    assert sorted(roles) == [ProgrammeRole.CONTRIBUTING, ProgrammeRole.LEAD]


def test_a_partner_keeps_what_was_known_of_it_when_ranks_change(session, log, core, staff):
    experiment = log()
    a_partnership(
        session, experiment, name="Agros", sector=Sector.PRIVATE_SECTOR, collaboration="Lines"
    )
    experiment = again(session, experiment.code)
    edit(session, experiment, core, staff, partners=("CONADIS", "agros", "CONADIS"))
    kept = again(session, experiment.code).partnerships
    assert [(row.rank, row.partner.name, row.collaboration) for row in kept] == [
        (1, "CONADIS", ""),
        (2, "agros", "Lines"),
    ]
    assert session.scalar(select(func.count()).select_from(Partner)) == 2


def test_places_and_programmes_are_among_those_there_are(session, log, core, people, staff):
    load_departments(session)
    experiment = log()
    with pytest.raises(InvalidError) as refusal:
        edit(
            session,
            experiment,
            core,
            staff,
            ubigeos=("99",),
            contributing_programme_ids=(people.galapagos.id,),
            budget_planned_usd=Decimal(-1),
        )
    assert fields_of(refusal) == {"ubigeos", "contributing_programme_ids", "budget_planned_usd"}
    assert again(session, experiment.code).budget_planned_usd is None


def test_an_owner_who_left_may_stay_while_something_else_changes(session, log, core, people, staff):
    experiment = log()
    people.staff.disabled_at = NOW
    session.flush()
    edit(session, again(session, experiment.code), replace(core, title="New title"), staff)
    assert again(session, experiment.code).owner.name == "Rosa Quispe"


def test_each_change_is_written_down_with_before_and_after(session, log, core, people, staff):
    experiment = log()
    edit(
        session,
        experiment,
        replace(core, title="Daily messages", owner_id=people.head.id),
        staff,
        contributing_programme_ids=(people.inclusion.id,),
        partners=("Agros",),
    )
    entry = entries_of(session, f"experiment:{experiment.code}")[0]
    assert entry.event == "experiment.edited"
    assert entry.changes == {
        "title": ["Weekly messages for market sellers", "Daily messages"],
        "owner": ["Rosa Quispe", "Hilda Torres"],
        "contributing_programmes": [[], ["PE-INCLUSION"]],
        "partners": [[], ["Agros"]],
    }


def test_saving_without_a_change_writes_nothing_down(session, log, core, staff):
    experiment = log()
    edit(session, experiment, core, staff)
    assert len(entries_of(session, f"experiment:{experiment.code}")) == 1
    assert again(session, experiment.code).version == experiment.version == 1


def test_a_stale_form_is_refused_also_when_only_a_partner_changed(session, log, core, staff):
    experiment = log()
    seen = experiment.version
    edit(session, experiment, core, staff, partners=("Agros",))
    session.flush()
    with pytest.raises(ChangedMeanwhileError):
        experiments.edit(session, experiment, core, Blocks(), seen_version=seen, by=staff, at=NOW)
    assert [row.partner.name for row in again(session, experiment.code).partnerships] == ["Agros"]


def test_of_two_who_save_at_once_the_second_is_told(engine, cast):
    core = Core(
        title="Messages",
        learning_intent="Whether …",
        lead_programme_id=cast.markets.id,
        owner_id=cast.staff.id,
    )
    with unit_of_work(engine) as session:
        by = Actor(session.merge(cast.staff), Door.WEB)
        code = experiments.create(session, core, step=TESTED, by=by, at=NOW).code

    def save(turn):
        try:
            with unit_of_work(engine) as session:
                experiment = experiment_by_code(session, code, scope=EVERYTHING)
                titled = replace(core, title=f"Title {turn}")
                by = Actor(session.merge(cast.staff), Door.WEB)
                experiments.edit(
                    session, experiment, titled, Blocks(), seen_version=1, by=by, at=NOW
                )
        except ChangedMeanwhileError:
            return "told"
        return "saved"

    with ThreadPoolExecutor(max_workers=4) as crowd:
        assert sorted(crowd.map(save, range(4))) == ["saved", "told", "told", "told"]


def test_a_step_closes_the_stage_before_and_opens_the_next(session, log, staff):
    experiment = log(stage=Stage.SENSE)
    later = NOW + timedelta(days=30)
    move(session, experiment, staff, stage=Stage.EXPLORE, state=ExperimentState.RUNNING, at=later)
    kept = again(session, experiment.code)
    assert (kept.stage, kept.state) == (Stage.EXPLORE, ExperimentState.RUNNING)
    assert [(entry.stage, entry.entered_at, entry.left_at) for entry in kept.stages] == [
        (Stage.SENSE, NOW, later),
        (Stage.EXPLORE, later, None),
    ]


def test_a_step_can_be_dated_back_but_not_before_the_one_it_follows(session, log, staff):
    experiment = log(stage=Stage.SENSE, at=NOW - timedelta(days=10))
    move(session, experiment, staff, stage=Stage.EXPLORE, on=date(2026, 10, 1))
    entered = again(session, experiment.code).stages[-1].entered_at
    assert entered == datetime(2026, 10, 1, 17, tzinfo=UTC)  # noon in Lima
    completed = ExperimentState.COMPLETED
    with pytest.raises(InvalidError) as refusal:
        move(session, experiment, staff, state=completed, on=date(2026, 9, 30))
    assert fields_of(refusal) == {"on"}


def test_going_back_is_kept_apart_with_its_reason(session, log, staff):
    experiment = log(stage=Stage.TEST)
    move(session, experiment, staff, stage=Stage.EXPLORE, reason="The question was another one.")
    entry = entries_of(session, f"experiment:{experiment.code}")[0]
    assert entry.event == "experiment.moved_back"
    assert entry.reason == "The question was another one."
    assert entry.changes["stage"] == ["test", "explore"]


def test_resuming_takes_the_reason_of_the_pause_away(session, log, staff):
    experiment = log()
    move(
        session,
        experiment,
        staff,
        state=ExperimentState.PAUSED,
        pause_reason=PauseReason.SEASON,
    )
    assert again(session, experiment.code).pause_reason is PauseReason.SEASON
    experiment = again(session, experiment.code)
    move(session, experiment, staff, state=ExperimentState.RUNNING)
    assert again(session, experiment.code).pause_reason is None


def test_the_departments_are_loaded_once(session):
    assert load_departments(session) == 25
    assert load_departments(session) == 0
    assert session.get(Place, "16").name == "Loreto"


def test_ticks_in_another_order_are_no_change(session, log, core, staff):
    experiment = log()
    edit(session, experiment, core, staff, sdgs=(14, 9), scaling_outcomes=("partnerships",))
    experiment = again(session, experiment.code)
    edit(session, experiment, core, staff, sdgs=(9, 14), scaling_outcomes=("partnerships",))
    assert len(entries_of(session, f"experiment:{experiment.code}")) == 2
    assert again(session, experiment.code).version == experiment.version
