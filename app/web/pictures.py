"""The pictures of an experiment on its pages: those of its section as of today."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.clock import today
from app.reports.assemble.experiments import section_of
from app.reports.pictures import (
    Picture,
    course_picture,
    finding_pictures,
    registration_picture,
    waves_picture,
)
from app.web.language import current_speaker
from models import Experiment


@dataclass(frozen=True)
class Pictured:
    """What an experiment's page shows; ``found`` and ``courses`` by the metric's key."""

    found: Mapping[int, list[Picture]]
    courses: Mapping[int, Picture]
    registration: Picture | None
    waves: Picture | None


def pictured(experiment: Experiment) -> Pictured:
    """Every picture its facts can fill, of an experiment that is loaded whole."""
    speaker = current_speaker()
    section = section_of(
        experiment,
        (),
        until=today(),
        programmes=[link.programme for link in experiment.programmes],
        findings={row.metric_id: row for row in experiment.findings if row.is_current},
    )
    lines = {
        metric.id: line for metric, line in zip(experiment.metrics, section.metrics, strict=True)
    }
    return Pictured(
        found={
            key: finding_pictures(line, speaker, ident=f"metric-{key}")
            for key, line in lines.items()
        },
        courses={
            key: course_picture(line, section, speaker, ident=f"metric-{key}-course")
            for key, line in lines.items()
        },
        registration=registration_picture(section, speaker, ident="registration-line"),
        waves=waves_picture(section, speaker, ident="waves"),
    )
