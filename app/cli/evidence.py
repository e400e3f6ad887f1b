"""`flask evidence`: analyse numbers and plan for them; neither touches the database."""

from collections.abc import Mapping
from typing import Any, TextIO

import click
from flask.cli import AppGroup

from app.cli.answers import print_json, refusals_said
from app.domain.analysis import conclude
from app.domain.statistics.power import advise
from app.exchange.evidence_answers import advice_answer, analysis_answer
from app.exchange.evidence_requests import AnalysisRequest, PlanRequest, read_request
from models.vocabulary import Language

group = AppGroup("evidence", help="Effects, verdicts and sample sizes from numbers.")
asked = click.argument("file", type=click.File(encoding="utf-8"), default="-")
as_document = click.option("--json", "wants_json", is_flag=True, help="Answer with one document.")


@group.command("analyse")
@asked
@as_document
def analyse(file: TextIO, wants_json: bool) -> None:
    """Effect, interval and verdict of the numbers in FILE (JSON; - reads standard input)."""
    with refusals_said(naming_fields=True):
        request = read_request(file.read(), AnalysisRequest)
        answer = analysis_answer(
            conclude(
                request.question(),
                direction=request.direction,
                least=request.minimum_meaningful_effect,
                guardrails=request.guards(),
                planned_n=request.planned_n,
                unit=request.unit,
            )
        )
    _answer(answer, (answer["sentence"], answer["limits"]), wants_json=wants_json)


@group.command("plan")
@asked
@as_document
def plan(file: TextIO, wants_json: bool) -> None:
    """How many are needed, or what a number of people can show, for the design in FILE."""
    with refusals_said(naming_fields=True):
        request = read_request(file.read(), PlanRequest)
        answer = advice_answer(advise(request.plan()))
    _answer(answer, (answer["warning"],), wants_json=wants_json)


def _answer(
    answer: dict[str, Any], told: tuple[Mapping[str, str], ...], *, wants_json: bool
) -> None:
    """The document, or its numbers a line each and its sentences in both languages."""
    if wants_json:
        print_json(answer)
        return
    for name, value in answer.items():
        if isinstance(value, int | float | str):
            click.echo(f"{name:<22} {value}")
    for language in Language:
        click.echo(" ".join(text[language.value] for text in told if text[language.value]))
