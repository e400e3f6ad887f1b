"""What changed in an experiment, in words a reader of its history knows instead of keys."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect

from app.services.history import SILENT
from models import Experiment
from models.vocabulary import ProgrammeRole

# Told by name below, or of no interest to a reader.
KEYS = {
    "office_id",
    "owner_id",
    "learning_question_id",
    "created_by_id",
    "is_demonstration",
    "repeats_id",
}
# Computed, or told by an entry of its own.
COMPUTED = {"verdict", "evidence_level", "level_lowered_to", "level_lowered_because"}


def told(experiment: Experiment) -> dict[str, Any]:
    """Everything an experiment says, what it points at by name. It is loaded whole."""
    columns = [each.key for each in inspect(type(experiment)).column_attrs]
    plain = {
        name: getattr(experiment, name) for name in columns if name not in SILENT | KEYS | COMPUTED
    }
    question = experiment.learning_question
    return plain | {
        "owner": experiment.owner.name if experiment.owner else None,
        "learning_question": f"{question.plan.code}: {question.text}" if question else None,
        "lead_programme": next(iter(_codes(experiment, ProgrammeRole.LEAD)), None),
        "contributing_programmes": _codes(experiment, ProgrammeRole.CONTRIBUTING),
        "partners": [row.partner.name for row in experiment.partnerships],
        "places": [place.name for place in experiment.places],
        "repeats": experiment.repeats.code if experiment.repeats else None,
    }


def changes_since(before: Mapping[str, Any], experiment: Experiment) -> dict[str, list[Any]]:
    """Field → [before, after] of all that differs from what was ``told`` before."""
    return {
        name: [before.get(name), after]
        for name, after in told(experiment).items()
        if _filled(before.get(name)) != _filled(after)
    }


def _filled(value: Any) -> Any:
    """Nothing is nothing, however it is spelled."""
    return None if value in ("", [], None) else value


def _codes(experiment: Experiment, role: ProgrammeRole) -> list[str]:
    return sorted(link.programme.code for link in experiment.programmes if link.role is role)
