"""`flask evidence`: analyse numbers, plan for them, and judge every experiment anew."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from app.cli.answers import command_session, print_json, refusals_said
from app.domain.analysis import conclude
from app.domain.statistics.power import advise
from app.exchange.evidence_answers import advice_answer, analysis_answer
from app.exchange.evidence_requests import AnalysisRequest, PlanRequest, read_request
from app.services import findings
from models.vocabulary import Language

WIDTH = 24
ANALYSE_HELP = """\
Effect, interval and verdict of the numbers in FILE (JSON; - reads standard input).

\b
design   two_groups, one_group_target, before_after_same,
         two_groups_before_after, sites
outcome  proportion, mean, rate, ordinal, nps

\b
Example:
  echo '{"design": "two_groups", "outcome": "proportion",
         "treatment": {"successes": 18, "n": 30},
         "comparison": {"successes": 9, "n": 30},
         "minimum_meaningful_effect": 0.1}' | flask evidence analyse

Every name is explained in docs/formats.md.
"""
PLAN_HELP = """\
How many are needed, or what a number of people can show, for the design in FILE.

Give effect (Cohen's d for means, scores and ordered answers; Cohen's h for shares) or
n_per_group.

\b
Example:
  echo '{"design": "two_groups", "outcome": "mean", "effect": 0.5,
         "cluster_size": 10, "icc": 0.05}' | flask evidence plan

Every name is explained in docs/formats.md.
"""

group = AppGroup("evidence", help="Effects, verdicts and sample sizes from numbers.")
asked = click.argument("file", type=click.File("rb"), default="-")
as_document = click.option("--json", "wants_json", is_flag=True, help="Answer with one document.")


@group.command("analyse", help=ANALYSE_HELP)
@asked
@as_document
def analyse(file: BinaryIO, wants_json: bool) -> None:
    """Effect, interval and verdict of the numbers in FILE (JSON; - reads standard input)."""
    with refusals_said(naming_fields=True):
        request = read_request(file.read(), AnalysisRequest)
        answer = analysis_answer(
            conclude(
                request.question(),
                direction=request.direction,
                least=request.least(),
                guardrails=request.guards(),
                planned_n=request.planned_n,
                unit=request.unit,
            )
        )
    _answer(answer, wants_json=wants_json)


@group.command("plan", help=PLAN_HELP)
@asked
@as_document
def plan(file: BinaryIO, wants_json: bool) -> None:
    """How many are needed, or what a number of people can show, for the design in FILE."""
    with refusals_said(naming_fields=True):
        request = read_request(file.read(), PlanRequest)
        answer = advice_answer(advise(request.plan()))
    _answer(answer, wants_json=wants_json)


@group.command("renew")
@as_document
def renew(wants_json: bool) -> None:
    """Judge every experiment anew, as after an upgrade; what stays the same is not written."""
    with command_session() as session:
        count = findings.recompute_all(session)
    if wants_json:
        print_json({"experiments": count})
    else:
        click.echo(f"{count} experiments were judged.")


def _answer(answer: dict[str, Any], *, wants_json: bool) -> None:
    """The document, or its numbers a line each and its sentences in both languages."""
    if wants_json:
        print_json(answer)
        return
    told = [each for each in map(answer.get, ("sentence", "limits", "warning")) if each]
    for line in _lines({name: each for name, each in answer.items() if each not in told}):
        click.echo(line)
    for language in Language:
        if text := " ".join(each[language.value] for each in told if each[language.value]):
            click.echo(f"\n{text}")


def _lines(numbers: Mapping[str, Any]) -> Iterator[str]:
    """A number a line under its name; numbers that do not exist are left out."""
    for name, value in numbers.items():
        match value:
            case None | [] | "":
                pass
            case Mapping():
                yield from _lines(value)
            case [Mapping(), *_]:
                yield name
                yield from (
                    "  " + ", ".join(f"{key} {_shown(part)}" for key, part in row.items())
                    for row in value
                )
            case _:
                yield f"{name:<{WIDTH}}{_shown(value)}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case [float() | int(), float() | int()]:
            return f"{_shown(value[0])} to {_shown(value[1])}"
        case list():
            return ", ".join(map(_shown, value))
        case _:
            return str(value)
