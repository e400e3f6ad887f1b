"""Experiments in lists and whole: what is open to whom, and in how many statements."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.database import unit_of_work
from app.domain.chains import Break
from app.domain.progress import Track
from app.domain.quarters import Quarter
from app.domain.refusals import UnknownError
from app.queries.choices import learning_questions, possible_owners
from app.queries.evidence import evidence_of, missing_of
from app.queries.experiments import (
    PAGE_SIZE,
    ExperimentFilters,
    experiment_by_code,
    experiments_of_office,
    experiments_of_programme,
    list_experiments,
    owners_in,
    reviews_of,
)
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING, Scope
from app.services import history
from app.services.actor import OPERATOR
from models import Amendment
from models.vocabulary import (
    Arm,
    Cumulation,
    Direction,
    ExperimentState,
    MetricKind,
    MetricRole,
    Stage,
)
from tests.cast import Cast, introduce
from tests.factories import (
    a_decision,
    a_hypothesis,
    a_measurement,
    a_metric,
    a_partnership,
    a_plan,
    a_question,
    a_registration,
    a_review,
    a_stage_entry,
    an_experiment,
)

NOWHERE = Scope()


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def markets(session, people):
    """Three experiments: one of the markets, one of inclusion, one of both."""
    return [
        an_experiment(session, people.peru, people.markets, title="Messages for markets"),
        an_experiment(session, people.peru, people.inclusion, title="A log for landings"),
        an_experiment(
            session, people.peru, people.markets, people.inclusion, title="Lessons by phone"
        ),
    ]


def titles(session, *, scope=EVERYTHING, page=1, **filters):
    found = list_experiments(session, scope=scope, filters=ExperimentFilters(**filters), page=page)
    return [line.experiment.title for line in found.lines]


def of(*programmes):
    return Scope(programme_ids=frozenset(programme.id for programme in programmes))


def everything_about(session, experiment, people):
    """An experiment with something in every corner, so that loading all of it is seen."""
    question = a_question(session, a_plan(session, experiment.office))
    experiment.learning_question_id = question.id
    experiment.owner_id = people.staff.id
    a_hypothesis(session, experiment)
    for position, name in enumerate(("Share", "Waiting days"), start=1):
        metric = a_metric(session, experiment, name=name, position=position)
        wrong = a_measurement(session, metric, recorded_by_id=people.staff.id, successes=50)
        right = a_measurement(session, metric, recorded_by_id=people.head.id)
        wrong.superseded_by_id = right.id
    a_decision(session, experiment, by_id=people.head.id)
    partner = a_partnership(session, experiment, name=f"Partner of {experiment.code}")
    session.flush()
    return partner


def test_a_scope_sees_its_offices_and_its_programmes(session, people, markets):
    assert set(titles(session)) == {
        "Messages for markets",
        "A log for landings",
        "Lessons by phone",
    }
    assert set(titles(session, scope=of(people.markets))) == {
        "Messages for markets",
        "Lessons by phone",
    }
    assert len(titles(session, scope=Scope(office_ids=frozenset({people.peru.id})))) == 3
    assert titles(session, scope=Scope(office_ids=frozenset({people.ecuador.id}))) == []
    assert titles(session, scope=NOWHERE) == []


def test_an_experiment_of_two_programmes_stands_in_a_list_once(session, people, markets):
    seen = titles(session, scope=of(people.markets, people.inclusion))
    assert len(seen) == len(set(seen)) == 3


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"stage": Stage.EXPLORE}, {"Interviews"}),
        ({"state": ExperimentState.PAUSED}, {"Interviews"}),
        ({"programme": "PE-INCLUSION"}, {"A log for landings", "Lessons by phone"}),
        ({"programme": "PE-NOTHING"}, set()),
        ({"words": "LANDINGS log"}, {"A log for landings"}),
        ({"words": "landings markets"}, set()),
        ({"words": "100%"}, set()),
        (
            {"words": "weekly message"},
            {"Messages for markets", "A log for landings", "Lessons by phone"},
        ),
        (
            {"stage": Stage.TEST, "programme": "PE-MERCADOS"},
            {"Messages for markets", "Lessons by phone"},
        ),
    ],
)
def test_filters_narrow_the_list_together(session, people, markets, filters, found):
    an_experiment(
        session,
        people.peru,
        people.markets,
        title="Interviews",
        learning_intent="Who is left out?",
        stage=Stage.EXPLORE,
        state=ExperimentState.PAUSED,
    )
    assert set(titles(session, **filters)) == found


def test_a_list_is_narrowed_to_an_owner(session, people, markets):
    markets[1].owner_id = people.head.id
    session.flush()
    assert titles(session, owner_id=people.head.id) == ["A log for landings"]
    assert [person.name for person in owners_in(session, scope=EVERYTHING)] == ["Hilda Torres"]
    assert owners_in(session, scope=of(people.markets)) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_active"),
    [
        (date(2026, 7, 1), None, True),
        (date(2026, 10, 1), None, False),
        (date(2026, 1, 1), date(2026, 6, 30), False),
        (date(2026, 1, 1), date(2026, 7, 1), True),
        (date(2026, 9, 30), date(2027, 1, 1), True),
        (None, None, False),
    ],
)
def test_active_in_a_quarter_is_what_had_begun_and_not_ended(
    session, people, starts_on, ends_on, is_active
):
    an_experiment(
        session,
        people.peru,
        people.markets,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=datetime(2026, 11, 2, tzinfo=UTC),
    )
    assert bool(titles(session, quarter=Quarter(2026, 3))) is is_active


def test_without_a_start_it_is_active_since_it_first_got_anywhere(session, people):
    november = datetime(2026, 11, 2, tzinfo=UTC)
    made = an_experiment(session, people.peru, people.markets, starts_on=None, created_at=november)
    assert titles(session, quarter=Quarter(2026, 3)) == []
    a_stage_entry(session, made, entered_at=datetime(2026, 8, 3, 17, tzinfo=UTC))
    assert titles(session, quarter=Quarter(2026, 3)) == [made.title]


def test_a_list_can_be_sorted_up_and_down(session, people, markets):
    markets[0].stage = Stage.GROW
    markets[2].stage = Stage.EXPLORE
    session.flush()
    newest_first = ["Lessons by phone", "A log for landings", "Messages for markets"]
    assert titles(session) == newest_first
    assert titles(session, sort="code") == newest_first[::-1]
    assert titles(session, sort="title")[0] == "A log for landings"
    assert titles(session, sort="stage") == [
        "Lessons by phone",
        "A log for landings",
        "Messages for markets",
    ]
    assert titles(session, sort="-stage") == titles(session, sort="stage")[::-1]
    assert titles(session, sort="nonsense") == titles(session, sort="code")


def test_a_list_has_pages_and_a_page_too_far_is_the_last(session, people):
    for number in range(PAGE_SIZE + 3):
        an_experiment(session, people.peru, people.markets, title=f"Number {number}")
    first = list_experiments(session, scope=EVERYTHING, filters=ExperimentFilters())
    last = list_experiments(session, scope=EVERYTHING, filters=ExperimentFilters(), page=99)
    assert (first.total, first.has_next, first.first, first.last) == (28, True, 1, 25)
    assert (last.page, last.first, last.last, len(last.lines)) == (2, 26, 28, 3)
    assert not last.has_next
    assert {line.experiment.id for line in first.lines}.isdisjoint(
        line.experiment.id for line in last.lines
    )


def test_a_line_shows_the_main_metric_and_what_is_missing(session, people, markets):
    secondary = a_metric(session, markets[0], name="Second", role=MetricRole.SECONDARY)
    primary = a_metric(session, markets[0], name="First", position=2)
    a_measurement(session, primary)
    a_measurement(session, secondary, successes=1)
    found = list_experiments(session, scope=EVERYTHING, filters=ExperimentFilters(sort="code"))
    line = found.lines[0]
    assert line.main.metric.name == "First"
    assert str(line.main.latest.value) == "0.290000"
    assert line.missing == len(missing_of(line.experiment)) == 5
    assert found.lines[1].main is None


def fill(engine, cast, count):
    """Commit experiments with something in every corner, and return the last one's code."""
    with unit_of_work(engine) as session:
        people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
        for _one in range(count):
            made = an_experiment(session, people.peru, people.markets, people.inclusion)
            everything_about(session, made, people)
        return made.code


def counted(engine, statements, ask):
    """How many statements a question takes in a session that knows nothing yet."""
    with unit_of_work(engine, writes=False) as session:
        statements.clear()
        ask(session)
        return len(statements)


def test_a_list_takes_as_many_statements_for_one_as_for_many(engine, cast, statements):
    def ask(session):
        list_experiments(session, scope=EVERYTHING, filters=ExperimentFilters())

    fill(engine, cast, 1)
    for_one = counted(engine, statements, ask)
    fill(engine, cast, 20)
    assert counted(engine, statements, ask) == for_one <= 8


def test_a_whole_experiment_takes_as_many_statements_however_much_it_holds(
    engine, cast, statements
):
    code = fill(engine, cast, 1)

    def ask(session):
        one = experiment_by_code(session, code, scope=EVERYTHING)
        missing_of(one)
        for metric in one.metrics:
            for reading in evidence_of(metric).readings:
                assert reading.measurement.recorded_by.name

    before = counted(engine, statements, ask)
    with unit_of_work(engine) as session:
        one = experiment_by_code(session, code, scope=EVERYTHING)
        a_hypothesis(session, one, position=2)
        for day in range(1, 29):
            told = {"measured_on": date(2026, 7, day), "recorded_by_id": cast.staff.id}
            a_measurement(session, one.metrics[0], **told)
    assert counted(engine, statements, ask) == before <= 12


def test_a_registered_experiment_takes_one_statement_more_for_all_its_amendments(
    engine, cast, statements
):
    code = fill(engine, cast, 1)

    def ask(session):
        made = experiment_by_code(session, code, scope=EVERYTHING).registration
        return [amendment.by for amendment in made.amendments] if made else []

    unregistered = counted(engine, statements, ask)
    with unit_of_work(engine) as session:
        made = a_registration(session, experiment_by_code(session, code, scope=EVERYTHING))
        for _each in range(5):
            told = {"document": "{}", "sha256": "0" * 64, "reason": "Why.", "changes": []}
            session.add(
                Amendment(
                    registration_id=made.id,
                    by_id=cast.staff.id,
                    is_major=False,
                    is_after_data=False,
                    **told,
                )
            )
    assert counted(engine, statements, ask) == unregistered + 1


def test_a_whole_portfolio_takes_as_many_statements_as_one_experiment(engine, cast, statements):
    def ask(session):
        assert experiments_of_office(session, cast.peru.id, EVERYTHING)
        assert experiments_of_programme(session, cast.markets.id, EVERYTHING)

    fill(engine, cast, 1)
    for_one = counted(engine, statements, ask)
    fill(engine, cast, 10)
    assert counted(engine, statements, ask) == for_one


def test_a_whole_experiment_comes_with_all_its_page_shows(session, people):
    experiment = an_experiment(session, people.peru, people.markets, people.inclusion)
    everything_about(session, experiment, people)
    session.expire_all()
    whole = experiment_by_code(session, experiment.code, scope=of(people.inclusion))
    assert whole.office.code == "PE"
    assert whole.learning_question.plan.title.startswith("Closing")
    assert whole.owner.name == "Rosa Quispe"
    assert [link.programme.code for link in whole.programmes] == ["PE-MERCADOS", "PE-INCLUSION"]
    assert whole.partnerships[0].partner.name.startswith("Partner of")
    assert [metric.name for metric in whole.metrics] == ["Share", "Waiting days"]
    assert [len(metric.measurements) for metric in whole.metrics] == [2, 2]
    assert whole.decisions[0].by.name == "Hilda Torres"


def test_an_experiment_outside_the_scope_is_unknown(session, people, markets):
    with pytest.raises(UnknownError, match="open to you"):
        experiment_by_code(session, markets[0].code, scope=of(people.inclusion))
    with pytest.raises(UnknownError):
        experiment_by_code(session, "PE-1999-999", scope=EVERYTHING)


def test_a_programme_has_its_experiments_within_the_readers_scope(session, people, markets):
    of_markets = experiments_of_programme(session, people.markets.id, EVERYTHING)
    assert [row.title for row in of_markets] == ["Messages for markets", "Lessons by phone"]
    seen = experiments_of_programme(session, people.markets.id, of(people.inclusion))
    assert [row.title for row in seen] == ["Lessons by phone"]
    assert len(experiments_of_office(session, people.peru.id, EVERYTHING)) == 3
    assert experiments_of_office(session, people.ecuador.id, EVERYTHING) == []


# What readings add up to


def test_evidence_leaves_out_what_was_corrected_and_what_speaks_of_a_part(session, people):
    metric = a_metric(session, an_experiment(session, people.peru))
    wrong = a_measurement(session, metric, successes=90)
    right = a_measurement(session, metric, successes=50)
    wrong.superseded_by_id = right.id
    a_measurement(session, metric, disaggregation="women", successes=60)
    a_measurement(session, metric, arm=Arm.COMPARISON, measured_on=date(2026, 7, 30), successes=30)
    session.flush()
    session.refresh(metric, ["measurements"])
    shown = evidence_of(metric)
    assert [(row.arm, str(row.value)) for row in shown.readings] == [
        (Arm.TREATMENT, "0.250000"),
        (Arm.COMPARISON, "0.150000"),
    ]
    assert shown.latest.measurement is right
    assert len(shown.of(Arm.COMPARISON)) == 1


def test_the_latest_reading_is_the_last_by_day_not_by_entry(session, people):
    metric = a_metric(session, an_experiment(session, people.peru))
    a_measurement(session, metric, measured_on=date(2026, 8, 1), successes=70)
    a_measurement(session, metric, measured_on=date(2026, 5, 1), successes=10)
    session.refresh(metric, ["measurements"])
    shown = evidence_of(metric)
    assert shown.latest.on == date(2026, 8, 1)
    assert shown.track is Track.REACHED


@pytest.mark.parametrize(
    ("cumulation", "values", "track"),
    [
        (Cumulation.SUMS, ["120", "210"], Track.ON_TRACK),
        (Cumulation.LATEST, ["120", "90"], Track.BEHIND),
        (Cumulation.NOT_CUMULATIVE, ["120", "90"], Track.BEHIND),
    ],
)
def test_sums_are_held_against_the_target_by_what_they_add_up_to(
    session, people, cumulation, values, track
):
    metric = a_metric(
        session,
        an_experiment(session, people.peru),
        kind=MetricKind.COUNT,
        cumulation=cumulation,
        baseline=0,
        baseline_on=date(2026, 1, 1),
        target=400,
        target_on=date(2026, 12, 31),
    )
    for day, count in ((date(2026, 4, 1), 120), (date(2026, 7, 1), 90)):
        a_measurement(session, metric, measured_on=day, count=count, successes=None, n=None)
    session.refresh(metric, ["measurements"])
    shown = evidence_of(metric)
    assert [str(row.value.normalize()) for row in shown.readings] == [
        str(Decimal(value).normalize()) for value in values
    ]
    assert shown.track is track


def test_a_metric_without_a_reading_says_nothing(session, people):
    metric = a_metric(session, an_experiment(session, people.peru))
    session.refresh(metric, ["measurements"])
    shown = evidence_of(metric)
    assert (shown.latest, shown.due, shown.track, list(shown.readings)) == (None, None, None, [])


def test_progress_follows_the_days_of_baseline_and_target(session, people):
    metric = a_metric(
        session,
        an_experiment(session, people.peru),
        kind=MetricKind.COUNT,
        direction=Direction.INCREASE,
        baseline=0,
        baseline_on=date(2026, 1, 1),
        target=100,
        target_on=date(2026, 1, 11),
    )
    told = {"successes": None, "n": None, "measured_on": date(2026, 1, 6)}
    a_measurement(session, metric, count=48, **told)
    session.refresh(metric, ["measurements"])
    shown = evidence_of(metric)
    assert (shown.due, shown.track) == (50, Track.ON_TRACK)


def test_a_bare_experiment_misses_what_is_due(session, people):
    code = an_experiment(session, people.peru, people.markets).code
    session.expire_all()
    found = missing_of(experiment_by_code(session, code, scope=EVERYTHING))
    assert [link.kind for link in found] == [
        Break.NO_OWNER,
        Break.NO_LEARNING_QUESTION,
        Break.NO_HYPOTHESIS,
        Break.NO_METRIC,
        Break.NO_CONSENT,
        Break.NO_HARM_CHECK,
    ]


# Reviews, history, choices


def test_reviews_come_newest_quarter_first_with_programme_and_officer(session, people):
    experiment = an_experiment(session, people.peru, people.markets)
    a_review(session, experiment, people.markets, quarter="2026-Q2")
    a_review(session, experiment, people.markets, reviewed_by_id=people.officer.id)
    session.expire_all()
    found = reviews_of(session, experiment)
    assert [row.quarter for row in found] == ["2026-Q3", "2026-Q2"]
    assert found[0].reviewed_by.name == "Otto Salas"
    assert found[0].programme.code == "PE-MERCADOS"


def test_history_comes_newest_first_and_of_one_record_only(session, people):
    for subject, event in (("experiment:A", "first"), ("experiment:B", "x"), ("experiment:A", "2")):
        history.record(session, subject=subject, event=event, by=OPERATOR)
    session.flush()
    assert [entry.event for entry in entries_of(session, "experiment:A")] == ["2", "first"]
    assert [entry.event for entry in entries_of(session, "experiment:A", most=1)] == ["2"]


def test_an_experiment_is_looked_after_by_lab_staff_of_its_office(session, people):
    names = [person.name for person in possible_owners(session, [people.peru.id])]
    assert names == ["Hilda Torres", "Rosa Quispe"]
    people.staff.disabled_at = datetime(2026, 10, 1, tzinfo=UTC)
    session.flush()
    assert [person.name for person in possible_owners(session, [people.peru.id])] == [
        "Hilda Torres"
    ]


def test_learning_questions_are_those_of_the_offices_plans(session, people):
    a_plan(session, people.ecuador)
    plan = a_plan(session, people.peru)
    session.expire_all()
    found = learning_questions(session, [people.peru.id])
    assert [(row.plan.code, row.position) for row in found] == [(plan.code, 1)]
