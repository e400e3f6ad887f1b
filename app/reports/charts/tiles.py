"""A map of Peru's departments as squares, each roughly where its department lies."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.charts.drawing import (
    BLUE,
    GREY,
    INK,
    LEFT,
    LIGHT,
    SHADES,
    Drawn,
    Number,
    Table,
    box,
    decimal_of,
    fitting,
    headline,
    heads,
    line,
    plate,
    shade_of,
)

DEPARTMENTS = Path(__file__).resolve().parents[2] / "reference" / "peru_departments.csv"
# Rows from north to south, columns from west to east, by the letters of the ISO code.
ROWS = (
    "TUM ... ... LOR ... ...",
    "PIU CAJ AMA ... ... ...",
    "LAM LAL SAM UCA ... ...",
    "... ANC HUC PAS ... ...",
    "... CAL LIM JUN CUS MDD",
    "... ... ICA HUV APU PUN",
    "... ... ... AYA ARE MOQ",
    "... ... ... ... ... TAC",
)
STEP, TILE = 55.4, 53.4


@dataclass(frozen=True)
class Department:
    """A department: INEI's ubigeo, its ISO 3166-2 code without the country, its name."""

    ubigeo: str
    code: str
    name: str


@dataclass(frozen=True)
class Tiles:
    """A value for each department by ubigeo; the others have none."""

    name: str
    values: Mapping[str, float | None] = field(default_factory=dict)
    number: Number = str

    def at(self, ubigeo: str) -> Decimal | None:
        """The department's value."""
        return decimal_of(self.values.get(ubigeo))

    @property
    def reach(self) -> tuple[Decimal, Decimal]:
        """From where to where the shades go: from zero where nothing is below it."""
        exact = [value for d in departments() if (value := self.at(d.ubigeo)) is not None]
        return min([Decimal(0), *exact]), max([Decimal(0), *exact])


@lru_cache(maxsize=1)
def departments() -> tuple[Department, ...]:
    """The departments and Callao, by ubigeo."""
    text = DEPARTMENTS.read_text(encoding="utf-8").splitlines()
    return tuple(
        Department(row["ubigeo"], row["iso_3166_2"].removeprefix("PE-"), row["name"])
        for row in csv.DictReader(text[1:])
    )


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[int, int]]:
    """Column and row of each code."""
    return {
        code: (column, row)
        for row, codes in enumerate(ROWS)
        for column, code in enumerate(codes.split())
        if code != "..."
    }


def tiles_chart(tiles: Tiles, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: code and number in each square, darker the more."""
    reach = tiles.reach
    parts = [part for department in departments() for part in _tile(tiles, department, reach)]
    top = 4 + STEP * len(ROWS)
    known = sum(tiles.at(department.ubigeo) is not None for department in departments())
    said = speaker.plural("%(n)s department with a value", "%(n)s departments with a value", known)
    return plate(
        Drawn((*parts, *_key(tiles, speaker)), top),
        tiles_table(tiles, speaker),
        speaker,
        kind="tiles-chart",
        ident=ident,
        title=headline(tiles.name, said),
    )


def _tile(tiles: Tiles, department: Department, reach: tuple[Decimal, Decimal]) -> list[str]:
    column, row = places()[department.code]
    x, y, value = LEFT + column * STEP, 4 + row * STEP, tiles.at(department.ubigeo)
    if value is None:
        ground, ink = box(x, y, TILE, TILE, fill="none", stroke=LIGHT), GREY
    else:
        opacity, ink = shade_of(_share(value, *reach))
        ground = box(x, y, TILE, TILE, fill=BLUE, opacity=opacity)
    middle = x + TILE / 2
    text = "–" if value is None else fitting(TILE - 4, tiles.number(value), "…")
    return [
        ground,
        line(department.code, middle, y + 21, anchor="middle", fill=ink),
        line(text, middle, y + 38, anchor="middle", fill=ink, kind="chart-value"),
    ]


def _share(value: Decimal, low: Decimal, high: Decimal) -> float:
    span = high - low
    return float((value - low) / span) if span else 0.0


def _key(tiles: Tiles, speaker: Speaker) -> list[str]:
    """The shades from least to most, at the lower left where there is sea."""
    x, y = LEFT, 4 + STEP * 6 + 6
    low, high = (fitting(62, tiles.number(value)) for value in tiles.reach)
    swatches = [
        box(x + n * 26, y, 25, 10, fill=BLUE, opacity=opacity) for n, opacity in enumerate(SHADES)
    ]
    none = speaker.say(sentence("– no value"))
    return [
        *swatches,
        line(low, x, y + 21, fill=INK, kind="chart-tick-word"),
        line(high, x + 129, y + 21, anchor="end", kind="chart-tick-word"),
        line(none, x, y + 34, room=150, fill=GREY),
    ]


def tiles_table(tiles: Tiles, speaker: Speaker) -> Table:
    """Every department with its code and value."""
    rows = []
    for department in departments():
        value = tiles.at(department.ubigeo)
        text = "" if value is None else tiles.number(value)
        rows.append((department.name, department.code, text))
    return Table(heads(speaker, N_("Department"), N_("Code"), N_("Value")), tuple(rows))
