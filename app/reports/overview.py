"""What page one, the portfolio and the programmes add up: people, money, questions, what is due.

Nothing here is stored: every sum is of what the reader can see in the register.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.answers import Answer, answer_by
from app.domain.quarters import quarter_of
from app.reports import figures
from app.reports.plain import figure
from app.reports.snapshot import (
    AmendmentLine,
    ChangeLine,
    DecisionLine,
    ExperimentSection,
    GapKind,
    PartnerLine,
    PlanLine,
    ProgrammeLine,
    QuarterlySnapshot,
    ReviewLine,
)
from models.vocabulary import Arm, ExperimentState, ReviewState, Sector, Verdict


@dataclass(frozen=True)
class Sum:
    """A sum, and of how many experiments of all something was recorded."""

    total: str
    known: int


def people(snapshot: QuarterlySnapshot) -> Sum:
    """People or cases measured with the intervention: each experiment's largest wave."""
    counts = [figures.measured(one, {Arm.TREATMENT}) for one in snapshot.experiments]
    return Sum(str(sum(counts)), sum(count > 0 for count in counts))


def money(snapshot: QuarterlySnapshot) -> tuple[Sum, Sum]:
    """What was planned and what was spent, in US dollars, each experiment once."""
    return (
        _sum(one.budget_planned_usd for one in snapshot.experiments),
        _sum(one.cost_actual_usd for one in snapshot.experiments),
    )


def _sum(amounts: Iterable[str | None]) -> Sum:
    known = [Decimal(amount) for amount in amounts if amount is not None]
    return Sum(figure(sum(known, Decimal(0))), len(known))


@dataclass(frozen=True)
class Decided:
    """A decision of the quarter."""

    section: ExperimentSection
    decision: DecisionLine

    @property
    def is_against(self) -> bool:
        """Whether it goes against the verdict as it stood."""
        return bool(self.decision.against_because)


def decided(snapshot: QuarterlySnapshot) -> tuple[Decided, ...]:
    """The decisions taken in the quarter, in time."""
    taken = [
        Decided(section, decision)
        for section in snapshot.experiments
        for decision in section.decisions
        if snapshot.starts_on <= decision.decided_on <= snapshot.ends_on
    ]
    return tuple(sorted(taken, key=lambda one: (one.decision.decided_on, one.section.code)))


@dataclass(frozen=True)
class Question:
    """A learning question with its experiments of this report, and how far it is answered."""

    plan: PlanLine
    sections: tuple[ExperimentSection, ...]

    @property
    def answer(self) -> Answer:
        """By the verdicts of its experiments."""
        return answer_by(section.verdict for section in self.sections)

    @property
    def verdicts(self) -> dict[Verdict | None, list[str]]:
        """The codes of its experiments by their verdict; those without one come last."""
        kinds: list[Verdict | None] = [*Verdict, None]
        codes = {kind: [one.code for one in self.sections if one.verdict is kind] for kind in kinds}
        return {kind: each for kind, each in codes.items() if each}


def questions(snapshot: QuarterlySnapshot) -> tuple[Question, ...]:
    """The questions of the year's plans and of the experiments, by plan."""
    asked: dict[tuple[str, str], PlanLine] = {}
    for line in (*snapshot.questions, *(one.plan for one in snapshot.experiments if one.plan)):
        asked.setdefault((line.code, line.question), line)
    lines = sorted(asked.values(), key=lambda line: line.code)
    return tuple(Question(line, _answering(snapshot, line)) for line in lines)


def _answering(snapshot: QuarterlySnapshot, line: PlanLine) -> tuple[ExperimentSection, ...]:
    asked = (line.code, line.question)
    return tuple(
        one
        for one in snapshot.experiments
        if one.plan and (one.plan.code, one.plan.question) == asked
    )


@dataclass(frozen=True)
class Partner:
    """An organisation with the experiments it takes part in."""

    name: str
    sector: Sector | None
    new_and_unusual: bool | None
    codes: tuple[str, ...]


def partners(snapshot: QuarterlySnapshot) -> tuple[Partner, ...]:
    """Every partner once, the one with most experiments first."""
    codes: dict[str, list[str]] = {}
    said: dict[str, PartnerLine] = {}
    for section in snapshot.experiments:
        for line in _partners_of(section):
            codes.setdefault(line.name, []).append(section.code)
            said[line.name] = _more_said(said.get(line.name), line)
    found = [
        Partner(name, said[name].sector, said[name].new_and_unusual, tuple(dict.fromkeys(each)))
        for name, each in codes.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.codes), one.name)))


def _partners_of(section: ExperimentSection) -> tuple[PartnerLine, ...]:
    """With what is known of them; snapshots of before have their names alone."""
    return section.partnerships or tuple(PartnerLine(name=name) for name in section.partners)


def _more_said(first: PartnerLine | None, line: PartnerLine) -> PartnerLine:
    if first is None:
        return line
    is_new = line.new_and_unusual if first.new_and_unusual is None else first.new_and_unusual
    return PartnerLine(name=first.name, sector=first.sector or line.sector, new_and_unusual=is_new)


class DueKind(StrEnum):
    """Why a decision is due."""

    LOOK_AGAIN = "look_again"
    NO_DECISION = "no_decision"
    ENDS = "ends"


@dataclass(frozen=True)
class Due:
    """A decision that is due; ``on`` is None where no day is set."""

    section: ExperimentSection
    kind: DueKind
    on: str | None
    people: str

    def is_late(self, due_until: str) -> bool:
        """Whether its day had come by then."""
        return self.on is not None and self.on <= due_until


@dataclass(frozen=True)
class Review:
    """An experiment that serves the programme, with the officer's review where there is one."""

    section: ExperimentSection
    review: ReviewLine | None


@dataclass(frozen=True)
class Programme:
    """What a programme's own page tells: all experiments that serve it, also led by others."""

    sections: tuple[ExperimentSection, ...]
    reviews: tuple[Review, ...]
    changes: tuple[ChangeLine, ...]
    due: tuple[Due, ...]


def programme(snapshot: QuarterlySnapshot, chapter: figures.Chapter) -> Programme:
    """The facts of a chapter's first page."""
    line = chapter.programme
    sections = serving(snapshot, line) if line else chapter.sections
    codes = {section.code for section in sections}
    since = snapshot.since_quarter
    return Programme(
        sections=sections,
        reviews=tuple(Review(one, figures.review_of(one, line.code)) for one in sections if line),
        changes=tuple(one for one in (since.changes if since else ()) if one.experiment in codes),
        due=due(snapshot, sections),
    )


def serving(snapshot: QuarterlySnapshot, line: ProgrammeLine) -> tuple[ExperimentSection, ...]:
    """The experiments that serve a programme, whoever leads them."""
    return tuple(
        one
        for one in snapshot.experiments
        if any(share.code == line.code for share in one.programmes)
    )


def due(snapshot: QuarterlySnapshot, sections: Iterable[ExperimentSection]) -> tuple[Due, ...]:
    """The decisions due by the end of the next quarter, and those due long ago; by day."""
    undecided = {gap.experiment for gap in snapshot.gaps if gap.kind is GapKind.NO_DECISION}
    found = [one for section in sections for one in _due_of(section, undecided, _horizon(snapshot))]
    return tuple(sorted(found, key=lambda one: (one.on or "9999", one.section.code)))


def _due_of(section: ExperimentSection, undecided: Collection[str], until: str) -> Iterator[Due]:
    last = section.decisions[-1] if section.decisions else None
    if last and last.review_on and last.review_on <= until:
        yield Due(section, DueKind.LOOK_AGAIN, last.review_on, last.people)
    if section.code in undecided:
        yield Due(section, DueKind.NO_DECISION, None, section.owner)
    if section.state is ExperimentState.RUNNING and section.ends_on and section.ends_on <= until:
        yield Due(section, DueKind.ENDS, section.ends_on, section.owner)


def _horizon(snapshot: QuarterlySnapshot) -> str:
    return quarter_of(date.fromisoformat(snapshot.ends_on)).next.ends_on.isoformat()


def by_experiment(lines: Iterable[ChangeLine]) -> dict[str, list[ChangeLine]]:
    """Changes by the code of their experiment, in their order."""
    grouped: dict[str, list[ChangeLine]] = {}
    for line in lines:
        grouped.setdefault(line.experiment, []).append(line)
    return grouped


def departments(snapshot: QuarterlySnapshot) -> dict[str, int]:
    """How many experiments take place in each department, by its two digits."""
    return dict(Counter(code for one in snapshot.experiments for code in one.departments))


@dataclass(frozen=True)
class Amended:
    """An amendment of an experiment's registered plan."""

    section: ExperimentSection
    amendment: AmendmentLine


@dataclass(frozen=True)
class Annexed:
    """Which experiments each method was used in, and every amendment, in time."""

    methods: dict[str, list[str]]
    amendments: tuple[Amended, ...]


def annexed(snapshot: QuarterlySnapshot) -> Annexed:
    """What the annex lists."""
    methods: dict[str, list[str]] = {}
    for section in snapshot.experiments:
        used = (metric.finding.method for metric in section.metrics if metric.finding)
        for method in dict.fromkeys(filter(None, used)):
            methods.setdefault(method, []).append(section.code)
    amendments = [
        Amended(section, amendment)
        for section in snapshot.experiments
        if section.registration
        for amendment in section.registration.amendments
    ]
    return Annexed(
        dict(sorted(methods.items())),
        tuple(sorted(amendments, key=lambda one: (one.amendment.on, one.section.code))),
    )


@dataclass(frozen=True)
class Signature:
    """An officer who accepted reviews of a programme: how many, and when the last."""

    programme: ProgrammeLine
    name: str
    reviews: int
    on: str | None


def signatures(snapshot: QuarterlySnapshot) -> tuple[Signature, ...]:
    """Who approved impact for which programme in the quarter."""
    accepted: dict[tuple[str, str], list[str]] = {}
    for section in snapshot.experiments:
        for review in section.reviews:
            if review.state is ReviewState.ACCEPTED:
                days = accepted.setdefault((review.programme, review.reviewer), [])
                days.append(review.reviewed_on or "")
    return tuple(
        Signature(figures.programme_named(snapshot, code), name, len(days), max(days) or None)
        for (code, name), days in sorted(accepted.items())
    )
