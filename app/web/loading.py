"""Load the record an address names: 404 when it is not open to the reader, 403 when not theirs."""

from app.database import current_session
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.experiments import experiment_by_code
from app.security.guards import ensure
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from models import Base, Experiment, Hypothesis, Measurement, Metric


def experiment_for(permission: Permission, code: str) -> Experiment:
    """The whole experiment, if the person may do this to it; that it is found lets them read it."""
    experiment = experiment_by_code(current_session(), code, scope=scope_of(current_person()))
    if permission is not Permission.READ_PORTFOLIO:
        ensure(
            permission,
            office_id=experiment.office_id,
            programme_ids=[link.programme_id for link in experiment.programmes],
        )
    return experiment


def reloaded(experiment: Experiment, *parts: Base) -> Experiment:
    """The experiment with these of its parts as they stand now: others may have saved meanwhile."""
    session, code = current_session(), experiment.code
    for row in (experiment, *parts):
        session.expire(row)
    return experiment_by_code(session, code, scope=scope_of(current_person()))


def hypothesis_in(experiment: Experiment, hypothesis_id: int) -> Hypothesis:
    """One hypothesis of the experiment."""
    for hypothesis in experiment.hypotheses:
        if hypothesis.id == hypothesis_id:
            return hypothesis
    raise UnknownError(sentence("There is no such hypothesis in %(code)s.", code=experiment.code))


def metric_in(experiment: Experiment, metric_id: int | None) -> Metric:
    """One metric of the experiment."""
    for metric in experiment.metrics:
        if metric.id == metric_id:
            return metric
    raise UnknownError(sentence("There is no such metric in %(code)s.", code=experiment.code))


def measurement_in(experiment: Experiment, measurement_id: int) -> tuple[Metric, Measurement]:
    """One reading of the experiment, corrected ones too, with its metric."""
    for metric in experiment.metrics:
        for measurement in metric.measurements:
            if measurement.id == measurement_id:
                return metric, measurement
    raise UnknownError(sentence("There is no such reading in %(code)s.", code=experiment.code))
