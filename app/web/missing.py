"""What an experiment lacks, each with the page that mends it where the reader may."""

from collections.abc import Mapping

from flask import url_for

from app.domain.chains import Break, Missing
from app.language.sentences import Sentence
from app.queries.evidence import missing_of
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import may
from models import Experiment

# The section of the edit form that holds it.
SECTIONS: Mapping[Break, str] = {
    Break.NO_PROGRAMME: "core",
    Break.NO_OWNER: "core",
    Break.NO_LEARNING_QUESTION: "core",
    Break.NO_CONSENT: "care",
    Break.NO_HARM_CHECK: "care",
    Break.NO_RESULT: "results",
}
# The page of its own, and what the page calls the record that lacks it.
PAGES: Mapping[Break, tuple[str, str]] = {
    Break.NO_HYPOTHESIS: ("hypotheses.new", ""),
    Break.HYPOTHESIS_WITHOUT_METRIC: ("metrics.new", "hypothesis"),
    Break.NO_METRIC: ("metrics.new", ""),
    Break.NO_BASELINE: ("metrics.edit", "metric_id"),
    Break.NO_TARGET: ("metrics.edit", "metric_id"),
    Break.NO_READING: ("measurements.new", "metric"),
    Break.NO_DECISION: ("decisions.new", ""),
}


def missing_with_links(experiment: Experiment) -> list[tuple[Sentence, str | None]]:
    """Each missing link of the chain in words, with its page or None."""
    return [(link.said(), _mended_at(link, experiment)) for link in missing_of(experiment)]


def _mended_at(link: Missing, experiment: Experiment) -> str | None:
    if not _may_mend(link, experiment):
        return None
    code = experiment.code
    if section := SECTIONS.get(link.kind):
        return url_for("experiments.edit", code=code, open=section, _anchor=f"section-{section}")
    page, record = PAGES[link.kind]
    return url_for(page, code=code, **({record: link.id} if record else {}))  # type: ignore[arg-type]


def _may_mend(link: Missing, experiment: Experiment) -> bool:
    is_decision = link.kind is Break.NO_DECISION
    return may(
        current_person(),
        Permission.TAKE_DECISION if is_decision else Permission.WRITE_EXPERIMENT,
        office_id=experiment.office_id,
        programme_ids=[row.programme_id for row in experiment.programmes],
    )
