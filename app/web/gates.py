"""The gate before an experiment: what it misses, asking to pass, and the head's decision."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.gates import (
    MANUAL,
    NEXT,
    OWN_ASKING,
    STILL,
    GateFacts,
    Lack,
    Line,
    Mend,
    checklist,
    missing_for,
    problems_of_asking,
    problems_of_passing,
    problems_of_return,
)
from app.domain.refusals import Problem, UnknownError
from app.language.sentences import Sentence, sentence
from app.queries.gates import facts_of, journey_of, open_gate
from app.security.guards import requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import may
from app.services import gates
from app.web.forms.base import Form
from app.web.forms.conflicts import saved, told
from app.web.forms.gates import AskForm, GateForm
from app.web.language import current_speaker
from app.web.loading import experiment_for, reloaded
from models import Experiment, Gate
from models.vocabulary import GateItem

pages = Blueprint("gates", __name__, url_prefix="/experiments/<code>/gate")
# The page that mends it, with what else its address names: the section of the edit form, an anchor.
PLACES: Mapping[Mend, tuple[str, dict[str, str]]] = {
    Mend.REGISTRATION: ("registration.new", {}),
    Mend.PRIMARY_METRIC: ("metrics.new", {}),
    Mend.BASELINE: ("metrics.edit", {}),
    Mend.CONSENT: ("experiments.edit", {"open": "care", "_anchor": "section-care"}),
    Mend.HARM_CHECK: ("experiments.edit", {"open": "care", "_anchor": "section-care"}),
    Mend.REVIEW: ("experiments.show", {"_anchor": "reviews"}),
    Mend.VERDICT: ("experiments.show", {"_anchor": "verdict"}),
    Mend.EVIDENCE_LEVEL: ("experiments.show", {"_anchor": "verdict"}),
    Mend.COST: ("experiments.edit", {"open": "money", "_anchor": "section-money"}),
}
# (what is said, whether it is met, where it is mended)
Shown = tuple[Sentence | str, bool, str | None]
pages.add_app_template_filter(journey_of, "journey")
pages.add_app_template_filter(open_gate, "open_gate")
pages.add_app_template_filter(GateItem, "gate_item")


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def show(code: str) -> ResponseReturnValue:
    """What the gate asks for, what is missing, and what became of every asking."""
    return _page(experiment_for(Permission.READ_PORTFOLIO, code))


@pages.post("")
@requires(Permission.WRITE_EXPERIMENT)
def ask(code: str) -> ResponseReturnValue:
    """Ask to pass to the next stage."""
    experiment, form = experiment_for(Permission.WRITE_EXPERIMENT, code), AskForm()
    form.offer(_vouched_for(experiment))
    gate = saved(
        form,
        lambda: gates.ask(
            current_session(), experiment, form.asking(), by=current_actor(), at=now()
        ),
        rules=lambda: _asking_problems(experiment, form),
    )
    if gate is None:
        return _page(reloaded(experiment), asked=form)
    flash(_("It is asked for. The head of experimentation decides."), "success")
    return redirect(url_for("gates.show", code=code), 303)


@pages.post("/<int:gate_id>")
@requires(Permission.DECIDE_GATE)
def decide(code: str, gate_id: int) -> ResponseReturnValue:
    """Let it through, or send it back."""
    experiment, form = experiment_for(Permission.DECIDE_GATE, code), GateForm()
    gate = _gate_in(experiment, gate_id)
    verb = gates.send_back if form.sends_back else gates.let_through
    decided = saved(
        form,
        lambda: verb(
            current_session(), experiment, gate, form.ruling(), by=current_actor(), at=now()
        ),
        rules=lambda: _ruling_problems(experiment, gate, form),
    )
    if decided is None:
        return _page(reloaded(experiment, gate), decided=form)
    flash(_("It is sent back.") if form.sends_back else _("It is let through."), "success")
    return redirect(url_for("experiments.show", code=code, _anchor="gates"), 303)


@pages.post("/<int:gate_id>/withdraw")
@requires(Permission.WRITE_EXPERIMENT)
def withdraw(code: str, gate_id: int) -> ResponseReturnValue:
    """Take an asking back."""
    experiment = experiment_for(Permission.WRITE_EXPERIMENT, code)
    gate = _gate_in(experiment, gate_id)
    gates.withdraw(current_session(), experiment, gate, by=current_actor(), at=now())
    flash(_("It is withdrawn."), "success")
    return redirect(url_for("gates.show", code=code), 303)


def _page(
    experiment: Experiment, *, asked: AskForm | None = None, decided: GateForm | None = None
) -> ResponseReturnValue:
    gate, to = open_gate(experiment), NEXT.get(experiment.stage)
    facts = facts_of(current_session(), experiment, today=today())
    asked, decided = asked or AskForm(formdata=None), decided or GateForm(formdata=None)
    asked.offer(_vouched_for(experiment))
    page = render_template(
        "gates/show.html",
        experiment=experiment,
        gate=gate,
        to=gate.to_stage if gate else to,
        lines=_lines(experiment, gate, facts),
        missing=missing_for(gate.to_stage, facts, gate.ticked) if gate else [],
        asked=asked,
        decided=decided,
        typed=_typed(asked, gate is not None) + _typed(decided, gate is None),
        own_asking=OWN_ASKING if gate and gate.asked_by_id == current_person().id else None,
        still=STILL.get(experiment.state) if to else None,
    )
    return page, max(asked.status, decided.status)


def _typed(form: Form, is_hidden: bool) -> list[tuple[str, str]]:
    """What was typed into a form that the page has no room for any more."""
    return told(form) if form.errors and is_hidden else []


def _lines(experiment: Experiment, gate: Gate | None, facts: GateFacts) -> list[Shown]:
    """What is seen of the gate; before it is asked for, what people tick stands in the form."""
    to = gate.to_stage if gate else NEXT.get(experiment.stage)
    if to is None:
        return []
    lines = checklist(to, facts, gate.ticked if gate else ())
    may_write = _may_write(experiment)
    return [
        shown
        for line in lines
        if gate or line.item not in MANUAL[to]
        for shown in _shown(line, experiment, may_write=may_write)
    ]


def _shown(line: Line, experiment: Experiment, *, may_write: bool) -> list[Shown]:
    if line.lacks:
        return [
            (lack.said, False, _mended_at(lack, experiment) if may_write else None)
            for lack in line.lacks
        ]
    return [(current_speaker().word(line.item), line.is_met, None)]


def _mended_at(lack: Lack, experiment: Experiment) -> str:
    page, named = PLACES[lack.mend]
    metric = {"metric_id": lack.metric_id} if lack.metric_id else {}
    return url_for(page, code=experiment.code, **metric, **named)  # type: ignore[arg-type]


def _may_write(experiment: Experiment) -> bool:
    return may(
        current_person(),
        Permission.WRITE_EXPERIMENT,
        office_id=experiment.office_id,
        programme_ids=[row.programme_id for row in experiment.programmes],
    )


def _vouched_for(experiment: Experiment) -> Sequence[GateItem]:
    to = NEXT.get(experiment.stage)
    return MANUAL[to] if to else ()


def _asking_problems(experiment: Experiment, form: AskForm) -> list[Problem]:
    to = NEXT.get(experiment.stage)
    return problems_of_asking(form.asking(), to=to) if to else []


def _ruling_problems(experiment: Experiment, gate: Gate, form: GateForm) -> list[Problem]:
    if form.sends_back:
        return problems_of_return(form.ruling())
    facts = facts_of(current_session(), experiment, today=today())
    missing = missing_for(gate.to_stage, facts, gate.ticked)
    return problems_of_passing(form.ruling(), to=gate.to_stage, missing=missing)


def _gate_in(experiment: Experiment, gate_id: int) -> Gate:
    for gate in experiment.gates:
        if gate.id == gate_id:
            return gate
    raise UnknownError(sentence("There is no such gate in %(code)s.", code=experiment.code))
