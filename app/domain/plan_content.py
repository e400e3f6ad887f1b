"""Everything a person writes in an Action Learning Plan, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from models.vocabulary import ChallengeType, EvidenceKind, Sector


@dataclass(frozen=True)
class EvidencePiece:
    """One piece of evidence that the challenge matters: text, a link, or both."""

    kind: EvidenceKind
    text: str = ""
    link: str = ""


@dataclass(frozen=True)
class PartnerEntry:
    """A partner in its rank, which is its place in the list."""

    name: str
    sector: Sector | None = None
    collaboration: str = ""
    new_and_unusual: bool | None = None


@dataclass(frozen=True)
class QuestionEntry:
    """A learning question; ``id`` names the row it was loaded from, None is a new one."""

    text: str
    stages: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    method_use: str = ""
    new_data_sources: str = ""
    data_gaps: str = ""
    id: int | None = None


class Content:
    """What a person writes in one form, as a dataclass of plain values and rows of them."""

    def flat(self) -> dict[str, object]:
        """Path → plain value of everything: "partners.1.name". Places count from one."""
        return dict(_flat(self))


@dataclass(frozen=True)
class PlanContent(Content):
    """Everything a person writes in a plan."""

    title: str
    year: int
    challenge_type: ChallengeType | None = None
    statement: str = ""
    background: str = ""
    value_proposition: str = ""
    tweet: str = ""
    early_leads: str = ""
    comments: str = ""
    thematic_areas: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    methods: tuple[str, ...] = ()
    data_sources: tuple[str, ...] = ()
    evidence: tuple[EvidencePiece, ...] = ()
    partners: tuple[PartnerEntry, ...] = ()
    learning_questions: tuple[QuestionEntry, ...] = ()

    def evidence_of(self, kind: EvidenceKind) -> str:
        """All pieces of one kind as one text."""
        pieces = [piece for piece in self.evidence if piece.kind is kind]
        return "\n\n".join(
            "\n".join(part for part in (piece.text, piece.link) if part) for piece in pieces
        )


def changes_between(before: Content | None, after: Content) -> dict[str, tuple[object, object]]:
    """Path → (before, after) of everything that differs; None stands for what was not there."""
    old, new = (before.flat() if before else {}), after.flat()
    paths = [*new, *(path for path in old if path not in new)]
    return {
        path: (old.get(path), new.get(path))
        for path in paths
        if _filled(old.get(path)) != _filled(new.get(path))
    }


def _flat(content: Any) -> Iterator[tuple[str, object]]:
    for each in fields(content):
        value = getattr(content, each.name)
        if not _is_rows(value):
            yield each.name, value
            continue
        for place, row in enumerate(value, start=1):
            for part in fields(row):
                if part.name != "id":
                    yield f"{each.name}.{place}.{part.name}", getattr(row, part.name)


def _is_rows(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def _filled(value: object) -> object:
    """Nothing is nothing, however it is spelled."""
    return None if value in ("", (), None) else value
