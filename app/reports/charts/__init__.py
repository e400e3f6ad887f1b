"""Pictures of evidence as SVG text: the same on screen and in print, always the same bytes.

One family a module. Each takes plain frozen values and a speaker; beside each ``…_chart`` stands
a ``…_table`` with the same numbers. Readable in greyscale: what differs in colour differs in
shape, dash or words as well.
"""

from app.reports.charts.answers import AnswerGroup, Answers, answers_chart, answers_table
from app.reports.charts.changes import Change, Changes, change_chart, change_table
from app.reports.charts.curve import Detectable, DetectableCurve, curve_chart, curve_table
from app.reports.charts.dots import DotGroup, Dots, dots_chart, dots_table
from app.reports.charts.drawing import Table
from app.reports.charts.effects import MARGIN, EffectRow, Effects, effect_forest, effect_table
from app.reports.charts.funnel import Funnel, Step, adoption, funnel_chart, funnel_table
from app.reports.charts.intervals import Reach
from app.reports.charts.journeys import (
    Journey,
    Journeys,
    Mark,
    Marked,
    Stay,
    journeys_chart,
    journeys_table,
)
from app.reports.charts.levels import LevelMatrix, levels_chart, levels_table
from app.reports.charts.metric import (
    LARGE,
    SIZE,
    SMALL,
    WIDE,
    Canvas,
    Event,
    EventKind,
    Point,
    Series,
    described,
    metric_chart,
    metric_table,
    sign,
    sparkline,
)
from app.reports.charts.registration import (
    Amended,
    RegistrationLine,
    registration_chart,
    registration_table,
    registration_words,
)
from app.reports.charts.sites import SiteRow, Sites, sites_chart, sites_table
from app.reports.charts.tiles import Tiles, tiles_chart, tiles_table
from app.reports.charts.waves import WaveRow, Waves, waves_chart, waves_table

__all__ = [
    "LARGE",
    "MARGIN",
    "SIZE",
    "SMALL",
    "WIDE",
    "Amended",
    "AnswerGroup",
    "Answers",
    "Canvas",
    "Change",
    "Changes",
    "Detectable",
    "DetectableCurve",
    "DotGroup",
    "Dots",
    "EffectRow",
    "Effects",
    "Event",
    "EventKind",
    "Funnel",
    "Journey",
    "Journeys",
    "LevelMatrix",
    "Mark",
    "Marked",
    "Point",
    "Reach",
    "RegistrationLine",
    "Series",
    "SiteRow",
    "Sites",
    "Stay",
    "Step",
    "Table",
    "Tiles",
    "WaveRow",
    "Waves",
    "adoption",
    "answers_chart",
    "answers_table",
    "change_chart",
    "change_table",
    "curve_chart",
    "curve_table",
    "described",
    "dots_chart",
    "dots_table",
    "effect_forest",
    "effect_table",
    "funnel_chart",
    "funnel_table",
    "journeys_chart",
    "journeys_table",
    "levels_chart",
    "levels_table",
    "metric_chart",
    "metric_table",
    "registration_chart",
    "registration_table",
    "registration_words",
    "sign",
    "sites_chart",
    "sites_table",
    "sparkline",
    "tiles_chart",
    "tiles_table",
    "waves_chart",
    "waves_table",
]
