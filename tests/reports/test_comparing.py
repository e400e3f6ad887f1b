"""What is told otherwise than before."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.language.speaker import Speaker
from app.reports.change_words import FIELDS, Said, change_said, details_said
from app.reports.comparing import ABOUT_ALL, changes_between, since_edition
from app.reports.snapshot import (
    ChangeKind,
    ChangeLine,
    ExperimentSection,
    Gap,
    GapKind,
    GateLine,
    MeasurementPoint,
    QuarterlySnapshot,
)
from models.vocabulary import (
    DecisionKind,
    ExperimentState,
    Impact,
    Language,
    MetricKind,
    ReviewState,
    ScalingOutcome,
    Stage,
    Verdict,
)
from tests.reports import samples

SPEAKER = Speaker(Language.EN)
BEFORE = samples.experiment(
    verdict=Verdict.INCONCLUSIVE, evidence_level=2, registration=samples.registration()
)


def changed(**changes: Any) -> list[ChangeLine]:
    now = BEFORE.model_copy(update=changes)
    return list(changes_between([BEFORE], [now]))


def told(lines: list[ChangeLine]) -> list[tuple[str, str, str]]:
    lines_by_code = {line.code: line for line in samples.PROGRAMMES}
    said = (change_said(line, lines_by_code, SPEAKER) for line in lines)
    return [
        (one.label, one.before.replace("\u00a0", " "), one.now.replace("\u00a0", " "))
        for one in said
    ]


def test_what_did_not_change_is_not_told() -> None:
    assert changed() == []
    assert changes_between([], []) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": Stage.GROW}, ("Stage", "Test", "Grow")),
        ({"state": ExperimentState.PAUSED}, ("State", "Running", "Paused")),
        ({"verdict": Verdict.HARM_SIGNAL}, ("Verdict", "Inconclusive", "Harm signal")),
        ({"evidence_level": 3}, ("Evidence level", "2", "3")),
        ({"budget_planned_usd": "10000"}, ("Money planned", "USD 9,500", "USD 10,000")),
        ({"cost_actual_usd": None}, ("Money spent", "USD 4,120.50", "")),
        ({"registration": None}, ("Plan registered", "Mar 2, 2026", "")),
        (
            {"decisions": (*BEFORE.decisions, samples.decision(kind=DecisionKind.STOP))},
            ("Decided on Sep 25, 2026", "", "Stop"),
        ),
        (
            {"gates": (GateLine(to_stage=Stage.TEST, decided_on=date(2026, 8, 3)),)},
            ("Gate passed on Aug 3, 2026", "", "Test"),
        ),
        (
            {"reviews": (samples.review(state=ReviewState.RETURNED),)},
            ("Impact review by Prosperity", "Accepted", "Changes asked for"),
        ),
        (
            {"reviews": (samples.review(impact=Impact.CLEAR),)},
            ("Impact as Prosperity rates it", "Emerging impact", "Clear impact"),
        ),
    ],
)
def test_a_change_is_told_from_what_to_what(
    changes: dict[str, Any], said: tuple[str, str, str]
) -> None:
    assert said in told(changed(**changes))


def test_an_amendment_is_told_by_its_day_and_reason() -> None:
    made = samples.registration()
    lines = list(
        changes_between(
            [BEFORE.model_copy(update={"registration": samples.registration(amendments=())})],
            [BEFORE.model_copy(update={"registration": made})],
        )
    )
    assert told(lines) == [("Plan amended on Aug 14, 2026", "", "La feria cerró antes.")]


def test_a_new_reading_is_told_in_the_metrics_own_terms() -> None:
    later = MeasurementPoint(on="2026-09-28", value="0.6", n=61)
    metric = samples.selling(points=(*samples.selling().points, later))
    assert told(changed(metrics=(metric, samples.waiting()))) == [
        ("“Comerciantes que venden cada semana por un canal digital” now", "52%", "60%")
    ]


def test_a_reading_corrected_in_the_past_is_told_though_the_newest_stands() -> None:
    first, *rest = samples.selling().points
    metric = samples.selling(points=(first.model_copy(update={"value": "0.19"}), *rest))
    (line,) = changed(metrics=(metric, samples.waiting()))
    assert line.kind is ChangeKind.CORRECTED


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ((samples.selling(),), "Metric “Tiempo para registrar una venta” was removed"),
        (
            (samples.selling(), samples.waiting(), samples.waiting(name="Otra", points=())),
            "New metric “Otra”",
        ),
        (
            (samples.selling(), samples.waiting(target=Decimal(9))),
            "Metric “Tiempo para registrar una venta” is defined otherwise",
        ),
    ],
)
def test_metrics_that_came_went_or_are_defined_otherwise_are_told(
    metrics: tuple[Any, ...], said: str
) -> None:
    assert told(changed(metrics=metrics)) == [(said, "", "")]


def test_experiments_that_came_and_went_are_told_with_their_titles() -> None:
    other = samples.bare_experiment()
    gone, new = changes_between([BEFORE], [other])
    assert (gone.kind, gone.experiment, gone.before) == (
        ChangeKind.GONE,
        BEFORE.code,
        BEFORE.title,
    )
    assert (new.kind, new.experiment, new.now) == (ChangeKind.NEW, other.code, other.title)


# --- Since an edition ------------------------------------------------------------------------

OTHERWISE: dict[str, Any] = {
    "title": "Otro título",
    "learning_intent": "Otra cosa",
    "plan": None,
    "kind": None,
    "stage": Stage.GROW,
    "state": ExperimentState.COMPLETED,
    "pause_reason": "season",
    "state_reason": "Por la cosecha",
    "registered_on": "2026-03-03",
    "starts_on": "2026-04-02",
    "ends_on": None,
    "owner": "Luis Quispe",
    "programmes": (),
    "places": (),
    "departments": (),
    "partners": (),
    "partnerships": (),
    "groups_reached": "",
    "design_type": None,
    "control_group": None,
    "assignment": "random",
    "sample_planned": None,
    "budget_planned_usd": None,
    "cost_actual_usd": None,
    "journey": (),
    "gates": (GateLine(to_stage=Stage.TEST, decided_on="2026-08-03"),),
    "hypotheses": (),
    "registration": None,
    "first_measured_on": "2026-04-03",
    "metrics": (samples.selling(on_track=False), samples.waiting()),
    "verdict": Verdict.PROMISING,
    "evidence_level": 1,
    "level_lacks": ("Write the manual by which others can do it.",),
    "what_happened": "",
    "obstacles": "",
    "surprises": "",
    "advice": "",
    "scaling_outcomes": (ScalingOutcome.NOT_YET,),
    "decisions": (),
    "reviews": (samples.review(comment="Otro comentario"),),
    "source": "",
    "is_demonstration": True,
}


def test_every_field_of_an_experiment_has_its_case_and_its_name() -> None:
    fields = set(ExperimentSection.model_fields) - {"code"}
    assert set(OTHERWISE) == fields
    assert fields | set(ABOUT_ALL) <= set(FIELDS)


@pytest.mark.parametrize("field", OTHERWISE)
def test_whatever_is_told_otherwise_of_an_experiment_is_said(field: str) -> None:
    now = BEFORE.model_copy(update={field: OTHERWISE[field]})
    since = since_edition(_of(BEFORE), 1, _of(now))
    assert since.changes
    assert all(line.experiment == BEFORE.code for line in since.changes)
    assert not since.is_nothing


def _of(section: ExperimentSection, **changes: Any) -> QuarterlySnapshot:
    return samples.quarter(experiments=(section,), **changes)


def test_texts_are_named_each_once() -> None:
    now = BEFORE.model_copy(
        update={"advice": "", "places": (), "departments": (), "stage": Stage.GROW}
    )
    lines = since_edition(_of(BEFORE), 1, _of(now)).changes
    assert details_said(lines, SPEAKER) == "Places, Advice to others"
    assert [line.kind for line in lines if line.kind is not ChangeKind.DETAIL] == [ChangeKind.STAGE]


def test_a_quarter_is_compared_without_the_texts() -> None:
    assert changed(advice="", what_happened="") == []


def test_the_introduction_and_what_is_missing_are_compared_too() -> None:
    lacks = Gap(kind=GapKind.NO_CONSENT, experiment=BEFORE.code)
    met = Gap(kind=GapKind.NO_SOURCE, experiment=BEFORE.code)
    since = since_edition(
        _of(BEFORE, gaps=(met,)), 4, _of(BEFORE, gaps=(lacks,), introduction="Tres frases.")
    )
    assert since.edition == 4
    assert since.gaps_new == (lacks,)
    assert since.gaps_met == (met,)
    assert [(line.experiment, line.about) for line in since.changes] == [("", "introduction")]


def test_facts_recorded_anew_without_a_change_are_nothing() -> None:
    later = samples.quarter(experiments=(BEFORE,), data_as_of="2026-10-02T09:00:00Z")
    assert since_edition(_of(BEFORE), 1, later).is_nothing


def test_a_programme_that_the_report_does_not_know_is_told_by_its_code() -> None:
    line = ChangeLine(kind=ChangeKind.REVIEW, experiment="x", about="OLD", now="accepted")
    assert change_said(line, {}, SPEAKER) == Said("Impact review by OLD", "", "Accepted")


def test_a_metric_named_like_a_programme_keeps_its_name() -> None:
    lines = {line.code: line for line in samples.PROGRAMMES}
    line = ChangeLine(
        kind=ChangeKind.READING, experiment="x", about="PROS", metric=MetricKind.MEAN, now="3.5"
    )
    assert change_said(line, lines, SPEAKER) == Said("“PROS” now", "", "3.5")
