"""`flask evidence`: one document in, one out; refusals by field on stderr with exit 1."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.config import Settings
from app.factory import create_app
from tests.conftest import SECRET

pytestmark = pytest.mark.xdist_group("scipy")

Run = Callable[..., Result]
SHARES = {
    "design": "two_groups",
    "outcome": "proportion",
    "treatment": {"successes": 18, "n": 30},
    "comparison": {"successes": 9, "n": 30},
    "minimum_meaningful_effect": 0.1,
}
MEANS = {
    "design": "two_groups",
    "outcome": "mean",
    "treatment": {"mean": 5, "sd": 2, "n": 20},
    "comparison": {"mean": 4, "sd": 2, "n": 20},
}
TARGET = {
    "design": "one_group_target",
    "outcome": "proportion",
    "treatment": {"successes": 8, "n": 20},
}
NEEDED = {"design": "two_groups", "outcome": "mean", "effect": 0.5}
KEYS = [
    "method",
    "estimate",
    "interval",
    "p_value",
    "statistic",
    "df",
    "extra",
    "verdict",
    "missing",
    "sentence",
    "limits",
    "function_version",
]
PLAN_KEYS = [
    "n_per_group",
    "detectable_effect",
    "design_effect",
    "n_per_group_clustered",
    "warning",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app without a database: none is asked."""
    return create_app(Settings(instance=tmp_path_factory.mktemp("instance"), secret_key=SECRET))


@pytest.fixture
def run(program: Flask) -> Run:
    """``run("analyse", request)``: the command with a document on its standard input."""

    def typed(command: str, request: object, *words: str) -> Result:
        text = request if isinstance(request, str | bytes) else json.dumps(request)
        return program.test_cli_runner().invoke(args=["evidence", command, "-", *words], input=text)

    return typed


def answered(result: Result) -> dict[str, Any]:
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_an_analysis_is_one_document_with_these_names(run: Run) -> None:
    answer = answered(run("analyse", SHARES, "--json"))
    assert list(answer) == KEYS
    assert answer["interval"] == pytest.approx([0.0486, 0.5038], abs=5e-5)
    assert answer["verdict"] == "promising"
    assert answer["missing"] == []
    assert answer["sentence"].keys() == answer["limits"].keys() == {"en", "es"}


@pytest.mark.parametrize(("least", "is_taken"), [(1, True), (10, False), (1.0001, False)])
def test_a_threshold_no_difference_can_reach_is_refused(
    run: Run, least: float, is_taken: bool
) -> None:
    """Ten points are 0.1: taken for 10, they would make every result "no meaningful effect"."""
    result = run("analyse", {**SHARES, "minimum_meaningful_effect": least})
    assert (result.exit_code == 0) is is_taken
    assert is_taken or result.stderr.startswith("minimum_meaningful_effect: ")


VALUES = {"values": [1, 2, 2, 3, 4]}
SCORE = {"promoters": 12, "passives": 6, "detractors": 5}
COURSE = {"before": {"mean": 4, "sd": 1, "n": 20}, "after": {"mean": 5, "sd": 1, "n": 20}}
CHANGE = {"change": {"mean": 0.2, "se": 0.3}}
QUARTERS = {"before": {"successes": 4, "n": 20}, "after": {"successes": 9, "n": 20}}
SITE = {"name": "Paita", "treatment": VALUES, "comparison": {"values": [1, 1, 2, 2, 3]}}


def on(design: str, outcome: str, **parts: object) -> dict[str, object]:
    return {"design": design, "outcome": outcome, "minimum_meaningful_effect": 0.1, **parts}


MENU = {
    "newcombe_hybrid_score": SHARES,
    "wilson_score": {**TARGET, "target": 0.3},
    "tango_score": on(
        "before_after_same", "proportion", treatment={"improved": 7, "worsened": 1, "n": 21}
    ),
    "welch_t": MEANS,
    "paired_t": on("before_after_same", "mean", before=VALUES, after={"values": [2, 3, 5, 4, 4]}),
    "difference_in_differences": on(
        "two_groups_before_after", "mean", treatment=COURSE, comparison=CHANGE
    ),
    "exact_conditional_rate_ratio": on(
        "two_groups",
        "rate",
        treatment={"count": 9, "exposure": 100.5},
        comparison={"count": 3, "exposure": 90},
    ),
    "rank_sum": on("two_groups", "ordinal", treatment=VALUES, comparison={"values": [1, 1, 2]}),
    "signed_rank": on("before_after_same", "ordinal", treatment={"values": [1, 2, -1, 3]}),
    "nps_normal": on("one_group_target", "nps", treatment=SCORE, target=20),
    "dersimonian_laird": on("sites", "ordinal", sites=[SITE, {**SITE, "name": "Sechura"}]),
}
MORE = [
    (
        "difference_in_differences",
        on("two_groups_before_after", "proportion", treatment=QUARTERS, comparison=QUARTERS),
    ),
    ("nps_normal", on("two_groups", "nps", treatment=SCORE, comparison={**SCORE, "promoters": 3})),
    ("paired_t", on("before_after_same", "mean", treatment={"mean": 1, "sd": 2, "n": 12})),
]


@pytest.mark.parametrize(("method", "request_"), [*MENU.items(), *MORE])
@pytest.mark.parametrize("clusters", [{}, {"cluster_size": 2, "icc": 0.1}])
def test_every_row_of_the_menu_answers_alone_and_in_clusters(
    run: Run, method: str, request_: dict[str, Any], clusters: dict[str, float]
) -> None:
    answer = answered(run("analyse", {**request_, **clusters}, "--json"))
    assert answer["method"] == method
    assert answer["interval"][0] <= answer["estimate"] <= answer["interval"][1]
    assert 0 <= answer["p_value"] <= 1
    assert ("design_effect" in answer["extra"]) == bool(clusters)


REFUSED: list[tuple[object, str]] = [
    ({**SHARES, "treatment": {"successes": 0, "n": 0}}, "treatment.n: Nobody was asked"),
    (
        {**SHARES, "treatment": {"successes": 5, "n": 4}},
        "treatment.successes: There cannot be more",
    ),
    ({**SHARES, "treatment": {"successes": 2.5, "n": 4}}, "treatment.successes: Write a whole"),
    (
        {**SHARES, "treatment": {"successes": -1, "n": 4}},
        "treatment.successes: This cannot be less",
    ),
    ({**SHARES, "treatment": {"successes": True, "n": 4}}, "treatment.successes: A number belongs"),
    ({**SHARES, "treatment": {"successes": "2", "n": 4}}, "treatment.successes: A number belongs"),
    ({**SHARES, "treatment": {"successes": 2, "n": 1e300}}, "treatment.n: This number is too"),
    ({**SHARES, "treatment": {"successes": 2}}, "treatment.n: This is needed."),
    (
        {**SHARES, "treatment": {"successes": 2, "n": 4, "N": 4}},
        "treatment.N: There is no such key.",
    ),
    ({**SHARES, "treatment": {"mean": 2, "sd": 4, "n": 4}}, "treatment.mean: This number does not"),
    ({**SHARES, "treatment": 4}, "treatment: Names with values"),
    ({**SHARES, "confidence": 95}, "confidence: The confidence lies between 0 and 1"),
    ({**SHARES, "confidence": 0}, "confidence: The confidence lies between 0 and 1"),
    ({**SHARES, "design": "ab_test"}, "design: Choose one of: 'two_groups'"),
    ({**SHARES, "direction": "up"}, "direction: Choose one of: 'increase'"),
    ({**SHARES, "cluster_size": 0.5}, "cluster_size: A cluster holds at least 1."),
    ({**SHARES, "icc": 1.2}, "icc: The correlation lies between 0 and 1."),
    ({**SHARES, "minimum_meaningful_effect": 0}, "minimum_meaningful_effect: This must be greater"),
    ({**SHARES, "planned_n": -1}, "planned_n: This must be at least 0."),
    ({**SHARES, "target": 0.5}, "target: This does not belong to such a design."),
    ({**SHARES, "guardrails": [{"interval": [1]}]}, "guardrails.0.interval.1: This is needed."),
    ({**TARGET, "target": 30}, "target: A share lies between 0 and 1."),
    ({**MEANS, "treatment": {"mean": 1, "sd": -1, "n": 9}}, "treatment.sd: This cannot be less"),
    ({**MEANS, "treatment": {"mean": 1, "sd": 1, "n": 1}}, "treatment.n: One observation has no"),
    ({**MEANS, "treatment": {"values": [1]}}, "treatment.values: One observation has no spread"),
    (
        {**MEANS, "treatment": {"values": [2, 2]}, "comparison": {"values": [3, 3]}},
        "treatment.values: Nothing varies within",
    ),
    (
        {**MEANS, "treatment": {"values": [1e308, -1e308]}},
        "These numbers are too large or too small to compute with.",
    ),
    (
        on("before_after_same", "mean", before=VALUES, after={"values": [1]}),
        "after.values: One obs",
    ),
    (
        on("before_after_same", "mean", before=VALUES, after={"values": [1, 2]}),
        "after: The same people before and after",
    ),
    (
        on("two_groups_before_after", "mean", treatment={"before": VALUES}, comparison=CHANGE),
        "treatment: Give the numbers before and after, or the change.",
    ),
    (on("one_group_target", "nps", treatment=SCORE, target=200), "target: A recommendation score"),
    (on("two_groups_before_after", "nps"), "outcome: There is no method for this outcome"),
    (on("sites", "ordinal", sites=[SITE]), "sites: At least 2 sites"),
    (
        '{"design": "two_groups", "outcome": "mean", "treatment": {"mean": NaN}}',
        "treatment.mean: This must be a finite number.",
    ),
    (
        '{"design": "two_groups", "outcome": "mean", "target": 1e999}',
        "target: This must be a finite number.",
    ),
    ('{"design": "sites", "design": "two_groups"}', "design: This key stands here twice."),
    ("[" * 100_000, "This is no JSON document."),
    ('{"treatment": ' + '{"before": ' * 400 + "{}" + "}" * 401, "treatment.before.before"),
    ("{", "This is no JSON document."),
    ("", "This is no JSON document."),
    (b"\xff\xfe\xff", "This is no JSON document."),
    ("[]", "Names with values belong here"),
]


@pytest.mark.parametrize(("request_", "said"), REFUSED, ids=lambda each: str(each)[-40:])
def test_what_cannot_be_is_refused_at_its_place(run: Run, request_: object, said: str) -> None:
    result = run("analyse", request_, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert any(line.startswith(said) for line in result.stderr.splitlines()), result.stderr
    assert "Traceback" not in result.stderr
    assert all(len(line) < 300 for line in result.stderr.splitlines())


PLANS_REFUSED = [
    ({**NEEDED, "power": 80}, "power: The power lies between 0 and 1, as in 0.8."),
    ({**NEEDED, "confidence": 95}, "confidence: The confidence lies between 0 and 1"),
    ({**NEEDED, "effect": 0}, "effect: The effect must not be zero"),
    ({**NEEDED, "effect": 1e-9}, "effect: So small an effect"),
    ({**NEEDED, "n_per_group": 20}, "n_per_group: Give either n_per_group or effect."),
    ({**NEEDED, "effect": None}, "n_per_group: Give either n_per_group or effect."),
    ({**NEEDED, "effect": None, "n_per_group": 0}, "n_per_group: Nobody was asked"),
    ({**NEEDED, "effect": None, "n_per_group": 2.5}, "n_per_group: Write a whole number."),
    ({**NEEDED, "effect": None, "n_per_group": 10**9}, "n_per_group: This number is too large."),
    ({**NEEDED, "power": 0.04}, "power: The power must exceed"),
    ({**NEEDED, "cluster_size": 0}, "cluster_size: A cluster holds at least 1."),
    ({**NEEDED, "design": "one_group_target"}, "outcome: There is no method"),
    ({**NEEDED, "n": 4}, "n: There is no such key."),
]


@pytest.mark.parametrize(("request_", "said"), PLANS_REFUSED)
def test_a_plan_that_cannot_be_is_refused_at_its_place(
    run: Run, request_: object, said: str
) -> None:
    result = run("plan", request_, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(said)


def test_what_is_missing_is_no_error_but_not_assessable(run: Run) -> None:
    request = {name: part for name, part in SHARES.items() if name != "comparison"}
    answer = answered(run("analyse", request, "--json"))
    assert (answer["verdict"], answer["missing"]) == ("not_assessable", ["comparison"])
    assert (answer["method"], answer["estimate"], answer["interval"]) == (None, None, None)


def test_a_ratio_without_end_is_null(run: Run) -> None:
    nobody = {**SHARES, "comparison": {"successes": 0, "n": 30}}
    extra = answered(run("analyse", nobody, "--json"))["extra"]
    assert (extra["odds_ratio"], extra["risk_ratio"]) == (None, None)
    events = on(
        "two_groups",
        "rate",
        treatment={"count": 5, "exposure": 10},
        comparison={"count": 0, "exposure": 5},
    )
    extra = answered(run("analyse", events, "--json"))["extra"]
    assert extra["rate_ratio"] is None
    assert extra["rate_ratio_interval"][1] is None


@pytest.mark.parametrize("value", [5e-324, -0.0, 1e-200, 1e100])
def test_tiny_and_huge_numbers_are_computed_with(run: Run, value: float) -> None:
    request = {**MEANS, "treatment": {"values": [value, 2 * value, 0.0]}}
    request["comparison"] = {"values": [0, value, 0.5 * value if value > 1 else 1]}
    answer = answered(run("analyse", request, "--json"))
    assert len(answer["interval"]) == 2


def test_five_thousand_answers_a_group_and_a_million_people_take_no_time(run: Run) -> None:
    values = [at * 37 % 5003 / 7 for at in range(5000)]
    many = on("two_groups", "ordinal", treatment={"values": values}, comparison={"values": values})
    assert answered(run("analyse", many, "--json"))["estimate"] == 0
    million = {**SHARES, "treatment": {"successes": 600_000, "n": 1_000_000}}
    million["comparison"] = {"successes": 590_000, "n": 1_000_000}
    assert answered(run("analyse", million, "--json"))["verdict"] == "no_meaningful_effect"
    few = {**MEANS, "treatment": {"values": values}, "comparison": {"values": values[:5]}}
    assert answered(run("analyse", few, "--json"))["method"] == "welch_t"


def test_numbers_needed_are_one_document_with_these_names(run: Run) -> None:
    answer = answered(run("plan", {**NEEDED, "cluster_size": 10, "icc": 0.05}, "--json"))
    assert list(answer) == PLAN_KEYS
    assert answer["n_per_group"] == 64
    assert (answer["design_effect"], answer["n_per_group_clustered"]) == (1.45, 93)
    assert answer["warning"] == {"en": "", "es": ""}


@pytest.mark.parametrize(("n", "least"), [(1, None), (3, 3.0709)])
def test_too_few_even_for_a_perfect_result_are_warned_of(
    run: Run, n: int, least: float | None
) -> None:
    answer = answered(
        run("plan", {"design": "two_groups", "outcome": "mean", "n_per_group": n}, "--json")
    )
    assert answer["detectable_effect"] == (least and pytest.approx(least, abs=1e-4))
    assert answer["warning"]["en"].startswith(f"With {n} in a group")


def test_without_json_numbers_stand_a_line_each_and_sentences_in_both_languages(run: Run) -> None:
    result = run("analyse", {**SHARES, "cluster_size": 2, "icc": 0.1})
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["method", "newcombe_hybrid_score"]
    assert "interval" in result.stdout
    assert " to " in next(line for line in lines if line.startswith("interval"))
    assert "{" not in result.stdout
    assert "None" not in result.stdout
    assert len(result.stdout.split("\n\n")) == 3
    sites = run("analyse", MENU["dersimonian_laird"]).stdout
    assert "  name Paita, estimate " in sites


@pytest.mark.parametrize("name", ["analyse", "plan"])
def test_help_shows_an_example_that_works(program: Flask, run: Run, name: str) -> None:
    text = program.test_cli_runner().invoke(args=["evidence", name, "--help"]).output
    example = text.partition("echo '")[2].partition("'")[0]
    assert answered(run(name, example, "--json"))


def test_null_is_the_same_as_left_out(run: Run) -> None:
    nothing = dict.fromkeys(("guardrails", "sites", "planned_n", "direction", "confidence", "unit"))
    treatment = {**SHARES["treatment"], "mean": None}  # type: ignore[dict-item]
    answer = answered(run("analyse", {**SHARES, **nothing, "treatment": treatment}, "--json"))
    assert answer == answered(run("analyse", SHARES, "--json"))
    refused = run("analyse", {**SHARES, "design": None}, "--json")
    assert refused.stderr.startswith("design: This is needed.")


@pytest.mark.parametrize(
    ("outcome", "ours", "theirs"),
    [
        ("mean", {"values": [2, 2]}, {"values": [3, 3]}),
        (
            "nps",
            {"promoters": 9, "passives": 0, "detractors": 0},
            {"promoters": 0, "passives": 0, "detractors": 9},
        ),
    ],
)
def test_groups_that_differ_and_do_not_vary_are_not_called_equal(
    run: Run, outcome: str, ours: object, theirs: object
) -> None:
    result = run("analyse", on("two_groups", outcome, treatment=ours, comparison=theirs))
    assert result.exit_code == 1
    assert "Nothing varies within the groups" in result.stderr
    assert "equal" not in result.stderr


def test_in_clusters_no_p_is_shown_that_takes_people_one_by_one(run: Run) -> None:
    alone = on("two_groups", "mean", treatment=VALUES, comparison={"values": [1, 1, 2, 5]})
    assert "rank_sum_p" in answered(run("analyse", alone, "--json"))["extra"]
    clustered = {**alone, "cluster_size": 2, "icc": 0.1}
    answer = answered(run("analyse", clustered, "--json"))
    assert "rank_sum_p" not in answer["extra"]
    assert "resemble each other" in answer["limits"]["en"]
