"""Remarks on how a hypothesis is written, in English and Spanish. Warnings, never refusals.

Each rule looks for words that leave little doubt; where a rule is unsure it says nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.hypotheses import Slots
from app.domain.names import folded
from app.language.sentences import N_, Sentence, sentence


class Fault(StrEnum):
    """What a remark is about."""

    SEVERAL_CHANGES = "several_changes"
    NO_METRIC = "no_metric"
    VAGUE_OUTCOME = "vague_outcome"
    NO_THRESHOLD = "no_threshold"
    THRESHOLD_WITHOUT_NUMBER = "threshold_without_number"
    THRESHOLD_WITHOUT_UNIT = "threshold_without_unit"
    NO_AUDIENCE = "no_audience"
    NO_TIME = "no_time"
    NO_BECAUSE = "no_because"
    BELIEF_FOR_EVIDENCE = "belief_for_evidence"
    CIRCULAR = "circular"


SAID = {
    Fault.SEVERAL_CHANGES: N_(
        "“%(words)s”: these look like several changes. One hypothesis for each shows which of "
        "them worked."
    ),
    Fault.NO_METRIC: N_("No metric is linked to it that would show whether it holds."),
    Fault.VAGUE_OUTCOME: N_(
        "“%(words)s” cannot be counted: say what would be seen, as in “the share of sellers who "
        "take digital payment”."
    ),
    Fault.NO_THRESHOLD: N_("It does not say by how much."),
    Fault.THRESHOLD_WITHOUT_NUMBER: N_("“%(words)s” holds no number."),
    Fault.THRESHOLD_WITHOUT_UNIT: N_("“%(words)s” has no unit: points, soles, people?"),
    Fault.NO_AUDIENCE: N_("It does not say for whom."),
    Fault.NO_TIME: N_("It does not say within what time."),
    Fault.NO_BECAUSE: N_("It does not say what makes you believe it."),
    Fault.BELIEF_FOR_EVIDENCE: N_(
        "“%(words)s” is a belief: say what you have seen, counted or been told."
    ),
    Fault.CIRCULAR: N_("The reason repeats the claim: say what you have seen."),
}


@dataclass(frozen=True)
class Remark:
    """One remark; ``slot`` is the slot it stands beside, ``words`` what gave rise to it."""

    fault: Fault
    slot: str
    words: str = ""

    def said(self) -> Sentence:
        """It in words."""
        return sentence(SAID[self.fault], words=self.words)


def remarks_on(slots: Slots, *, is_measured: bool | None) -> list[Remark]:
    """Every remark, in the order of the slots.

    ``is_measured``: whether a metric is linked to it; None when that cannot be known yet. A
    sentence that was imported is judged by the parts it names itself (IF, THEN, BECAUSE).
    """
    if not slots.is_filled:
        slots = parts_of(slots.free_text)
    if not slots.is_filled:
        return []
    return [
        *_on_change(slots),
        *_on_outcome(slots, is_measured),
        *_on_threshold(slots.threshold),
        *_on_audience(slots),
        *_on_time(slots.within),
        *_on_because(slots),
    ]


def parts_of(text: str) -> Slots:
    """An imported sentence in the parts it names itself; empty where it names none.

    The audience stands within the change there, the threshold and the time within the outcome.
    """
    found = CONDITIONAL.search(" ".join(text.split()))
    if not found:
        return Slots()
    outcome = found["outcome"].strip(" ,.;")
    return Slots(
        change=found["change"].strip(" ,.;"),
        audience=found["change"].strip(" ,.;"),
        outcome=outcome,
        threshold=outcome if _holds_number(outcome) else "",
        within=outcome if TIME.search(folded(outcome)) else "",
        because=(found["because"] or "").strip(" ,.;"),
    )


CONDITIONAL = re.compile(
    r"\b(?:if|si)\b(?P<change>.+?)"
    r"(?:[,;.]?\s+(?:then|entonces)\b|[,;]\s+(?=(?:we|it|they|se) ))(?P<outcome>.+?)"
    r"(?:[,;.]?\s+(?:because|since|porque|debido a que|ya que)\b(?P<because>.+))?$",
    re.IGNORECASE,
)


def _any_of(words: str) -> re.Pattern[str]:
    """Any of the words, apart from others; each a pattern of its own."""
    return re.compile(rf"\b(?:{'|'.join(words.split())})\b".replace("_", " "))


# What follows is asked of folded text: lower case, without accents. An underscore is a blank.
# A second condition within the first, or after the first claim:
SECOND_IF = re.compile(r"[,.;:-] (?:and |or |y |o )?(?:if|si) \S+(?: \S+)?")
JOINED = re.compile(
    r"(?:;|,?\s(?:and also|as well as|in addition to|together with|y (?:ademas|tambien)|"
    r"ademas de|asi como|junto con))\s+(?:\S+\s*){1,3}"
)
# Ends like a verb in Spanish and is none, or seldom one here.
NO_VERBS = """
    mujer hogar lugar taller celular familiar escolar particular similar regular popular dolar lider
    alquiler bienestar azucar militar titular auxiliar preescolar nuclear solar ayer poder tercer
    primer cualquier caracter pulgar mar par bar placer deber saber circular modular vehicular
    singular ejemplar insular bachiller
"""
VERB = (
    rf"(?!(?:{'|'.join(NO_VERBS.split())})\b)"
    r"[a-z]{2,}(?:ar|er|ir)(?:les?|l[oa]s?|se|nos)?\b"
)
TWO_VERBS_ES = re.compile(rf"^{VERB}.*?\b(?P<words>(?:y|e) {VERB}(?: \S+){{0,2}})")
VERB_EN = (
    r"(?:train|teach|give|provide|offer|send|create|build|develop|install|launch|organi[sz]e|hold|"
    r"deliver|design|introduce|distribute|set up|connect|pay|invite|show|use|make|help|support)"
)
OBJECT_EN = r"(?:the|a|an|them|their|him|his|her|it|its|each|every|all|to)"
TWO_VERBS_EN = re.compile(rf"\b(?P<words>and (?:[a-z]{{3,}}ing|{VERB_EN}) {OBJECT_EN}\b(?: \S+)?)")
VAGUE = _any_of(r"""
    mejor(?:ar|a|as|ara|aran|en|amiento|ado|ada) fortalec\w+ sensibiliz\w+ concienti[zs]\w+
    conciencia empoder\w+ impuls(?:ar|o) promov\w+ foment\w+ potenci(?:ar|a) dinamiz\w+ optimiz\w+
    visibili[zd]\w+ efectividad eficacia calidad_de_vida bienestar articulacion resilien\w+
    improv\w+ strengthen\w* enhanc\w+ awareness empower\w* foster\w* promot(?:e|es|ed|ing)
    effectiveness boost\w* well-?being quality_of_life engage(?:ment|d)? better
""")
COUNTED = re.compile(
    r"\d|%|"
    + _any_of(r"""
    share number percentage percent per_cent rate average score count proportion how_many times
    hours? days? minutes? soles dollars sales income visits porcentaje proporcion numero cantidad
    tasa promedio puntaje indice cuant[oa]s veces horas? dias? minutos? dolares ventas ingresos?
    visitas por_ciento
""").pattern
)
NUMBER_WORDS = _any_of(r"""
    half double[sd]? twice triple[sd]? third quarter two three four five six seven eight nine ten
    twelve twenty thirty fifty hundred mitad doble tercio cuarto dos tres cuatro cinco seis siete
    ocho nueve diez doce veinte treinta cincuenta cien ciento mil
""")
# A number alone, without anything that says of what.
BARE = re.compile(r"[\d\s.,+≥>=~±-]+")
TIME = re.compile(
    r"\d|"
    + _any_of(r"""
    days? weeks? months? years? quarters? hours? dias? semanas? mes meses anos? trimestres?
    semestres? horas? january february march april may june july august september october november
    december enero febrero marzo abril mayo junio julio agosto se(?:p?)tiembre octubre noviembre
    diciembre end_of fin_de final_de campana temporada season
""").pattern
)
BELIEF = _any_of(r"""
    we_(?:believe|think|hope|expect|assume|feel) it_is_(?:believed|expected|thought) creemos
    pensamos esperamos suponemos consideramos se_(?:cree|espera|supone|piensa) obviously clearly
    of_course everybody_knows es_obvio es_evidente todos_saben por_supuesto
""")
EVIDENCE = re.compile(
    r"\d|%|"
    + _any_of(r"""
    saw seen observ\w+ found told said asked report\w* survey\w* interview\w* stud(?:y|ies) data
    evidence pilot\w* research according visits? measured counted vimos visto encontr\w+ dijeron
    pidieron preguntaron inform\w+ encuest\w+ entrevist\w+ estudios? datos evidencias? pilotos?
    investigacion\w* segun visitas? medimos contamos diagnostico
""").pattern
)
WORD = re.compile(r"[a-z]{4,}")
FILLERS = _any_of("""
    that this these those with will have their them they from because when which more than para
    porque como este esta estos estas ellos ellas cuando sera seran entre desde hace hacen
    make makes made causes leads
""")
FEWEST_WORDS, REPEATED = 3, 0.8


def _on_change(slots: Slots) -> Iterator[Remark]:
    searched = [(slots.change, rule) for rule in (SECOND_IF, JOINED, TWO_VERBS_ES, TWO_VERBS_EN)]
    for text, rule in (*searched, (slots.outcome, SECOND_IF)):
        if found := rule.search(folded(text)):
            words = found.groupdict().get("words") or found[0]
            plain = _as_written(words, text).strip(" ,.;:-")
            yield Remark(Fault.SEVERAL_CHANGES, "change", plain)
            return


def _on_outcome(slots: Slots, is_measured: bool | None) -> Iterator[Remark]:
    if is_measured is False:
        yield Remark(Fault.NO_METRIC, "outcome")
    plain = folded(slots.outcome)
    found = VAGUE.search(plain)
    if found and not is_measured and not COUNTED.search(plain):
        yield Remark(Fault.VAGUE_OUTCOME, "outcome", _as_written(found[0], slots.outcome))


def _on_threshold(threshold: str) -> Iterator[Remark]:
    if not threshold:
        yield Remark(Fault.NO_THRESHOLD, "threshold")
    elif not _holds_number(threshold):
        yield Remark(Fault.THRESHOLD_WITHOUT_NUMBER, "threshold", threshold)
    elif BARE.fullmatch(threshold):
        yield Remark(Fault.THRESHOLD_WITHOUT_UNIT, "threshold", threshold)


def _on_audience(slots: Slots) -> Iterator[Remark]:
    if not slots.audience:
        yield Remark(Fault.NO_AUDIENCE, "audience")


def _on_time(within: str) -> Iterator[Remark]:
    if not TIME.search(folded(within)):
        yield Remark(Fault.NO_TIME, "within")


def _on_because(slots: Slots) -> Iterator[Remark]:
    plain = folded(slots.because)
    if not plain:
        yield Remark(Fault.NO_BECAUSE, "because")
    elif EVIDENCE.search(plain):
        return
    elif found := BELIEF.search(plain):
        yield Remark(Fault.BELIEF_FOR_EVIDENCE, "because", _as_written(found[0], slots.because))
    elif _repeats(slots):
        yield Remark(Fault.CIRCULAR, "because")


def _repeats(slots: Slots) -> bool:
    """Whether nearly every word of the reason stands in the claim already."""
    reason = _content(slots.because)
    claim = _content(f"{slots.change} {slots.audience} {slots.outcome}")
    return len(reason) >= FEWEST_WORDS and len(reason & claim) >= REPEATED * len(reason)


def _content(text: str) -> set[str]:
    """The stems of the words that carry meaning."""
    words = WORD.findall(folded(text))
    return {word[:5] for word in words if not FILLERS.fullmatch(word)}


def _holds_number(text: str) -> bool:
    return bool(re.search(r"\d", text) or NUMBER_WORDS.search(folded(text)))


def _as_written(words: str, text: str) -> str:
    """The words of the folded text as they were typed, where each letter has kept its place."""
    start = folded(text).find(words)
    plain = " ".join(text.split())
    is_even = len(folded(text)) == len(plain)
    return (plain[start : start + len(words)] if is_even else words).strip()
