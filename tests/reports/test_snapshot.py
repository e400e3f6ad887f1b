"""The snapshot is frozen, exact, and the same whatever order its facts came in."""

import json
import random
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.domain.integrity import Taken
from app.reports.snapshot import (
    ExperimentSection,
    Gap,
    GapKind,
    MeasurementPoint,
    ProgrammeShare,
    QuarterlySnapshot,
    WaveLine,
    canonical_json,
    digest,
    read_json,
)
from models.vocabulary import ProgrammeRole
from tests.reports import samples

ALL = [
    samples.empty_quarter(),
    samples.one_experiment(),
    samples.many_experiments(9),
    samples.long_texts(),
    samples.hostile_texts(),
]


@pytest.mark.parametrize("snapshot", ALL)
def test_reading_back_what_was_written_changes_nothing(snapshot: QuarterlySnapshot) -> None:
    written = canonical_json(snapshot)
    again = read_json(written)
    assert again == snapshot
    assert canonical_json(again) == written


def test_the_json_has_sorted_keys_no_blanks_and_no_floats() -> None:
    written = canonical_json(samples.one_experiment())
    plain = json.loads(written, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert (
        written
        == json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    )
    assert "Carmen Ávila".encode() in written


def test_the_json_holds_words_as_values_not_as_labels() -> None:
    section = json.loads(canonical_json(samples.one_experiment()))["experiments"][0]
    assert (section["stage"], section["state"]) == ("test", "running")
    assert section["metrics"][0]["points"][0]["value"] == "0.17"


def test_the_digest_is_sha_256_and_moves_with_any_fact() -> None:
    snapshot = samples.one_experiment()
    changed = snapshot.model_copy(update={"introduction": snapshot.introduction + "."})
    assert re.fullmatch("[0-9a-f]{64}", digest(snapshot))
    assert digest(snapshot) != digest(changed)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_facts_were_found_in_does_not_matter(seed: int) -> None:
    snapshot = samples.many_experiments(12)
    shuffled = {
        name: random.Random(seed).sample(
            list(getattr(snapshot, name)), k=len(getattr(snapshot, name))
        )
        for name in ("experiments", "programmes", "gaps")
    }
    again = samples.quarter(**shuffled)
    assert digest(again) == digest(snapshot)


def test_readings_are_put_in_time_and_the_leading_programme_first() -> None:
    section = samples.experiment()
    metric = samples.selling(points=tuple(reversed(samples.selling().points)))
    assert metric == samples.selling()
    assert next(share.role for share in section.programmes) is ProgrammeRole.LEAD


def test_a_snapshot_cannot_be_changed() -> None:
    snapshot = samples.one_experiment()
    with pytest.raises(ValidationError):
        snapshot.introduction = "otra"  # type: ignore[misc]


def test_a_field_nobody_knows_is_refused() -> None:
    plain = json.loads(canonical_json(samples.one_experiment()))
    plain["verdict"] = "supported"
    with pytest.raises(ValidationError, match="verdict"):
        read_json(json.dumps(plain))


def test_a_snapshot_kept_before_a_field_existed_reads_and_keeps_its_digest() -> None:
    plain = json.loads(canonical_json(samples.quarter(experiments=(of_all_that_is_found(),))))
    (section,) = plain["experiments"]
    del section["level_lacks"], section["first_measured_on"]
    (metric,) = section["metrics"]
    del metric["waves"], metric["looked_on"], metric["finding"]["margin"]
    del metric["points"][0]["answers"]
    kept = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    again = read_json(kept)
    assert again.experiments[0].metrics[0].waves == ()
    assert canonical_json(again) == kept


def of_all_that_is_found() -> ExperimentSection:
    """A section that holds what pictures need."""
    point = MeasurementPoint(on="2026-07-01", value=Decimal("0.4"), answers=(1, 2, 3, 4, 5))
    wave = WaveLine(name="end", due_on="2026-07-01", taken=Taken.DONE)
    metric = samples.selling(
        points=(point,),
        waves=(wave,),
        looked_on=("2026-07-01",),
        finding=samples.guarded(),
    )
    return samples.experiment(
        metrics=(metric,), level_lacks=("Say why.",), first_measured_on="2026-07-01"
    )


def test_a_float_is_refused() -> None:
    with pytest.raises(ValidationError):
        MeasurementPoint(on="2026-07-01", value=0.1)
    assert MeasurementPoint(on="2026-07-01", value=Decimal("0.10")).value == "0.1"


def test_a_code_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="stands twice"):
        samples.quarter(experiments=(samples.experiment(), samples.experiment()))


@pytest.mark.parametrize(
    "broken",
    [
        {"scope": "NADA"},
        {"gaps": (Gap(kind=GapKind.NO_METRIC, experiment="PE-1999-001"),)},
        {
            "experiments": (
                samples.experiment(
                    programmes=(ProgrammeShare(code="NADA", role=ProgrammeRole.LEAD),)
                ),
            )
        },
        {"experiments": (samples.experiment(reviews=(samples.review(programme="NADA"),)),)},
    ],
)
def test_a_name_without_a_bearer_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="does not hold"):
        samples.quarter(**broken)


def test_the_age_of_the_facts_comes_from_the_facts() -> None:
    moment = datetime(2026, 9, 1, 8, 30, 15, 999, tzinfo=UTC)
    assert samples.quarter(data_as_of=moment).data_as_of == "2026-09-01T08:30:15Z"
    assert samples.empty_quarter().data_as_of is None
