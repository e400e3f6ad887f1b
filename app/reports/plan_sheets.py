"""What stands in the spreadsheet of a plan: its questions, who answers them, partners, closing."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.domain.answers import answer_by
from app.language.form_fields import field_name
from app.language.sentences import N_, sentence
from app.reports import wording
from app.reports.cells import NARROW, USUAL, WIDE, Column, Sheet, Value, day_of
from app.reports.plan_snapshot import AnsweringLine, PlanPartner, PlanSnapshot, QuestionLine
from app.reports.snapshot import Snapshot


class Answering(NamedTuple):
    """An experiment under a question, which has a number from 1."""

    number: int
    line: AnsweringLine


class Ranked(NamedTuple):
    """A partner in its rank, from 1."""

    rank: int
    line: PlanPartner


class Told(NamedTuple):
    """What a closing form says of one thing."""

    form: str
    field: str
    text: str


def _plan(snapshot: Snapshot) -> PlanSnapshot:
    if not isinstance(snapshot, PlanSnapshot):
        raise TypeError("these sheets are of a plan")
    return snapshot


def _answering(snapshot: Snapshot) -> Iterator[Answering]:
    for number, question in enumerate(_plan(snapshot).questions, start=1):
        yield from (Answering(number, line) for line in question.experiments)


def _ranked(snapshot: Snapshot) -> Iterator[Ranked]:
    return (Ranked(rank, line) for rank, line in enumerate(_plan(snapshot).partners, start=1))


def _told(snapshot: Snapshot) -> Iterator[Told]:
    for form in _plan(snapshot).reflections:
        for insight in form.insights:
            yield Told(form.title, "insights", insight)
        yield from (Told(form.title, name, text) for name, text in form.texts if text)


def _answer(question: QuestionLine) -> Value:
    return sentence(wording.ANSWER_LABELS[answer_by(line.verdict for line in question.experiments)])


PLAN_SHEETS: tuple[Sheet[Any], ...] = (
    Sheet[QuestionLine](
        N_("Learning questions"),
        lambda snapshot: _plan(snapshot).questions,
        (
            Column(N_("Learning question"), WIDE, lambda one: one.text),
            Column(N_("Stages"), USUAL, lambda one: one.stages),
            Column(N_("Planned methods"), WIDE, lambda one: one.methods),
            Column(N_("How the methods will be used"), WIDE, lambda one: one.method_use),
            Column(N_("New data sources"), WIDE, lambda one: one.new_data_sources),
            Column(N_("Existing data gaps"), WIDE, lambda one: one.data_gaps),
            Column(N_("Answer so far"), USUAL, _answer),
        ),
    ),
    Sheet[Answering](
        N_("Experiments"),
        _answering,
        (
            Column(N_("Learning question"), NARROW, lambda of: of.number),
            Column(N_("Code"), USUAL, lambda of: of.line.code),
            Column(N_("Title"), WIDE, lambda of: of.line.title),
            Column(N_("Stage"), NARROW, lambda of: of.line.stage),
            Column(N_("State"), NARROW, lambda of: of.line.state),
            Column(N_("Verdict"), USUAL, lambda of: of.line.verdict),
            Column(N_("Evidence level"), NARROW, lambda of: of.line.evidence_level),
            Column(N_("Decision"), USUAL, lambda of: of.line.decision),
            Column(N_("Day"), NARROW, lambda of: day_of(of.line.decided_on)),
            Column(N_("Demonstration data"), NARROW, lambda of: of.line.is_demonstration),
        ),
    ),
    Sheet[Ranked](
        N_("Partners"),
        _ranked,
        (
            Column(N_("Rank"), NARROW, lambda of: of.rank),
            Column(N_("Partner"), WIDE, lambda of: of.line.name),
            Column(N_("Sector"), USUAL, lambda of: of.line.sector),
            Column(N_("New and unusual"), NARROW, lambda of: of.line.new_and_unusual),
            Column(N_("Collaboration"), WIDE, lambda of: of.line.collaboration),
        ),
    ),
    Sheet[Told](
        N_("Closing"),
        _told,
        (
            Column(N_("Title"), WIDE, lambda told: told.form),
            Column(N_("Question"), USUAL, lambda told: field_name(told.field)),
            Column(N_("Text"), WIDE, lambda told: told.text),
        ),
    ),
)
