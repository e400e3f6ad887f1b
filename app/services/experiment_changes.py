"""What changed in an experiment, in words a reader of its history knows instead of keys."""

from collections.abc import Mapping
from typing import Any

from app.services import history
from models import Experiment
from models.vocabulary import ProgrammeRole

# Told by name in ``named``, or of no interest to a reader.
KEYS = {"office_id", "owner_id", "learning_question_id", "created_by_id", "is_demonstration"}


def named(experiment: Experiment) -> dict[str, Any]:
    """What an experiment points at, by name. It is loaded whole."""
    question = experiment.learning_question
    return {
        "owner": experiment.owner.name if experiment.owner else None,
        "learning_question": f"{question.plan.code}: {question.text}" if question else None,
        "lead_programme": next(iter(_codes(experiment, ProgrammeRole.LEAD)), None),
        "contributing_programmes": _codes(experiment, ProgrammeRole.CONTRIBUTING),
        "partners": [row.partner.name for row in experiment.partnerships],
        "places": [place.name for place in experiment.places],
    }


def changes_since(before: Mapping[str, Any], experiment: Experiment) -> dict[str, list[Any]]:
    """Field → [before, after] since ``named`` was asked; call it before the flush."""
    after = named(experiment)
    pointed = {
        name: [before.get(name), value]
        for name, value in after.items()
        if (before.get(name) or None) != (value or None)
    }
    plain = history.changes_of(experiment)
    return {**{name: pair for name, pair in plain.items() if name not in KEYS}, **pointed}


def _codes(experiment: Experiment, role: ProgrammeRole) -> list[str]:
    return sorted(link.programme.code for link in experiment.programmes if link.role is role)
