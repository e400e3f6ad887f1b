"""What `flask evidence analyse` and `flask evidence plan` read: one JSON document."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.domain.refusals import InvalidError, Problem
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.effects import Alternative, Interval, Test
from app.domain.statistics.groups import (
    Changed,
    Events,
    Ordered,
    Published,
    Recommending,
    Share,
    Spread,
    refuse,
    spread_of,
    whole,
)
from app.domain.statistics.means import Course
from app.domain.statistics.menu import Outcome, Question, Site
from app.domain.statistics.power import Plan
from app.domain.verdicts import Guardrail
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import Direction

# A file in which everything is wrong is refused with so many sentences.
MOST_SAID = 20
DEEPEST = 6
NO_SUCH_VALUE = N_("This is not the kind of value that belongs here.")
WRONG = {
    "extra_forbidden": N_("There is no such key."),
    "missing": N_("This is needed."),
    "float_type": N_("A number belongs here, without quotation marks."),
    "finite_number": N_("This must be a finite number."),
    "model_type": N_("Names with values belong here, as in {…}."),
    "list_type": N_("A list belongs here, as in […]."),
    "tuple_type": N_("A list belongs here, as in […]."),
}
# Of shares 0 to 1 and of scores −100 to 100; several sites are told as ratios.
LARGEST_DIFFERENCE: Mapping[Outcome, int] = {Outcome.PROPORTION: 1, Outcome.NPS: 200}
MOMENTS = ("before", "after", "change")

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


def as_count(number: float) -> float:
    """5.0 as 5; a number with a part stays as it is, for the rules to refuse."""
    return int(number) if number.is_integer() else number


Count = Annotated[Number, AfterValidator(as_count)]


S = TypeVar("S", bound="Shape")


class Shape(BaseModel):
    """A part of a request; a key that is not known is refused, one that is null is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _given(cls, parts: Any) -> Any:
        """Null is the same as left out."""
        if not isinstance(parts, dict):
            return parts
        return {name: each for name, each in parts.items() if each is not None}


class Group(Shape):
    """The numbers of a group; which belong together follows from the outcome."""

    successes: Count | None = None
    n: Count | None = None
    improved: Count | None = None
    worsened: Count | None = None
    values: list[Number] | None = None
    mean: Number | None = None
    sd: Number | None = None
    se: Number | None = None
    count: Count | None = None
    exposure: Number | None = None
    promoters: Count | None = None
    passives: Count | None = None
    detractors: Count | None = None
    before: "Group | None" = None
    after: "Group | None" = None
    change: "Group | None" = None


class SiteShape(Shape):
    """One site."""

    name: str = Field(min_length=1)
    treatment: Group
    comparison: Group


class GuardrailShape(Shape):
    """A guardrail as computed elsewhere: its interval, in its own unit."""

    name: str = ""
    interval: tuple[Number, Number]
    margin: Annotated[Number, Field(ge=0)] = 0.0
    direction: Direction | None = None


class AnalysisRequest(Shape):
    """What `flask evidence analyse` reads."""

    design: Design
    outcome: Outcome
    treatment: Group | None = None
    comparison: Group | None = None
    target: Number | None = None
    before: Group | None = None
    after: Group | None = None
    sites: list[SiteShape] = []
    confidence: Number = 0.95
    direction: Direction = Direction.INCREASE
    minimum_meaningful_effect: Annotated[Number, Field(gt=0)] | None = None
    guardrails: list[GuardrailShape] = []
    planned_n: Annotated[Number, Field(ge=0)] | None = None
    alternative: Alternative = Alternative.TWO_SIDED
    cluster_size: Number = 1.0
    icc: Number = 0.0
    unit: str = ""

    def question(self) -> Question:
        """The request as the rules take it."""
        return Question(
            design=self.design,
            outcome=self.outcome,
            treatment=self._numbers("treatment"),
            comparison=self._numbers("comparison"),
            target=self.target,
            before=self._moment("before"),
            after=self._moment("after"),
            sites=[self._site(place, site) for place, site in enumerate(self.sites)],
            clusters=Clusters(size=self.cluster_size, icc=self.icc),
            test=Test(confidence=self.confidence, alternative=self.alternative),
        )

    def least(self) -> float | None:
        """The smallest effect that matters; refused where no effect can be so large."""
        least = self.minimum_meaningful_effect
        largest = None if self.design is Design.SITES else LARGEST_DIFFERENCE.get(self.outcome)
        if largest is not None and least is not None and least > largest:
            raise refuse(
                "minimum_meaningful_effect",
                sentence(
                    "No difference can exceed %(largest)s here: of shares, 10 points are 0.1.",
                    largest=largest,
                ),
            )
        return least

    def guards(self) -> list[Guardrail]:
        """The guardrails; one without a direction has the good direction of the metric."""
        return [
            Guardrail(
                guard.name,
                Interval(*sorted(guard.interval)),
                guard.margin,
                guard.direction or self.direction,
            )
            for guard in self.guardrails
        ]

    def _numbers(self, name: str) -> Any:
        group = getattr(self, name)
        if group is None:
            return None
        with beside(name):
            if self.design is Design.TWO_GROUPS_BEFORE_AFTER:
                return _course(group, self.outcome)
            if self.design is Design.BEFORE_AFTER_SAME and self.outcome is Outcome.PROPORTION:
                return Changed(*_taken(group, "improved", "worsened", "n"))
            return _group(group, self.outcome)

    def _moment(self, name: str) -> Any:
        group = getattr(self, name)
        with beside(name):
            return None if group is None else _group(group, self.outcome)

    def _site(self, place: int, site: SiteShape) -> Site:
        with beside(f"sites.{place}.treatment"):
            treatment = _group(site.treatment, self.outcome)
        with beside(f"sites.{place}.comparison"):
            comparison = _group(site.comparison, self.outcome)
        return Site(name=site.name, treatment=treatment, comparison=comparison)


class PlanRequest(Shape):
    """What `flask evidence plan` reads."""

    design: Design
    outcome: Outcome
    n_per_group: Count | None = None
    effect: Number | None = None
    power: Number = 0.8
    confidence: Number = 0.95
    cluster_size: Number = 1.0
    icc: Number = 0.0

    def plan(self) -> Plan:
        """The request as the rules take it."""
        return Plan(
            design=self.design,
            outcome=self.outcome,
            n_per_group=None
            if self.n_per_group is None
            else whole("n_per_group", self.n_per_group),
            effect=self.effect,
            power=self.power,
            confidence=self.confidence,
            clusters=Clusters(size=self.cluster_size, icc=self.icc),
        )


def read_request(content: bytes | str, shape: type[S]) -> S:
    """Read a request. Raises InvalidError with the path of each part that is wrong."""
    try:
        return shape.model_validate(json.loads(content, object_pairs_hook=_once_each))
    except ValidationError as error:
        raise InvalidError([_problem(each) for each in error.errors()[:MOST_SAID]]) from error
    except (ValueError, RecursionError) as error:
        raise InvalidError([Problem(None, sentence("This is no JSON document."))]) from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that stands twice nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse(twice, sentence("This key stands here twice."))
    return found


@contextmanager
def beside(path: str) -> Iterator[None]:
    """Refusals within name their part of the request, as in ``treatment.n``."""
    try:
        yield
    except InvalidError as refusal:
        raise InvalidError(
            [
                Problem(f"{path}.{problem.field}" if problem.field else path, problem.message)
                for problem in refusal.problems
            ]
        ) from refusal


def _problem(error: Mapping[str, Any]) -> Problem:
    steps = [str(step) for step in error["loc"]]
    place = ".".join(steps if len(steps) <= DEEPEST else [*steps[:DEEPEST], "…"])
    return Problem(place or None, _said(error))


def _said(error: Mapping[str, Any]) -> Sentence:
    context = error.get("ctx", {})
    match error["type"]:
        case "enum":
            return sentence("Choose one of: %(words)s.", words=context["expected"])
        case "greater_than":
            return sentence("This must be greater than %(limit)s.", limit=f"{context['gt']:g}")
        case "greater_than_equal":
            return sentence("This must be at least %(limit)s.", limit=f"{context['ge']:g}")
        case other:
            return sentence(WRONG.get(other, NO_SUCH_VALUE))


def _taken(group: Group, *names: str) -> list[Any]:
    """The numbers of those names, and no other: one that does not belong is refused."""
    given = group.model_dump(exclude_none=True)
    if foreign := next((name for name in given if name not in names), None):
        raise refuse(foreign, sentence("This number does not belong to such an outcome."))
    if absent := next((name for name in names if name not in given), None):
        raise refuse(absent, sentence("This is needed."))
    return [given[name] for name in names]


def _group(group: Group, outcome: Outcome) -> Any:
    match outcome:
        case Outcome.PROPORTION:
            return Share(*_taken(group, "successes", "n"))
        case Outcome.MEAN:
            return _spread(group)
        case Outcome.RATE:
            return Events(*_taken(group, "count", "exposure"))
        case Outcome.ORDINAL:
            return Ordered(*_taken(group, "values"))
        case Outcome.NPS:
            return Recommending(*_taken(group, "promoters", "passives", "detractors"))


def _spread(group: Group) -> Spread:
    if group.values is not None:
        return spread_of(*_taken(group, "values"))
    return Spread(*_taken(group, "mean", "sd", "n"))


def _course(group: Group, outcome: Outcome) -> Course:
    """Before, after and the change of one group; with the change known the others may be left."""
    moments = group.model_dump(exclude_none=True)
    if foreign := next((name for name in moments if name not in MOMENTS), None):
        raise refuse(foreign, sentence("This number does not belong to such a design."))
    return Course(**{name: _moment_of(getattr(group, name), name, outcome) for name in moments})


def _moment_of(group: Group, name: str, outcome: Outcome) -> Any:
    with beside(name):
        if group.se is not None:
            return Published(*_taken(group, "mean", "se"))
        if name == "change":
            return _spread(group)
        return _group(group, outcome)
