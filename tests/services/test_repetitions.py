"""An experiment that repeats another one: level 4 rests on what another team found."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.experiments import Blocks, Core
from app.domain.hypotheses import Slots
from app.domain.measurements import Circumstances, Numbers
from app.domain.metrics import MetricFacts
from app.domain.refusals import InvalidError
from app.domain.steps import Step
from app.queries.experiments import experiment_by_code
from app.queries.findings import findings_of, stored_grounds
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING
from app.services import (
    evidence_levels,
    experiments,
    hypotheses,
    measurements,
    metrics,
    registration,
)
from app.services.actor import Actor
from models.vocabulary import (
    Arm,
    ComparisonDesign,
    Direction,
    Door,
    ExperimentState,
    MetricKind,
    MetricRole,
    Stage,
)
from tests.cast import introduce

EARLY, TODAY = datetime(2026, 3, 1, 15, tzinfo=UTC), date(2026, 10, 5)
NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
SHARE = MetricFacts(
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    role=MetricRole.PRIMARY,
    baseline=Decimal("0.2"),
    minimum_meaningful_effect=Decimal("0.1"),
)
DESIGN = Blocks(comparison_design=ComparisonDesign.TWO_GROUPS, sample_planned=200)


@pytest.fixture
def people(session):
    return introduce(session)


@dataclass
class Trial:
    """One experiment of an office, registered in time, with a supported result."""

    session: object
    by: Actor
    core: Core
    code: str = ""

    def run(self, ours=60):
        step = Step(stage=Stage.TEST, state=ExperimentState.RUNNING)
        self.code = experiments.create(
            self.session, self.core, step=step, by=self.by, at=EARLY
        ).code
        self.edit()
        slots = Slots(change="a message", outcome="the share", because="they asked")
        hypotheses.add(self.session, self.whole(), slots, by=self.by)
        metric = metrics.add(self.session, self.whole(), SHARE, by=self.by, today=TODAY)
        registration.register(self.session, self.whole(), by=self.by, at=EARLY)
        for arm, successes in ((Arm.TREATMENT, ours), (Arm.COMPARISON, 20)):
            measurements.record(
                self.session,
                self.whole(),
                metric,
                Numbers(successes=successes, n=100),
                Circumstances(measured_on=date(2026, 9, 1), arm=arm),
                by=self.by,
                today=TODAY,
            )
        return self

    def edit(self, **told):
        return experiments.edit(
            self.session,
            self.whole(),
            self.core,
            replace(DESIGN, **told),
            seen_version=self.whole().version,
            by=self.by,
            at=NOW,
        )

    def whole(self):
        self.session.flush()
        self.session.expire_all()
        return experiment_by_code(self.session, self.code, scope=EVERYTHING)

    @property
    def level(self):
        return self.whole().evidence_level


@pytest.fixture
def trial(session, people):
    """A trial of Peru's lab, which Rosa looks after unless another person is named."""

    def made(owner=None, programme=None, **told):
        person = owner or people.staff
        core = Core(
            title="Messages",
            learning_intent="Whether they help.",
            lead_programme_id=(programme or people.markets).id,
            owner_id=person.id,
        )
        return Trial(session, Actor(person, Door.WEB), core).run(**told)

    return made


@pytest.fixture
def elsewhere(trial, people):
    """A supported trial of Ecuador's lab."""
    return trial(owner=people.stranger, programme=people.galapagos)


def test_repeating_another_offices_supported_experiment_reaches_level_four(trial, elsewhere):
    ours = trial()
    assert (ours.level, elsewhere.level) == (3, 3)
    ours.edit(repeats=elsewhere.code)
    assert ours.level == 4
    assert elsewhere.level == 3
    shown = ours.whole()
    assert stored_grounds(shown, findings_of(shown)).repeated_holds


def test_somebody_else_of_the_same_office_is_another_team_and_oneself_is_none(trial, people):
    ours, own, colleague = trial(), trial(), trial(owner=people.head)
    ours.edit(repeats=own.code)
    assert ours.level == 3
    ours.edit(repeats=colleague.code)
    assert ours.level == 4


def test_an_unsupported_experiment_confirms_nothing(trial, people):
    ours, theirs = trial(), trial(owner=people.stranger, programme=people.galapagos, ours=22)
    ours.edit(repeats=theirs.code)
    assert ours.level == 3


def test_lowering_the_repeated_experiment_takes_the_level_back(session, trial, elsewhere, people):
    ours = trial()
    ours.edit(repeats=elsewhere.code)
    head = Actor(people.head, Door.WEB)
    evidence_levels.lower(session, elsewhere.whole(), 2, because="Only friends", by=head)
    assert ours.level == 3


def test_what_it_repeats_is_written_down_by_its_code(session, trial, elsewhere):
    ours = trial()
    ours.edit(repeats=elsewhere.code, repeated_elsewhere="IPA Peru, 2027 report")
    entry = entries_of(session, f"experiment:{ours.code}")[0]
    assert entry.changes["repeats"] == [None, elsewhere.code]
    assert "repeats_id" not in entry.changes


@pytest.mark.parametrize("named", ["PE-1999-001", "itself", "the one that repeats it"])
def test_it_repeats_one_that_is_here_and_goes_in_no_circle(trial, elsewhere, named):
    ours = trial()
    elsewhere.edit(repeats=ours.code)
    code = {"itself": ours.code, "the one that repeats it": elsewhere.code}.get(named, named)
    with pytest.raises(InvalidError) as refusal:
        ours.edit(repeats=code)
    assert [problem.field for problem in refusal.value.problems] == ["repeats"]
    assert named in ("itself", "PE-1999-001") or elsewhere.code in str(refusal.value)
