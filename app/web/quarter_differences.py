"""What differs from an edition, in the reader's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.language.sentences import Sentence
from app.reports.change_words import Said, change_said, details_said
from app.reports.overview import by_experiment
from app.reports.snapshot import ChangeKind, ChangeLine, Gap, QuarterlySnapshot
from app.reports.wording import gap_sentence
from app.web.language import current_language, current_speaker


@dataclass(frozen=True)
class Changed:
    """What changed of an experiment, or of the report (code ""); ``details`` by name alone."""

    code: str
    facts: Sequence[Said]
    details: str


def changes_shown(lines: Iterable[ChangeLine], facts: QuarterlySnapshot) -> list[Changed]:
    """The changes by experiment."""
    speaker, programmes = current_speaker(), {line.code: line for line in facts.programmes}
    return [
        Changed(
            code,
            [
                change_said(line, programmes, speaker)
                for line in changes
                if line.kind is not ChangeKind.DETAIL
            ],
            details_said(changes, speaker),
        )
        for code, changes in by_experiment(lines).items()
    ]


def gaps_said(gaps: Iterable[Gap], facts: QuarterlySnapshot) -> list[tuple[str, Sentence]]:
    """What is missing, by the code of its experiment."""
    names = {line.code: line.name(current_language()) for line in facts.programmes}
    return [
        (gap.experiment, gap_sentence(gap, names.get(gap.programme, gap.programme))) for gap in gaps
    ]
