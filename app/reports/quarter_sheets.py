"""What only the spreadsheet of a quarter has: learning questions, partners, and what changed."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports import overview, wording
from app.reports.cells import NARROW, USUAL, WIDE, WIDEST, Column, Said, Sheet
from app.reports.change_words import FIELDS, change_said
from app.reports.overview import Partner, Question
from app.reports.snapshot import ChangeKind, ChangeLine, QuarterlySnapshot, Snapshot
from models.vocabulary import Verdict


class Changed(NamedTuple):
    """A change since the quarter before."""

    snapshot: QuarterlySnapshot
    line: ChangeLine


def _quarter(snapshot: Snapshot) -> QuarterlySnapshot:
    if not isinstance(snapshot, QuarterlySnapshot):
        raise TypeError("these sheets are of a quarter")
    return snapshot


def _changes(snapshot: Snapshot) -> Iterable[Changed]:
    quarter = _quarter(snapshot)
    since = quarter.since_quarter
    return (Changed(quarter, line) for line in since.changes) if since else ()


def _verdicts(question: Question) -> list[Said]:
    return [_with_codes(verdict, codes) for verdict, codes in question.verdicts.items()]


def _with_codes(verdict: Verdict | None, codes: list[str]) -> Callable[[Speaker], str]:
    def said(speaker: Speaker) -> str:
        word = speaker.word(verdict) if verdict else speaker.say(N_("No verdict"))
        return f"{word}: {', '.join(codes)}"

    return said


def _change(part: str) -> Callable[[Changed], Said]:
    """What changed ("label"), or the value "before" or "now"."""

    def value(of: Changed) -> Said:
        if of.line.kind is ChangeKind.DETAIL:
            return sentence(FIELDS[of.line.about]) if part == "label" else ""
        programmes = {line.code: line for line in of.snapshot.programmes}
        return lambda speaker: str(getattr(change_said(of.line, programmes, speaker), part))

    return value


QUARTER_SHEETS: tuple[Sheet[Any], ...] = (
    Sheet[Question](
        N_("Learning questions"),
        lambda snapshot: overview.questions(_quarter(snapshot)),
        (
            Column(N_("Plan"), USUAL, lambda one: one.plan.code),
            Column(N_("Question"), WIDEST, lambda one: one.plan.question),
            Column(
                N_("Answer so far"), USUAL, lambda one: sentence(wording.ANSWER_LABELS[one.answer])
            ),
            Column(N_("Verdicts and experiments"), WIDE, _verdicts),
        ),
    ),
    Sheet[Partner](
        N_("Partners"),
        lambda snapshot: overview.partners(_quarter(snapshot)),
        (
            Column(N_("Partner"), WIDE, lambda one: one.name),
            Column(N_("Sector"), USUAL, lambda one: one.sector),
            Column(N_("New and unusual"), NARROW, lambda one: one.new_and_unusual),
            Column(N_("Experiments"), WIDE, lambda one: one.codes),
        ),
    ),
    Sheet[Changed](
        N_("Since the last quarter"),
        _changes,
        (
            Column(N_("Experiment"), USUAL, lambda of: of.line.experiment),
            Column(N_("What changed"), WIDE, _change("label")),
            Column(N_("Before"), WIDE, _change("before")),
            Column(N_("Now"), WIDE, _change("now")),
        ),
    ),
)
