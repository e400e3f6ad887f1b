"""Closing a quarter: one action of the head that freezes it, and what is possible after."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import func, select

from app.database import unit_of_work
from app.domain.measurements import Circumstances, Numbers
from app.domain.quarters import LONGEST_INTRODUCTION, Leave, Quarter
from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    RefusalError,
    UnknownError,
)
from app.queries.experiments import experiment_by_code
from app.queries.history import entries_of
from app.queries.quarters import newest_closing, standing_quarter
from app.queries.scope import EVERYTHING
from app.reports.assemble.quarterly import assemble
from app.reports.assemble.readiness import as_it_stands, debtors_of
from app.reports.restricting import restricted
from app.reports.snapshot import Gap, GapKind, read_json
from app.services import measurements, nudges, quarters, reporting
from app.services.actor import OPERATOR, Actor
from app.services.reporting import Scope
from models import Closing, Mail, Membership, Nudge, OfficeQuarter, Person, ReportIssue
from models.vocabulary import (
    Door,
    ExperimentState,
    Language,
    QuarterState,
    ReviewState,
    Role,
    Stage,
)
from tests.cast import introduce
from tests.factories import (
    a_measurement,
    a_metric,
    a_review,
    a_stage_entry,
    an_experiment,
    an_office_quarter,
)

Q3 = Quarter(2026, 3)
IN_Q3 = date(2026, 8, 3)
NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LEAVE = Leave(until=NOW + timedelta(days=3), reason="The forms of Cajamarca came late.")
SITE = "https://chaski.example.org"


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def head(people):
    return Actor(people.head, Door.WEB)


@pytest.fixture
def experiment(session, people):
    return running(session, people)


def running(session, people):
    """An experiment of Rosa's under way in the third quarter, with a metric and a reading."""
    made = an_experiment(
        session,
        people.peru,
        people.markets,
        people.inclusion,
        starts_on=date(2026, 4, 1),
        stage=Stage.TEST,
        state=ExperimentState.RUNNING,
        owner_id=people.staff.id,
    )
    entered_at = datetime(2026, 4, 2, tzinfo=UTC)
    a_stage_entry(
        session, made, stage=Stage.TEST, state=ExperimentState.RUNNING, entered_at=entered_at
    )
    a_measurement(session, a_metric(session, made), measured_on=IN_Q3)
    return whole(session, made)


def whole(session, experiment):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, experiment.code, scope=EVERYTHING)


def closed(session, people, head, *, at=NOW):
    quarters.start_closing(session, people.peru, Q3, by=head)
    return quarters.close(session, people.peru, Q3, by=head, at=at)


def record(session, experiment, day, *, by, at=LATER, successes=70):
    return measurements.record(
        session,
        experiment,
        experiment.metrics[0],
        Numbers(successes=successes, n=200),
        Circumstances(measured_on=day),
        by=by,
        today=at.date(),
        at=at,
    )


def points_of(snapshot):
    return [
        point for one in snapshot.experiments for metric in one.metrics for point in metric.points
    ]


def state_of(session, people):
    row = standing_quarter(session, people.peru.id, str(Q3))
    return row.state if row else QuarterState.OPEN


def test_one_action_freezes_every_experiment_and_asks_for_the_reports(session, people, head):
    codes = {running(session, people).code for _ in range(3)}
    closing = closed(session, people, head)
    snapshot = read_json(closing.snapshot_json)
    assert {one.code for one in snapshot.experiments} == codes
    assert snapshot.closing.closed_by == people.head.name
    assert (snapshot.closing.edition, snapshot.closing.closed_on) == (1, "2026-10-05")
    asked = session.scalars(select(ReportIssue).where(ReportIssue.job_id.is_not(None))).all()
    assert {(one.programme_id, one.language) for one in asked} == {
        (None, Language.EN),
        (None, Language.ES),
    }
    assert state_of(session, people) is QuarterState.CLOSED


def test_who_closed_it_and_what_was_frozen_are_in_the_history(session, people, head, experiment):
    closing = closed(session, people, head)
    entry = entries_of(session, f"quarter:PE:{Q3}")[0]
    assert (entry.event, entry.by_id) == ("quarter.closed", people.head.id)
    assert entry.changes["snapshot_sha256"] == [None, closing.snapshot_sha256]


def test_the_closing_notes_the_newest_seal_of_the_history(engine, cast):
    head = Actor(cast.head, Door.WEB)
    with unit_of_work(engine) as session:
        quarters.start_closing(session, cast.peru, Q3, by=head)
    with unit_of_work(engine) as session:
        seal = entries_of(session, f"quarter:PE:{Q3}")[0].sha256
        assert quarters.close(session, cast.peru, Q3, by=head, at=NOW).history_sha256 == seal != ""


@pytest.mark.parametrize("part", ["staff", "officer", "admin", "reader", "stranger"])
def test_only_the_head_of_the_office_takes_a_step(session, people, part):
    by = Actor(getattr(people, part), Door.WEB)
    an_office_quarter(session, people.peru, Q3)
    steps = [
        lambda: quarters.close(session, people.peru, Q3, by=by, at=NOW),
        lambda: quarters.reopen(session, people.peru, Q3, by=by),
        lambda: quarters.correct(session, people.peru, Q3, reason="No.", by=by, at=NOW),
        lambda: nudges.nudge(session, people.peru, Q3, person_id=None, site=SITE, by=by, at=NOW),
    ]
    for step in steps:
        with pytest.raises(NotAllowedError, match="Only the head"):
            step()
    assert state_of(session, people) is QuarterState.CLOSING


def test_the_head_of_another_office_and_the_operator_do_not_close(session, people):
    head = Person(
        email="hector@example.org",
        name="Héctor",
        password_hash="x",
        memberships=[Membership(role=Role.HEAD, office=people.ecuador)],
    )
    session.add(head)
    an_office_quarter(session, people.peru, Q3)
    for by in (Actor(head, Door.WEB), OPERATOR):
        with pytest.raises(NotAllowedError):
            quarters.close(session, people.peru, Q3, by=by, at=NOW)


def test_it_is_not_closed_before_its_last_day_has_passed(session, people, head):
    quarters.start_closing(session, people.peru, Q3, by=head)
    last = datetime(2026, 9, 30, 15, tzinfo=UTC)
    with pytest.raises(NotReadyError, match="from the day after"):
        quarters.close(session, people.peru, Q3, by=head, at=last)
    assert quarters.close(session, people.peru, Q3, by=head, at=last + timedelta(days=1))


def test_what_is_not_being_closed_is_not_closed(session, people, head):
    with pytest.raises(NotReadyError, match="begin to close it first"):
        quarters.close(session, people.peru, Q3, by=head, at=NOW)


def test_closing_can_be_left_for_later_and_begun_again(session, people, head):
    quarters.start_closing(session, people.peru, Q3, by=head)
    quarters.reopen(session, people.peru, Q3, by=head)
    assert state_of(session, people) is QuarterState.OPEN
    assert closed(session, people, head).edition == 1


def test_what_is_closed_stays_closed(session, people, head, experiment):
    closed(session, people, head)
    for step in (quarters.start_closing, quarters.reopen):
        with pytest.raises(NotReadyError, match="closed and stays so"):
            step(session, people.peru, Q3, by=head)
    with pytest.raises(NotReadyError, match="closed meanwhile"):
        quarters.close(session, people.peru, Q3, by=head, at=LATER)
    assert session.scalar(select(func.count()).select_from(Closing)) == 1


def test_the_introduction_is_frozen_with_the_quarter(session, people, head, experiment):
    quarters.introduce(session, people.peru, Q3, " A dry quarter. ", seen_version=None, by=head)
    closing = closed(session, people, head)
    assert read_json(closing.snapshot_json).introduction == "A dry quarter."
    with pytest.raises(NotReadyError):
        quarters.introduce(session, people.peru, Q3, "Another.", seen_version=None, by=head)


def test_a_draft_of_the_office_s_report_takes_the_introduction_that_is_kept(session, people, head):
    quarters.introduce(session, people.peru, Q3, "A dry quarter.", seen_version=None, by=head)

    def begun(programme=None, **given):
        scope = Scope(people.peru, programme, Q3)
        issue = reporting.begin(session, scope, language=Language.ES, by=head, **given)
        return issue.introduction

    assert begun() == "A dry quarter."
    assert begun(introduction="Its own.") == "Its own."
    assert begun(people.markets) == ""
    scope = Scope(people.peru, None, Q3)
    asked = reporting.ask(session, scope, language=Language.ES, by=head)
    assert asked.introduction == "A dry quarter."
    assert reporting.ask(session, scope, language=Language.ES, by=head) is asked


def test_two_heads_at_the_introduction_do_not_overwrite_each_other(session, people, head):
    row = quarters.introduce(session, people.peru, Q3, "One.", seen_version=None, by=head)
    seen = row.version
    quarters.introduce(session, people.peru, Q3, "Two.", seen_version=seen, by=head)
    with pytest.raises(ChangedMeanwhileError):
        quarters.introduce(session, people.peru, Q3, "Three.", seen_version=seen, by=head)


def test_an_introduction_too_long_for_page_one_is_refused(session, people, head):
    text = "a" * (LONGEST_INTRODUCTION + 1)
    with pytest.raises(InvalidError, match="at most 2000 fit"):
        quarters.introduce(session, people.peru, Q3, text, seen_version=None, by=head)


def test_an_exception_needs_a_day_to_come_a_reason_and_an_experiment_of_the_office(
    session, people, head, experiment
):
    closed(session, people, head)
    stranger = an_experiment(session, people.ecuador, people.galapagos)

    def give(one, leave):
        return quarters.give_exception(session, people.peru, Q3, one, leave, by=head, at=NOW)

    for one, leave in (
        (experiment, Leave(until=NOW, reason="Late.")),
        (experiment, Leave(until=LATER, reason=" ")),
        (experiment, Leave(until=NOW + timedelta(days=32, seconds=1), reason="Late.")),
        (stranger, LEAVE),
    ):
        with pytest.raises(InvalidError):
            give(one, leave)
    given = give(experiment, LEAVE)
    assert (given.given_by_id, given.given_at) == (people.head.id, NOW)


def test_one_exception_of_an_experiment_runs_at_a_time(session, people, head, experiment):
    closed(session, people, head)
    shorter = Leave(until=NOW + timedelta(days=2), reason="One form is left.")
    first = quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)
    second = quarters.give_exception(
        session, people.peru, Q3, experiment, shorter, by=head, at=LATER
    )
    assert (first.until, second.until) == (LATER, shorter.until)
    with pytest.raises(NotReadyError, match="2026-Q3 is closed"):
        record(session, whole(session, experiment), IN_Q3, by=head, at=shorter.until)
    told = entries_of(session, f"quarter:PE:{Q3}")
    assert [one.event.removeprefix("quarter.") for one in told if "except" in one.event] == [
        "excepted",
        "exception_ended",
        "excepted",
    ]


def test_the_head_alone_ends_an_exception_before_its_day(session, people, head, experiment):
    closed(session, people, head)
    given = quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)

    def end(number, by=head, *, quarter=Q3, at=LATER):
        return quarters.end_exception(session, people.peru, quarter, number, by=by, at=at)

    with pytest.raises(NotAllowedError):
        end(given.id, Actor(people.staff, Door.WEB))
    with pytest.raises(UnknownError):
        end(given.id + 1)
    with pytest.raises(NotReadyError):
        end(given.id, quarter=Q3.next)
    assert end(given.id).until == LATER
    assert end(given.id, at=LATER + timedelta(hours=1)).until == LATER
    with pytest.raises(NotReadyError, match="2026-Q3 is closed"):
        record(session, whole(session, experiment), IN_Q3, by=head, at=LATER)


def test_an_open_quarter_needs_no_exception(session, people, head, experiment):
    with pytest.raises(NotReadyError, match="open"):
        quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)


def test_a_correction_follows_an_exception_and_keeps_the_edition_before(
    session, people, head, experiment
):
    first = closed(session, people, head)
    kept = (first.snapshot_json, first.snapshot_sha256)
    quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)
    record(session, whole(session, experiment), date(2026, 9, 1), by=Actor(people.staff, Door.WEB))
    second = quarters.correct(
        session, people.peru, Q3, reason="A reading was missed.", by=head, at=LATER
    )
    again = session.get(Closing, first.id, populate_existing=True)
    assert (again.snapshot_json, again.snapshot_sha256) == kept
    assert (second.edition, second.reason) == (2, "A reading was missed.")
    told = read_json(second.snapshot_json)
    assert len(points_of(told)) == len(points_of(read_json(first.snapshot_json))) + 1
    assert (told.closing.edition, told.closing.reason) == (2, "A reading was missed.")


def test_a_correction_has_its_own_reports_while_those_of_the_closing_are_still_being_made(
    session, people, head, experiment
):
    closed(session, people, head)
    quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)
    record(session, whole(session, experiment), date(2026, 9, 1), by=Actor(people.staff, Door.WEB))
    quarters.correct(session, people.peru, Q3, reason="One was missed.", by=head, at=LATER)
    told = {
        (issue.language, read_json(issue.snapshot_json).closing.edition)
        for issue in session.scalars(select(ReportIssue).where(ReportIssue.job_id.is_not(None)))
    }
    assert told == {(language, edition) for language in Language for edition in (1, 2)}


def test_a_correction_asks_again_for_what_the_programmes_had_of_the_quarter(
    session, people, head, experiment
):
    def ask(programme, language, quarter=Q3):
        scope = reporting.Scope(people.peru, programme, quarter)
        return reporting.ask(session, scope, language=language, by=head)

    closed(session, people, head)
    ask(people.markets, Language.ES)
    ask(people.inclusion, Language.EN, Q3.previous)
    quarters.give_exception(session, people.peru, Q3, experiment, LEAVE, by=head, at=NOW)
    record(session, whole(session, experiment), date(2026, 9, 1), by=Actor(people.staff, Door.WEB))
    before = set(session.scalars(select(ReportIssue.id)))
    quarters.correct(session, people.peru, Q3, reason="One was missed.", by=head, at=LATER)
    asked = [one for one in session.scalars(select(ReportIssue)) if one.id not in before]
    assert {(one.programme_id, one.language) for one in asked} == {
        (None, Language.EN),
        (None, Language.ES),
        (people.markets.id, Language.ES),
    }
    assert {(one.quarter, one.job_id is None) for one in asked} == {(str(Q3), False)}
    assert {read_json(one.snapshot_json).closing.edition for one in asked} == {2}


def test_a_correction_needs_a_reason_and_something_to_correct(session, people, head, experiment):
    closed(session, people, head)
    with pytest.raises(InvalidError, match="Say what was wrong"):
        quarters.correct(session, people.peru, Q3, reason=" ", by=head, at=LATER)
    with session.begin_nested() as nested:
        with pytest.raises(NotReadyError, match="nothing to correct"):
            quarters.correct(session, people.peru, Q3, reason="Just so.", by=head, at=LATER)
        nested.rollback()
    assert newest_closing(session, people.peru.id, str(Q3)).edition == 1


def test_a_report_of_a_closed_quarter_knows_nothing_that_came_after(
    session, people, head, experiment
):
    closing = closed(session, people, head)
    a_measurement(session, experiment.metrics[0], measured_on=date(2026, 9, 2))
    session.flush()
    session.expire_all()
    issue = reporting.begin(
        session, reporting.Scope(people.peru, None, Q3), language=Language.EN, introduction="",
        by=OPERATOR,
    )  # fmt: skip
    live = assemble(session, issue, today=LATER.date())
    frozen = reporting.freeze(session, issue, live)
    assert issue.snapshot_sha256 == closing.snapshot_sha256
    assert len(points_of(frozen.snapshot)) == len(points_of(live)) - 1


def test_a_closed_quarter_s_report_takes_no_other_introduction(session, people, head, experiment):
    closed(session, people, head)
    with pytest.raises(InvalidError, match="the sentences it was closed with"):
        reporting.begin(
            session, reporting.Scope(people.peru, None, Q3), language=Language.EN,
            introduction="Mine.", by=OPERATOR,
        )  # fmt: skip


def test_a_programme_s_part_of_the_frozen_facts_is_what_it_would_have_reported(
    session, people, head
):
    both, one = (
        running(session, people),
        an_experiment(session, people.peru, people.inclusion, starts_on=date(2026, 5, 1)),
    )
    a_review(session, both, people.markets, quarter=str(Q3), state=ReviewState.SUBMITTED)
    session.flush()
    session.expire_all()
    whole_office = ReportIssue(office_id=people.peru.id, quarter=str(Q3), introduction="")
    office = assemble(session, whole_office, today=NOW.date())
    for programme in (people.markets, people.inclusion):
        asked = ReportIssue(
            office_id=people.peru.id, programme_id=programme.id, quarter=str(Q3), introduction=""
        )
        line = next(each for each in office.programmes if each.code == programme.code)
        live = assemble(session, asked, today=NOW.date())
        part = restricted(office, line)
        assert part.model_copy(update={"data_as_of": live.data_as_of}) == live
    assert {each.code for each in office.experiments} == {both.code, one.code}


def test_the_readiness_list_names_the_owner_and_the_officers(session, people, experiment):
    a_review(session, experiment, people.markets, quarter=str(Q3), state=ReviewState.SUBMITTED)
    session.flush()
    session.expire_all()
    told = as_it_stands(session, people.peru.id, str(Q3), today=NOW.date())
    owed = {one.name: one for one in debtors_of(session, people.peru.id, told.gaps)}
    assert owed[people.officer.name].person.id == people.officer.id
    assert [gap.kind for gap in owed[people.officer.name].gaps] == [GapKind.NO_REVIEW]
    kinds = {gap.kind for gap in owed[people.staff.name].gaps}
    assert GapKind.NOT_SUBMITTED in kinds
    assert GapKind.NO_REVIEW not in kinds
    assert sum(len(one.gaps) for one in owed.values()) == len(told.gaps)


def test_who_holds_up_the_quarter_comes_first_and_what_was_missing_all_along_last(
    session, people, experiment
):
    def owed(kind, name, code="PE-2026-001"):
        return Gap(kind=kind, experiment=code, owed_by=name)

    standing = owed(GapKind.NO_CONSENT, "Ana")
    gaps = [
        owed(GapKind.NO_TARGET, ""),
        standing,
        owed(GapKind.NO_READING_THIS_QUARTER, "Zoila"),
        owed(GapKind.NO_BASELINE, "Berta", "PE-2026-002"),
        owed(GapKind.NO_READING_THIS_QUARTER, "Berta", "PE-2026-003"),
        owed(GapKind.REVIEW_NOT_ACCEPTED, "Berta"),
    ]
    debtors = debtors_of(session, people.peru.id, gaps)
    assert [one.name for one in debtors] == ["Berta", "Zoila", "Ana", ""]
    assert [gap.kind for gap in debtors[0].gaps] == [
        GapKind.REVIEW_NOT_ACCEPTED,
        GapKind.NO_READING_THIS_QUARTER,
        GapKind.NO_BASELINE,
    ]
    assert sorted(map(str, gaps)) == sorted(str(gap) for one in debtors for gap in one.gaps)


def test_a_nudge_tells_what_is_owed_in_the_person_s_language_and_once_a_day(
    session, people, head, experiment
):
    people.staff.language = Language.ES
    quarters.start_closing(session, people.peru, Q3, by=head)

    def nudge(at=NOW):
        return nudges.nudge(
            session, people.peru, Q3, person_id=people.staff.id, site=SITE, by=head, at=at
        )

    [sent] = nudge()
    letter = session.scalars(select(Mail)).one()
    assert (letter.to_id, letter.language) == (people.staff.id, Language.ES)
    assert experiment.code in letter.text
    assert f"{SITE}/quarters/2026-Q3?office=PE" in letter.text.split()
    assert {each["experiment"] for each in sent.owed} == {experiment.code}
    with pytest.raises(NotReadyError, match="had a letter"):
        nudge()
    assert len(nudge(at=LATER)) == 1


def test_all_who_owe_something_are_nudged_at_once(session, people, head, experiment):
    a_review(session, experiment, people.markets, quarter=str(Q3), state=ReviewState.SUBMITTED)
    quarters.start_closing(session, people.peru, Q3, by=head)
    nudges.nudge(session, people.peru, Q3, person_id=None, site=SITE, by=head, at=NOW)
    nudged = set(session.scalars(select(Nudge.person_id)))
    assert nudged == {people.staff.id, people.officer.id}


def test_nobody_is_nudged_before_the_closing_begins(session, people, head, experiment):
    with pytest.raises(NotReadyError):
        nudges.nudge(session, people.peru, Q3, person_id=None, site=SITE, by=head, at=NOW)


def test_two_heads_closing_at_once_close_it_once(engine, cast):
    head = Actor(cast.head, Door.WEB)
    with unit_of_work(engine) as session:
        quarters.start_closing(session, cast.peru, Q3, by=head)

    def try_to_close(_n):
        try:
            with unit_of_work(engine) as session:
                return quarters.close(session, cast.peru, Q3, by=head, at=NOW).edition
        except RefusalError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(try_to_close, range(4)))
    assert outcomes.count(1) == 1
    assert outcomes.count(NotReadyError) == 3
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Closing)) == 1
        assert session.scalar(select(func.count()).select_from(OfficeQuarter)) == 1


def test_a_reading_being_saved_while_the_quarter_is_closed_is_in_what_was_frozen(engine, cast):
    head, staff = Actor(cast.head, Door.WEB), Actor(cast.staff, Door.WEB)
    with unit_of_work(engine) as session:
        code = running(session, cast).code
        quarters.start_closing(session, cast.peru, Q3, by=head)
    saving, may_end = Event(), Event()

    def write():
        with unit_of_work(engine) as session:
            one = experiment_by_code(session, code, scope=EVERYTHING)
            record(session, one, date(2026, 9, 9), by=staff)
            saving.set()
            assert may_end.wait(20)

    def close():
        assert saving.wait(20)
        with unit_of_work(engine) as session:
            return quarters.close(session, cast.peru, Q3, by=head, at=NOW).snapshot_json

    with ThreadPoolExecutor(2) as pool:
        writing, closing = pool.submit(write), pool.submit(close)
        assert saving.wait(20)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.3)
        may_end.set()
        writing.result(20)
        days = {point.on for point in points_of(read_json(closing.result(20)))}
    assert "2026-09-09" in days


def test_a_reading_saved_while_others_close_is_frozen_or_refused(engine, cast):
    head, staff = Actor(cast.head, Door.WEB), Actor(cast.staff, Door.WEB)
    with unit_of_work(engine) as session:
        codes = [running(session, cast).code for _ in range(4)]
        quarters.start_closing(session, cast.peru, Q3, by=head)

    def write(code):
        try:
            with unit_of_work(engine) as session:
                one = experiment_by_code(session, code, scope=EVERYTHING)
                record(session, one, date(2026, 9, 9), by=staff)
        except NotReadyError:
            return None
        return code

    def close(_code):
        with unit_of_work(engine) as session:
            quarters.close(session, cast.peru, Q3, by=head, at=NOW)

    with ThreadPoolExecutor(5) as pool:
        tries = [pool.submit(write, code) for code in codes[:2]]
        closing = pool.submit(close, None)
        tries += [pool.submit(write, code) for code in codes[2:]]
        closing.result(30)
        kept = {each.result(30) for each in tries} - {None}
    with unit_of_work(engine, writes=False) as session:
        snapshot = read_json(newest_closing(session, cast.peru.id, str(Q3)).snapshot_json)
    frozen = {
        one.code
        for one in snapshot.experiments
        for metric in one.metrics
        if any(point.on == "2026-09-09" for point in metric.points)
    }
    assert frozen == kept
