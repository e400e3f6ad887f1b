"""What waits for whom: each role sees what is theirs to do, and nobody else's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.language.sentences import Sentence
from app.queries.waiting import MOST_LINES, Part
from app.reports.assemble.gaps import OWED
from app.reports.assemble.readiness import as_it_stands, debtors_of
from app.security.desks import desk_for
from models import ExperimentProgramme, Job, Mail, Membership, Mention, Person, PlannedWave
from models.vocabulary import (
    ExperimentState,
    GateState,
    JobKind,
    JobState,
    Language,
    MailKind,
    ProgrammeRole,
    QuarterState,
    ReviewState,
    Role,
)
from tests.accounts import here
from tests.factories import (
    a_closing,
    a_comment,
    a_decision,
    a_gate,
    a_hypothesis,
    a_measurement,
    a_metric,
    a_plan,
    a_review,
    an_experiment,
    an_office_quarter,
)

AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
EVERYBODY = ("staff", "officer", "other_officer", "head", "admin", "reader", "stranger")


def desk(session, person):
    return desk_for(session, here(session, person), at=AT)


def lines(session, person, part):
    """The lines of a part; None where the person's desk has no such part."""
    found = {one.part: one for one in desk(session, person).sections}
    return list(found[part].lines) if part in found else None


def seen_by(session, cast, part):
    """Who of the cast sees something in a part."""
    return {name for name, person in cast.everybody().items() if lines(session, person, part)}


@pytest.fixture
def experiment(session, cast):
    """Rosa's experiment of the markets programme, with a metric."""
    made = an_experiment(
        session,
        here(session, cast.peru),
        here(session, cast.markets),
        owner_id=cast.staff.id,
    )
    a_hypothesis(session, made)
    return made


@pytest.fixture
def colleague(session, cast):
    """Somebody else of Rosa's lab."""
    person = Person(
        email="carla@example.org",
        name="Carla Ruiz",
        password_hash="",
        memberships=[Membership(role=Role.STAFF, office=here(session, cast.peru))],
    )
    session.add(person)
    session.flush()
    return person


def reviewed(session, cast, experiment, state, **given):
    return a_review(session, experiment, here(session, cast.markets), state=state, **given)


def test_a_submitted_review_waits_for_the_programmes_officer_alone(session, cast, experiment):
    reviewed(session, cast, experiment, ReviewState.SUBMITTED, quarter="2026-Q4", submitted_at=AT)
    assert seen_by(session, cast, Part.TO_ANSWER) == {"officer"}
    (line,) = lines(session, cast.officer, Part.TO_ANSWER)
    assert line.path == f"/reviews/2026-Q4/PE-MERCADOS/{experiment.code}"
    assert (line.since, line.due_on) == (AT, date(2026, 12, 31))


def test_an_officer_is_not_asked_to_answer_what_they_wrote(session, cast, experiment):
    experiment.created_by_id = cast.officer.id
    session.flush()
    reviewed(session, cast, experiment, ReviewState.SUBMITTED, quarter="2026-Q4")
    assert lines(session, cast.officer, Part.TO_ANSWER) == []


def test_reviews_of_the_last_quarter_wait_until_it_is_closed(session, cast, experiment):
    reviewed(session, cast, experiment, ReviewState.SUBMITTED)
    (line,) = lines(session, cast.officer, Part.TO_ANSWER)
    assert line.due_on == date(2026, 9, 30)
    a_closing(session, cast.peru, "2026-Q3")
    assert lines(session, cast.officer, Part.TO_ANSWER) == []


def test_what_was_sent_back_is_told_to_the_lab_and_kept_in_view_of_who_sent_it(
    session, cast, experiment
):
    reviewed(
        session,
        cast,
        experiment,
        ReviewState.RETURNED,
        comment="Say who measured it.",
        reviewed_by_id=cast.officer.id,
        reviewed_at=AT,
    )
    assert seen_by(session, cast, Part.RETURNED) == {"staff", "head"}
    assert seen_by(session, cast, Part.UNANSWERED) == {"officer"}
    (line,) = lines(session, cast.staff, Part.RETURNED)
    assert str(line.said) == "Say who measured it."
    assert line.since == AT


def test_what_an_officer_waits_for_is_not_counted_as_theirs_to_do(session, cast, experiment):
    reviewed(session, cast, experiment, ReviewState.RETURNED, reviewed_by_id=cast.officer.id)
    assert desk(session, cast.officer).waiting == 0


def test_an_owner_is_asked_once_for_the_reviews_of_this_quarter(session, cast, experiment):
    both = an_experiment(
        session,
        here(session, cast.peru),
        here(session, cast.markets),
        here(session, cast.inclusion),
        owner_id=cast.staff.id,
    )
    owed = lines(session, cast.staff, Part.TO_SUBMIT)
    assert {line.code for line in owed} == {experiment.code, both.code}
    assert len(owed) == 2
    assert seen_by(session, cast, Part.TO_SUBMIT) == {"staff"}


def test_the_last_quarters_reviews_are_asked_for_while_it_is_being_closed(
    session, cast, experiment
):
    reviewed(session, cast, experiment, ReviewState.SUBMITTED, quarter="2026-Q4")
    assert lines(session, cast.staff, Part.TO_SUBMIT) == []
    an_office_quarter(session, cast.peru, "2026-Q3")
    (line,) = lines(session, cast.staff, Part.TO_SUBMIT)
    assert line.path == f"/reviews/submit?experiment={experiment.code}&quarter=2026-Q3"
    assert desk(session, cast.staff).overdue(TODAY) >= 1


def test_a_quarter_that_is_closed_early_is_no_longer_asked_for(session, cast, experiment):
    an_office_quarter(session, cast.peru, "2026-Q4", state=QuarterState.CLOSED)
    assert lines(session, cast.staff, Part.TO_SUBMIT) == []


@pytest.mark.parametrize("quarter", [QuarterState.CLOSING, QuarterState.CLOSED])
@pytest.mark.parametrize("state", list(ReviewState))
def test_what_is_under_review_when_its_quarter_closes_is_listed_once(
    session, cast, experiment, state, quarter
):
    """On each desk, and for each who owes it: also for who is named in more than one way."""
    peru, markets = here(session, cast.peru), here(session, cast.markets)
    session.add_all(
        (
            Membership(person_id=cast.officer.id, role=Role.OFFICER, office=peru),
            ExperimentProgramme(
                experiment=experiment,
                programme=here(session, cast.inclusion),
                role=ProgrammeRole.CONTRIBUTING,
            ),
        )
    )
    a_measurement(session, a_metric(session, experiment), measured_on=date(2026, 9, 1))
    given = {"reviewed_by_id": cast.officer.id, "reviewed_at": AT, "comment": "Say who."}
    for quarter_asked in ("2026-Q3", "2026-Q4"):
        a_review(session, experiment, markets, state=state, quarter=quarter_asked, **given)
    an_office_quarter(session, cast.peru, "2026-Q3", state=quarter)
    session.flush()
    session.expire_all()
    for person in (cast.staff, cast.officer, cast.head):
        for part in (Part.TO_SUBMIT, Part.RETURNED, Part.TO_ANSWER, Part.UNANSWERED):
            told = [(one.path, one.programme) for one in lines(session, person, part) or ()]
            assert len(told) == len(set(told))
    snapshot = as_it_stands(session, cast.peru.id, "2026-Q3", today=TODAY)
    for debtor in debtors_of(session, cast.peru.id, snapshot.gaps):
        reviews = [
            (gap.experiment, gap.programme) for gap in debtor.gaps if gap.kind in OWED.values()
        ]
        assert len(reviews) == len(set(reviews))


def test_a_gate_waits_for_the_head_and_not_for_who_asked(session, cast, experiment):
    gate = a_gate(session, experiment, asked_by_id=cast.staff.id)
    assert seen_by(session, cast, Part.GATES_TO_DECIDE) == {"head"}
    (line,) = lines(session, cast.head, Part.GATES_TO_DECIDE)
    assert line.path == f"/experiments/{experiment.code}/gate"
    assert line.said.values["name"] == "Rosa Quispe"
    gate.asked_by_id = cast.head.id
    session.flush()
    assert lines(session, cast.head, Part.GATES_TO_DECIDE) == []


def test_a_gate_sent_back_waits_for_the_lab_until_it_is_asked_for_again(session, cast, experiment):
    a_gate(
        session,
        experiment,
        state=GateState.SENT_BACK,
        reason="No market agreed.",
        decided_at=AT,
    )
    assert seen_by(session, cast, Part.GATES_SENT_BACK) == {"staff", "head"}
    (line,) = lines(session, cast.staff, Part.GATES_SENT_BACK)
    assert str(line.said) == "No market agreed."
    a_gate(session, experiment)
    assert lines(session, cast.staff, Part.GATES_SENT_BACK) == []


def test_a_wave_is_missing_from_two_weeks_before_its_day_until_it_is_read(
    session, cast, experiment
):
    metric = a_metric(session, experiment)
    a_measurement(session, metric, measured_on=date(2026, 10, 5), wave="week 2")
    for name, due_on in (
        ("week 2", date(2026, 10, 5)),
        ("week 6", date(2026, 11, 2)),
        ("week 9", date(2026, 12, 8)),
        ("week 12", date(2026, 12, 9)),
    ):
        session.add(PlannedWave(metric_id=metric.id, name=name, due_on=due_on))
    session.flush()
    missing = lines(session, cast.staff, Part.READINGS)
    assert [line.said.values["wave"] for line in missing] == ["week 6", "week 9"]
    assert missing[0].path == f"/experiments/{experiment.code}/readings/new?metric={metric.id}"
    assert seen_by(session, cast, Part.READINGS) == {"staff"}


@pytest.mark.parametrize(
    ("state", "n"), [(ExperimentState.RUNNING, 1), (ExperimentState.COMPLETED, 0)]
)
def test_a_running_experiment_is_read_each_quarter(session, cast, experiment, state, n):
    experiment.state = state
    metric = a_metric(session, experiment)
    assert len(lines(session, cast.staff, Part.READINGS)) == n
    a_measurement(session, metric, measured_on=date(2026, 10, 5))
    assert lines(session, cast.staff, Part.READINGS) == []


def test_only_the_newest_decision_is_to_be_looked_at_again(session, cast, experiment):
    a_decision(session, experiment, review_on=date(2026, 11, 1))
    (line,) = lines(session, cast.staff, Part.DECISIONS)
    assert line.due_on == date(2026, 11, 1)
    a_decision(session, experiment, decided_on=date(2026, 11, 2), review_on=date(2027, 3, 1))
    assert lines(session, cast.staff, Part.DECISIONS) == []


def test_a_head_sees_every_decision_of_the_office_and_a_member_of_the_lab_their_own(
    session, cast, experiment, colleague
):
    a_decision(session, experiment, review_on=date(2026, 11, 1))
    assert seen_by(session, cast, Part.DECISIONS) == {"staff", "head"}
    assert lines(session, colleague, Part.DECISIONS) == []
    (line,) = lines(session, cast.head, Part.DECISIONS)
    assert line.path == f"/experiments/{experiment.code}/decisions/new"


def test_drafts_of_plans_wait_for_their_lab(session, cast):
    plan = a_plan(session, here(session, cast.peru))
    assert seen_by(session, cast, Part.DRAFTS) == {"staff", "head"}
    plan.submitted_at = AT
    session.flush()
    assert lines(session, cast.staff, Part.DRAFTS) == []


def test_a_head_sees_who_owes_what_to_the_quarter_that_is_closed_next(session, cast, experiment):
    assert seen_by(session, cast, Part.QUARTERS) == {"head"}
    open_one, owing = lines(session, cast.head, Part.QUARTERS)
    assert str(open_one.title) == "2026-Q3 is not closed yet"
    assert str(owing.title) == "Rosa Quispe"
    assert owing.path == "/quarters/2026-Q3?office=PE"
    assert owing.said.values["n"] > 0
    a_closing(session, cast.peru, "2026-Q3")
    (owing,) = lines(session, cast.head, Part.QUARTERS)
    assert owing.path == "/quarters/2026-Q4?office=PE"


@pytest.mark.parametrize("part", ["staff", "officer", "head", "admin"])
def test_a_comment_that_names_somebody_waits_for_them_alone(session, cast, experiment, part):
    comment = a_comment(session, experiment, by_id=cast.staff.id)
    person = cast.everybody()[part]
    session.add(Mention(comment_id=comment.id, person_id=person.id))
    session.flush()
    assert seen_by(session, cast, Part.MENTIONS) == {part}
    (line,) = lines(session, person, Part.MENTIONS)
    assert str(line.said) == "Rosa Quispe: Who asked the sellers in July?"
    assert line.path == f"/experiments/{experiment.code}/comments#comment-{comment.id}"


def test_a_comment_is_not_told_to_somebody_who_no_longer_reads_the_experiment(
    session, cast, experiment
):
    comment = a_comment(session, experiment)
    for person in (cast.other_officer, cast.stranger, cast.reader):
        session.add(Mention(comment_id=comment.id, person_id=person.id))
    session.flush()
    assert seen_by(session, cast, Part.MENTIONS) == set()


def test_an_administrator_sees_temporary_passwords_that_ran_out(session, cast):
    here(session, cast.staff).password_temporary_until = AT - timedelta(minutes=1)
    here(session, cast.reader).password_temporary_until = AT + timedelta(minutes=1)
    here(session, cast.stranger).password_temporary_until = AT - timedelta(days=1)
    here(session, cast.stranger).disabled_at = AT
    session.flush()
    assert seen_by(session, cast, Part.PASSWORDS) == {"admin"}
    (line,) = lines(session, cast.admin, Part.PASSWORDS)
    assert (str(line.title), line.path) == ("Rosa Quispe", f"/people/{cast.staff.id}")


def test_an_administrator_sees_what_failed_in_the_last_two_weeks(session, cast):
    for days in (1, 15):
        session.add(
            Job(
                kind=JobKind.QUARTERLY_REPORT,
                state=JobState.FAILED,
                error={"message": f"It failed {days} days ago."},
                finished_at=AT - timedelta(days=days),
            )
        )
    for person, error in ((cast.staff, "451 later"), (cast.head, "")):
        session.add(
            Mail(
                to_id=person.id,
                kind=MailKind.NUDGE,
                language=Language.ES,
                subject="",
                text="",
                error=error,
                written_at=AT,
            )
        )
    session.flush()
    job, letter = lines(session, cast.admin, Part.FAILURES)
    assert str(job.said) == "It failed 1 days ago."
    assert str(letter.title) == "Letter to Rosa Quispe"
    assert seen_by(session, cast, Part.FAILURES) == {"admin"}


def test_who_runs_one_office_does_not_see_the_work_of_the_installation(session, cast):
    pia = here(session, cast.admin)
    pia.memberships = [Membership(role=Role.ADMIN, office=here(session, cast.peru))]
    session.add(Job(kind=JobKind.DIGEST, state=JobState.FAILED, finished_at=AT))
    session.flush()
    assert lines(session, pia, Part.FAILURES) == []


def test_what_happens_in_peru_is_none_of_a_strangers_business(session, cast, experiment):
    reviewed(session, cast, experiment, ReviewState.RETURNED)
    a_gate(session, experiment)
    a_decision(session, experiment, review_on=date(2026, 11, 1))
    a_plan(session, here(session, cast.peru))
    assert all(one.count == 0 for one in desk(session, cast.stranger).sections)


def test_a_reader_has_reports_and_nothing_else(session, cast, experiment):
    assert [one.part for one in desk(session, cast.reader).sections] == [Part.REPORTS]


@pytest.mark.parametrize("part", EVERYBODY)
def test_an_empty_part_says_that_nothing_waits_in_it(session, cast, part):
    for one in desk(session, cast.everybody()[part]).sections:
        assert isinstance(one.nothing, Sentence)
        assert one.nothing != one.title


def test_what_is_due_first_comes_first_and_the_rest_is_counted(session, cast):
    office, markets = here(session, cast.peru), here(session, cast.markets)
    for n in range(MOST_LINES + 3):
        made = an_experiment(session, office, markets, owner_id=cast.staff.id)
        a_decision(session, made, review_on=date(2026, 11, 30 - n))
    (found,) = (one for one in desk(session, cast.staff).sections if one.part is Part.DECISIONS)
    days = [line.due_on for line in found.lines]
    assert days == sorted(days)
    assert days[0] == date(2026, 11, 30 - MOST_LINES - 2)
    assert (len(days), found.count) == (MOST_LINES, MOST_LINES + 3)


@pytest.mark.parametrize("part", EVERYBODY)
def test_it_costs_the_same_number_of_statements_however_much_waits(session, cast, statements, part):
    person = here(session, cast.everybody()[part])
    office, markets = here(session, cast.peru), here(session, cast.markets)

    def busy(n):
        for _n in range(n):
            made = an_experiment(session, office, markets, owner_id=cast.staff.id)
            metric = a_metric(session, made)
            a_measurement(session, metric)
            session.add(PlannedWave(metric_id=metric.id, name="week 6", due_on=TODAY))
            a_gate(session, made, asked_by_id=cast.staff.id)
            a_decision(session, made, review_on=TODAY)
            reviewed(session, cast, made, ReviewState.SUBMITTED, quarter="2026-Q4")
            comment = a_comment(session, made, by_id=cast.head.id)
            session.add(Mention(comment_id=comment.id, person_id=person.id))
            a_plan(session, office)
        session.flush()

    def cost():
        session.expire_all()
        held = person.memberships, person.id
        assert held
        statements.clear()
        desk_for(session, person, at=AT)
        return len(statements)

    busy(2)
    two = cost()
    busy(6)
    assert cost() == two
