"""The gallery of pictures: docs/gallery/{en,es}.md and an SVG file for each picture.

    python bin/gallery.py            writes docs/gallery
    python bin/gallery.py FOLDER     writes it elsewhere

Numbers are published ones with their source; invented ones say so.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.domain.integrity import Taken  # noqa: E402
from app.domain.statistics.groups import Share  # noqa: E402
from app.domain.statistics.menu import Design, Outcome  # noqa: E402
from app.domain.statistics.power import Plan, detectable  # noqa: E402
from app.domain.statistics.sites import pool, site_of  # noqa: E402
from app.language.speaker import Speaker  # noqa: E402
from app.reports import charts  # noqa: E402
from app.reports.charts import (  # noqa: E402
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
)
from app.reports.magnitudes import readable  # noqa: E402
from app.reports.wording import percentage  # noqa: E402
from models.vocabulary import (  # noqa: E402
    Arm,
    Direction,
    ExperimentState,
    Language,
    Stage,
    Verdict,
)

Text = dict[Language, str]


def both(english: str, spanish: str) -> Text:
    """A text of the gallery in both languages."""
    return {Language.EN: english, Language.ES: spanish}


INVENTED = both(
    "Invented numbers, to show what the picture can say.",
    "Números inventados, para mostrar lo que dice la figura.",
)
INVENTED_THRESHOLD = both(
    "The thresholds are invented; the verdicts follow from them.",
    "Los umbrales son inventados; los veredictos se derivan de ellos.",
)
CARD_KRUEGER = both(
    "Card D. and Krueger A. B., American Economic Review 84 (1994) 772–793, table 3, rows 1 to 5; "
    "a part-time job counts as half.",
    "Card D. y Krueger A. B., American Economic Review 84 (1994) 772–793, cuadro 3, filas 1 a 5; "
    "un empleo a tiempo parcial cuenta como medio.",
)
STUDENT = both(
    "Student, Biometrika 6 (1908) 1–25: extra hours of sleep of ten patients.",
    "Student, Biometrika 6 (1908) 1–25: horas adicionales de sueño de diez pacientes.",
)
COLDITZ = both(
    "Colditz G. A. et al., JAMA 271 (1994) 698–702: 13 trials; pooled here as DerSimonian and "
    "Laird do.",
    "Colditz G. A. et al., JAMA 271 (1994) 698–702: 13 ensayos; combinados aquí con el método de "
    "DerSimonian y Laird.",
)
AGRESTI = both(
    "General Social Survey 1991, as printed in Agresti A., An Introduction to Categorical Data "
    "Analysis (1996), page 214, women and men together.",
    "General Social Survey 1991, según Agresti A., An Introduction to Categorical Data Analysis "
    "(1996), página 214, mujeres y hombres juntos.",
)
WORLD_BANK = both(
    "World Bank, World Development Indicators, IT.NET.USER.ZS (people, not households), CC BY 4.0.",
    "Banco Mundial, Indicadores del Desarrollo Mundial, IT.NET.USER.ZS (personas, no hogares), "
    "CC BY 4.0.",
)
ARCHIVE = both(
    "UNDP SDG Commons archive (public), pages of the Peru lab: CREANDO's closing form of 2023.",
    "Archivo SDG Commons del PNUD (público), páginas del laboratorio del Perú: formulario de "
    "cierre de CREANDO, 2023.",
)
DIGITAL = both(
    "Ghana: UNDP SDG Commons archive (Changing behaviour: lessons in community waste management). "
    "Kerala: Jensen R., Quarterly Journal of Economics 122 (2007) 879–924, about 35 % as reported "
    "by The Economist, 10 May 2007; not checked against the paper.",
    "Ghana: archivo SDG Commons del PNUD (Changing behaviour: lessons in community waste "
    "management). Kerala: Jensen R., Quarterly Journal of Economics 122 (2007) 879–924, cerca de "
    "35 % según The Economist, 10 de mayo de 2007; sin cotejar con el artículo.",
)
ENAHO = both(
    "Shares of the sample of INEI's survey ENAHO 2022, unweighted: not the official rate.",
    "Proporciones de la muestra de la ENAHO 2022 del INEI, sin ponderar: no es la tasa oficial.",
)
COMPUTED = both(
    "Computed: two groups, a mean, 80 % power, 95 % confidence, in standard deviations (Cohen's "
    "d).",
    "Calculado: dos grupos, una media, potencia de 80 %, confianza de 95 %, en desviaciones "
    "estándar (d de Cohen).",
)


TITLE = both("Gallery of pictures", "Galería de figuras")
INTRO = both(
    "Every picture the tracker draws, made by `make gallery`. Beside each stand its numbers and "
    "where they come from.",
    "Todas las figuras que dibuja el sistema, hechas con `make gallery`. Junto a cada una están "
    "sus números y su fuente.",
)
SOURCE = both("Source", "Fuente")
DEVIATIONS = 1.959964
TODAY = date(2026, 9, 30)
MEANS = Plan(design=Design.TWO_GROUPS, outcome=Outcome.MEAN, n_per_group=30)
INTERNET = {
    2010: 34.77,
    2011: 36.01,
    2012: 38.2,
    2013: 39.2,
    2014: 40.245,
    2015: 40.853,
    2016: 45.462,
    2017: 50.45,
    2018: 55.054,
    2019: 59.95,
    2020: 65.252,
    2021: 71.108,
    2022: 74.675,
    2023: 79.485,
    2024: 81.957,
}
HOUSEHOLDS = {
    "01": 36.2,
    "02": 49.0,
    "03": 34.3,
    "04": 65.5,
    "05": 37.0,
    "06": 33.3,
    "07": 73.5,
    "08": 38.7,
    "09": 27.4,
    "10": 36.1,
    "11": 67.0,
    "12": 43.5,
    "13": 55.2,
    "14": 62.8,
    "15": 69.0,
    "16": 36.0,
    "17": 51.1,
    "18": 63.5,
    "19": 39.1,
    "20": 48.7,
    "21": 23.7,
    "22": 47.1,
    "23": 65.7,
    "24": 61.9,
    "25": 47.2,
}
# Trial, cases and people with the vaccine, cases and people without.
BCG = (
    ("Aronson 1948", 4, 123, 11, 139),
    ("Ferguson & Simes 1949", 6, 306, 29, 303),
    ("Rosenthal 1960", 3, 231, 11, 220),
    ("Hart & Sutherland 1977", 62, 13598, 248, 12867),
    ("Frimodt-Møller 1973", 33, 5069, 47, 5808),
    ("Stein & Aronson 1953", 180, 1541, 372, 1451),
    ("Vandiviere 1973", 8, 2545, 10, 629),
    ("TPT Madras 1980", 505, 88391, 499, 88391),
    ("Coetzee & Berjak 1968", 29, 7499, 45, 7277),
    ("Rosenthal 1961", 17, 1716, 65, 1665),
    ("Comstock 1974", 186, 50634, 141, 27338),
    ("Comstock & Webster 1969", 5, 2498, 3, 2341),
    ("Comstock 1976", 27, 16913, 29, 17854),
)
INVENTED_LEAST = both(
    "The smallest effect that matters is invented.", "El menor efecto que importa es inventado."
)


@dataclass(frozen=True)
class Shown:
    """One picture of the gallery."""

    key: str
    title: str
    svg: Markup
    table: Table
    source: str


class Gallery:
    """Every picture, in one language."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    def t(self, english: str, spanish: str) -> str:
        """A name in the reader's language."""
        return both(english, spanish)[self.speaker.language]

    def number(self, value: Decimal) -> str:
        """A plain number."""
        return readable(value, self.speaker)

    def share(self, value: Decimal) -> str:
        """A share as a percentage."""
        return percentage(value, self.speaker)

    def hours(self, value: Decimal) -> str:
        """Hours."""
        return f"{self.number(value)}\u00a0h"

    def jobs(self, value: Decimal) -> str:
        """Full-time jobs."""
        return f"{self.number(value)} {self.t('jobs', 'empleos')}"

    def shown(
        self,
        key: str,
        values: Any,
        chart: Callable[..., Markup],
        table: Callable[..., Table],
        *sources: Text,
    ) -> Shown:
        """A picture with its table and its source."""
        svg = chart(values, self.speaker, ident=f"gallery-{key}")
        source = " ".join(source[self.speaker.language] for source in sources)
        return Shown(key, values.name, svg, table(values, self.speaker), source)

    def pictures(self) -> Iterator[Shown]:
        """All of them, family by family."""
        for effects in (self.one_unit(), self.thresholds()):
            key, values, *sources = effects
            yield self.shown(key, values, charts.effect_forest, charts.effect_table, *sources)
        for key, values, source in (self.employment(), self.digital()):
            yield self.shown(key, values, charts.change_chart, charts.change_table, source)
        yield self.shown("dots", self.sleep(), charts.dots_chart, charts.dots_table, STUDENT)
        large = partial(charts.metric_chart, canvas=charts.LARGE)
        for key, values, source in (self.internet(), self.readings()):
            yield self.shown(key, values, large, charts.metric_table, source)
        for key, values, source in (self.creando(), self.adoption()):
            yield self.shown(key, values, charts.funnel_chart, charts.funnel_table, source)
        yield self.shown(
            "answers", self.ideology(), charts.answers_chart, charts.answers_table, AGRESTI
        )
        yield self.shown("sites", self.trials(), charts.sites_chart, charts.sites_table, COLDITZ)
        yield self.shown(
            "curve", self.curve(), charts.curve_chart, charts.curve_table, COMPUTED, INVENTED_LEAST
        )
        yield self.shown("waves", self.waves(), charts.waves_chart, charts.waves_table, INVENTED)
        for key, values in (self.in_time(), self.too_late()):
            yield self.shown(
                key, values, charts.registration_chart, charts.registration_table, INVENTED
            )
        yield self.shown(
            "levels", self.levels(), charts.levels_chart, charts.levels_table, INVENTED
        )
        yield self.shown(
            "journeys", self.journeys(), charts.journeys_chart, charts.journeys_table, INVENTED
        )
        yield self.shown("tiles", self.tiles(), charts.tiles_chart, charts.tiles_table, ENAHO)

    # --- Effects and changes -----------------------------------------------------------------

    def one_unit(self) -> tuple[Any, ...]:
        """Three estimates of one effect."""
        rows = [
            (self.t("All available stores", "Todas las tiendas disponibles"), 2.76, 1.36, True),
            (self.t("Balanced sample", "Muestra balanceada"), 2.75, 1.34, True),
            (
                self.t("Temporarily closed as zero", "Cierre temporal como cero"),
                2.51,
                1.35,
                False,
            ),
        ]
        name = self.t(
            "Minimum wage and full-time-equivalent jobs a store, New Jersey against Pennsylvania",
            "Salario mínimo y empleo equivalente a tiempo completo, Nueva Jersey y Pensilvania",
        )
        effects = Effects(
            name,
            [
                EffectRow(
                    row,
                    normal(estimate, error),
                    Verdict.PROMISING if is_above else Verdict.INCONCLUSIVE,
                    self.number,
                    least=1.0,
                )
                for row, estimate, error, is_above in rows
            ],
        )
        return "effects", effects, CARD_KRUEGER, INVENTED_THRESHOLD

    def thresholds(self) -> tuple[Any, ...]:
        """Metrics of different units, each against its own threshold."""
        sleep = self.t(
            "Hours of sleep, second drug against first", "Horas de sueño, segundo frente"
        )
        if self.speaker.language is Language.ES:
            sleep += " al primer fármaco"
        rows = [
            EffectRow(sleep, Reach(1.58, 0.70, 2.46), Verdict.SUPPORTED, self.hours, 10, 0.5),
            EffectRow(
                self.t("Full-time-equivalent jobs a store", "Empleo equivalente por tienda"),
                normal(2.76, 1.36),
                Verdict.PROMISING,
                self.jobs,
                least=1.0,
            ),
            EffectRow(
                self.t(
                    "Share of the community registered with the waste company",
                    "Proporción de la comunidad registrada en la empresa de residuos",
                ),
                Reach(None),
                Verdict.NOT_ASSESSABLE,
                self.share,
                least=0.1,
            ),
        ]
        name = self.t(
            "Three studies, each by its own threshold", "Tres estudios, cada uno según su umbral"
        )
        sources = STUDENT, CARD_KRUEGER, DIGITAL, INVENTED_THRESHOLD
        return "thresholds", Effects(name, rows, in_thresholds=True), *sources

    def employment(self) -> tuple[str, Changes, Text]:
        """A difference in differences with its ghost."""
        jersey, penn = "New Jersey", "Pennsylvania"
        if self.speaker.language is Language.ES:
            jersey, penn = "Nueva Jersey", "Pensilvania"
        rows = [
            Change(jersey, 20.44, 21.03, expected=20.44 - 2.16),
            Change(penn, 23.33, 21.17),
        ]
        name = self.t(
            "Full-time-equivalent jobs a store, before and after",
            "Empleo equivalente a tiempo completo por tienda, antes y después",
        )
        return "changes", Changes(name, rows, self.number), CARD_KRUEGER

    def digital(self) -> tuple[str, Changes, Text]:
        """Shares before and after, as published."""
        rows = [
            Change(
                self.t(
                    "Ghana: share of the community registered with the waste company",
                    "Ghana: proporción de la comunidad registrada en la empresa de residuos",
                ),
                0.02,
                0.64,
            ),
            Change(
                self.t(
                    "Kerala: fishers selling outside their home market, with mobile phones",
                    "Kerala: pescadores que venden fuera de su mercado, con telefonía móvil",
                ),
                0.0,
                0.35,
            ),
        ]
        name = self.t("Published digital experiments", "Experimentos digitales publicados")
        return "digital", Changes(name, rows, self.share), DIGITAL

    def sleep(self) -> Dots:
        """Two groups of ten."""
        first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
        second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
        groups = [
            DotGroup(self.t("First drug", "Primer fármaco"), first),
            DotGroup(self.t("Second drug", "Segundo fármaco"), second),
        ]
        name = self.t("Extra hours of sleep", "Horas adicionales de sueño")
        return Dots(name, groups, self.hours)

    # --- Time, funnels, answers --------------------------------------------------------------

    def internet(self) -> tuple[str, Series, Text]:
        """A long series without a target."""
        points = [
            Point(date(year, 12, 31), Decimal(str(value)) / 100) for year, value in INTERNET.items()
        ]
        name = self.t("People using the internet, Peru", "Personas que usan internet, Perú")
        return "internet", Series(name, points, Direction.INCREASE, self.share), WORLD_BANK

    def readings(self) -> tuple[str, Series, Text]:
        """Everything the picture of a metric can hold."""
        values = ("0.14", "0.17", "0.16", "0.29", "0.37", "0.41", "0.52")
        compared = ("0.15", "0.16", "0.15", "0.18", "0.19", "0.20", "0.21")
        days = [date(2026, month, 12) for month in (1, 2, 3, 5, 6, 7, 9)]
        points = [
            Point(day, Decimal(value), arm)
            for arm, group in ((Arm.TREATMENT, values), (Arm.COMPARISON, compared))
            for day, value in zip(days, group, strict=True)
        ]
        events = [
            Event(date(2026, 4, 1), EventKind.REDEFINED),
            Event(date(2026, 5, 20), EventKind.PLANNED_LOOK),
            Event(date(2026, 6, 25), EventKind.UNPLANNED_LOOK),
            Event(date(2026, 2, 20), EventKind.MINOR_AMENDMENT),
            Event(date(2026, 8, 1), EventKind.MAJOR_AMENDMENT),
        ]
        series = Series(
            self.t("Traders who sell online each week", "Comerciantes que venden en línea"),
            points,
            Direction.INCREASE,
            self.share,
            baseline=Decimal("0.16"),
            baseline_on=date(2026, 1, 12),
            target=Decimal("0.60"),
            target_on=date(2026, 12, 12),
            band=(Decimal("0.11"), Decimal("0.22")),
            events=events,
        )
        return "series", series, INVENTED

    def creando(self) -> tuple[str, Funnel, Text]:
        """Two published steps."""
        steps = [
            Step(self.t("Signed up", "Inscripciones"), 2250),
            Step(self.t("Graduated", "Personas graduadas"), 222),
        ]
        return "creando", Funnel("CREANDO, 2023", steps), ARCHIVE

    def adoption(self) -> tuple[str, Funnel, Text]:
        """The usual five steps."""
        name = self.t("From invited to used again", "De la invitación al uso repetido")
        counts = (420, 388, 214, 131, 74)
        return "funnel", charts.adoption(name, counts, self.speaker), INVENTED

    def ideology(self) -> Answers:
        """Two groups and five ordered answers."""
        groups = [
            AnswerGroup(self.t("Democrats", "Demócratas"), (80, 81, 171, 41, 55)),
            AnswerGroup(self.t("Republicans", "Republicanos"), (30, 46, 148, 84, 99)),
        ]
        marks = (
            self.t("very liberal", "muy liberal"),
            self.t("slightly liberal", "algo liberal"),
            self.t("moderate", "moderado"),
            self.t("slightly conservative", "algo conservador"),
            self.t("very conservative", "muy conservador"),
        )
        name = self.t(
            "Political ideology by party, United States",
            "Ideología política según partido, Estados Unidos",
        )
        return Answers(name, groups, marks)

    # --- Sites and design --------------------------------------------------------------------

    def trials(self) -> Sites:
        """Thirteen trials pooled."""
        sites = [
            site
            for name, t, t_n, c, c_n in BCG
            if (site := site_of(name, Share(t, t_n), Share(c, c_n))) is not None
        ]
        pooled = pool(sites)
        rows = [
            SiteRow(site.name, normal(site.estimate, site.variance**0.5), weight)
            for site, weight in zip(sites, pooled.weights, strict=True)
        ]
        return Sites(
            self.t("BCG vaccine against tuberculosis: risk ratio", "Vacuna BCG: riesgo relativo"),
            rows,
            self.number,
            pooled=normal(pooled.estimate, pooled.error),
            tau2=pooled.tau2,
            i2=max(0.0, 1 - (len(sites) - 1) / pooled.q),
            is_ratio=True,
        )

    def curve(self) -> DetectableCurve:
        """What thirty people in each group can show."""
        points = [
            Detectable(n, detectable(MEANS, n)) for n in (5, 8, 10, 15, 20, 30, 40, 60, 80, 120)
        ]
        name = self.t("Smallest effect that can be shown", "Menor efecto que se puede mostrar")
        here = next(point for point in points if point.n == 30)
        return DetectableCurve(name, points, self.number, here=here, least=0.5)

    def waves(self) -> Waves:
        """Planned readings against recorded ones."""
        done, late, missing = Taken.DONE, Taken.LATE, Taken.MISSING
        early, later = Taken.EARLY, Taken.NOT_DUE
        rows = [
            WaveRow(
                self.t("Traders who sell online each week", "Comerciantes que venden en línea"),
                (done, done, late, done, later, later),
            ),
            WaveRow(
                self.t("Minutes to issue a receipt", "Minutos para emitir un recibo"),
                (early, done, missing, late, later, later),
            ),
            WaveRow(
                self.t("Recommendation score", "Índice de recomendación"),
                (done, None, missing, None, later, None),
            ),
        ]
        waves = [self.t(f"Wave {n}", f"Ronda {n}") for n in range(1, 7)]
        return Waves(self.t("Planned readings", "Mediciones planificadas"), waves, rows)

    # --- Registration and portfolio ----------------------------------------------------------

    def in_time(self) -> tuple[str, RegistrationLine]:
        """Registered before the first measurement."""
        changes = [
            Amended(
                date(2026, 3, 2),
                is_major=False,
                what=self.t("two more markets", "dos mercados más"),
            )
        ]
        line = RegistrationLine(
            self.t("Training in digital sales", "Capacitación en ventas digitales"),
            date(2026, 1, 5),
            date(2026, 1, 26),
            changes,
            Verdict.SUPPORTED,
            date(2026, 6, 30),
        )
        return "registered", line

    def too_late(self) -> tuple[str, RegistrationLine]:
        """Registered after data, and amended after them too."""
        changes = [
            Amended(
                date(2026, 5, 4),
                is_major=True,
                what=self.t(
                    "primary metric changed from weekly sales to visits of the online shop",
                    "métrica principal cambiada de ventas semanales a visitas de la tienda",
                ),
            ),
            Amended(date(2026, 5, 9), is_major=False),
        ]
        line = RegistrationLine(
            self.t("Online shop for fishers", "Tienda en línea para pescadores"),
            date(2026, 3, 1),
            date(2026, 2, 15),
            changes,
            Verdict.NOT_ASSESSABLE,
            date(2026, 7, 15),
        )
        return "late", line

    def levels(self) -> LevelMatrix:
        """A portfolio of 41."""
        counts = {
            (0, Stage.SENSE): 4,
            (0, Stage.EXPLORE): 6,
            (1, Stage.SENSE): 3,
            (1, Stage.EXPLORE): 9,
            (1, Stage.TEST): 2,
            (2, Stage.EXPLORE): 2,
            (2, Stage.TEST): 7,
            (2, Stage.GROW): 1,
            (3, Stage.TEST): 4,
            (3, Stage.GROW): 2,
            (4, Stage.GROW): 1,
        }
        name = self.t("Portfolio by evidence level and stage", "Portafolio por nivel y etapa")
        return LevelMatrix(name, counts)

    def journeys(self) -> Journeys:
        """Four experiments in time."""
        rows = [
            Journey(
                self.t("Training in digital sales", "Capacitación en ventas digitales"),
                [
                    Stay(Stage.EXPLORE, date(2025, 2, 1), date(2025, 8, 10)),
                    Stay(Stage.TEST, date(2025, 8, 10), date(2026, 4, 1)),
                    Stay(Stage.GROW, date(2026, 4, 1)),
                ],
            ),
            Journey(
                self.t("Online shop for fishers", "Tienda en línea para pescadores"),
                [
                    Stay(Stage.SENSE, date(2025, 5, 1), date(2025, 9, 1)),
                    Stay(Stage.EXPLORE, date(2025, 9, 1), date(2026, 2, 1)),
                ],
                ExperimentState.STOPPED_EARLY,
            ),
            Journey(
                self.t("Lessons by telephone in Quechua", "Lecciones por teléfono en quechua"),
                [
                    Stay(Stage.EXPLORE, date(2025, 11, 15), date(2026, 3, 15)),
                    Stay(Stage.TEST, date(2026, 3, 15)),
                ],
                ExperimentState.PAUSED,
            ),
            Journey(
                self.t("Receipts on the telephone", "Recibos en el teléfono"),
                [Stay(Stage.TEST, date(2025, 3, 1), date(2026, 1, 31))],
                ExperimentState.COMPLETED,
            ),
        ]
        return Journeys(self.t("Portfolio in time", "Portafolio en el tiempo"), rows, TODAY)

    def tiles(self) -> Tiles:
        """The departments."""
        name = self.t("Sampled households with internet, 2022", "Hogares con internet, 2022")
        values = {ubigeo: value / 100 for ubigeo, value in HOUSEHOLDS.items()}
        return Tiles(name, values, self.share)


def normal(estimate: float, error: float) -> Reach:
    """An estimate with its 95 % interval by the normal distribution."""
    return Reach(estimate, estimate - DEVIATIONS * error, estimate + DEVIATIONS * error)


def page(shown: Sequence[Shown], speaker: Speaker) -> str:
    """The gallery as Markdown: each picture, its numbers, its source."""
    title, intro = TITLE[speaker.language], INTRO[speaker.language]
    parts = [f"# {title}\n\n{intro}\n"]
    for picture in shown:
        source = f"{SOURCE[speaker.language]}: {picture.source}"
        image = f"![{picture.title}]({speaker.language.value}/{picture.key}.svg)"
        parts.append(f"## {picture.title}\n\n{image}\n\n{table(picture.table)}\n{source}\n")
    return "\n".join(parts)


def table(numbers: Table) -> str:
    """A table in Markdown."""
    lines = [numbers.columns, ("---",) * len(numbers.columns), *numbers.rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in lines)


def write(folder: Path, language: Language) -> None:
    """One language's page and pictures."""
    speaker = Speaker(language)
    shown = list(Gallery(speaker).pictures())
    pictures = folder / language.value
    pictures.mkdir(parents=True, exist_ok=True)
    for picture in shown:
        (pictures / f"{picture.key}.svg").write_text(f"{picture.svg}\n", encoding="utf-8")
    (folder / f"{language.value}.md").write_text(page(shown, speaker), encoding="utf-8")


def main(*folders: str) -> None:
    """Write the gallery of both languages."""
    for language in Language:
        write(Path(*folders) if folders else ROOT / "docs" / "gallery", language)


if __name__ == "__main__":
    main(*sys.argv[1:])
