"""Snapshot to HTML: one fragment a section, put together into one document.

A fragment depends on the snapshot, the language and the edition only, so it can be laid out by
itself. Everything people wrote is escaped; only our own pictures are markup.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.answers import Answer, answer_by
from app.domain.evidence_levels import MEANS
from app.domain.registration import restored
from app.language import kept_sentences
from app.language.form_fields import field_name
from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports import (
    bars,
    change_words,
    charts,
    figures,
    findings,
    glossary,
    overview,
    pictures,
    registrations,
    signs,
    wording,
)
from app.reports.comparing import since_edition
from app.reports.plan_snapshot import PlanSnapshot, QuestionLine
from app.reports.snapshot import (
    ExperimentSection,
    Gap,
    MetricLine,
    QuarterlySnapshot,
    canonical_json,
    digest,
)
from app.reports.stage_snapshot import AnySnapshot, StageSnapshot
from models.vocabulary import EvidenceKind, ExperimentState, Language, PauseReason, Stage, Verdict

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "print"
STYLE = Path(__file__).parent / "assets" / "print.css"

LINK_WITHIN = re.compile('href="#([^"]*)"')

FRONT = ("cover", "contents", "portfolio", "movement")
# What tells of the edition comes last, on pages that are laid out with each.
BACK = ("gaps", "register", "sources", "annex", "changes", "about", "signoff")
STAGE = ("stage_cover", "stage", "stage_about")
PLAN = ("plan_cover", "plan_form", "plan_questions", "plan_closing", "plan_about")
# These may begin on the page where the one before them ends.
FOLLOW_ON = frozenset(
    (
        *("movement", "annex", "about", "signoff", "stage_about"),
        *("plan_questions", "plan_closing", "plan_about"),
    )
)

# Light and dark by turns, so that neighbours differ in greyscale too.
STATE_FILLS = {
    figures.StateGroup.PREPARING: ("#D4D6D8", "#232E3D"),
    figures.StateGroup.RUNNING: ("#006EB5", "#FFFFFF"),
    figures.StateGroup.PAUSED: ("#FBC412", "#232E3D"),
    figures.StateGroup.COMPLETED: ("#1F5A95", "#FFFFFF"),
    figures.StateGroup.STOPPED_EARLY: ("#A9B1B7", "#232E3D"),
    figures.StateGroup.ARCHIVED: ("#55606E", "#FFFFFF"),
}


@dataclass(frozen=True)
class Fragment:
    """A section as HTML; ``key`` is its address inside the document.

    ``follows_on`` says that it may begin on the page where the one before ends; ``depth`` is how
    deep its outermost bookmark stands, from 1.
    """

    key: str
    html: str
    follows_on: bool = False
    depth: int = 1


@dataclass(frozen=True)
class Place:
    """A section before it is rendered: its address, its template and what only it shows."""

    key: str
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    depth: int = 1


class Rendering:
    """A snapshot about to be printed: in one language, as one edition.

    ``before`` is the snapshot of the edition before it, where there is one; ``on_paper`` says
    that our fonts will print it, which show a sign they lack as "□".
    """

    def __init__(
        self,
        snapshot: AnySnapshot,
        speaker: Speaker,
        *,
        edition: int = 1,
        before: AnySnapshot | None = None,
        on_paper: bool = True,
    ) -> None:
        self._snapshot = snapshot
        self._environment = _environment(speaker.language)
        self._facts = _facts(snapshot, edition, before)
        self._shown = signs.printable if on_paper else str
        self._facts["holds_strangers"] &= on_paper

    def fragments(self) -> Iterator[Fragment]:
        """The sections in the order of the document, made one by one."""
        return map(self._made, self._places())

    def fragment(self, name: str, **facts: object) -> Fragment:
        """The section of one template."""
        return self._made(Place(name, name, facts))

    def keys(self) -> list[str]:
        """The addresses of all sections, in the order of the document."""
        return [place.key for place in self._places()]

    def for_the_screen(self, key: str, *, addresses: Mapping[str, str], style: str) -> str:
        """One section as a page to read here, with the way to its neighbours.

        ``addresses`` leads to the page of each section and of the report ("").
        """
        places = list(self._places())
        here = next(n for n, place in enumerate(places) if place.key == key)
        ways = {"before": places[here - 1 : here], "after": places[here + 1 : here + 2]}
        html = LINK_WITHIN.sub(
            lambda link: f'href="{addresses.get(link[1], addresses[""])}"',
            self._made(places[here]).html,
        )
        return self._document(
            "screen.html", key=key, sections=[html], ways=ways, addresses=addresses, style=style
        )

    def whole(self) -> str:
        """The report as one document, ready for ``pdf.write_pdf``."""
        sections = [fragment.html for fragment in self.fragments()]
        return self._document("document.html", sections=sections)

    def part(self, fragments: Sequence[Fragment], *, is_first: bool) -> str:
        """A document of these sections alone, without feet; the first says whose it all is."""
        name = "document.html" if is_first else "part.html"
        return self._document(name, sections=[fragment.html for fragment in fragments])

    def feet(self, numbers: Sequence[str], total: int) -> str:
        """The foot of each of these pages of ``total``, upright and turned, then the ten digits."""
        return self._document("feet.html", numbers=numbers, total=total)

    def _document(self, name: str, **facts: object) -> str:
        return self._environment.get_template(name).render(
            self._facts,
            title=wording.document_title(self._snapshot),
            running_title=wording.running_title(self._snapshot),
            **facts,
        )

    def _made(self, place: Place) -> Fragment:
        template = self._environment.get_template(f"{place.template}.html")
        html = self._shown(template.render({**self._facts, **place.facts}))
        return Fragment(place.key, html, follows_on=place.template in FOLLOW_ON, depth=place.depth)

    def _places(self) -> Iterator[Place]:
        if isinstance(self._snapshot, StageSnapshot):
            yield from (Place(name, name) for name in STAGE)
        elif isinstance(self._snapshot, PlanSnapshot):
            yield from (Place(name, name) for name in PLAN)
        else:
            yield from (Place(name, name) for name in FRONT)
            for chapter in self._facts["chapters"]:
                depth = 1 if chapter.is_first else 2
                yield Place(chapter.key, "programme", {"chapter": chapter}, depth)
                for section in chapter.sections:
                    yield Place(section.code, "experiment", {"section": section}, 3)
            yield from (Place(name, name) for name in BACK)


def _facts(snapshot: AnySnapshot, edition: int, before: AnySnapshot | None) -> dict[str, Any]:
    """What every section may show."""
    about: dict[str, Any]
    if isinstance(snapshot, StageSnapshot):
        about = {"section": snapshot.experiment}
    elif isinstance(snapshot, PlanSnapshot):
        about = {"answered": [_answer(question) for question in snapshot.questions]}
    else:
        about = _portfolio(snapshot)
        if isinstance(before, QuarterlySnapshot):
            about["since_edition"] = since_edition(before, edition - 1, snapshot)
    return about | {
        "pages": {},
        "snapshot": snapshot,
        "programme_named": lambda code: figures.programme_named(snapshot, code),
        "gaps_of": figures.gaps_of(snapshot),
        "edition": edition,
        "digest": digest(snapshot),
        "holds_strangers": signs.holds_strangers(canonical_json(snapshot).decode()),
    }


def _answer(question: QuestionLine) -> Answer:
    return answer_by(line.verdict for line in question.experiments)


def _portfolio(snapshot: QuarterlySnapshot) -> dict[str, Any]:
    """What the sections of a quarterly report show besides."""
    return {
        "totals": figures.totals(snapshot),
        "matrix": figures.matrix(snapshot),
        "moves": figures.moves(snapshot),
        "debts": figures.debts(snapshot),
        "chapters": figures.chapters(snapshot),
        "programme_of": lambda chapter: overview.programme(snapshot, chapter),
        "people": overview.people(snapshot),
        "money": overview.money(snapshot),
        "decided": overview.decided(snapshot),
        "questions": overview.questions(snapshot),
        "partners": overview.partners(snapshot),
        "annexed": overview.annexed(snapshot),
        "signatures": overview.signatures(snapshot),
        "since_edition": None,
        "programme_lines": {line.code: line for line in snapshot.programmes},
    }


@lru_cache(maxsize=len(Language))
def _environment(language: Language) -> Environment:
    """The print templates, speaking one language; read once for all reports."""
    speaker = Speaker(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters(speaker))
    environment.globals.update(_words(speaker), **LOOKUPS, **_pictures(speaker))
    return environment


def _filters(speaker: Speaker) -> dict[str, Callable[..., str]]:
    return {
        "day": lambda text: speaker.date(date.fromisoformat(text)),
        "instant": lambda text: speaker.instant(datetime.fromisoformat(text)),
        "number": lambda value: speaker.number(Decimal(value)),
        "money": lambda value: speaker.money(Decimal(value)),
        "word": speaker.word,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "said": speaker.say,
    }


def _words(speaker: Speaker) -> dict[str, object]:
    return {
        "_": speaker.say,
        "ngettext": speaker.plural,
        "language": speaker.language,
        "group_label": lambda group: speaker.say(wording.GROUP_LABELS[group]),
        "quarter_title": wording.quarter_title,
        "hypothesis_sentence": wording.hypothesis_sentence,
        "open_slots": wording.open_slots,
        "slots_of": wording.slots_of,
        "progress_sentence": wording.progress_sentence,
        "stage_report_name": wording.stage_report_name,
        "kept_sentence": kept_sentences.restored,
        "number_of": lambda kind: _from_text(wording.number_of(kind, speaker)),
        "percentage": speaker.percent,
        "finding_sentence": findings.finding_sentence,
        "finding_limits": findings.finding_limits,
        "timing": lambda on, days: registrations.timing(date.fromisoformat(on), days),
        "amended": lambda change: registrations.pair_said(restored(dict(change)), speaker),
        "method_said": lambda method: speaker.say(registrations.METHODS.get(method, method)),
        "change_said": lambda line, lines: change_words.change_said(line, lines, speaker),
        "details_said": lambda lines: change_words.details_said(lines, speaker),
        "field_name": field_name,
        "answer_label": lambda answer: speaker.say(wording.ANSWER_LABELS[answer]),
        "due_label": lambda kind: speaker.say(wording.DUE_LABELS[kind]),
        "glossary": lambda: [tuple(map(speaker.say, entry)) for entry in glossary.ENTRIES],
        "level_words": lambda: list(map(speaker.say, MEANS)),
    }


def _from_text(number: Callable[[Decimal], str]) -> Callable[[str], str]:
    return lambda text: number(Decimal(text))


LOOKUPS: Mapping[str, Any] = {
    "EvidenceKind": EvidenceKind,
    "Stage": Stage,
    "Verdict": Verdict,
    "by_experiment": overview.by_experiment,
    "ExperimentState": ExperimentState,
    "PauseReason": PauseReason,
    "StateGroup": figures.StateGroup,
    "review_of": figures.review_of,
    "latest": figures.latest,
    "share_of_way": figures.share_of_way,
    "group_of": figures.group_of,
    "is_brief": figures.is_brief,
    "cost_each": figures.cost_each,
    "has_room": figures.has_room,
    "few_metrics": figures.FEW_METRICS,
}


def _pictures(speaker: Speaker) -> dict[str, Callable[..., Any]]:
    return {
        "metric_chart": lambda metric, section: _metric_chart(metric, section, speaker),
        "forest": lambda section: _forest(section, speaker),
        "registration_line": lambda section: pictures.registration_picture(
            section, speaker, ident=f"{section.code}-registration"
        ),
        "waves": lambda section: pictures.waves_picture(
            section, speaker, ident=f"{section.code}-waves"
        ),
        "course": lambda metric, section: pictures.course_picture(
            metric, section, speaker, ident=_ident(metric, section, "course")
        ),
        "found_pictures": lambda metric, section: pictures.finding_pictures(
            metric, speaker, ident=_ident(metric, section, "found")
        ),
        "tiles": lambda snapshot: pictures.tiles_picture(snapshot, speaker, ident="tiles"),
        "levels": lambda snapshot: pictures.levels_picture(snapshot, speaker, ident="levels"),
        "journeys": lambda snapshot: pictures.journeys_pictures(snapshot, speaker, ident="time"),
        "stage_path": lambda stage: bars.stage_path(stage, speaker),
        "state_bar": lambda totals: _state_bar(totals, speaker),
        "way_bar": bars.way_bar,
        "gap_text": lambda gap, programme: _gap_text(gap, programme, speaker),
    }


def _ident(metric: MetricLine, section: ExperimentSection, part: str) -> str:
    return f"{section.code}-{section.metrics.index(metric)}-{part}"


def _metric_chart(metric: MetricLine, section: ExperimentSection, speaker: Speaker) -> str:
    """The metric's course; what else happened to it is marked where it is the only one."""
    if len(section.metrics) == 1:
        return pictures.course_picture(metric, section, speaker).svg
    return charts.metric_chart(wording.series_of(metric, speaker), speaker, charts.SMALL)


def _forest(section: ExperimentSection, speaker: Speaker) -> pictures.Picture | None:
    is_compact = len(section.metrics) > figures.FEW_METRICS
    return pictures.forest(section, speaker, ident=f"{section.code}-forest", is_compact=is_compact)


def _state_bar(totals: figures.Totals, speaker: Speaker) -> str:
    slices = [
        bars.Slice(speaker.say(wording.GROUP_LABELS[group]), count, *STATE_FILLS[group])
        for group, count in totals.states.items()
    ]
    title = speaker.say(sentence("Registered experiments by state"))
    return bars.share_bar(slices, title=title)


def _gap_text(gap: Gap, programme: str, speaker: Speaker) -> str:
    return speaker.say(wording.gap_sentence(gap, programme))
