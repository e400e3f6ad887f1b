"""The design advisor: what so many people can show, before anybody is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.domain.advice import Advised, Wish, advised, is_planned
from app.domain.readouts import warning_on
from app.domain.statistics.menu import OUTCOMES, Outcome, method_for
from app.domain.statistics.power import COMPARED_GROUPS
from app.language.sentences import Sentence, sentence
from app.language.speaker import Speaker
from app.queries.experiments import experiment_by_code
from app.reports.charts import Detectable, DetectableCurve, curve_chart, curve_table
from app.reports.pictures.picture import Kind, Picture
from app.reports.registrations import METHODS
from app.security.guards import requires
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.web.addresses import words
from app.web.forms.advisor import AdvisorForm
from app.web.language import current_speaker
from models import Experiment
from models.vocabulary import MetricKind, MetricRole

pages = Blueprint("advisor", __name__)


@dataclass(frozen=True)
class Shown:
    """The answer as the page shows it: sentences first, then the curve."""

    method: str
    said: list[Sentence]
    warnings: list[Sentence]
    picture: Picture | None


@pages.get("/advisor")
@requires(Permission.READ_PORTFOLIO)
def show() -> ResponseReturnValue:
    """The questions, and the answer once a number of people is given."""
    experiment = _experiment(words("experiment"))
    is_asked = "n" in request.args
    known = _known_of(experiment) if experiment else {}
    form = AdvisorForm(request.args if is_asked else None, data=known)
    wish = form.wish() if is_asked or known.get("n") else None
    page = render_template(
        "advisor/show.html",
        form=form,
        experiment=experiment,
        shown=_shown(wish, form.kind.data) if wish else None,
    )
    return page, 422 if is_asked and wish is None else 200


def _experiment(code: str) -> Experiment | None:
    if not code:
        return None
    return experiment_by_code(current_session(), code, scope=scope_of(current_person()))


def _known_of(experiment: Experiment) -> Mapping[str, Any]:
    """What an experiment says already, with its first primary metric."""
    known: dict[str, Any] = {
        "design": experiment.comparison_design,
        "cluster_size": experiment.cluster_size,
        "icc": experiment.icc,
    }
    if sample := experiment.sample_planned:
        known["n"] = sample // 2 if experiment.comparison_design in COMPARED_GROUPS else sample
    primary = (each for each in experiment.metrics if each.role is MetricRole.PRIMARY)
    if metric := next(primary, None):
        times = 100 if metric.kind is MetricKind.PROPORTION else 1
        known |= {"kind": metric.kind, "direction": metric.direction}
        if metric.minimum_meaningful_effect is not None and metric.kind is not MetricKind.ORDINAL:
            known["least"] = metric.minimum_meaningful_effect * times
        if metric.kind is MetricKind.PROPORTION and metric.baseline is not None:
            known["baseline"] = metric.baseline * 100
    return {name: value for name, value in known.items() if value is not None}


def _shown(wish: Wish, kind: MetricKind) -> Shown:
    speaker = current_speaker()
    method = method_for(wish.design, kind)
    if method is None:
        told = sentence("There is no method for this kind of number in this design: no verdict.")
        return Shown("", [], [told], None)
    if not is_planned(wish.design, OUTCOMES[kind]):
        told = sentence(
            "How many people this needs cannot be said beforehand: it depends on how much the"
            " sites or the counts differ. Ask a statistician, or plan each site by itself."
        )
        return Shown(speaker.say(METHODS[method]), [], [told], None)
    answer = advised(wish)
    return Shown(
        method=speaker.say(METHODS[method]),
        said=_said(answer, kind, speaker),
        warnings=_warnings(answer, kind, speaker),
        picture=_picture(answer, kind, speaker),
    )


def _said(answer: Advised, kind: MetricKind, speaker: Speaker) -> list[Sentence]:
    wish, write = answer.wish, _writer(answer.wish, kind, speaker)
    said = []
    if answer.smallest is not None:
        said.append(
            sentence(
                "With %(n)s people in a group, an effect of %(effect)s or more would be found"
                " %(times)s times out of 100.",
                n=wish.n,
                effect=write(Decimal(repr(answer.smallest))),
                times=round(wish.power * 100),
            )
        )
    if wish.clusters.design_effect > 1:
        said.append(
            sentence(
                "People of one village or caleta resemble each other: %(n)s of them count as"
                " %(counts)s independent people (design effect %(effect)s).",
                n=wish.n,
                counts=answer.wish.counts_as,
                effect=Decimal(repr(round(wish.clusters.design_effect, 2))),
            )
        )
    if answer.suffices:
        said.append(
            sentence(
                "What matters to you, %(least)s, would be found: %(needed)s people in a group are"
                " enough.",
                least=_least(wish, write),
                needed=answer.needed,
            )
        )
    return said


def _warnings(answer: Advised, kind: MetricKind, speaker: Speaker) -> list[Sentence]:
    wish, advice = answer.wish, answer.advice
    if not advice.can_reach or answer.smallest is None:
        best_p = advice.best_p if advice.detectable_effect is not None else None
        return [warning_on(wish.counts_as, best_p if not advice.can_reach else None)]
    if answer.chance is None or answer.suffices:
        return []
    return [
        sentence(
            "What matters to you, %(least)s, would be found only %(times)s times out of 100."
            " %(needed)s people in a group are needed.",
            least=_least(wish, _writer(wish, kind, speaker)),
            times=round(answer.chance * 100),
            needed=answer.needed,
        )
    ]


def _least(wish: Wish, write: Callable[[Decimal], str]) -> str:
    return write(Decimal(repr(wish.least)))


def _picture(answer: Advised, kind: MetricKind, speaker: Speaker) -> Picture | None:
    if all(effect is None for _n, effect in answer.curve):
        return None
    name = speaker.say(sentence("The smallest effect that so many people can show"))
    curve = DetectableCurve(
        name=name,
        points=[Detectable(n, effect) for n, effect in answer.curve],
        number=_writer(answer.wish, kind, speaker),
        here=Detectable(answer.wish.n, answer.smallest),
        least=answer.wish.least if answer.wish.outcome is not Outcome.ORDINAL else None,
    )
    return Picture(
        Kind.CURVE, name, curve_chart(curve, speaker, ident="curve"), curve_table(curve, speaker)
    )


def _writer(wish: Wish, kind: MetricKind, speaker: Speaker) -> Callable[[Decimal], str]:
    """How an effect of this kind is written."""
    match wish.outcome:
        case Outcome.PROPORTION:
            return lambda value: speaker.say(
                sentence("%(n)s points", n=round(value * 100, 1).normalize() + 0)
            )
        case Outcome.ORDINAL:
            return lambda value: speaker.say(
                sentence("%(share)s of pairs in its favour", share=speaker.percent(value))
            )
        case Outcome.NPS:
            return lambda value: speaker.say(sentence("%(n)s points", n=round(value, 1)))
        case _ if wish.sd is None:
            return lambda value: speaker.say(
                sentence("%(n)s standard deviations", n=round(value, 2))
            )
        case _ if kind is MetricKind.MONEY:
            return speaker.money
        case _:
            return lambda value: speaker.number(round(value, 2))
