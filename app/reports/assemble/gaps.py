"""What was due in the quarter and is missing, and who owes it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from app.domain.chains import BEGUN, Chain, missing_in
from app.domain.quarters import Quarter
from app.queries.evidence import chain_of
from app.reports.snapshot import ExperimentSection, Gap, GapKind
from models import Experiment, Metric
from models.vocabulary import ExperimentState, ReviewState

# What a review still lacks, by its state: the officer owes what is submitted, the lab the rest.
OWED = {
    ReviewState.DRAFT: GapKind.NOT_SUBMITTED,
    ReviewState.RETURNED: GapKind.REVIEW_NOT_ACCEPTED,
    ReviewState.SUBMITTED: GapKind.NO_REVIEW,
}


def gaps_of(
    one: Experiment,
    section: ExperimentSection,
    *,
    quarter: Quarter,
    reviewers: Mapping[str, str],
) -> Iterator[Gap]:
    """Broken links of the chain, then what the quarter itself asks for by its end.

    ``reviewers`` names, by the code of a programme, the officers whose review is asked for.
    """
    for missing in missing_in(_chain_then(one, section, quarter)):
        yield Gap(
            kind=GapKind(missing.kind.value),
            experiment=one.code,
            metric=missing.about,
            owed_by=section.owner,
        )
    yield from _readings(one, section, quarter)
    yield from _decisions_to_look_at(section, quarter)
    yield from _reviews(one, section, quarter, reviewers)


def _chain_then(one: Experiment, section: ExperimentSection, quarter: Quarter) -> Chain:
    """The chain as it stood at the quarter's end: what came later mends nothing in it."""
    chain = chain_of(one)
    measured = {row.id for row in one.metrics if _is_measured(row, until=quarter.ends_on)}
    return replace(
        chain,
        state=section.state,
        metrics=[replace(link, has_reading=link.id in measured) for link in chain.metrics],
        has_decision=bool(section.decisions),
    )


def _readings(one: Experiment, section: ExperimentSection, quarter: Quarter) -> Iterator[Gap]:
    if section.state is not ExperimentState.RUNNING:
        return
    for metric in one.metrics:
        is_measured = _is_measured(metric, until=quarter.ends_on)
        if is_measured and not _is_measured(metric, since=quarter.starts_on, until=quarter.ends_on):
            yield Gap(
                kind=GapKind.NO_READING_THIS_QUARTER,
                experiment=one.code,
                metric=metric.name,
                owed_by=section.owner,
                due_on=quarter.ends_on.isoformat(),
            )


def _is_measured(metric: Metric, *, until: date, since: date = date.min) -> bool:
    return any(row.is_current and since <= row.measured_on <= until for row in metric.measurements)


def _decisions_to_look_at(section: ExperimentSection, quarter: Quarter) -> Iterator[Gap]:
    """The newest decision is overdue once its day has passed without another."""
    newest = section.decisions[-1] if section.decisions else None
    if newest and newest.review_on and newest.review_on <= quarter.ends_on.isoformat():
        yield Gap(
            kind=GapKind.DECISION_REVIEW_OVERDUE,
            experiment=section.code,
            owed_by=newest.people,
            due_on=newest.review_on,
        )


def _reviews(
    one: Experiment,
    section: ExperimentSection,
    quarter: Quarter,
    reviewers: Mapping[str, str],
) -> Iterator[Gap]:
    if not _is_under_way(one, section, quarter):
        return
    kept = {review.programme: review.state for review in section.reviews}
    for share in section.programmes:
        kind = OWED.get(kept.get(share.code, ReviewState.DRAFT))
        if share.code not in reviewers or kind is None:
            continue
        yield Gap(
            kind=kind,
            experiment=one.code,
            programme=share.code,
            owed_by=reviewers[share.code] if kind is GapKind.NO_REVIEW else section.owner,
            due_on=quarter.ends_on.isoformat(),
        )


def _is_under_way(one: Experiment, section: ExperimentSection, quarter: Quarter) -> bool:
    """Whether the quarter asks for a review: it had begun and had not ended before."""
    has_ended = one.ends_on is not None and one.ends_on < quarter.starts_on
    return section.state in BEGUN and not has_ended
