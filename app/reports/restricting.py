"""The part of an office's snapshot that one of its programmes reports on."""

from app.reports.snapshot import (
    ExperimentSection,
    Gap,
    ProgrammeLine,
    QuarterlySnapshot,
    SinceQuarter,
)

# Younger than the first kept snapshots: one that never said them must spell as it did.
YOUNGER = ("questions", "since_quarter", "told_until")


def restricted(snapshot: QuarterlySnapshot, programme: ProgrammeLine) -> QuarterlySnapshot:
    """What a programme reports from the frozen facts of the whole office.

    Its experiments with what changed in them, what is missing in them but the reviews others owe,
    and the programmes they also serve. One that was founded later reports nothing. When the facts
    were recorded stays as it is for the office.
    """
    code = programme.code
    sections = tuple(one for one in snapshot.experiments if code in _programmes_of(one))
    codes = {section.code for section in sections}
    named = {code}.union(*map(_programmes_of, sections))
    lines = {line.code: line for line in (programme, *snapshot.programmes)}
    return QuarterlySnapshot(
        **{name: value for name, value in snapshot if name not in YOUNGER}
        | _younger(snapshot, codes)
        | {
            "scope": code,
            "programmes": tuple(line for line in lines.values() if line.code in named),
            "experiments": sections,
            "gaps": tuple(gap for gap in snapshot.gaps if _is_asked(gap, codes, code)),
        }
    )


def _younger(snapshot: QuarterlySnapshot, experiments: set[str]) -> dict[str, object]:
    """Plans are the office's: questions without an experiment of the programme stay out."""
    kept: dict[str, object] = {
        "questions": (),
        "since_quarter": _restricted_since(snapshot.since_quarter, experiments),
        "told_until": snapshot.told_until,
    }
    return {name: kept[name] for name in YOUNGER if name in snapshot.model_fields_set}


def _restricted_since(since: SinceQuarter | None, experiments: set[str]) -> SinceQuarter | None:
    if since is None:
        return None
    changes = tuple(line for line in since.changes if line.experiment in experiments)
    return since.model_copy(update={"changes": changes})


def _programmes_of(section: ExperimentSection) -> set[str]:
    return {share.code for share in section.programmes}


def _is_asked(gap: Gap, experiments: set[str], programme: str) -> bool:
    return gap.experiment in experiments and gap.programme in ("", programme)
