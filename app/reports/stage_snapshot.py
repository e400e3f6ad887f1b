"""What a stage report knows: one experiment as it stands, in one stage of the learning cycle."""

import json
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from app.reports.plain import Text
from app.reports.plan_snapshot import PlanSnapshot
from app.reports.snapshot import ExperimentSection, Frozen, QuarterlySnapshot, Snapshot
from models.vocabulary import Stage


class InquiryLine(Frozen):
    """How the plan meant to find out, and what its closing forms say was used."""

    methods_planned: tuple[Text, ...] = ()
    methods_used: tuple[Text, ...] = ()
    data_planned: tuple[Text, ...] = ()
    data_used: tuple[Text, ...] = ()
    data_gaps: Text = ""


class FlagLine(Frozen):
    """A doubt about how a metric was measured, as a sentence to be said."""

    metric: Text
    said: dict[str, Any]


class StageSnapshot(Snapshot):
    """One experiment and the stage it is reported on. Raises ``ValidationError`` for another n."""

    kind: Literal["stage"]
    stage: Stage
    inquiry: InquiryLine | None = None
    flags: tuple[FlagLine, ...] = ()
    data_collection: Text = ""
    manual: Text = ""
    fidelity_record: Text = ""

    @model_validator(mode="after")
    def _one_experiment(self) -> Self:
        if len(self.experiments) != 1:
            raise ValueError("a stage report is of one experiment")
        return self

    @property
    def experiment(self) -> ExperimentSection:
        """The experiment it is about."""
        return self.experiments[0]


AnySnapshot = QuarterlySnapshot | StageSnapshot | PlanSnapshot
KINDS: Mapping[str, type[AnySnapshot]] = {"stage": StageSnapshot, "plan": PlanSnapshot}


def read_any(text: str | bytes) -> AnySnapshot:
    """The snapshot of any report that was written as JSON; ``ValidationError`` when it is none."""
    kind = json.loads(text).get("kind", "")
    return KINDS.get(kind, QuarterlySnapshot).model_validate_json(text)
