"""Several people at one quarter in any order: the rules hold whatever they do."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.database import UnitOfWork
from app.domain.measurements import Circumstances, Numbers
from app.domain.quarters import Leave, Quarter
from app.domain.refusals import NotReadyError, RefusalError
from app.queries.experiments import experiment_by_code
from app.queries.quarters import standing_quarter
from app.queries.scope import EVERYTHING
from app.reports.snapshot import read_json
from app.services import findings, measurements, quarters
from app.services.actor import Actor
from models import Closing, OfficeQuarter
from models.vocabulary import Door, QuarterState
from tests.cast import introduce
from tests.factories import a_metric, an_experiment

Q3 = Quarter(2026, 3)
DAYS = st.sampled_from([date(2026, 8, 3), date(2026, 9, 7), date(2026, 10, 2)])
# The head most often: else most stories end before anything is closed.
WHO = st.sampled_from(["head", "head", "head", "head", "staff", "officer"])
WHICH = st.integers(0, 1)
# What the stories came across, so that a test which tries nothing does not look green.
MET = Counter()


class Story(RuleBasedStateMachine):
    """A model keeps what should be so; after each step the database is compared with it."""

    @initialize(steps=st.sampled_from([0, 1, 2, 2, 2, 2]))
    def begin(self, steps):
        self.engine = self.fresh_engine()
        self.unit = UnitOfWork(self.engine, writes=True)
        self.session = self.unit.session
        self.people = introduce(self.session)
        self.codes = []
        for _n in range(2):
            one = an_experiment(
                self.session, self.people.peru, self.people.markets, starts_on=date(2026, 7, 1)
            )
            a_metric(self.session, one)
            self.codes.append(one.code)
        for which in range(2):
            findings.recompute(self.session, self.whole(which), today=Q3.ends_on)
        self.now = datetime(2026, 10, 5, 15, tzinfo=UTC)
        self.state, self.editions, self.kept = QuarterState.OPEN, 0, {}
        self.until = {}
        self.written, self.frozen, self.changes = 0, 0, 0
        for step in (self.start, self.close)[:steps]:
            step("head")

    def teardown(self):
        if hasattr(self, "unit"):
            self.unit.close(commit=False)
            self.engine.dispose()

    def by(self, who):
        return Actor(getattr(self.people, who), Door.WEB)

    def whole(self, which):
        self.session.expire_all()
        return experiment_by_code(self.session, self.codes[which], scope=EVERYTHING)

    def step(self, verb, who, **said):
        """Whether the step was taken; a refusal leaves nothing behind."""
        try:
            with self.session.begin_nested():
                verb(self.session, self.people.peru, Q3, by=self.by(who), **said)
        except RefusalError:
            return False
        return True

    @rule(who=WHO)
    def start(self, who):
        taken = self.step(quarters.start_closing, who)
        assert taken == (who == "head" and self.state is QuarterState.OPEN)
        if taken:
            self.state = QuarterState.CLOSING

    @rule(who=WHO)
    def leave_for_later(self, who):
        taken = self.step(quarters.reopen, who)
        assert taken == (who == "head" and self.state is QuarterState.CLOSING)
        if taken:
            self.state = QuarterState.OPEN

    @rule(who=WHO)
    def close(self, who):
        taken = self.step(quarters.close, who, at=self.now)
        assert taken == (who == "head" and self.state is QuarterState.CLOSING)
        if taken:
            self.state, self.editions, self.frozen = QuarterState.CLOSED, 1, self.written
            self.changes = 0
            MET["closed"] += 1

    @rule(who=WHO, which=WHICH, days=st.sampled_from([0, 1, 1, 2]))
    def give_exception(self, who, which, days):
        self.except_one(who, which, days)

    def except_one(self, who, which, days):
        leave = Leave(until=self.now + timedelta(days=days), reason="Forms came late.")
        one = self.whole(which)
        taken = self.step(quarters.give_exception, who, experiment=one, leave=leave, at=self.now)
        assert taken == (who == "head" and self.state is QuarterState.CLOSED and days > 0)
        if taken:
            self.until[which] = leave.until

    @rule(who=WHO, which=WHICH, day=DAYS, hours=st.sampled_from([None, None, None, 0, 25]))
    def write(self, who, which, day, hours):
        """As it stands, or so many hours after an exception of one day."""
        if hours is not None:
            self.except_one("head", which, days=1)
            self.now += timedelta(hours=hours)
        one = self.whole(which)
        is_locked = self.state is QuarterState.CLOSED and Q3.holds(day)
        runs = which in self.until and self.until[which] > self.now
        refused = False
        try:
            with self.session.begin_nested():
                measurements.record(
                    self.session,
                    one,
                    one.metrics[0],
                    Numbers(successes=self.written + 1, n=200),
                    Circumstances(measured_on=day),
                    by=self.by(who),
                    today=self.now.date(),
                    at=self.now,
                )
        except NotReadyError:
            refused = True
        assert refused == (is_locked and not runs)
        if is_locked:
            MET["excepted" if runs else "expired" if which in self.until else "locked"] += 1
        self.changes += not refused
        if not refused and Q3.holds(day):
            self.written += 1

    @rule(who=WHO)
    def correct(self, who):
        taken = self.step(quarters.correct, who, reason="One was missed.", at=self.now)
        may = who == "head" and self.state is QuarterState.CLOSED
        # A reading of a later day brings the finding that the quarter's had been lacking.
        assert taken <= (may and self.changes > 0)
        assert taken >= (may and self.written > self.frozen)
        if taken:
            self.editions, self.frozen = self.editions + 1, self.written
            self.changes = 0
            MET["corrected"] += 1

    @rule(hours=st.sampled_from([12, 25]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @invariant()
    def what_is_stored_is_what_should_be(self):
        if not hasattr(self, "unit"):
            return
        row = standing_quarter(self.session, self.people.peru.id, str(Q3))
        assert (row.state if row else QuarterState.OPEN) is self.state
        closings = self.session.scalars(
            select(Closing).join(OfficeQuarter).order_by(Closing.edition)
        ).all()
        assert [one.edition for one in closings] == list(range(1, self.editions + 1))
        for one in closings:
            assert self.kept.setdefault(one.edition, one.snapshot_json) == one.snapshot_json
        if closings:
            assert _readings_in(closings[-1].snapshot_json) == self.frozen


def _readings_in(text):
    return sum(len(metric.points) for one in read_json(text).experiments for metric in one.metrics)


def test_whatever_people_do_a_closed_quarter_stays_what_was_frozen(sqlite_template, tmp_path):
    numbers = iter(range(10_000))

    def fresh_engine(_story):
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return sqlite_template.copy_to(folder)

    with suppress(AttributeError):
        del Story.fresh_engine
    Story.fresh_engine = fresh_engine
    Story.TestCase.settings = settings(
        max_examples=24,
        stateful_step_count=50,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    MET.clear()
    Story.TestCase("runTest").runTest()
    assert {each for each in MET if MET[each]} == {
        "closed",
        "locked",
        "excepted",
        "expired",
        "corrected",
    }, MET
