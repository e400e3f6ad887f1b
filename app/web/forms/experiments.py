"""The forms of an experiment: its core, its blocks, and its steps along the learning cycle."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.domain.experiments import Blocks, Core, cost_in_usd, each_once
from app.domain.metrics import as_stored, as_written
from app.domain.steps import Step
from app.domain.texts import one_line
from app.language.goals import GOALS
from app.web.forms.amendments import ReportedForm
from app.web.forms.base import Form, VersionedForm
from app.web.forms.choices import Asked, RecordField, RecordsField, YesNoField
from app.web.forms.fields import (
    DayField,
    LongTextField,
    NumberField,
    Sometimes,
    TextField,
    TicksField,
    WholeNumberField,
    WordField,
    WordsField,
)
from app.web.forms.keys import KeyField
from app.web.language import current_speaker
from app.web.layout import programme_name
from models import Experiment, LearningQuestion, Person, Place, Programme
from models.vocabulary import (
    Assignment,
    ComparisonDesign,
    ControlGroup,
    DesignType,
    ExperimentKind,
    ExperimentState,
    LookRule,
    MetricKind,
    PauseReason,
    ProgrammeRole,
    QualityCheck,
    ScalingOutcome,
    Stage,
)

LONGEST_QUESTION = 100
# Typed in per cent and kept as 0 to 1, as shares are.
SHARE = MetricKind.PROPORTION


class CoreForm(Form):
    """The few things asked of everybody."""

    title = TextField(_l("Title"), [Asked()])
    learning_intent = LongTextField(_l("What do we want to learn?"), [Asked()])
    lead_programme_id = RecordField(_l("Programme that leads it"), [Asked()])
    owner_id = RecordField(_l("Who looks after it"), [Asked()])
    learning_question_id = RecordField(_l("Learning question of a plan"))

    def offer(
        self,
        *,
        programmes: Iterable[Programme],
        owners: Iterable[Person],
        questions: Iterable[LearningQuestion],
    ) -> None:
        """Set what can be chosen."""
        self.lead_programme_id.offer(
            (row.id, f"{programme_name(row)} ({row.code})") for row in programmes
        )
        self.owner_id.offer((row.id, row.name) for row in owners)
        self.learning_question_id.offer((row.id, _asked(row)) for row in questions)

    def core(self) -> Core:
        """What was written."""
        return Core(
            title=self.title.data or "",
            learning_intent=self.learning_intent.data or "",
            lead_programme_id=self.lead_programme_id.data,
            owner_id=self.owner_id.data,
            learning_question_id=self.learning_question_id.data,
        )


class BeginningForm(Form):
    """Where an experiment stands, since when, and why."""

    stage = WordField(_l("Stage"), list(Stage), validators=[Asked()])
    state = WordField(_l("State"), list(ExperimentState), validators=[Asked()])
    pause_reason = WordField(
        _l("Why it is paused"), list(PauseReason), optional=True, validators=[Sometimes()]
    )
    on = DayField(_l("Since"))
    reason = LongTextField(_l("Reason"), [Sometimes()])

    def step(self) -> Step:
        """What was written."""
        return Step(
            stage=self.stage.data,
            state=self.state.data,
            pause_reason=self.pause_reason.data,
            reason=self.reason.data or "",
            on=self.on.data,
        )


class NewExperimentForm(CoreForm, BeginningForm):
    """A new experiment: the core and where it stands."""

    stage = WordField(_l("Stage"), list(Stage), default=Stage.EXPLORE, validators=[Asked()])
    state = WordField(
        _l("State"), list(ExperimentState), default=ExperimentState.IDEA, validators=[Asked()]
    )
    submission_key = KeyField()


class ExperimentForm(CoreForm, ReportedForm):
    """The core and every optional block."""

    kind = WordField(_l("Kind of experiment"), list(ExperimentKind), optional=True)
    contributing_programme_ids = RecordsField(_l("Programmes that contribute"))
    partners = LongTextField(_l("Partners"))
    ubigeos = TicksField(_l("Departments"))
    groups_reached = LongTextField(_l("Groups reached"))
    sdgs = TicksField(
        _l("Sustainable Development Goals"),
        coerce=int,
        choices=lambda: [
            SelectChoice(str(n), f"{n}. {current_speaker().say(goal)}") for n, goal in GOALS.items()
        ],
    )

    starts_on = DayField(_l("Starts on"))
    ends_on = DayField(_l("Ends on"))
    design_type = WordField(_l("Type of design"), list(DesignType), optional=True)
    control_group = WordField(_l("Compared with"), list(ControlGroup), optional=True)
    assignment = WordField(_l("How groups were assigned"), list(Assignment), optional=True)
    actions = LongTextField(_l("What is done"))
    unit_of_analysis = LongTextField(_l("Unit of analysis"))
    sample_planned = WholeNumberField(_l("Sample planned"))
    data_collection = LongTextField(_l("How data are collected"))
    timeline = LongTextField(_l("Timeline"))
    comparison_design = WordField(_l("How it is compared"), list(ComparisonDesign), optional=True)
    looks_planned = WholeNumberField(_l("Looks at the results"))
    look_rule = WordField(_l("Rule for several looks"), list(LookRule), optional=True)
    stops_on = DayField(_l("Day it stops"))
    attrition_limit = NumberField(_l("Loss of participants tolerated"))
    cluster_size = NumberField(_l("Cluster size"))
    icc = NumberField(_l("Correlation within a cluster"))

    budget_planned_usd = NumberField(_l("Budget planned"))
    cost_actual_usd = NumberField(_l("Actual cost"))
    cost_actual_local = NumberField(_l("Actual cost in local currency"))
    local_currency = TextField(_l("Local currency"))
    rate_to_usd = NumberField(_l("Rate: units of the local currency for one dollar"))
    cost_note = LongTextField(_l("Note on costs"))

    quality_checks = WordsField(_l("Quality check"), list(QualityCheck))
    consent_given = YesNoField(_l("Consent of those taking part"))
    do_no_harm_checked = YesNoField(_l("Checked that it does no harm"))

    what_happened = LongTextField(_l("What happened"))
    obstacles = LongTextField(_l("Obstacles"))
    surprises = LongTextField(_l("What surprised us"))
    advice = LongTextField(_l("Advice to whoever repeats it"))
    manual = LongTextField(_l("Manual"))
    fidelity_record = LongTextField(_l("How faithfully it was delivered"))
    repeats = TextField(_l("Experiment it repeats"))
    repeated_elsewhere = LongTextField(_l("Repeated by others"))
    scaling_outcomes = WordsField(_l("What came of it"), list(ScalingOutcome))
    source = LongTextField(_l("Sources"))

    def offer_more(self, *, programmes: Iterable[Programme], places: Iterable[Place]) -> None:
        """Set what the blocks can choose among."""
        self.contributing_programme_ids.offer(
            (row.id, f"{programme_name(row)} ({row.code})") for row in programmes
        )
        self.ubigeos.choices = [SelectChoice(row.ubigeo, row.name) for row in places]

    def blocks(self) -> Blocks:
        """What was written beyond the core."""
        said = {name: self._said(name) for name in Blocks.__dataclass_fields__}
        partners = (one_line(line).strip(" -•") for line in (self.partners.data or "").splitlines())
        return Blocks(
            **said
            | {
                "partners": tuple(name for name in partners if name),
                "attrition_limit": as_stored(SHARE, self.attrition_limit.data),
                "local_currency": (self.local_currency.data or "").upper() or None,
                "repeats": (self.repeats.data or "").upper(),
            }
        )

    def settle(self) -> None:
        """Partners once each, codes in capitals, dollars computed, no programme twice."""
        blocks = self.blocks()
        self.partners.data = "\n".join(each_once(blocks.partners))
        self.local_currency.data = blocks.local_currency
        self.repeats.data = blocks.repeats
        self.cost_actual_usd.data = cost_in_usd(blocks)
        lead = self.lead_programme_id.data
        ticked = self.contributing_programme_ids.data or []
        self.contributing_programme_ids.data = [key for key in ticked if key != lead]

    def _said(self, name: str) -> Any:
        field = self[name]
        return tuple(field.data or ()) if isinstance(field, TicksField) else field.data


class StepForm(BeginningForm, VersionedForm):
    """Where the experiment goes, since when, and why."""

    of_the_act = frozenset({"reason", "on"})


def shown(experiment: Experiment) -> dict[str, Any]:
    """A record as its edit form shows it."""
    plain = {
        name: getattr(experiment, name)
        for name in Blocks.__dataclass_fields__.keys() & vars(type(experiment)).keys()
    }
    roles = {row.role: row.programme_id for row in experiment.programmes}
    return plain | {
        "title": experiment.title,
        "learning_intent": experiment.learning_intent,
        "owner_id": experiment.owner_id,
        "learning_question_id": experiment.learning_question_id,
        "lead_programme_id": roles.get(ProgrammeRole.LEAD),
        "contributing_programme_ids": _contributing(experiment),
        "partners": "\n".join(row.partner.name for row in experiment.partnerships),
        "ubigeos": [place.ubigeo for place in experiment.places],
        "attrition_limit": as_written(SHARE, experiment.attrition_limit),
        "repeats": experiment.repeats.code if experiment.repeats else "",
        "version": experiment.version,
    }


def _contributing(experiment: Experiment) -> Sequence[int]:
    return [
        row.programme_id for row in experiment.programmes if row.role is ProgrammeRole.CONTRIBUTING
    ]


def _asked(question: LearningQuestion) -> str:
    text = " ".join(question.text.split())
    short = text if len(text) <= LONGEST_QUESTION else f"{text[:LONGEST_QUESTION].rstrip()}…"
    return f"{question.plan.code} · {short}"
