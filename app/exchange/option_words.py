"""The answer options of UNDP's forms, in their spellings, as words of the vocabulary."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from app.exchange.form_text import has_words, key_of, without_bullet
from models.vocabulary import (
    Assignment,
    ChallengeType,
    ControlGroup,
    CostBand,
    DesignType,
    ExperimentState,
    HandoverOutcome,
    QualityCheck,
    SampleBand,
    ScalingOutcome,
    Sector,
    Stage,
)

Rules = Sequence[tuple[str, str]]
JOINED = re.compile(r"\s*(?:[,;|/]|\band\b|\by\b|&(?!\s*related))\s*", re.IGNORECASE)
LISTED = re.compile(r"\s*[,;|/]\s*")
FULL_BOX = re.compile(r"\[\s*[xX✓✔]\s*\]|\(\s*[xX✓✔]\s*\)|[☑☒✅✓✔🗹◉⦿🔘●]\ufe0f?")
EMPTY_BOX = re.compile(r"\[\s*\]|\(\s*\)|[☐⬜]\ufe0f?")
RING = "[□○◯]"  # an empty box beside a full one, else a bullet
ANY_BOX = re.compile(f"({FULL_BOX.pattern}|{EMPTY_BOX.pattern}|{RING})")
WordFor = Callable[[str, bool], str | None]  # an option, and whether it is a part of a line


@dataclass(frozen=True)
class Understood:
    """What a closed question's answer means: words, the lines that name them, and other lines."""

    values: list[str]
    wordings: list[str]
    unknown: list[str]


# Patterns meet the bare words of an option: no case, no punctuation. "\b…" may stand anywhere,
# others must be the whole option.
CHALLENGE_TYPES: Rules = (
    (r"(this is )?(our |a |the )?big ?bets?( challenge)?", ChallengeType.BIG_BET),
    (r"gran apuesta", ChallengeType.BIG_BET),
    (r"(this is )?(our |an |the )?explorator(y|io)( challenge)?", ChallengeType.EXPLORATORY),
    (r"desafio exploratorio|desafío exploratorio", ChallengeType.EXPLORATORY),
)
SECTORS: Rules = (
    (r"private( sectors?)?( partners?)?|sector privado|privado", Sector.PRIVATE_SECTOR),
    (
        r"government(al)?( and| amp)?( related)?( institutions?| partners?)?|public sector"
        r"|public institutions?|gobierno|sector p[uú]blico",
        Sector.GOVERNMENT,
    ),
    (r"united nations( agency| agencies| system)?|un( agency| agencies)?", Sector.UNITED_NATIONS),
    (r"naciones unidas|onu", Sector.UNITED_NATIONS),
    (
        r"civil society( organi[sz]ations?)?( ngos?)?|ngos?|csos?|sociedad civil|ongs?",
        Sector.CIVIL_SOCIETY,
    ),
    (r"academi[ac]( and| amp)?( related)?( institutions?| partners?)?", Sector.ACADEMIA),
    (r"universit(y|ies)|academia", Sector.ACADEMIA),
    (r"others?( please specify)?|otros?", Sector.OTHER),
)
STAGES: Rules = (
    (r"sense|sentir|sensing", Stage.SENSE),
    (r"explore|explorar|exploring", Stage.EXPLORE),
    (r"test|probar|testing", Stage.TEST),
    (r"grow|crecer|growing", Stage.GROW),
)
CONTROL_GROUPS: Rules = (
    (r"\bdifferent group\b", ControlGroup.DIFFERENT_GROUP),
    (r"\bsame group\b", ControlGroup.SAME_GROUP_BEFORE),
    (r"\bdoes not use\b|\bno control group\b", ControlGroup.NONE),
    (r"no|none", ControlGroup.NONE),
    (r"don t know|do not know|unknown|not sure|no sé|no se sabe", ControlGroup.UNKNOWN),
)
ASSIGNMENTS: Rules = (
    (r"non ?random( assignment)?|nonrandom(ized|ised)?", Assignment.NON_RANDOM),
    (r"random(i[sz]ed)?( assignment)?", Assignment.RANDOM),
    (r"others?( please specify)?", Assignment.OTHER),
)
DESIGN_TYPES: Rules = (
    (r"\bpre ?experimental\b", DesignType.PRE_EXPERIMENTAL),
    (r"\bquasi ?experimental\b", DesignType.QUASI_EXPERIMENTAL),
    (r"(fully )?randomi[sz]ed( rcts?)?( etc)?", DesignType.EXPERIMENTAL),
    (r"experimental( rcts?)?( etc)?", DesignType.EXPERIMENTAL),
)
SAMPLE_BANDS: Rules = (
    (r"1", SampleBand.ONE),
    (r"2( to)? 9", SampleBand.FROM_2_TO_9),
    (r"10( to)? 49", SampleBand.FROM_10_TO_49),
    (r"50( to)? 99", SampleBand.FROM_50_TO_99),
    (r"100( to)? 999", SampleBand.FROM_100_TO_999),
    (r"more than 1 ?000|1 ?000|over 1 ?000", SampleBand.OVER_1000),
)
COST_BANDS: Rules = (
    (r"less than 1 ?000( usd| us)?|under 1 ?000( usd)?", CostBand.UNDER_1000),
    (r"between 1 ?000 and 9 ?999( usd)?", CostBand.FROM_1000_TO_9999),
    (r"between 10 ?000 and 20 ?000( usd)?", CostBand.FROM_10000_TO_20000),
    (r"(more than|over) 20 ?000( usd)?", CostBand.OVER_20000),
)
QUALITY_CHECKS: Rules = (
    (r"\bhypothesis is clear", QualityCheck.CLEAR_HYPOTHESIS),
    (r"\brelevant to a cpd\b", QualityCheck.CPD_RELEVANT),
    (r"\bstrong collaboration\b", QualityCheck.COLLABORATION),
    (r"\bpotential for scal", QualityCheck.SCALING_POTENTIAL),
    (r"\blow risk\b", QualityCheck.LOW_RISK),
)
STATES: Rules = (
    (r"completed|complete|finished|finalizado|completado", ExperimentState.COMPLETED),
    (r"implementation( stage)?|implementing|ongoing|in progress|running", ExperimentState.RUNNING),
    (r"design( stage)?|designing", ExperimentState.DESIGN),
    (r"(under )?review|in review", ExperimentState.UNDER_REVIEW),
    (r"idea( stage)?|ideation( stage)?|not started", ExperimentState.IDEA),
    (r"paused|on hold", ExperimentState.PAUSED),
    (r"stopped( early)?|cancell?ed|abandoned", ExperimentState.STOPPED_EARLY),
    (r"archived", ExperimentState.ARCHIVED),
)
SCALING_OUTCOMES: Rules = (
    (r"\bnot scale\b", ScalingOutcome.NOT_YET),
    (r"\bled to partnerships?\b|\bnew partnerships?\b", ScalingOutcome.PARTNERSHIPS),
    (r"\bnew ways of working\b", ScalingOutcome.NEW_WAYS_OF_WORKING),
    (r"\bpublic polic", ScalingOutcome.PUBLIC_POLICY),
    (r"\bscaled in numbers\b", ScalingOutcome.SCALED_IN_NUMBERS),
    (r"\bresources? mobili[sz]", ScalingOutcome.RESOURCES_MOBILIZED),
)
# Two of these wordings stand on real pages; the others are read by what sets each option apart.
HANDOVER_OUTCOMES: Rules = (
    (r"\bcountry office programming\b", HandoverOutcome.OFFICE_PROGRAMMING),
    (
        r"\bexpanded geographically (with)?in (our|the|a) country\b",
        HandoverOutcome.EXPANDED_IN_COUNTRY,
    ),
    (
        r"\b(other|another|different|neighbou?ring) countr(y|ies)\b|\bregional(ly)? level\b",
        HandoverOutcome.EXPANDED_ABROAD,
    ),
    (r"\bnot (yet )?(been )?(picked|handed|scaled|led)\b|\bnot yet\b", HandoverOutcome.NOT_YET),
    (r"\bprivate sector\b", HandoverOutcome.PRIVATE_SECTOR_ADOPTED),
    (r"\bcivil society\b|\bngos?\b|\bcsos?\b", HandoverOutcome.CIVIL_SOCIETY_ADOPTED),
    (r"\bgovernments?\b|\bpublic polic", HandoverOutcome.GOVERNMENT_ADOPTED),
    (r"others?( please specify)?", HandoverOutcome.OTHER),
)
YES_OR_NO: Rules = ((r"yes|y|true|s[ií]", "yes"), (r"no|n|false", "no"))

GOALS = (
    "no poverty",
    "zero hunger",
    "good health and well being",
    "quality education",
    "gender equality",
    "clean water and sanitation",
    "affordable and clean energy",
    "decent work and economic growth",
    "industry innovation and infrastructure",
    "reduced inequalities",
    "sustainable cities and communities",
    "responsible consumption and production",
    "climate action",
    "life below water",
    "life on land",
    "peace justice and strong institutions",
    "partnerships for the goals",
)


def understood(text: str, rules: Rules) -> Understood:
    """The options an answer names, one a line or several in a line, each once and in order."""
    return _sorted_out(text, lambda option, is_part: _word_for(option, rules, only_whole=is_part))


def understood_goals(text: str) -> Understood:
    """The Sustainable Development Goals an answer names, as numbers in text."""
    return _sorted_out(text, lambda option, _: _goal(option))


def is_quality_check(line: str) -> bool:
    """Whether the line is an option of the experiment form's quality check."""
    return _word_for(ANY_BOX.sub("", without_bullet(line)), QUALITY_CHECKS) is not None


def _sorted_out(text: str, word_for: WordFor) -> Understood:
    values: list[str] = []
    wordings: list[str] = []
    unknown: list[str] = []
    has_boxes = bool(FULL_BOX.search(text) or EMPTY_BOX.search(text))
    for option in _whole(text, word_for):
        chosen = _chosen(option) if has_boxes else [option]
        words = [_words_for(each, word_for) for each in chosen]
        values += chain.from_iterable(words)
        (wordings if all(words) else unknown).append(option)
    return Understood(list(dict.fromkeys(values)), list(dict.fromkeys(wordings)), unknown)


def _whole(text: str, word_for: WordFor) -> list[str]:
    """The options, one a line; an option that goes on over the next line is made whole."""
    options: list[str] = []
    for line in filter(None, map(without_bullet, text.split("\n"))):
        goes_on = options and (line[0].islower() or word_for(options[-1], False) is None)
        is_rest = goes_on and word_for(line, False) is None
        if is_rest and word_for(f"{options[-1]} {line}", False):
            options[-1] = f"{options[-1]} {line}"
        else:
            options.append(line)
    return options


def _chosen(line: str) -> list[str]:
    """The options of a line whose box is full; a line without a box is chosen as it stands."""
    before, *parts = ANY_BOX.split(line)
    if not parts:
        return [line]
    boxes, options = parts[::2], parts[1::2]
    if has_words(before):  # each box stands behind its option
        options = [before, *options[:-1]]
    return [
        option.strip()
        for box, option in zip(boxes, options, strict=True)
        if FULL_BOX.fullmatch(box)
    ]


def _words_for(option: str, word_for: WordFor) -> list[str]:
    """The words a line names: its own, or those of its parts where every part is an option.

    "And" may stand inside an option, so what it joins must be whole options; a comma is clearer.
    """
    joined = [word_for(part, True) for part in JOINED.split(option) if part]
    listed = [word_for(part, False) for part in LISTED.split(option) if part]
    by_parts = _all_of(joined) or _all_of(listed)
    whole = word_for(option, False)
    return by_parts if len(by_parts) > 1 or whole is None else [whole]


def _all_of(words: Sequence[str | None]) -> list[str]:
    """The words, each once; none where a part was no option."""
    named = [word for word in words if word is not None]
    return list(dict.fromkeys(named)) if len(named) == len(words) else []


def _word_for(option: str, rules: Rules, *, only_whole: bool = False) -> str | None:
    words = key_of(option)
    for pattern, word in rules:
        is_search = pattern.startswith("\\b")
        if is_search and only_whole:
            continue
        compiled = _compiled(pattern)
        if compiled.search(words) if is_search else compiled.fullmatch(words):
            return str(word)
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _goal(option: str) -> str | None:
    """Goal 10 is written "10. Reduced innequalities", "SDG 10" or "Reduced inequalities"."""
    words = key_of(option).replace("innequalities", "inequalities")
    numbered = re.match(r"(?:sdgs?|ods|goal)? ?(\d{1,2})(?:\b|$)", words)
    if numbered and 1 <= int(numbered[1]) <= len(GOALS):
        return str(int(numbered[1]))
    return str(GOALS.index(words) + 1) if words in GOALS else None
