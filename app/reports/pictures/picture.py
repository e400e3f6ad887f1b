"""A drawing with what it shows in words and the same numbers in a table."""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from app.reports.charts import Table


class Kind(StrEnum):
    """Which family a picture is of."""

    EFFECT = "effect"
    SITES = "sites"
    CHANGE = "change"
    ANSWERS = "answers"
    COURSE = "course"
    REGISTRATION = "registration"
    WAVES = "waves"
    LEVELS = "levels"
    JOURNEYS = "journeys"
    TILES = "tiles"
    CURVE = "curve"


@dataclass(frozen=True)
class Picture:
    """A drawing, its caption in the reader's language, and the table that stands beside it."""

    kind: Kind
    caption: str
    svg: Markup
    table: Table
