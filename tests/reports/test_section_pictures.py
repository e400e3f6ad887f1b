"""The pictures of a section: each shown where its facts are, and only there."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from app.domain.integrity import Taken
from app.language.speaker import Speaker
from app.reports import pictures
from app.reports.charts import EventKind
from app.reports.pictures import Kind, Picture
from app.reports.pictures.metrics import marked
from app.reports.snapshot import (
    AmendedField,
    AmendmentLine,
    BaselineLine,
    ExperimentSection,
    FindingLine,
    GroupLine,
    MeasurementPoint,
    MetricLine,
    SiteLine,
    StageEntryLine,
    WaveLine,
)
from models.vocabulary import (
    Arm,
    ComparisonDesign,
    Direction,
    ExperimentState,
    Language,
    MetricKind,
    MetricRole,
    Stage,
    Verdict,
)
from tests.reports import samples

ENGLISH = Speaker(Language.EN)


def found(metric: MetricLine) -> list[Picture]:
    return pictures.finding_pictures(metric, ENGLISH, ident="m")


def kinds(metric: MetricLine) -> list[Kind]:
    return [picture.kind for picture in found(metric)]


def asked_in_order(**changes: Any) -> MetricLine:
    """Ordered answers of one group in April and September, at two places on the last day."""
    days = [(4, (5, 3, 1, 1, 0)), (9, (0, 1, 1, 3, 5)), (9, (1, 0, 0, 2, 2))]
    points = tuple(
        MeasurementPoint(on=date(2026, month, 3), value=Decimal(3), answers=counts)
        for month, counts in days
    )
    return samples.waiting(kind=MetricKind.ORDINAL, unit="", points=points, **changes)


def pooled() -> FindingLine:
    sites = [("Cusco", "0.69", "0.1", "1.28", "0.6"), ("Puno", "0.41", "-0.3", "1.1", "0.4")]
    return samples.found(
        design=ComparisonDesign.SITES,
        estimate="0.58",
        low="0.13",
        high="1.03",
        least="0.15",
        sites=tuple(
            SiteLine(name=name, estimate=estimate, low=low, high=high, weight=weight)
            for name, estimate, low, high, weight in sites
        ),
        tau2="0",
        i2="0",
    )


def in_differences() -> FindingLine:
    groups = (
        GroupLine(arm=Arm.TREATMENT, before="0.2", after="0.6", n=60),
        GroupLine(arm=Arm.COMPARISON, before="0.25", after="0.35", n=58),
    )
    return samples.found(design=ComparisonDesign.TWO_GROUPS_BEFORE_AFTER, groups=groups)


# --- What was found --------------------------------------------------------------------------


def test_a_metric_without_a_finding_has_none_of_its_pictures() -> None:
    assert kinds(samples.selling()) == []
    assert kinds(samples.selling(finding=samples.found(estimate=None, low=None, high=None))) == []


def test_a_metric_shows_the_pictures_that_fit_it_and_no_others() -> None:
    assert kinds(samples.selling(finding=samples.found())) == [Kind.EFFECT]
    assert kinds(samples.selling(finding=pooled())) == [Kind.SITES]
    assert kinds(samples.selling(finding=in_differences())) == [Kind.EFFECT, Kind.CHANGE]
    assert kinds(asked_in_order()) == [Kind.ANSWERS]


def test_an_effect_stands_with_its_interval_threshold_n_and_verdict() -> None:
    (picture,) = found(samples.selling(finding=samples.found()))
    ((name, *cells),) = picture.table.rows
    assert name == "Comerciantes que venden cada semana por un canal digital"
    assert cells == [
        "+30.5 points",
        "+14.6 points",
        "+46.4 points",
        "+10 points",
        "118",
        "Supported",
    ]


@pytest.mark.parametrize(("crosses", "said"), [(False, "Within"), (True, "Beyond")])
def test_a_guardrail_is_held_against_its_margin_on_the_bad_side(crosses: bool, said: str) -> None:
    (picture,) = found(samples.waiting(finding=samples.guarded(crosses_margin=crosses)))
    ((_name, *_effect, threshold, _n, outcome),) = picture.table.rows
    assert (threshold, outcome) == ("+2", f"{said} its margin")
    assert "how much worse it may get" in picture.svg
    assert "smallest effect that matters" not in picture.svg


def test_a_guardrail_that_should_rise_has_its_margin_below_nought() -> None:
    line = samples.guarded(direction=Direction.INCREASE)
    (picture,) = found(samples.waiting(direction=Direction.INCREASE, finding=line))
    assert picture.table.rows[0][4] == "-2"


def test_sites_are_told_as_ratios_with_their_weights() -> None:
    (picture,) = found(samples.selling(finding=pooled()))
    first, _second, together = picture.table.rows
    assert first == ("Cusco", "1.99", "1.11", "3.6", "60.0%")
    assert together[:2] == ("All sites together", "1.79")


def test_the_ghost_is_the_group_moved_as_the_comparison_moved() -> None:
    (_effect, picture) = found(samples.selling(finding=in_differences()))
    ours, theirs = picture.table.rows
    assert ours[1:4] == ("20%", "60%", "30%")
    assert theirs[1:4] == ("25%", "35%", "")


def test_the_same_people_before_and_after_are_the_baseline_and_the_newest_reading() -> None:
    line = samples.found(design=ComparisonDesign.BEFORE_AFTER_SAME)
    (_effect, picture) = found(samples.selling(finding=line))
    assert picture.table.rows[0][1:3] == ("17%", "52%")
    assert kinds(samples.selling(finding=line, baseline=None)) == [Kind.EFFECT]


def test_answers_of_the_first_and_the_newest_day_stand_one_below_the_other() -> None:
    (picture,) = found(asked_in_order())
    first, last = picture.table.rows
    assert (first[0], first[1], first[-1]) == (
        "With the intervention · Apr 3, 2026",
        "5 (50%)",
        "10",
    )
    assert (last[1], last[-1]) == ("1 (7%)", "15")


# --- The course ------------------------------------------------------------------------------


def amended(field: str, about: str, *, is_major: bool) -> AmendmentLine:
    change = AmendedField(field=field, about=about, before="a", after="b", is_major=is_major)
    return AmendmentLine(
        on=date(2026, 8, 14), reason="x", is_major=is_major, is_after_data=True, changes=(change,)
    )


def events(metric: MetricLine, *amendments: AmendmentLine) -> list[EventKind]:
    return [event.kind for event in marked(metric, amendments, ENGLISH).events]


def test_looks_beyond_those_planned_are_told_apart_and_a_single_one_is_no_event() -> None:
    days = (date(2026, 5, 20), date(2026, 7, 1), date(2026, 9, 20))
    metric = samples.selling(finding=samples.found(looks_planned=2), looked_on=days)
    planned, unplanned = EventKind.PLANNED_LOOK, EventKind.UNPLANNED_LOOK
    assert events(metric) == [planned, planned, unplanned]
    assert events(samples.selling(looked_on=days[:1])) == []


def test_only_amendments_of_the_metric_itself_are_marked() -> None:
    metric = samples.selling()
    own = amended("metrics.1.target", metric.name, is_major=True)
    others = amended("metrics.2.target", "Something else", is_major=True)
    design = amended("design.sample_planned", "", is_major=True)
    assert events(metric, own, others, design) == [EventKind.MAJOR_AMENDMENT]


def test_readings_before_another_definition_are_dotted() -> None:
    metric = samples.selling()
    changed = amended("metrics.1.unit", metric.name, is_major=False)
    assert events(metric, changed) == [EventKind.MINOR_AMENDMENT, EventKind.REDEFINED]


def test_a_share_has_the_interval_of_its_baseline_and_a_mean_has_none() -> None:
    # Wilson for 10 of 60: 9.3 to 28.0 %.
    baseline = BaselineLine(value=Decimal(1) / 6, n=60)
    band = marked(samples.selling(baseline=baseline), (), ENGLISH).band
    assert band is not None
    assert [round(end, 3) for end in band] == [Decimal("0.093"), Decimal("0.28")]
    assert marked(samples.waiting(), (), ENGLISH).band is None
    assert (
        marked(samples.selling(baseline=BaselineLine(value=Decimal("0.1"))), (), ENGLISH).band
        is None
    )


def test_the_course_says_how_many_each_reading_rests_on() -> None:
    picture = pictures.course_picture(samples.selling(), samples.experiment(), ENGLISH)
    assert "60" in {row[3] for row in picture.table.rows}


# --- The experiment --------------------------------------------------------------------------


def judged(*metrics: MetricLine, **changes: Any) -> ExperimentSection:
    return samples.experiment(metrics=metrics, verdict=Verdict.SUPPORTED, **changes)


def test_several_effects_share_one_forest_and_a_single_one_keeps_its_unit() -> None:
    both = judged(
        samples.waiting(finding=samples.guarded()), samples.selling(finding=samples.found())
    )
    picture = pictures.forest(both, ENGLISH, ident="f")
    assert picture is not None
    assert [row[-1] for row in picture.table.rows] == ["Supported", "Within its margin"]
    alone = pictures.forest(judged(samples.selling(finding=pooled())), ENGLISH, ident="f")
    assert alone is not None
    assert alone.kind is Kind.SITES
    assert pictures.forest(judged(samples.selling()), ENGLISH, ident="f") is None


def test_a_compact_forest_is_lower_and_keeps_its_table() -> None:
    two = judged(samples.selling(finding=samples.found()), samples.selling(finding=samples.found()))
    full, compact = (
        pictures.forest(two, ENGLISH, ident="f", is_compact=is_compact)
        for is_compact in (False, True)
    )
    assert full is not None
    assert compact is not None
    assert height(compact) < height(full) - 30
    assert compact.table == full.table
    assert "n = 118" in full.svg
    assert "n = 118" not in re.sub(r"<desc.*?</desc>", "", compact.svg)


def height(picture: Picture) -> float:
    return float(ElementTree.fromstring(picture.svg).attrib["height"])


def told(section: ExperimentSection) -> list[tuple[str, ...]]:
    picture = pictures.registration_picture(section, ENGLISH, ident="r")
    return [] if picture is None else list(picture.table.rows)


def test_the_line_of_registration_ends_with_the_verdict_on_what_it_rests() -> None:
    section = judged(
        samples.selling(finding=samples.found(as_of=date(2026, 7, 1))),
        registration=samples.registration(),
        first_measured_on=date(2026, 4, 3),
    )
    assert [row[:2] for row in told(section)] == [
        ("Mar 2, 2026", "Registered"),
        ("Apr 3, 2026", "First measurement"),
        ("Aug 14, 2026", "Major amendment: Target; Sample planned"),
        ("Aug 14, 2026", "Verdict: Supported"),
    ]


def test_there_is_no_line_before_anything_was_registered_or_measured() -> None:
    assert told(samples.experiment()) == []
    assert [row[1] for row in told(samples.experiment(first_measured_on=date(2026, 4, 3)))] == [
        "First measurement"
    ]


def test_waves_of_several_metrics_stand_in_time_each_in_its_column() -> None:
    def wave(name: str, month: int, taken: Taken) -> WaveLine:
        return WaveLine(name=name, due_on=date(2026, month, 1), taken=taken)

    first = samples.selling(waves=(wave("start", 4, Taken.DONE), wave("end", 9, Taken.MISSING)))
    second = samples.waiting(waves=(wave("middle", 6, Taken.LATE),))
    picture = pictures.waves_picture(judged(first, second), ENGLISH, ident="w")
    assert picture is not None
    assert picture.table.columns[1:4] == ("start", "middle", "end")
    assert [row[1:4] for row in picture.table.rows[:2]] == [
        ("done", "", "missing"),
        ("", "late", ""),
    ]
    assert pictures.waves_picture(samples.experiment(), ENGLISH, ident="w") is None


# --- The portfolio ---------------------------------------------------------------------------


def test_levels_count_every_experiment_whose_level_is_known() -> None:
    known = samples.quarter(
        experiments=(
            samples.experiment(evidence_level=3),
            samples.experiment("PE-2026-002", evidence_level=0),
            samples.experiment("PE-2026-003"),
        )
    )
    picture = pictures.levels_picture(known, ENGLISH, ident="l")
    assert picture is not None
    assert picture.table.rows[-1][-1] == "2"
    assert pictures.levels_picture(samples.one_experiment(), ENGLISH, ident="l") is None


def test_every_experiment_stands_in_one_picture_of_the_portfolio_in_time() -> None:
    drawn = pictures.journeys_pictures(samples.many_experiments(45), ENGLISH, ident="t")
    named = [row[0][:11] for picture in drawn for row in picture.table.rows[:-1]]
    assert len(drawn) == 5
    assert named == [f"PE-2026-{n:03}" for n in range(1, 46)]


def test_all_pictures_of_the_portfolio_in_time_have_one_axis() -> None:
    def begun(number: int, year: int) -> ExperimentSection:
        state, on = ExperimentState.RUNNING, date(year, 8, 1)
        entry = StageEntryLine(stage=Stage.TEST, state=state, entered_on=on)
        return samples.experiment(f"PE-2026-{number:03}", journey=(entry,))

    early = [begun(number, 2024) for number in range(1, 12)]
    snapshot = samples.quarter(experiments=(*early, begun(99, 2026)))
    drawn = pictures.journeys_pictures(snapshot, ENGLISH, ident="t")
    assert len(drawn) == 2
    first, second = (re.findall(r"<text[^>]*>(?:\w+ )?(20\d\d)</text>", one.svg) for one in drawn)
    assert first == second != []


def test_a_stage_lasts_until_the_experiment_was_over() -> None:
    def entry(stage: Stage, state: ExperimentState, month: int) -> StageEntryLine:
        return StageEntryLine(stage=stage, state=state, entered_on=date(2026, month, 1))

    running, done = ExperimentState.RUNNING, ExperimentState.COMPLETED
    journey = (
        entry(Stage.EXPLORE, running, 1),
        entry(Stage.TEST, running, 3),
        entry(Stage.TEST, done, 6),
        entry(Stage.TEST, ExperimentState.ARCHIVED, 8),
    )
    section = samples.experiment(journey=journey, state=done, decisions=())
    over = samples.quarter(experiments=(section,))
    (picture,) = pictures.journeys_pictures(over, ENGLISH, ident="t")
    assert picture.table.rows[0][2] == (
        "Explore Jan 1, 2026 to Mar 1, 2026 · Test Mar 1, 2026 to Jun 1, 2026"
    )


def test_registration_and_decisions_are_marked_on_their_days() -> None:
    section = samples.experiment(registration=samples.registration())
    (picture,) = pictures.journeys_pictures(
        samples.quarter(experiments=(section,)), ENGLISH, ident="t"
    )
    assert picture.table.rows[0][2].endswith("plan registered Mar 2, 2026 · decision Sep 25, 2026")
    assert ">plan registered<" in picture.svg
    assert ">decision<" in picture.svg


def test_the_map_counts_an_experiment_in_each_of_its_departments() -> None:
    placed = samples.quarter(
        experiments=(
            samples.experiment(departments=("06", "15")),
            samples.experiment("PE-2026-002", departments=("15",)),
            samples.experiment("PE-2026-003", departments=()),
        )
    )
    picture = pictures.tiles_picture(placed, ENGLISH, ident="m")
    assert picture is not None
    assert [row for row in picture.table.rows if row[2]] == [
        ("Cajamarca", "CAJ", "1"),
        ("Lima", "LIM", "2"),
    ]
    nowhere = samples.quarter(experiments=(samples.experiment(departments=()),))
    assert pictures.tiles_picture(nowhere, ENGLISH, ident="m") is None


def test_every_picture_is_whole_and_named_on_its_page() -> None:
    section = judged(
        samples.selling(finding=in_differences()),
        asked_in_order(role=MetricRole.SECONDARY),
        registration=samples.registration(),
        first_measured_on=date(2026, 4, 3),
    )
    drawn = [picture for metric in section.metrics for picture in found(metric)]
    drawn += [
        pictures.course_picture(section.metrics[0], section, ENGLISH, ident="c"),
        pictures.registration_picture(section, ENGLISH, ident="r"),
    ]
    for picture in filter(None, drawn):
        root = ElementTree.fromstring(picture.svg)
        assert picture.caption
        assert root.find("{*}title").text
        assert root.find("{*}desc").text
        assert all(len(row) == len(picture.table.columns) for row in picture.table.rows)
