"""Pictures hold for any numbers, say in words what they show, and are always the same."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.speaker import Speaker
from app.reports import bars, charts, wording
from app.reports.axis import calendar_ticks, day_scale, spread, value_scale
from app.reports.charts import Point, Series
from app.reports.svg import text_width
from models.vocabulary import Arm, Direction, Language, MetricKind, Stage
from tests.reports import samples

ENGLISH, SPANISH = Speaker(Language.EN), Speaker(Language.ES)
# A loaded machine is no failure.
UNTIMED = settings(deadline=None)
SVG = "{http://www.w3.org/2000/svg}"

NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-100, max_value=100),
    st.decimals(allow_nan=False, allow_infinity=False),
)
POINTS = st.lists(st.builds(Point, st.dates(), NUMBERS, st.sampled_from(list(Arm))), max_size=60)
SERIES = st.builds(
    Series,
    name=st.text(max_size=200),
    points=POINTS,
    direction=st.sampled_from(list(Direction)),
    number=st.sampled_from([wording.number_of(kind, SPANISH) for kind in MetricKind]),
    baseline=st.none() | NUMBERS,
    baseline_on=st.none() | st.dates(),
    target=st.none() | NUMBERS,
    target_on=st.none() | st.dates(),
)


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in parsed(picture).iter(f"{SVG}text")]


def series(**changes: Any) -> Series:
    given: dict[str, Any] = {
        "name": "Ventas",
        "points": [],
        "direction": Direction.INCREASE,
        "number": ENGLISH.number,
    }
    return Series(**{**given, **changes})


@UNTIMED
@given(SERIES)
@pytest.mark.parametrize("draw", [charts.metric_chart, charts.sparkline])
def test_any_series_gives_valid_pictures_inside_their_frame(
    draw: Callable[[Series, Speaker], str], drawn: Series
) -> None:
    picture = draw(drawn, SPANISH)
    root = parsed(picture)
    _left, _top, width, height = map(float, root.attrib["viewBox"].split())
    assert not re.search(r"\b(nan|inf|infinity)\b", _geometry(root), re.IGNORECASE)
    for x, y in _places(root):
        assert -1 <= x <= width + 1
        assert -1 <= y <= height + 1


def _geometry(root: ElementTree.Element) -> str:
    names = ("x", "y", "cx", "cy", "d", "width", "height")
    return " ".join(e.attrib[name] for e in root.iter() for name in names if name in e.attrib)


def _places(root: ElementTree.Element) -> list[tuple[float, float]]:
    places = []
    for element in root.iter():
        if "d" in element.attrib:
            pairs = re.split("[MLZ]", element.attrib["d"])
            places += [tuple(map(float, pair.split())) for pair in pairs if pair]
        elif "cx" in element.attrib:
            places.append((float(element.attrib["cx"]), float(element.attrib["cy"])))
        elif "x" in element.attrib:
            places.append((float(element.attrib["x"]), float(element.attrib["y"])))
    return places  # type: ignore[return-value]


@UNTIMED
@given(SERIES)
def test_a_picture_is_always_the_same_and_has_no_inline_style(drawn: Series) -> None:
    picture = charts.metric_chart(drawn, SPANISH)
    assert picture == charts.metric_chart(drawn, SPANISH)
    assert not any("style" in element.attrib for element in parsed(picture).iter())
    assert not any("id" in element.attrib for element in parsed(picture).iter())


@UNTIMED
@given(st.text(max_size=80))
def test_a_name_stays_text_whatever_it_holds(name: str) -> None:
    root = parsed(charts.metric_chart(series(name=name), ENGLISH))
    assert [child.tag for child in root.iter() if child.tag == f"{SVG}script"] == []
    title = root.findtext(f"{SVG}title") or ""
    assert title.endswith("; no readings yet.")


def test_the_title_says_what_the_picture_shows() -> None:
    drawn = wording.series_of(samples.selling(), ENGLISH)
    root = parsed(charts.metric_chart(drawn, ENGLISH))
    assert root.findtext(f"{SVG}title") == (
        "Comerciantes que venden cada semana por un canal digital; baseline 17%; target 60%; "
        "With the intervention: 52% on Sep 20, 2026; Comparison: 21.5% on Sep 20, 2026."
    )
    assert "Aug 12, 2026: 41%" in (root.findtext(f"{SVG}desc") or "")
    assert root.attrib["role"] == "img"


def test_the_two_groups_differ_in_shape_and_dash_not_in_colour_alone() -> None:
    drawn = wording.series_of(samples.selling(), ENGLISH)
    root = parsed(charts.metric_chart(drawn, ENGLISH))
    lines = {
        arm: next(e for e in root.iter() if e.get("class") == f"chart-line chart-{arm.value}")
        for arm in Arm
    }
    assert lines[Arm.COMPARISON].get("stroke-dasharray")
    assert not lines[Arm.TREATMENT].get("stroke-dasharray")
    signs = {
        arm: [e.tag for e in root.iter() if e.get("class") == f"chart-sign chart-{arm.value}"]
        for arm in Arm
    }
    assert signs[Arm.TREATMENT] == [f"{SVG}circle"] * 6, "five readings and the legend"
    assert signs[Arm.COMPARISON] == [f"{SVG}rect"] * 4


def test_lines_are_labelled_at_their_ends() -> None:
    drawn = wording.series_of(samples.waiting(), ENGLISH)
    labels = texts(charts.metric_chart(drawn, ENGLISH))
    assert {"Baseline 12.5", "Target ≤ 8", "11.8"} <= set(labels)


def test_a_label_too_long_for_its_place_keeps_the_number_and_drops_the_word() -> None:
    amount = Decimal(5_000_000_000)
    money = wording.number_of(MetricKind.MONEY, SPANISH)
    drawn = series(number=money, baseline=amount / 10, target=amount)
    labels = texts(charts.metric_chart(drawn, SPANISH))
    assert f"≥ {money(amount)}" in labels
    assert money(amount / 10) in labels


def test_a_metric_without_readings_says_so() -> None:
    drawn = wording.series_of(samples.waiting(points=()), ENGLISH)
    assert "No readings yet" in texts(charts.metric_chart(drawn, ENGLISH))
    assert texts(charts.metric_chart(series(), ENGLISH)) == ["No readings, baseline or target yet"]


def test_days_stand_where_the_calendar_puts_them() -> None:
    days = [date(2026, 7, 1), date(2026, 7, 2), date(2026, 9, 29)]
    drawn = series(points=[Point(day, Decimal(n)) for n, day in enumerate(days)])
    circles = list(parsed(charts.metric_chart(drawn, ENGLISH)).iter(f"{SVG}circle"))
    first, second, third = (float(circle.attrib["cx"]) for circle in circles)
    assert (second - first) / (third - first) == pytest.approx(1 / 90, abs=0.002)


def test_a_higher_value_stands_higher() -> None:
    scale = value_scale([Decimal(3), Decimal(9)], bottom=100, top=0)
    assert scale.at(Decimal(9)) < scale.at(Decimal(5)) < scale.at(Decimal(3))


@UNTIMED
@given(st.lists(NUMBERS, max_size=20))
def test_a_scale_reaches_every_value_in_few_round_steps(values: list[Decimal]) -> None:
    scale = value_scale(values, bottom=100, top=0)
    assert 2 <= len(scale.ticks) <= 7
    assert list(scale.ticks) == sorted(set(scale.ticks))
    assert all(0 <= scale.at(value) <= 100 for value in values)


@UNTIMED
@given(st.dates(), st.dates())
def test_a_time_axis_has_few_ticks_and_all_inside(one: date, other: date) -> None:
    scale = day_scale([one, other], left=0, right=100)
    ticks = calendar_ticks(scale)
    assert 1 <= len(ticks) <= 6
    assert all(scale.first <= tick <= scale.last for tick in ticks)


@UNTIMED
@given(st.lists(st.floats(0, 100), max_size=8))
def test_labels_that_stand_too_near_are_moved_apart_in_their_order(heights: list[float]) -> None:
    moved = spread(heights, apart=10, top=0, bottom=100)
    in_order = sorted(moved)
    assert all(b - a >= 9.999 for a, b in itertools.pairwise(in_order))
    assert all(0 <= height <= 100 for height in moved)


def test_an_axis_of_thousands_of_years_has_ticks() -> None:
    scale = day_scale([date(218, 1, 1), date(8366, 2, 1)], left=0, right=100)
    assert 2 <= len(calendar_ticks(scale, at_most=3)) <= 3


@UNTIMED
@given(NUMBERS)
def test_a_number_too_long_for_an_axis_has_a_spelling_that_fits(value: Decimal) -> None:
    written = SPANISH.power_of_ten(value)
    assert text_width(written, charts.SIZE) <= charts.SMALL.gutter - 8


def test_months_are_named_in_the_reader_s_language() -> None:
    start = date(2026, 1, 10)
    points = [Point(start + timedelta(days=30 * n), Decimal(n)) for n in range(7)]
    assert "may" in texts(charts.metric_chart(series(points=points), SPANISH))
    assert "May" in texts(charts.metric_chart(series(points=points), ENGLISH))


@pytest.mark.parametrize("speaker", [ENGLISH, SPANISH])
def test_days_on_the_axis_are_written_as_everywhere(speaker: Speaker) -> None:
    days = [date(2026, 11, 3), date(2026, 11, 16)]
    points = [Point(day, Decimal(n)) for n, day in enumerate(days)]
    labels = texts(charts.metric_chart(series(points=points), speaker))
    assert {speaker.date(day) for day in days} <= set(labels)


@UNTIMED
@given(SERIES)
def test_a_small_picture_never_cuts_a_number(drawn: Series) -> None:
    picture = charts.metric_chart(drawn, SPANISH, charts.SMALL)
    assert not any(text.endswith("…") for text in texts(picture))
    width = charts.SMALL.width
    assert all(-1 <= x <= width + 1 for x, _y in _places(parsed(picture)))


def test_many_readings_are_a_line_with_a_sign_at_its_end() -> None:
    points = [Point(date(2026, 1, 1) + timedelta(days=n), Decimal(n % 17)) for n in range(300)]
    circles = list(parsed(charts.metric_chart(series(points=points), ENGLISH)).iter(f"{SVG}circle"))
    assert len(circles) == 1


@pytest.mark.parametrize("stage", list(Stage))
def test_the_present_stage_is_named_and_marked(stage: Stage) -> None:
    root = parsed(bars.stage_path(stage, ENGLISH))
    present = [e for e in root.iter(f"{SVG}text") if e.attrib["font-weight"] == "bold"]
    assert [element.text for element in present] == [ENGLISH.word(stage)]
    assert root.findtext(f"{SVG}title") == f"Stage: {ENGLISH.word(stage)}"


def test_a_bar_of_shares_fills_its_width_with_its_parts() -> None:
    slices = [
        bars.Slice("a", 3, "#000000"),
        bars.Slice("b", 0, "#111111"),
        bars.Slice("c", 1, "#222222"),
    ]
    root = parsed(bars.share_bar(slices, title="all"))
    widths = [float(rect.attrib["width"]) for rect in root.iter(f"{SVG}rect")]
    assert widths == pytest.approx([390 - 1.5, 130 - 1.5])
    assert root.findtext(f"{SVG}desc") == "a: 3; b: 0; c: 1"


@UNTIMED
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_way_never_leaves_its_bar(share: Decimal) -> None:
    rects = list(parsed(bars.way_bar(share, "x")).iter(f"{SVG}rect"))
    assert 0 <= float(rects[1].attrib["width"]) <= float(rects[0].attrib["width"])


def in_places(**changes: Any) -> Series:
    """Three cities, each measured in its own week: no course leads from one to the next."""
    weeks = ((10, "0.60", "Lima"), (17, "0.52", "Piura"), (24, "0.44", "Cusco"))
    points = [
        Point(date(2026, 8, day), Decimal(value), n=50, place=place) for day, value, place in weeks
    ]
    return series(points=points, **changes)


def test_places_are_never_joined_and_none_of_them_is_the_latest() -> None:
    drawn = charts.metric_chart(in_places(), ENGLISH)
    assert "chart-line" not in drawn
    assert drawn.count("chart-sign") == 3
    assert "0.44" not in texts(drawn)
    said = charts.described(in_places(), ENGLISH)[0]
    for place in ("Lima", "Piura", "Cusco"):
        assert place in said


def test_within_one_place_readings_are_joined() -> None:
    later = Point(date(2026, 9, 10), Decimal("0.66"), n=50, place="Lima")
    cities = in_places()
    drawn = charts.metric_chart(replace(cities, points=[*cities.points, later]), ENGLISH)
    assert drawn.count("chart-line") == 1


def test_the_table_names_the_places_where_there_are_several() -> None:
    rows = charts.metric_table(in_places(), ENGLISH).rows
    assert [row[-1] for row in rows] == ["Lima", "Piura", "Cusco"]
