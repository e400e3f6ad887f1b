"""Whether a metric is on its way: the newest reading against the target due so far."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import Direction, MetricRole

# A reading within 15 % of what was due by its day is on track.
TOLERANCE = Decimal("0.15")


class Track(StrEnum):
    """Where a metric stands against its target."""

    REACHED = "reached"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    KEPT = "kept"
    CROSSED = "crossed"


SAID = {
    Track.REACHED: N_("Target reached"),
    Track.AHEAD: N_("Ahead of what was due"),
    Track.ON_TRACK: N_("On track"),
    Track.BEHIND: N_("Behind what was due"),
    Track.KEPT: N_("Within its limit"),
    Track.CROSSED: N_("Beyond its limit"),
}
CANNOT_BE_SAID = N_("Cannot be said yet")


@dataclass(frozen=True, kw_only=True)
class Way:
    """The way a metric has to go: straight from its baseline to its target.

    A guardrail has no way; its ``target`` is the limit it must not cross.
    """

    direction: Direction
    role: MetricRole
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None


def due_by(way: Way, day: date) -> Decimal | None:
    """The value due on a day; None unless both ends are dated and apart."""
    if way.baseline is None or way.target is None or way.baseline == way.target:
        return None
    if way.baseline_on is None or way.target_on is None or way.target_on <= way.baseline_on:
        return None
    elapsed = min(max((day - way.baseline_on).days, 0), (way.target_on - way.baseline_on).days)
    share = Decimal(elapsed) / (way.target_on - way.baseline_on).days
    return way.baseline + (way.target - way.baseline) * share


def track_of(way: Way, value: Decimal | None, *, on: date | None) -> Track | None:
    """How a reading of that day stands; None where nothing can be said.

    What was covered of the way is held against what was due by the day of the reading: from
    85 % of it on track, above 115 % ahead, below behind. Nothing is said before anything is due.
    """
    if value is None or on is None or way.target is None:
        return None
    is_there = _reaches(way.direction, value, way.target)
    if way.role is MetricRole.GUARDRAIL:
        return Track.KEPT if is_there else Track.CROSSED
    if is_there:
        return Track.REACHED
    due = due_by(way, on)
    if due is None or way.baseline is None or due == way.baseline:
        return None
    covered = (value - way.baseline) / (due - way.baseline)
    if covered < 1 - TOLERANCE:
        return Track.BEHIND
    return Track.AHEAD if covered > 1 + TOLERANCE else Track.ON_TRACK


def is_on_track(track: Track | None) -> bool | None:
    """Yes, no, or nothing can be said."""
    return None if track is None else track not in (Track.BEHIND, Track.CROSSED)


def said(track: Track | None) -> Sentence:
    """The standing in words."""
    return sentence(SAID[track] if track else CANNOT_BE_SAID)


def _reaches(direction: Direction, value: Decimal, target: Decimal) -> bool:
    return value >= target if direction is Direction.INCREASE else value <= target
