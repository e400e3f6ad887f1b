"""Every picture of evidence: whole, readable, the same everywhere, and true to its table."""

import hashlib
import itertools
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.integrity import Taken
from app.language.speaker import Speaker
from app.reports import charts
from app.reports.charts import (
    Amended,
    AnswerGroup,
    Answers,
    Change,
    Changes,
    Detectable,
    DetectableCurve,
    DotGroup,
    Dots,
    EffectRow,
    Effects,
    Event,
    EventKind,
    Funnel,
    Journey,
    Journeys,
    LevelMatrix,
    Mark,
    Marked,
    Point,
    Reach,
    RegistrationLine,
    Series,
    SiteRow,
    Sites,
    Stay,
    Step,
    Table,
    Tiles,
    WaveRow,
    Waves,
    intervals,
    tiles,
)
from app.reports.magnitudes import readable
from app.reports.svg import text_width
from bin import gallery
from models.vocabulary import Arm, Direction, ExperimentState, Language, Stage, Verdict

SVG = "{http://www.w3.org/2000/svg}"
SPEAKERS = {language: Speaker(language) for language in Language}
ENGLISH, SPANISH = SPEAKERS[Language.EN], SPEAKERS[Language.ES]
TRIED = settings(deadline=None, max_examples=30)
ASIDE = {"chart-tick-word", "chart-more"}


def number(value: Decimal) -> str:
    return readable(value, SPANISH)


# --- Values ----------------------------------------------------------------------------------

NAMES = st.text("abc ñé<&\"'", max_size=12) | st.just("Un nombre muy largo de verdad " * 9)
REALS = st.floats(-1e3, 1e3) | st.floats(allow_nan=True, allow_infinity=True)
MAYBE = st.none() | REALS
REACHES = st.builds(Reach, MAYBE, MAYBE, MAYBE)
COUNTS = st.integers(0, 10**7)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
NUMBERS = st.just(number)


class Family(NamedTuple):
    """A picture, its table, and how its values are made."""

    chart: Callable[..., str]
    table: Callable[..., Table]
    values: st.SearchStrategy[Any]


def lists(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, a few, or far more than are drawn."""
    return st.lists(of, max_size=4) | st.lists(of, min_size=60, max_size=60)


EFFECT_ROWS = st.builds(
    EffectRow,
    NAMES,
    REACHES,
    st.sampled_from(list(Verdict)),
    NUMBERS,
    st.none() | COUNTS,
    st.none() | st.floats(1e-6, 1e6),
    st.sampled_from(list(Direction)),
)
STAYS = st.lists(st.builds(Stay, st.sampled_from(list(Stage)), DAYS, st.none() | DAYS), max_size=4)
MARKS = st.lists(st.builds(Mark, st.sampled_from(list(Marked)), DAYS), max_size=4)
FAMILIES = {
    "effects": Family(
        charts.effect_forest,
        charts.effect_table,
        st.builds(Effects, NAMES, lists(EFFECT_ROWS), st.booleans()),
    ),
    "changes": Family(
        charts.change_chart,
        charts.change_table,
        st.builds(
            Changes,
            NAMES,
            lists(st.builds(Change, NAMES, MAYBE, MAYBE, st.none() | COUNTS, MAYBE)),
            NUMBERS,
        ),
    ),
    "dots": Family(
        charts.dots_chart,
        charts.dots_table,
        st.builds(
            Dots,
            NAMES,
            st.lists(
                st.builds(
                    DotGroup,
                    NAMES,
                    st.lists(REALS, max_size=10)
                    | st.lists(st.floats(0, 9), min_size=51, max_size=60),
                ),
                max_size=3,
            ),
            NUMBERS,
        ),
    ),
    "series": Family(
        lambda series, speaker, ident: charts.metric_chart(
            series, speaker, charts.LARGE, ident=ident
        ),
        charts.metric_table,
        st.builds(
            Series,
            NAMES,
            st.lists(
                st.builds(
                    Point, DAYS, st.decimals(-999, 999, places=2), st.sampled_from(list(Arm))
                ),
                max_size=60,
            ),
            st.sampled_from(list(Direction)),
            NUMBERS,
            baseline=st.none() | st.decimals(-999, 999, places=2),
            target=st.none() | st.decimals(-999, 999, places=2),
            band=st.none() | st.tuples(st.decimals(-9, 9, places=2), st.decimals(-9, 9, places=2)),
            events=st.lists(st.builds(Event, DAYS, st.sampled_from(list(EventKind))), max_size=6),
        ),
    ),
    "funnel": Family(
        charts.funnel_chart,
        charts.funnel_table,
        st.builds(Funnel, NAMES, lists(st.builds(Step, NAMES, st.none() | COUNTS))),
    ),
    "answers": Family(
        charts.answers_chart,
        charts.answers_table,
        st.builds(
            Answers,
            NAMES,
            lists(st.builds(AnswerGroup, NAMES, st.tuples(*[st.integers(0, 900)] * 5))),
            st.tuples(*[NAMES] * 5),
        ),
    ),
    "sites": Family(
        charts.sites_chart,
        charts.sites_table,
        st.builds(
            Sites,
            NAMES,
            lists(st.builds(SiteRow, NAMES, REACHES, st.none() | st.floats(0, 1))),
            NUMBERS,
            pooled=st.none() | REACHES,
            tau2=MAYBE,
            i2=st.none() | st.floats(0, 1),
            is_ratio=st.booleans(),
        ),
    ),
    "curve": Family(
        charts.curve_chart,
        charts.curve_table,
        st.builds(
            DetectableCurve,
            NAMES,
            st.lists(st.builds(Detectable, COUNTS, MAYBE), max_size=20),
            NUMBERS,
            st.none() | st.builds(Detectable, COUNTS, MAYBE),
            st.none() | st.floats(1e-3, 1e3),
        ),
    ),
    "waves": Family(
        charts.waves_chart,
        charts.waves_table,
        st.builds(
            Waves,
            NAMES,
            st.lists(NAMES, max_size=30),
            lists(
                st.builds(
                    WaveRow,
                    NAMES,
                    st.lists(st.none() | st.sampled_from(list(Taken)), max_size=30),
                )
            ),
        ),
    ),
    "registration": Family(
        charts.registration_chart,
        charts.registration_table,
        st.builds(
            RegistrationLine,
            NAMES,
            st.none() | DAYS,
            st.none() | DAYS,
            lists(st.builds(Amended, DAYS, st.booleans(), NAMES)),
            st.none() | st.sampled_from(list(Verdict)),
            st.none() | DAYS,
        ),
    ),
    "levels": Family(
        charts.levels_chart,
        charts.levels_table,
        st.builds(
            LevelMatrix,
            NAMES,
            st.dictionaries(
                st.tuples(st.integers(0, 5), st.sampled_from(list(Stage))), st.integers(0, 9999)
            ),
        ),
    ),
    "journeys": Family(
        charts.journeys_chart,
        charts.journeys_table,
        st.builds(
            Journeys,
            NAMES,
            lists(st.builds(Journey, NAMES, STAYS, st.sampled_from(list(ExperimentState)), MARKS)),
            DAYS,
        ),
    ),
    "tiles": Family(
        charts.tiles_chart,
        charts.tiles_table,
        st.builds(
            Tiles,
            NAMES,
            st.dictionaries(st.sampled_from([d.ubigeo for d in tiles.departments()]), MAYBE),
            NUMBERS,
        ),
    ),
}


def drawn(family: str, values: Any, speaker: Speaker = SPANISH) -> tuple[str, Table]:
    """A picture and its table."""
    chart, table, _values = FAMILIES[family]
    return chart(values, speaker, ident="x"), table(values, speaker)


# --- What is looked at -----------------------------------------------------------------------


class Written(NamedTuple):
    """A text of a picture and the room it takes."""

    text: str
    kind: str
    fill: str
    left: float
    right: float
    y: float


def written(root: ElementTree.Element) -> Iterator[Written]:
    for element in root.iter(f"{SVG}text"):
        text, size = element.text or "", float(element.attrib["font-size"])
        bold = 1.09 if element.get("font-weight") == "bold" else 1
        width, x = text_width(text, size) * bold, float(element.attrib["x"])
        left = {"middle": x - width / 2, "end": x - width}.get(element.get("text-anchor", ""), x)
        kind, fill = element.get("class", ""), element.get("fill", "#000000")
        yield Written(text, kind, fill, left, left + width, float(element.attrib["y"]))


def numbers_of(*texts: str) -> set[str]:
    """The numbers in texts, without sign and unit."""
    found = re.findall(r"\d[\d\u00a0.,]*", " ; ".join(texts))
    return {one.strip("\u00a0.,") for one in found}


def luminance(colour: tuple[float, float, float]) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))  # type: ignore[return-value]


def ground(root: ElementTree.Element, place: Written) -> tuple[float, float, float]:
    """The colour beneath the middle of a text."""
    below = (1.0, 1.0, 1.0)
    x, y = (place.left + place.right) / 2, place.y - 3
    for box in root.iter(f"{SVG}rect"):
        left, top = float(box.attrib["x"]), float(box.attrib["y"])
        covers = left <= x <= left + float(box.attrib["width"])
        covers = covers and top <= y <= top + float(box.attrib["height"])
        if covers and box.get("fill", "none") != "none":
            share, over = float(box.get("fill-opacity", "1")), rgb(box.attrib["fill"])
            below = tuple(  # type: ignore[assignment]
                share * o + (1 - share) * b for o, b in zip(over, below, strict=True)
            )
    return below


# --- Any values ------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
@TRIED
@given(st.data())
def test_any_values_make_a_whole_picture_that_can_be_read(family: str, data: st.DataObject) -> None:
    speaker = data.draw(st.sampled_from([ENGLISH, SPANISH]))
    picture, table = drawn(family, data.draw(FAMILIES[family].values), speaker)
    root = ElementTree.fromstring(picture)
    _x, _y, width, height = map(float, root.attrib["viewBox"].split())
    assert [child.tag for child in root][:1] == [f"{SVG}title"]
    assert not re.search(r"\b(nan|NaN|None|inf|Infinity)\b", picture)
    texts = list(written(root))
    for text in texts:
        assert text.left >= -0.5, text
        assert text.right <= width + 0.5, text
        assert 5 <= text.y <= height, text
    for one, other in itertools.combinations(texts, 2):
        is_apart = abs(one.y - other.y) >= 9 or one.right <= other.left or other.right <= one.left
        assert is_apart, (one, other)
    in_table = numbers_of(*table.columns, *itertools.chain.from_iterable(table.rows))
    assert numbers_of(*(t.text for t in texts if t.kind not in ASIDE)) <= in_table
    for x, y in places_of(root):
        assert -1 <= x <= width + 1
        assert -1 <= y <= height + 1
    assert {len(row) for row in table.rows} <= {len(table.columns)}
    assert not re.search(r"\b(nan|NaN|None)\b", " ".join(itertools.chain(*table.rows)))


def places_of(root: ElementTree.Element) -> Iterator[tuple[float, float]]:
    for element in root.iter():
        for pair in re.split("[MLZ]", element.get("d", "")):
            if pair:
                x, y = map(float, pair.split())
                yield x, y
        if "cx" in element.attrib:
            yield float(element.attrib["cx"]), float(element.attrib["cy"])
        if element.tag == f"{SVG}rect":
            x, y = float(element.attrib["x"]), float(element.attrib["y"])
            yield x, y
            yield x + float(element.attrib["width"]), y + float(element.attrib["height"])


# --- The gallery -----------------------------------------------------------------------------

SHOWN = {
    (language, shown.key): shown
    for language, speaker in SPEAKERS.items()
    for shown in gallery.Gallery(speaker).pictures()
}
IDS = [f"{language}-{key}" for language, key in SHOWN]


@pytest.mark.parametrize("shown", SHOWN.values(), ids=IDS)
def test_words_stand_out_from_what_lies_beneath(shown: gallery.Shown) -> None:
    root = ElementTree.fromstring(str(shown.svg))
    for text in written(root):
        assert contrast(rgb(text.fill), ground(root, text)) >= 4.5, text


@pytest.mark.parametrize("shown", SHOWN.values(), ids=IDS)
def test_a_picture_names_itself_and_its_numbers(shown: gallery.Shown) -> None:
    root = ElementTree.fromstring(str(shown.svg))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text or "").startswith(shown.title)
    assert root.attrib["aria-labelledby"] == title.attrib["id"] == f"gallery-{shown.key}-title"
    assert root.attrib["aria-describedby"] == desc.attrib["id"] == f"gallery-{shown.key}-desc"
    assert root.attrib["role"] == "img"
    assert not any("style" in element.attrib for element in root.iter())
    assert shown.source


def test_a_picture_is_small() -> None:
    assert max(len(shown.svg.encode()) for shown in SHOWN.values()) < 12_500


ELSEWHERE = """
import hashlib
from app.language.speaker import Speaker
from bin import gallery
from models.vocabulary import Language

found = [str(s.svg) for n in Language for s in gallery.Gallery(Speaker(n)).pictures()]
print(hashlib.sha256("".join(found).encode()).hexdigest())
"""


def test_another_machine_s_seed_and_locale_draw_the_same_bytes(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "HOME": str(tmp_path),
            "PYTHONHASHSEED": "4711",
            "LC_ALL": "C",
            "TZ": "Asia/Tokyo",
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    here = "".join(str(shown.svg) for shown in SHOWN.values())
    assert answer.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()


def test_the_english_gallery_is_what_make_gallery_writes(tmp_path: Path) -> None:
    gallery.write(tmp_path, Language.EN)
    kept = gallery.ROOT / "docs" / "gallery"
    made = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.*")}
    assert made == {name: (kept / name).read_text() for name in made}
    assert len(list((kept / "es").glob("*.svg"))) == len(made) - 1


# --- What each says --------------------------------------------------------------------------


def texts_of(picture: str) -> list[str]:
    return [text.text for text in written(ElementTree.fromstring(picture))]


def forest(*rows: EffectRow, in_thresholds: bool = False) -> str:
    return charts.effect_forest(Effects("x", rows, in_thresholds), ENGLISH, ident="x")


def an_effect(**changes: Any) -> EffectRow:
    given: dict[str, Any] = {
        "name": "Sales",
        "reach": Reach(2.0, 0.5, 3.5),
        "verdict": Verdict.PROMISING,
        "number": lambda value: readable(value, ENGLISH),
        "n": 240,
        "least": 1.0,
    }
    return EffectRow(**{**given, **changes})


def test_an_effect_stands_with_its_interval_n_and_verdict() -> None:
    texts = texts_of(forest(an_effect()))
    assert "Promising" in texts
    assert "+2 (+0.5 to +3.5) · n = 240" in texts


@pytest.mark.parametrize(
    ("reach", "arrows", "words"),
    [
        (Reach(2.0, -math.inf, 3.5), 1, "+2 (-∞ to +3.5)"),
        (Reach(2.0, 0.5, None), 1, "+2 (+0.5 to ∞)"),
        (Reach(2.0), 2, "+2 (-∞ to ∞)"),
        (Reach(None), 0, "not computed"),
    ],
)
def test_an_open_interval_ends_in_an_arrow(reach: Reach, arrows: int, words: str) -> None:
    picture = forest(an_effect(reach=reach, n=None))
    closed = [d for d in re.findall(r'<path d="([^"]+)"', picture) if d.endswith("Z")]
    assert len(closed) == arrows
    assert words in texts_of(picture)


def test_the_threshold_of_what_should_fall_stands_below_zero() -> None:
    falling = an_effect(direction=Direction.DECREASE)
    assert falling.threshold == -1.0
    row = charts.effect_table(Effects("x", [falling]), ENGLISH).rows[0]
    assert row == ("Sales", "+2", "+0.5", "+3.5", "-1", "240", "Promising")


def test_metrics_of_different_units_share_zero_and_threshold() -> None:
    minutes = an_effect(reach=Reach(-30.0, -60.0, -15.0), least=30.0, direction=Direction.DECREASE)
    share = an_effect(reach=Reach(0.1, 0.05, 0.2), least=0.1)
    squares = re.findall(r'<rect x="([\d.]+)"', forest(minutes, share, in_thresholds=True))
    assert len(set(squares)) == 1, "both effects are as large as what matters"


def test_rows_beyond_twenty_are_in_the_table_only() -> None:
    rows = [an_effect(name=f"m{n}") for n in range(60)]
    texts = texts_of(forest(*rows))
    assert "and 40 more in the table" in texts
    assert "m19" in texts
    assert "m20" not in texts
    assert len(charts.effect_table(Effects("x", rows), ENGLISH).rows) == 60


def test_a_name_that_is_cut_is_whole_in_its_title() -> None:
    name = "A name that is far too long to stand beside its verdict in one line of a picture"
    picture = forest(an_effect(name=name))
    assert f"<g><title>{name}</title><text" in picture
    assert any(text.endswith("…") and name.startswith(text[:-1]) for text in texts_of(picture))


def test_nothing_says_so() -> None:
    assert texts_of(forest()) == ["Nothing to show yet"]


def test_a_counterfactual_is_a_ghost_named_in_the_legend() -> None:
    changes = Changes("x", [Change("a", 20.44, 21.03, expected=18.28)], number)
    texts = texts_of(charts.change_chart(changes, ENGLISH, ident="x"))
    assert "expected without the change" in texts
    plain = Changes("x", [Change("a", 20.44, 21.03)], number)
    assert "expected without the change" not in texts_of(
        charts.change_chart(plain, ENGLISH, ident="x")
    )


@pytest.mark.parametrize(("size", "dots"), [(1, 1), (50, 50), (51, 0)])
def test_each_of_at_most_fifty_values_is_a_dot(size: int, dots: int) -> None:
    values = Dots("x", [DotGroup("a", [float(n) for n in range(size)])], number)
    circles = charts.dots_chart(values, ENGLISH, ident="x").count("<circle")
    assert circles == dots + (1 if dots else 0), "the legend has one more"


def test_equal_values_are_stacked_not_hidden() -> None:
    values = Dots("x", [DotGroup("a", [3.0] * 5)], number)
    root = ElementTree.fromstring(charts.dots_chart(values, ENGLISH, ident="x"))
    places = [(c.attrib["cx"], c.attrib["cy"]) for c in root.iter(f"{SVG}circle")]
    assert len(set(places)) == 6


def test_before_a_new_definition_the_line_is_dotted_and_not_joined() -> None:
    start = date(2026, 1, 1)
    points = [Point(start + timedelta(days=30 * n), Decimal(n)) for n in range(6)]
    change = Event(start + timedelta(days=80), EventKind.REDEFINED)
    series = Series("x", points, Direction.INCREASE, number, events=[change])
    picture = charts.metric_chart(series, ENGLISH, charts.LARGE)
    root = ElementTree.fromstring(picture)
    courses = [e for e in root.iter() if "chart-line" in e.get("class", "")]
    assert [e.get("stroke-dasharray") for e in courses] == ["0.1 4", None]
    assert [e.attrib["d"].count("L") for e in courses] == [2, 2]
    assert "dotted before: another definition" in texts_of(picture)


def test_a_funnel_gives_shares_of_the_first_step_and_of_the_one_before() -> None:
    funnel = charts.adoption("x", (200, 100, 50, None, 10), ENGLISH)
    rows = charts.funnel_table(funnel, ENGLISH).rows
    assert [row[1:] for row in rows] == [
        ("200", "100%", ""),
        ("100", "50%", "50%"),
        ("50", "25%", "50%"),
        ("not counted", "", ""),
        ("10", "5%", ""),
    ]


def test_the_middle_answer_lies_astride_the_same_line_in_both_groups() -> None:
    answers = Answers("x", [AnswerGroup("a", (5, 0, 4, 0, 1)), AnswerGroup("b", (0, 0, 10, 0, 0))])
    root = ElementTree.fromstring(charts.answers_chart(answers, ENGLISH, ident="x"))
    bars = [r.attrib for r in root.iter(f"{SVG}rect") if r.attrib["height"] == "17"]
    middles = [float(b["x"]) + float(b["width"]) / 2 for b in bars if b["fill"] == "#EDEFF0"]
    assert middles[0] == pytest.approx(middles[1], abs=0.11)


def test_a_forest_of_ratios_is_written_in_ratios() -> None:
    rows = [SiteRow("a", Reach(math.log(0.5), math.log(0.25), 0.0), 1.0)]
    sites = Sites("x", rows, number, tau2=0.3, i2=0.92, pooled=rows[0].reach, is_ratio=True)
    assert charts.sites_table(sites, ENGLISH).rows == (
        ("a", "0,5", "0,25", "1", "100.0%"),
        ("All sites together", "0,5", "0,25", "1", "τ² = 0.3 · I² = 92%"),
    )


@TRIED
@given(st.lists(st.decimals(-200, 200, places=3), max_size=9))
def test_a_scale_of_ratios_has_few_round_ticks_and_one_among_them(logs: list[Decimal]) -> None:
    scale, ratios = intervals.ratio_scale(logs)
    assert 1.0 in ratios
    assert 1 <= len(ratios) <= 8
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)


def test_heavier_sites_have_larger_squares() -> None:
    rows = [SiteRow("a", Reach(1, 0, 2), 0.8), SiteRow("b", Reach(1, 0, 2), 0.2)]
    picture = charts.sites_chart(Sites("x", rows, number), ENGLISH, ident="x")
    sides = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', picture)]
    assert sides[0] > sides[1]


def test_the_curve_says_where_one_is() -> None:
    here = Detectable(30, 0.74)
    curve = DetectableCurve("x", [Detectable(10, 1.32), here], number, here, least=0.5)
    texts = texts_of(charts.curve_chart(curve, ENGLISH, ident="x"))
    assert "you are here: 30 people in each group show 0,74 or more" in texts
    assert "smallest effect that matters: 0,5" in texts


def test_each_fate_of_a_reading_has_a_sign_of_its_own() -> None:
    signs = set()
    for taken in Taken:
        waves = Waves("x", ["a"], [WaveRow("m", [taken])])
        picture = charts.waves_chart(waves, ENGLISH, ident="x")
        signs.add(re.sub(r"<text.*?</text>|<title.*?</desc>", "", picture))
    assert len(signs) == len(Taken)


@pytest.mark.parametrize(
    ("registered", "first", "said"),
    [
        (date(2026, 1, 5), date(2026, 1, 26), "Registered 21 days before the first measurement"),
        (date(2026, 1, 5), date(2026, 1, 6), "Registered 1 day before the first measurement"),
        (date(2026, 1, 5), date(2026, 1, 5), "Registered on the day of the first measurement"),
        (date(2026, 1, 5), date(2026, 1, 1), "Registered late: 4 days after the first measurement"),
        (date(2026, 1, 5), None, "Registered; nothing measured yet"),
        (None, date(2026, 1, 5), "Not registered"),
    ],
)
def test_a_registration_says_whether_it_was_in_time(
    registered: date | None, first: date | None, said: str
) -> None:
    line = RegistrationLine("x", registered, first)
    assert texts_of(charts.registration_chart(line, ENGLISH, ident="x"))[0] == said


def test_the_matrix_adds_up() -> None:
    counts = {(3, Stage.TEST): 4, (3, Stage.GROW): 2, (0, Stage.SENSE): 1}
    table = charts.levels_table(LevelMatrix("x", counts), ENGLISH)
    assert table.rows[2] == ("Level 3", "0", "0", "4", "2", "6")
    assert table.rows[-1] == ("Total", "1", "0", "4", "2", "7")


def test_a_stopped_experiment_has_a_cross_and_a_running_one_an_arrow() -> None:
    stay = Stay(Stage.TEST, date(2026, 1, 1))
    states = {ExperimentState.STOPPED_EARLY: True, ExperimentState.RUNNING: False}
    for state, is_stopped in states.items():
        journeys = Journeys("x", [Journey("a", [stay], state)], date(2026, 9, 1))
        texts = texts_of(charts.journeys_chart(journeys, ENGLISH, ident="x"))
        assert ("stopped" in texts) is is_stopped


def test_every_department_has_a_place_of_its_own() -> None:
    codes = [department.code for department in tiles.departments()]
    assert len(codes) == 25
    assert sorted(tiles.places()) == sorted(codes)
    assert len(set(tiles.places().values())) == 25


def test_the_largest_value_is_the_darkest_tile() -> None:
    values = Tiles("x", {"15": 80.0, "21": 10.0}, number)
    root = ElementTree.fromstring(charts.tiles_chart(values, ENGLISH, ident="x"))
    shades = [
        float(r.attrib["fill-opacity"])
        for r in root.iter(f"{SVG}rect")
        if r.attrib["width"] == "53.4" and "fill-opacity" in r.attrib
    ]
    assert shades == [1.0, 0.08 if 10 / 80 < 0.2 else 0.18]
