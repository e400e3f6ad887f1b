"""How templates show frozen plans, their amendments and remarks on hypotheses: filters."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import hypothesis_lint
from app.domain.chains import Chain
from app.domain.registration import LABELS, Plan, lines_of, restored
from app.language.sentences import Sentence, sentence
from app.queries.evidence import chain_of
from app.reports.registrations import pair_said, value_said
from app.services.hypotheses import slots_of
from app.web.forms.hypotheses import HypothesisForm
from app.web.language import current_speaker
from models import Amendment, Experiment, Hypothesis, Metric

Facts = list[tuple[str, str]]


def frozen(plan: Plan) -> list[tuple[Sentence, Facts]]:
    """A plan as titled lists of (label, value): each hypothesis, each metric, the design."""
    speaker = current_speaker()
    parts: dict[tuple[str, int], Facts] = {}
    for line in lines_of(plan):
        if line.name == "name":  # its title says it
            continue
        value = value_said(line.name, line.value, line.kind, speaker)
        parts.setdefault((line.part, line.id), []).append((speaker.say(LABELS[line.name]), value))
    for record in plan["metrics"]:
        if method := record.get("method"):
            told = (speaker.say(LABELS["method"]), value_said("method", method, None, speaker))
            parts[("metrics", record["id"])].append(told)
    return [(_title(plan, *key), facts) for key, facts in parts.items()]


def method_said(metric: Plan) -> str:
    """The method by which a metric of a plan is judged; "" where there is none."""
    return value_said("method", metric["method"], None, current_speaker())


def changed(amendment: Amendment) -> list[tuple[str, str, str]]:
    """What an amendment changed, as (field, before, after)."""
    return [pair_said(restored(change), current_speaker()) for change in amendment.changes]


def waves_written(metric: Metric) -> str:
    """The planned waves of a metric, one a line."""
    say = current_speaker().date
    return "\n".join(f"{wave.name}: {say(wave.due_on)}" for wave in metric.planned_waves)


def remarks(
    form: HypothesisForm | None, hypothesis: Hypothesis | None, experiment: Experiment
) -> list[Sentence]:
    """How a hypothesis could be written better: as typed in its form, else as it is stored."""
    if form is not None and (form.is_submitted() or hypothesis is not None):
        slots = form.slots()
    elif hypothesis is not None:
        slots = slots_of(hypothesis)
    else:
        return []
    is_measured = _is_measured(hypothesis, chain_of(experiment)) if hypothesis else None
    found = hypothesis_lint.remarks_on(slots, is_measured=is_measured)
    return [remark.said() for remark in found]


def _is_measured(hypothesis: Hypothesis, chain: Chain) -> bool:
    linked = {metric.hypothesis_id for metric in chain.metrics}
    return hypothesis.id in linked or (len(chain.hypothesis_ids) == 1 and None in linked)


def _title(plan: Plan, part: str, number: int) -> Sentence:
    if part == "design":
        return sentence("Design")
    record = next(each for each in plan[part] if each["id"] == number)
    if part == "hypotheses":
        return sentence("Hypothesis %(n)s", n=record["position"])
    return sentence("Metric “%(metric)s”", metric=record["name"])


FILTERS: Mapping[str, Callable[..., Any]] = {
    shows.__name__: shows for shows in (frozen, method_said, changed, waves_written, remarks)
}
