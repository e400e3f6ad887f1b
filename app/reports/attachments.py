"""The facts that go with a report as files, for those who count again.

The frozen facts themselves as canonical JSON (docs/formats.md), and two tables of them as CSV
(RFC 4180, UTF-8): the experiments, and every reading. Words are the vocabulary's, numbers exact.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO

from app.reports.binding import Attachment
from app.reports.snapshot import ExperimentSection, Snapshot, canonical_json

EXPERIMENTS = ("code", "title", "stage", "state", "programmes", "verdict", "evidence_level")
READINGS = ("experiment", "metric", "unit", "on", "arm", "value", "n", "place", "wave", "source")
NOBODY_KNOWS = datetime(1970, 1, 1, tzinfo=UTC)


def facts_of(snapshot: Snapshot) -> list[Attachment]:
    """The files, dated as the facts are."""
    at = datetime.fromisoformat(snapshot.data_as_of) if snapshot.data_as_of else NOBODY_KNOWS
    sections = snapshot.experiments
    return [
        Attachment(
            "snapshot.json", "application/json", canonical_json(snapshot), "Frozen facts", at
        ),
        _table("experiments.csv", "Experiments", EXPERIMENTS, map(_experiment, sections), at),
        _table("readings.csv", "Readings", READINGS, _readings(sections), at),
    ]


def _table(
    name: str,
    description: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    at: datetime,
) -> Attachment:
    text = StringIO()
    csv.writer(text).writerows([head, *rows])
    return Attachment(name, "text/csv", text.getvalue().encode(), description, at)


def _experiment(section: ExperimentSection) -> Sequence[object]:
    programmes = " ".join(share.code for share in section.programmes)
    title, level = section.title, section.evidence_level
    return section.code, title, section.stage, section.state, programmes, section.verdict, level


def _readings(sections: Iterable[ExperimentSection]) -> Iterator[Sequence[object]]:
    for section in sections:
        for metric in section.metrics:
            for point in metric.points:
                read = (point.on, point.arm, point.value, point.n)
                told = (point.place, point.wave, point.source)
                yield section.code, metric.name, metric.unit, *read, *told
