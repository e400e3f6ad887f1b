"""The sections of a report as HTML."""

import re
from datetime import date
from html.parser import HTMLParser
from itertools import combinations
from typing import Any

import html5lib
import pytest

from app.domain import hypotheses
from app.domain.statistics.menu import Outcome
from app.language.speaker import Speaker
from app.reports import wording
from app.reports.render import Rendering
from app.reports.snapshot import (
    ChangeKind,
    ChangeLine,
    ClosingLine,
    FindingLine,
    Gap,
    GapKind,
    GateLine,
    QuarterlySnapshot,
    SinceQuarter,
    digest,
)
from models.vocabulary import (
    Assignment,
    ComparisonDesign,
    DecisionKind,
    Direction,
    GateItem,
    Language,
    Stage,
    Verdict,
)
from tests.reports import samples

SPEAKERS = {language: Speaker(language) for language in Language}
ENGLISH = SPEAKERS[Language.EN]
SAMPLES = {
    "empty": samples.empty_quarter(),
    "one": samples.one_experiment(),
    "bare": samples.quarter(experiments=(samples.bare_experiment(),)),
    "many": samples.many_experiments(10),
    "long": samples.long_texts(),
    "hostile": samples.hostile_texts(),
}


class Reader(HTMLParser):
    """What a document says and which elements and addresses it holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        if tag != "a":
            self.addresses += [given[name] for name in ("src", "href") if name in given]

    def handle_data(self, data: str) -> None:
        self.text += data


def said(html: str) -> str:
    """The text with its blanks made single."""
    return re.sub(r"[ \n]+", " ", Reader(html).text)


def cover_of(snapshot: QuarterlySnapshot, language: Language = Language.EN) -> str:
    return said(next(Rendering(snapshot, SPEAKERS[language]).fragments()).html)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SAMPLES)
def test_the_document_is_valid_and_holds_together(name: str, language: Language) -> None:
    html = Rendering(SAMPLES[name], SPEAKERS[language]).whole()
    html5lib.HTMLParser(strict=True).parse(html)
    page = Reader(html)
    assert page.tags.count("h1") == 1
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert page.addresses == []
    assert "script" not in page.tags
    assert not re.search(r"\bNone\b|\{\{|%\(|Undefined", re.sub(r"\{\{ 7", "", page.text))


@pytest.mark.parametrize("language", list(Language))
def test_page_one_counts_every_state_and_says_what_it_is(language: Language) -> None:
    snapshot, speaker = SAMPLES["many"], SPEAKERS[language]
    cover = next(Rendering(snapshot, speaker, edition=3).fragments()).html
    text = said(cover)
    assert (
        speaker.plural("%(n)s experiment is registered", "%(n)s experiments are registered", 10)
        in text
    )
    tally = cover[cover.index('<table class="tally">') : cover.index("</table>")]
    assert re.findall(r"<td>(\d+)</td>", tally) == ["5", "1", "1", "1", "1", "1"]
    assert digest(snapshot) in text
    assert f"3 · {speaker.word(language)}" in text
    assert speaker.say("Demonstration data") in text


def judged(**changes: Any) -> QuarterlySnapshot:
    """One experiment whose share rose less than what matters, grown all the same."""
    given: dict[str, Any] = {
        "verdict": Verdict.NOT_SUPPORTED,
        "outcome": Outcome.PROPORTION,
        "design": ComparisonDesign.TWO_GROUPS,
        "method": "newcombe_hybrid_score",
        "estimate": "-0.05",
        "low": "-0.2",
        "high": "0.08",
        "confidence": "0.95",
        "least": "0.1",
        "direction": Direction.INCREASE,
        "n": 180,
    }
    metric = samples.selling(finding=FindingLine(**(given | changes)))
    against = samples.decision(
        kind=DecisionKind.GROW, verdict=Verdict.NOT_SUPPORTED, against_because="It rained for weeks"
    )
    section = samples.experiment(
        verdict=given["verdict"], evidence_level=3, metrics=(metric,), decisions=(against,)
    )
    return samples.quarter(experiments=(section,))


def test_page_one_counts_every_experiment_by_its_verdict() -> None:
    told = cover_of(judged())
    assert "Not supported: 1," in told
    assert "No meaningful effect: 0, Harm signal: 0," in told, "null and harm are always named"
    assert "No verdict was computed." in said(
        next(Rendering(SAMPLES["one"], ENGLISH).fragments()).html
    )


def passed(**changes: Any) -> QuarterlySnapshot:
    gate = {
        "to_stage": Stage.GROW,
        "decided_on": date(2026, 9, 14),
        "decided_by": "Hilda Torres",
        "resources_committed": "USD 15,000 of the programme.",
    }
    section = samples.experiment(stage=Stage.GROW, gates=(GateLine(**(gate | changes)),))
    return samples.quarter(experiments=(section,))


def test_a_gate_is_printed_with_who_opened_it_and_the_resources() -> None:
    text = said(Rendering(passed(), ENGLISH, edition=1).whole())
    assert "Let through the gate to Grow · Sep 14, 2026 · Hilda Torres" in text
    assert "Resources committed: USD 15,000 of the programme." in text
    assert "gate to Grow passed" in text
    assert "override" not in text


def test_an_override_is_printed_with_its_reason_and_what_was_missing() -> None:
    snapshot = passed(
        missing=(GateItem.COST_RECORDED, GateItem.HANDOVER_AGREED),
        overridden_because="The fair does not wait.",
    )
    text = said(Rendering(snapshot, ENGLISH).whole())
    assert "Not met: the actual cost is recorded; the handover is agreed." in text
    assert "Let through all the same because: The fair does not wait." in text
    assert "gate to Grow passed by override" in text


def test_a_stage_report_prints_its_gates_or_that_there_was_none() -> None:
    override = GateLine(
        to_stage=Stage.GROW,
        decided_on="2026-09-14",
        missing=(GateItem.COST_RECORDED,),
        overridden_because="The fair does not wait.",
    )
    text = said(Rendering(samples.a_stage(gates=(override,)), ENGLISH).whole())
    assert "Let through the gate to Grow · Sep 14, 2026" in text
    assert "Let through all the same because: The fair does not wait." in text
    assert "It has passed no gate." not in text
    assert "It has passed no gate." in said(Rendering(samples.a_stage(), ENGLISH).whole())


def test_the_register_names_only_the_gate_into_the_stage_it_is_in() -> None:
    snapshot = passed(to_stage=Stage.TEST, overridden_because="The fair does not wait.")
    text = said(Rendering(snapshot, ENGLISH).whole())
    assert "Let through the gate to Test" in text
    assert "passed by override" not in text


def test_an_experiments_page_holds_verdict_level_sentence_and_decision() -> None:
    text = said(Rendering(judged(), ENGLISH, edition=1).whole())
    for words in (
        "evidence level 3 of 5",
        "Not supported: the difference between the groups is -5 percentage points",
        "Verdict as it stood: Not supported",
        "against it because: It rained for weeks",
    ):
        assert words in text


def test_an_empty_quarters_cover_says_in_a_sentence_that_there_are_no_facts() -> None:
    text = part(SAMPLES["empty"], "cover")
    assert "No facts are recorded." in text
    assert "Facts as of" not in text


@pytest.mark.parametrize("assignment", [None, *Assignment])
def test_groups_are_doubted_unless_chance_made_them(assignment: Assignment | None) -> None:
    metrics = (samples.selling(finding=samples.found()),)
    section = samples.experiment(metrics=metrics, verdict="promising", assignment=assignment)
    text = part(samples.quarter(experiments=(section,)), section.code)
    assert ("Unless chance decided" in text) is (assignment is not Assignment.RANDOM)


def test_a_stage_cover_says_a_verdict_once() -> None:
    metrics = (samples.selling(finding=samples.found()),)
    section = {"metrics": metrics, "verdict": samples.found().verdict}
    text = part(samples.a_stage(**section), "stage_cover")
    word = ENGLISH.word(samples.found().verdict)
    assert f"Verdict {word}:" in text


def test_an_experiment_with_invented_readings_is_marked_in_its_heading() -> None:
    (point, *_) = samples.selling().points
    invented = point.model_copy(update={"is_demonstration": True})
    section = samples.experiment(metrics=(samples.selling(points=(invented,)),))
    text = part(samples.quarter(experiments=(section,)), section.code)
    assert f"demonstration {section.title}" in text


def test_what_cannot_be_assessed_is_printed_with_its_reason() -> None:
    snapshot = judged(
        verdict=Verdict.NOT_ASSESSABLE, estimate=None, design=None, missing=("comparison_design",)
    )
    assert "how it is compared was never set" in said(
        Rendering(snapshot, ENGLISH, edition=1).whole()
    )


def test_each_experiment_is_a_fragment_of_its_own_between_front_and_back() -> None:
    keys = [part.key for part in Rendering(SAMPLES["many"], ENGLISH).fragments()]
    codes = {section.code for section in SAMPLES["many"].experiments}
    heads = {"programme-PROS", "programme-GOV", "programme-RES", "programme-none"}
    assert keys[:4] == ["cover", "contents", "portfolio", "movement"]
    assert keys[-7:] == ["gaps", "register", "sources", "annex", "changes", "about", "signoff"]
    assert set(keys[4:-7]) == codes | heads
    assert len(keys) == len(codes) + len(heads) + 11


def test_the_same_snapshot_gives_the_same_text() -> None:
    assert (
        Rendering(SAMPLES["many"], ENGLISH).whole()
        == Rendering(samples.many_experiments(10), ENGLISH).whole()
    )


def test_an_experiment_s_page_holds_hypothesis_numbers_decision_and_review() -> None:
    text = said(_experiment(samples.one_experiment()))
    for words in (
        "IF we introduce un acompañamiento de seis semanas en su propio puesto for mujeres",
        "THEN la proporción que vende cada semana por un canal digital will rise by at least "
        "20 puntos porcentuales within seis meses, BECAUSE en el piloto de 2022",
        "Baseline 17% n = 60 · Mar 15, 2026 Target 60% Dec 15, 2026 Now 52% n = 60 · Sep 20, 2026",
        "Baseline 12.5 n = 24 · Jun 30, 2026 Target 8 day not recorded",
        "Now 11.8 n = 23 · Sep 18, 2026",
        "On track",
        "Behind",
        "Persevere · Sep 25, 2026 · Rosa Huamán, Luis Quispe",
        "to be looked at again on Dec 20, 2026",
        "Prosperity · Accepted · Emerging impact",
        "Democratic governance · not reviewed in this quarter",
        "Due and missing: No impact review by Democratic governance (Julio Mamani).",
    ):
        assert words in text


def _experiment(snapshot: QuarterlySnapshot, speaker: Speaker = ENGLISH) -> str:
    code = snapshot.experiments[0].code
    return next(part.html for part in Rendering(snapshot, speaker).fragments() if part.key == code)


def test_there_is_a_picture_for_every_metric() -> None:
    snapshot = samples.quarter(
        experiments=(samples.experiment(metrics=[samples.selling(name=f"m{n}") for n in range(7)]),)
    )
    assert _experiment(snapshot).count('class="chart metric-chart"') == 7


def test_everything_an_experiment_lacks_is_printed_as_missing() -> None:
    html = _experiment(SAMPLES["bare"])
    missing = re.findall(r'<span class="missing">\s*(.*?)\s*</span>', html, re.DOTALL)
    assert missing == [
        "no programme",
        *["not recorded"] * 2,
        "start not recorded",
        "end not recorded",
        "not recorded",
        "design not recorded",
        "comparison not recorded",
        *["not recorded"] * 4,
        "It is not linked to a learning question of a plan.",
        "No hypothesis is recorded.",
        "The plan was not registered before the data.",
        "No metric is recorded.",
        "No verdict was computed.",
        "not computed",
        "No decision is recorded.",
        "not recorded",
        "No programme, so no review.",
        "Nothing is recorded yet.",
        "not recorded",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metrics": (samples.waiting(baseline=None),)}, "no baseline"),
        ({"metrics": (samples.waiting(target=None),)}, "no target"),
        ({"metrics": (samples.waiting(points=()),)}, "no reading"),
        ({"hypotheses": (samples.hypothesis(threshold=""),)}, "By at least: not recorded"),
        ({"hypotheses": (samples.hypothesis(direction=None),)}, "Direction: not recorded"),
        ({"hypotheses": (samples.hypothesis(outcome=""),)}, "What it should move: not recorded"),
        ({"reviews": (samples.review(impact=None),)}, "impact not rated"),
        ({"decisions": (samples.decision(reason=""),)}, "Because: not recorded"),
        ({"decisions": (samples.decision(next_step=""),)}, "Next step: not recorded"),
        ({"source": ""}, "Source: not recorded"),
    ],
)
def test_an_empty_field_is_printed_as_missing(changes: dict[str, Any], words: str) -> None:
    snapshot = samples.quarter(experiments=(samples.experiment(**changes),))
    assert words in said(_experiment(snapshot))


@pytest.mark.parametrize("kind", list(GapKind))
def test_every_gap_is_printed_with_who_owes_it(kind: GapKind) -> None:
    gap = Gap(
        kind=kind,
        experiment="PE-2026-001",
        programme="GOV",
        metric="Ventas",
        owed_by="Julio Mamani",
        due_on="2026-09-30",
    )
    snapshot = samples.quarter(experiments=(samples.experiment(),), gaps=(gap,))
    parts = {part.key: said(part.html) for part in Rendering(snapshot, ENGLISH).fragments()}
    assert "Julio Mamani Sep 30, 2026" in parts["gaps"]
    assert "(Julio Mamani)." in parts["PE-2026-001"]


def test_a_running_quarter_is_not_told_as_if_it_were_over() -> None:
    section = samples.experiment(decisions=(samples.decision(review_on="2026-09-20"),))
    gaps = (Gap(kind=GapKind.NO_CONSENT, experiment=section.code),)
    about = {"experiments": (section,), "gaps": gaps}
    running = samples.quarter(told_until="2026-08-01", **about)
    assert "1 thing is due by now and is not there." in part(running, "gaps")
    assert "what is due at its end is not missing yet" in part(running, "gaps")
    assert "by the end of the quarter" not in part(running, "gaps")
    assert "overdue" not in part(running, "programme-PROS")
    assert "overdue" in part(samples.quarter(**about), "programme-PROS")


def test_a_gap_nobody_answers_for_says_so() -> None:
    snapshot = samples.quarter(gaps=(Gap(kind=GapKind.NO_METRIC),))
    text = next(said(p.html) for p in Rendering(snapshot, ENGLISH).fragments() if p.key == "gaps")
    assert "The portfolio No metric nobody is named no day set" in text


def test_what_people_wrote_stays_text() -> None:
    html = Rendering(SAMPLES["hostile"], ENGLISH).whole()
    page = Reader(html)
    assert "img" not in page.tags
    assert not re.search(r"\b49\b", page.text)
    assert page.text.count(samples.HOSTILE) >= 15
    assert "alert(1)" not in re.sub(r"&lt;script&gt;alert\(1\)", "", html)


def test_a_hypothesis_taken_over_from_a_source_is_quoted_and_marked() -> None:
    hypothesis = {"free_text": "Si el talento no tiene fronteras, hay habilidades en todas partes."}
    snapshot = samples.quarter(experiments=(samples.experiment(hypotheses=(hypothesis,)),))
    text = said(_experiment(snapshot))
    assert "Si el talento no tiene fronteras" in text
    assert "not yet written slot by slot" in text
    assert "IF we introduce" not in text


SLOTS = ("change", "audience", "direction", "outcome", "threshold", "within", "because")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("empty", range(len(SLOTS) + 1))
def test_a_hypothesis_is_the_sentence_of_every_page_whatever_is_left_open(
    language: Language, empty: int
) -> None:
    speaker = SPEAKERS[language]
    for left in combinations(SLOTS, empty):
        open_slots = {name: None if name == "direction" else "" for name in left}
        line = samples.hypothesis(threshold="al menos 20 %", because="Porque venden.")
        line = line.model_copy(update=open_slots)
        snapshot = samples.quarter(experiments=(samples.experiment(hypotheses=(line,)),))
        text = said(_experiment(snapshot, speaker))
        slots = hypotheses.Slots(**dict(line))
        sentence = speaker.say(hypotheses.said(slots, hypotheses.Form.IF_THEN))
        if not slots.is_filled:
            sentence = speaker.say("The hypothesis is empty.")
        assert sentence in text
        assert not re.search(r"\b(\w+(?: \w+)?) \1\b", sentence, re.IGNORECASE)
        for name, label in wording.SLOTS.items():
            note = speaker.say("%(slot)s: not recorded", slot=speaker.say(label))
            assert (note in text) == (name in left and slots.is_filled)


def test_a_hypothesis_of_a_deadline_alone_is_printed() -> None:
    section = samples.experiment(hypotheses=({"within": "12 semanas"},))
    text = said(_experiment(samples.quarter(experiments=(section,))))
    assert "IF we introduce …, THEN … will change within 12 semanas." in text


def test_the_newest_decision_stands_first_and_no_older_one_is_dropped() -> None:
    decisions = (
        samples.decision(kind=DecisionKind.PIVOT, decided_on="2026-05-02"),
        samples.decision(kind=DecisionKind.STOP, decided_on="2026-09-29"),
    )
    text = said(
        _experiment(samples.quarter(experiments=(samples.experiment(decisions=decisions),)))
    )
    assert 0 < text.index("Stop · Sep 29, 2026") < text.index("Pivot · May 2, 2026")


@pytest.mark.parametrize(
    ("language", "money"), [(Language.ES, "USD 1 234,50"), (Language.EN, "USD 1,234.50")]
)
def test_money_is_printed_to_the_cent(language: Language, money: str) -> None:
    section = samples.experiment(budget_planned_usd="1234.50", cost_actual_usd="329.20")
    html = _experiment(samples.quarter(experiments=(section,)), SPEAKERS[language])
    assert money in said(html).replace("\u00a0", " ")
    assert re.search("USD.329[.,]20", html)


def test_a_number_too_long_for_an_axis_is_a_power_of_ten_there_and_whole_beside_it() -> None:
    metric = samples.waiting(baseline=None, target="99999999999999", points=())
    html = _experiment(samples.quarter(experiments=(samples.experiment(metrics=(metric,) * 2),)))
    assert "99,999,999,999,999" in said(html)
    assert "× 10¹³" in html


def test_what_began_is_told_by_its_own_day_and_not_as_registered_then() -> None:
    begun = samples.bare_experiment(registered_on="2026-08-20")
    text = said(next(Rendering(samples.quarter(experiments=(begun,)), ENGLISH).fragments()).html)
    assert "1 experiment began in the quarter, by the first day recorded of it." in text
    assert "registered in the quarter" not in text


def test_an_introduction_too_long_for_page_one_opens_the_second() -> None:
    parts = {part.key: said(part.html) for part in Rendering(SAMPLES["long"], ENGLISH).fragments()}
    assert samples.LONG[:80] not in parts["cover"]
    assert "stands on the next page" in parts["cover"]
    assert samples.LONG[:80] in parts["contents"]


def test_a_programme_report_names_its_programme_in_the_reader_s_language() -> None:
    snapshot = samples.quarter(scope="GOV", experiments=(samples.experiment(),))
    assert "Gobernanza democrática" in said(
        next(Rendering(snapshot, SPEAKERS[Language.ES]).fragments()).html
    )
    assert "Democratic governance" in cover_of(snapshot)


def test_only_sections_that_hold_demonstration_data_are_marked() -> None:
    snapshot = samples.many_experiments(10)
    marked = {
        p.key for p in Rendering(snapshot, ENGLISH).fragments() if "holds-demonstration" in p.html
    }
    expected = {s.code for s in snapshot.experiments if s.has_demonstration}
    assert marked & {s.code for s in snapshot.experiments} == expected
    assert "cover" in marked
    unmarked = Rendering(samples.one_experiment(), ENGLISH).fragments()
    assert not any("demonstration" in part.html for part in unmarked)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (45, "Registered on Mar 2, 2026, 45 days before the first measurement."),
        (1, "Registered on Mar 2, 2026, 1 day before the first measurement."),
        (0, "Registered on Mar 2, 2026, the day of the first measurement."),
        (-12, "<strong>Registered on Mar 2, 2026, 12 days after the first measurement.</strong>"),
        (None, "Registered on Mar 2, 2026, before any measurement."),
    ],
)
def test_a_registration_is_told_against_the_first_measurement(days: int | None, words: str) -> None:
    told = samples.registration(days_before=days)
    assert words in _experiment(
        samples.quarter(experiments=(samples.experiment(registration=told),))
    )


def test_an_amendment_is_printed_with_its_reason_and_what_it_changed() -> None:
    section = samples.experiment(registration=samples.registration())
    html = _experiment(samples.quarter(experiments=(section,)))
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert (
        "Amended on Aug 14, 2026 (major, after the first measurement): La feria cerró antes. "
        "“Comerciantes que venden”: Target 35% → 30%; Sample planned 1,240 → 900." in text
    )


# --- The parts of a quarter ------------------------------------------------------------------


def part(snapshot: QuarterlySnapshot, key: str, **given: Any) -> str:
    """What one part says."""
    made = Rendering(snapshot, ENGLISH, **given).fragments()
    return said(next(one.html for one in made if one.key == key)).replace("\u00a0", " ")


def test_page_one_names_the_decisions_against_the_verdict() -> None:
    told = cover_of(judged())
    assert "Grow it: 1. Against the verdict: PE-2026-001 (grow it; not supported)." in told
    assert "No decision went against its verdict." in part(SAMPLES["one"], "cover")


def test_page_one_says_people_and_money_and_what_of_them_cannot_be_said() -> None:
    text = part(SAMPLES["one"], "cover")
    assert "60 people or cases measured with the intervention, in 1 experiment of 1." in text
    assert "Their share in the least connected places cannot be said" in text
    assert "Planned USD 9,500 in 1 experiment; spent USD 4,120.50 in 1 experiment" in text
    bare = part(SAMPLES["bare"], "cover")
    assert "It cannot be said: no experiment recorded how many were measured." in bare
    assert "No plan of costs is recorded; nothing spent is recorded." in bare
    assert "The head of experimentation wrote no sentences for this report." in bare


def test_the_portfolio_tells_its_questions_and_partners() -> None:
    section = samples.experiment(verdict=Verdict.NOT_SUPPORTED)
    text = part(samples.quarter(experiments=(section,)), "portfolio")
    assert "Not supported: PE-2026-001 Answered" in text
    assert "Internet para Todos Private sector Yes PE-2026-001" in text
    assert "among the partners of whom it is said: 1 of 2 (50%)." in text


def test_a_question_with_very_many_experiments_counts_the_last_of_them() -> None:
    many = samples.quarter(
        experiments=tuple(samples.experiment(f"PE-2026-{n:03}") for n in range(1, 31))
    )
    text = part(many, "portfolio")
    assert "No verdict: PE-2026-001, " in text
    assert "PE-2026-024 and 6 more Open" in text


def test_every_decision_of_the_quarter_is_told_with_its_verdict_and_why_it_went_against() -> None:
    text = part(judged(), "movement")
    assert "Grow it Not supported decided against it It rained for weeks" in text


def test_a_programme_has_a_page_with_reviews_changes_and_what_is_due() -> None:
    lines = (
        ChangeLine(kind=ChangeKind.STAGE, experiment="PE-2026-001", before="explore", now="test"),
    )
    since = SinceQuarter(quarter="2026-Q2", edition=2, changes=lines)
    snapshot = samples.quarter(experiments=(samples.experiment(),), since_quarter=since)
    text = part(snapshot, "programme-PROS")
    for words in (
        "Accepted Emerging impact El uso semanal subió; falta ver si suben los ingresos.",
        "Carmen Ávila Sep 28, 2026",
        "Compared with edition 2 of the report on 2026-Q2",
        "PE-2026-001 Stage: Explore → Test",
        "The decision is to be looked at again. Rosa Huamán, Luis Quispe",
    ):
        assert words in text
    other = part(snapshot, "programme-GOV")
    assert "1 of them is led by another and printed there." in other
    assert "Not reviewed in this quarter: PE-2026-001." in other


def test_without_an_edition_of_the_quarter_before_nothing_is_compared() -> None:
    assert "The quarter before has no issued report" in part(SAMPLES["one"], "programme-PROS")


def test_an_edition_tells_what_changed_since_the_one_before() -> None:
    before = samples.quarter(
        experiments=(samples.experiment(stage=Stage.EXPLORE, advice=""),),
        gaps=(Gap(kind=GapKind.NO_CONSENT, experiment="PE-2026-001"),),
    )
    text = part(SAMPLES["one"], "changes", edition=3, before=before)
    for words in (
        "Compared with edition 2",
        "The report What is written of it: Introduction",
        "PE-2026-001 Stage: Explore → Test What is written of it: Advice to others",
        "No longer missing PE-2026-001: The consent of those taking part is not recorded",
        "Missing now PE-2026-001: No impact review by Democratic governance",
    ):
        assert words in text


def test_the_first_edition_says_that_it_is_the_first() -> None:
    assert "This is the first edition of this report." in part(SAMPLES["one"], "changes")


def test_the_edition_before_changes_no_other_part_of_the_report() -> None:
    alone, compared = (
        {one.key: one.html for one in Rendering(SAMPLES["many"], ENGLISH, **given).fragments()}
        for given in ({"edition": 2}, {"edition": 2, "before": SAMPLES["one"]})
    )
    differing = {key for key, html in alone.items() if compared[key] != html}
    assert differing == {"changes"}


def test_the_annex_names_methods_amendments_and_words() -> None:
    section = samples.experiment(
        metrics=(samples.selling(finding=samples.found()),), registration=samples.registration()
    )
    text = part(samples.quarter(experiments=(section,)), "annex")
    assert "difference of two shares with Newcombe’s interval PE-2026-001" in text
    assert "Aug 14, 2026 PE-2026-001 major, after the first measurement" in text
    assert "La feria cerró antes." in text
    assert "Harm signal It went the wrong way for certain" in text


def test_the_sign_off_names_who_closed_and_who_approved_and_when() -> None:
    closing = ClosingLine(edition=1, closed_on="2026-10-05", closed_by="Hilda Torres")
    snapshot = samples.quarter(experiments=(samples.experiment(),), closing=closing)
    text = part(snapshot, "signoff")
    assert "Hilda Torres Oct 5, 2026" in text
    assert "Impact approved for Prosperity Carmen Ávila · 1 review Sep 28, 2026" in text
    assert digest(snapshot) in text
    assert "Signed by name in the tracker" in text
    unsigned = part(SAMPLES["bare"], "signoff")
    assert "nobody has approved it" in unsigned
    assert "Nothing is signed yet." in unsigned
    assert "Signed by name" not in unsigned


def test_the_register_tells_verdict_level_decision_and_money() -> None:
    text = part(judged(), "register")
    assert "Not supported 3 Grow it (against the verdict) Sep 25, 2026" in text
    assert "USD 9,500 USD 4,120.50" in text


def test_feet_are_laid_out_upright_then_wide_and_the_digits_last() -> None:
    html = Rendering(SAMPLES["one"], ENGLISH).feet(["8", "88"], 24)
    assert re.findall(r'<section class="(\w+)">', html) == [
        *["upright"] * 2,
        *["wide"] * 2,
        "digits",
    ]
