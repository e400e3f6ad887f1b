"""An experiment's records as a verdict takes them: held to what was registered."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.held import held_back, read
from app.domain.registration import Change
from models import Amendment, Registration


def changed_after_data(
    registration: Registration | None, amendments: Iterable[Amendment]
) -> list[Change]:
    """What was amended after the first measurement of all that sets the bar of a verdict."""
    if registration is None:
        return []
    made = list(amendments)
    in_time = [one.document for one in made if not one.is_after_data]
    before = [registration.document, *in_time][-1]
    after = [registration.document, *(one.document for one in made)][-1]
    return held_back(json.loads(before), json.loads(after))


def design_held(experiment: Any, changes: Sequence[Change]) -> Any:
    """The experiment with its design as it stood before those changes."""
    return _held(experiment, [one for one in changes if one.part == "design"])


def metric_held(metric: Any, changes: Sequence[Change]) -> Any:
    """A metric as it stood before those changes."""
    return _held(metric, [one for one in changes if (one.part, one.id) == ("metrics", metric.id)])


def _held(row: Any, changes: Sequence[Change]) -> Any:
    return _Held(row, {one.name: read(one, one.before) for one in changes}) if changes else row


class _Held:
    """A record with some of its values as they were; a record itself is never written to."""

    def __init__(self, row: Any, values: Mapping[str, Any]) -> None:
        self._row, self._values = row, values

    def __getattr__(self, name: str) -> Any:
        return self._values[name] if name in self._values else getattr(self._row, name)
