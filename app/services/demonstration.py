"""The demonstration portfolio: published facts with their source, invented readings marked.

It is told through the same services as everything else, so it can hold nothing they refuse.
"""

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.decisions import Ruling
from app.domain.experiments import Blocks, Core
from app.domain.gates import Asking, GateRuling
from app.domain.hypotheses import Slots
from app.domain.measurements import Circumstances, Numbers
from app.domain.metrics import MetricFacts
from app.domain.plan_content import PlanContent
from app.domain.quarters import read_quarter
from app.domain.refusals import NotReadyError
from app.domain.reviews import Answer, Submission
from app.domain.roles import Place
from app.domain.steps import Step
from app.language.sentences import sentence
from app.queries.experiments import experiment_by_code
from app.queries.reviews import queue_line
from app.queries.scope import EVERYTHING
from app.services import (
    decisions,
    experiments,
    gates,
    hypotheses,
    measurements,
    metrics,
    people,
    places,
    plans,
    quarters,
    registration,
    reviews,
)
from app.services.actor import OPERATOR, Actor
from models import Experiment, Metric, Office, Person, Plan, Programme
from models.vocabulary import Door, EvidenceKind, ExperimentState, Role, Stage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PORTFOLIO = Path(__file__).resolve().parent.parent / "reference" / "demonstration.json"
# Said on the first screen of every demonstration, and good for nothing else.
PASSWORD = "quipu-nudo-y-camino"
STAFF, HEAD = "staff@chaski.example", "head@chaski.example"
DECIDING = {"let_through": gates.let_through, "sent_back": gates.send_back}
Facts = dict[str, Any]
Rule = TypeVar("Rule", bound="DataclassInstance")


def load(session: Session, *, at: datetime) -> bool:
    """Add the demonstration to an empty installation. False when it is there already.

    Raises NotReadyError when the installation holds people of its own: the two never mix.
    """
    if session.scalar(select(Person.id).where(Person.is_demonstration).limit(1)):
        return False
    if session.scalar(select(Person.id).limit(1)):
        raise NotReadyError(
            sentence("This installation has data of its own; the demonstration is not mixed in.")
        )
    _Demonstration(session, json.loads(PORTFOLIO.read_text(encoding="utf-8")), at).tell()
    return True


class _Demonstration:
    """The portfolio while it is being told, with the rows it has made so far."""

    def __init__(self, session: Session, facts: Facts, at: datetime) -> None:
        self.session, self.facts, self.at = session, facts, at
        self.programmes: dict[str, Programme] = {}
        self.people: dict[str, Person] = {}

    def tell(self) -> None:
        places.load_departments(self.session)
        office = Office(**self.facts["office"])
        self.session.add(office)
        for facts in self.facts["programmes"]:
            self.programmes[facts["code"]] = Programme(office=office, **facts)
        self.session.add_all(self.programmes.values())
        self.session.flush()
        for facts in self.facts["people"]:
            self._person(office, facts)
        plan = self._plan(office, self.facts["plan"])
        for facts in self.facts["experiments"]:
            self._experiment(plan, facts)
        for facts in self.facts["quarters"]:
            self._quarter(office, facts)

    @property
    def _staff(self) -> Actor:
        return Actor(self.people[STAFF], Door.CLI)

    @property
    def _head(self) -> Actor:
        return Actor(self.people[HEAD], Door.CLI)

    def _person(self, office: Office, facts: Facts) -> None:
        programme = self.programmes.get(facts.get("programme", ""))
        person = people.add(
            self.session,
            email=facts["email"],
            name=facts["name"],
            password=PASSWORD,
            role=Role(facts["role"]),
            place=Place(office if "office" in facts else None, programme),
            by=OPERATOR,
            is_demonstration=True,
        )
        self.people[person.email] = person

    def _plan(self, office: Office, facts: Facts) -> Plan:
        content = _read(
            PlanContent,
            facts,
            comments=facts["source"],
            evidence=[{"kind": kind, "text": facts[f"{kind}_evidence"]} for kind in EvidenceKind],
            learning_questions=facts["questions"],
        )
        plan = plans.add(self.session, office, content, by=self._staff, is_demonstration=True)
        return plans.submit(
            self.session, plan, seen_version=plan.version, by=self._head, at=self.at
        )

    def _experiment(self, plan: Plan, facts: Facts) -> None:
        programmes = [self.programmes[code] for code in facts["programmes"]]
        core = Core(
            title=facts["title"],
            learning_intent=facts["learning_intent"],
            lead_programme_id=programmes[0].id,
            owner_id=self._staff.id,
            learning_question_id=plan.learning_questions[facts["question"] - 1].id,
        )
        experiment = experiments.create(
            self.session,
            core,
            step=Step(stage=Stage(facts["began_at_stage"]), state=ExperimentState.RUNNING),
            by=self._staff,
            at=_noon(facts["starts_on"]),
            is_demonstration=facts.get("demonstration", False),
        )
        experiment = self._whole(experiment)
        blocks = _read(
            Blocks,
            facts,
            contributing_programme_ids=[each.id for each in programmes[1:]],
            ubigeos=facts.get("places", ()),
        )
        experiments.edit(
            self.session,
            experiment,
            core,
            blocks,
            seen_version=experiment.version,
            by=self._staff,
            at=self.at,
        )
        self._evidence(self._whole(experiment), facts)
        self._moves(self._whole(experiment), facts["moves"])
        for told in facts.get("gates", ()):
            self._gate(self._whole(experiment), told)
        self._answers(experiment, facts)

    def _quarter(self, office: Office, facts: Facts) -> None:
        """Begin to close it; where it has a day, close it on that day."""
        quarter = read_quarter(facts["quarter"], today=self.at.date())
        told = facts["introduction"]
        quarters.introduce(self.session, office, quarter, told, seen_version=None, by=self._head)
        quarters.start_closing(self.session, office, quarter, by=self._head)
        if day := facts.get("closed_on"):
            quarters.close(self.session, office, quarter, by=self._head, at=_noon(day))

    def _whole(self, experiment: Experiment) -> Experiment:
        self.session.expire(experiment)
        return experiment_by_code(self.session, experiment.code, scope=EVERYTHING)

    def _evidence(self, experiment: Experiment, facts: Facts) -> None:
        hypothesis_id = None
        if slots := facts.get("hypothesis"):
            said = _read(Slots, slots)
            hypothesis_id = hypotheses.add(self.session, experiment, said, by=self._staff).id
        told = [
            (
                metrics.add(
                    self.session,
                    experiment,
                    _read(MetricFacts, each, hypothesis_id=hypothesis_id),
                    by=self._staff,
                    today=self.at.date(),
                ),
                [one for one in each["readings"] if "after_review" not in one],
            )
            for each in facts["metrics"]
        ]
        self._register(experiment, facts)
        for metric, readings in told:
            self._readings(experiment, metric, readings)
        if amended := facts.get("amended"):
            self._amend(self._whole(experiment), amended)

    def _register(self, experiment: Experiment, facts: Facts) -> None:
        """Freeze the plan on its day, whether or not the readings came first."""
        if on := facts.get("registered_on"):
            registration.register(
                self.session, experiment, by=self._staff, at=_noon(on), is_demonstration=True
            )

    def _amend(self, experiment: Experiment, facts: Facts) -> None:
        """Set another smallest effect that matters in one of the metrics, and say why."""
        metric = experiment.metrics[facts["metric"] - 1]
        least = Decimal(facts["minimum_meaningful_effect"])
        metrics.edit(
            self.session,
            experiment,
            metric,
            replace(metrics.facts_of(metric), minimum_meaningful_effect=least),
            seen_version=metric.version,
            by=self._staff,
            today=self.at.date(),
            amendment_reason=facts["reason"],
            at=_noon(facts["on"]),
        )

    def _readings(self, experiment: Experiment, metric: Metric, facts: Iterable[Facts]) -> None:
        for each in facts:
            measurements.record(
                self.session,
                experiment,
                metric,
                _read(Numbers, each),
                _read(Circumstances, each, measured_on=each["on"]),
                by=self._staff,
                today=self.at.date(),
                is_demonstration=each.get("demonstration", experiment.is_demonstration),
            )

    def _moves(self, experiment: Experiment, facts: Iterable[Facts]) -> None:
        """What happened before the tracker, or within a stage: no gate was asked."""
        for each in facts:
            experiments.enter(
                self.session, experiment, _read(Step, each), by=self._staff, at=self.at
            )

    def _gate(self, experiment: Experiment, facts: Facts) -> None:
        gate = gates.ask(
            self.session,
            experiment,
            _read(Asking, facts),
            by=self._staff,
            at=_noon(facts["asked_on"]),
            is_demonstration=True,
        )
        for word, decide in DECIDING.items():
            if said := facts.get(word):
                ruling, at = _read(GateRuling, said), _noon(said["on"])
                decide(self.session, experiment, gate, ruling, by=self._head, at=at)

    def _answers(self, experiment: Experiment, facts: Facts) -> None:
        for each in facts["decisions"]:
            decisions.record(
                self.session,
                experiment,
                _read(Ruling, each, decided_on=each["on"], people=self.people[HEAD].name),
                by=self._head,
                today=self.at.date(),
                is_demonstration=True,
            )
        for each in facts["reviews"]:
            self._review(experiment, each)
        self._later(self._whole(experiment), facts)
        for each in facts.get("submitted", ()):
            self._review(experiment, each)

    def _later(self, experiment: Experiment, facts: Facts) -> None:
        """What was read after the reviews: the next one shows it as changed."""
        for metric, told in zip(experiment.metrics, facts["metrics"], strict=True):
            later = [each for each in told["readings"] if "after_review" in each]
            self._readings(experiment, metric, later)

    def _review(self, experiment: Experiment, facts: Facts) -> None:
        line = queue_line(
            self.session,
            experiment_code=experiment.code,
            programme_code=facts["programme"],
            quarter=read_quarter(facts["quarter"], today=self.at.date()),
            scope=EVERYTHING,
        )
        officer = next(
            person
            for person in self.people.values()
            for held in person.memberships
            if held.role is Role.OFFICER and held.programme_id == line.programme.id
        )
        # What the experiment's history holds by now was there before the review.
        self.session.flush()
        at = now()
        review = reviews.submit(
            self.session, line, Submission(facts.get("note", "")), by=self._staff, at=at
        )
        if "state" in facts:
            reviews.answer(
                self.session,
                line,
                said=_read(Answer, facts),
                by=Actor(officer, Door.CLI),
                at=at,
                seen_version=review.version,
            )
        review.is_demonstration = True
        self.session.flush()


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(17), tzinfo=UTC)


def _read(kind: type[Rule], facts: Facts, **given: Any) -> Rule:
    """A rule's dataclass from the fields of the same name that the facts hold."""
    named = {field.name: facts[field.name] for field in fields(kind) if field.name in facts}
    return TypeAdapter(kind).validate_python(named | given)
