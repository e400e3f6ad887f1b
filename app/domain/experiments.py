"""What an experiment may say of itself: its short core, and the blocks beyond it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import is_currency

from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.statistics.repeated import MOST_LOOKS
from app.domain.texts import MOST_LINE, is_blank, quoted, text_problems
from app.language.sentences import sentence
from models.vocabulary import (
    Assignment,
    ComparisonDesign,
    ControlGroup,
    DesignType,
    ExperimentKind,
    LookRule,
)

LAST_SDG = 17
MOST_PARTNERS = 20
# The largest whole number both databases keep in their plain integer columns, rounded down.
MOST_WHOLE = 2_000_000_000
CENT = Decimal("0.01")
# Typed and computed dollars may differ by rounding and by bank charges, not by more.
DOLLAR_TOLERANCE = Decimal("0.02")


@dataclass(frozen=True, kw_only=True)
class Core:
    """The few things asked of everybody."""

    title: str
    learning_intent: str
    lead_programme_id: int | None
    owner_id: int | None
    learning_question_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Everything else, all optional. Money in US dollars; ``rate_to_usd`` is local units a dollar.

    ``partners`` are names, the most important first; ``ubigeos`` codes of departments;
    ``repeats`` is the code of the experiment it repeats.
    ``attrition_limit`` is a share, 0 to 1.
    """

    contributing_programme_ids: tuple[int, ...] = ()
    kind: ExperimentKind | None = None
    partners: tuple[str, ...] = ()
    ubigeos: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    design_type: DesignType | None = None
    control_group: ControlGroup | None = None
    assignment: Assignment | None = None
    actions: str = ""
    unit_of_analysis: str = ""
    sample_planned: int | None = None
    data_collection: str = ""
    timeline: str = ""
    comparison_design: ComparisonDesign | None = None
    looks_planned: int | None = None
    look_rule: LookRule | None = None
    stops_on: date | None = None
    attrition_limit: Decimal | None = None
    cluster_size: Decimal | None = None
    icc: Decimal | None = None
    budget_planned_usd: Decimal | None = None
    cost_actual_usd: Decimal | None = None
    local_currency: str | None = None
    cost_actual_local: Decimal | None = None
    rate_to_usd: Decimal | None = None
    cost_note: str = ""
    groups_reached: str = ""
    quality_checks: tuple[str, ...] = ()
    consent_given: bool | None = None
    do_no_harm_checked: bool | None = None
    what_happened: str = ""
    obstacles: str = ""
    surprises: str = ""
    advice: str = ""
    manual: str = ""
    fidelity_record: str = ""
    repeats: str = ""
    repeated_elsewhere: str = ""
    scaling_outcomes: tuple[str, ...] = ()
    source: str = ""


def problems_of_core(core: Core) -> list[Problem]:
    """What the core lacks, and what of it is too long."""
    problems = list(text_problems(core, {"title": MOST_LINE}))
    if is_blank(core.title):
        problems.append(Problem("title", sentence("Give the experiment a title.")))
    if is_blank(core.learning_intent):
        problems.append(
            Problem("learning_intent", sentence("Say in a sentence what you want to learn."))
        )
    if core.lead_programme_id is None:
        problems.append(
            Problem("lead_programme_id", sentence("Choose the programme that leads it."))
        )
    if core.owner_id is None:
        problems.append(Problem("owner_id", sentence("Choose who looks after it.")))
    return problems


def problems_of_blocks(blocks: Blocks, *, standing_partners: int = 0) -> list[Problem]:
    """What the optional blocks say that cannot be. As many partners as there are may stay."""
    return [
        *_date_problems(blocks),
        *_amount_problems(blocks),
        *_currency_problems(blocks),
        *_whole_problems(blocks),
        *_look_problems(blocks),
        *_comparison_problems(blocks),
        *_listed_problems(blocks),
        *_partner_problems(blocks, most=max(MOST_PARTNERS, standing_partners)),
        *text_problems(blocks),
    ]


def cost_in_usd(blocks: Blocks) -> Decimal | None:
    """What it cost in US dollars: as typed, else the local amount at its rate."""
    return blocks.cost_actual_usd if blocks.cost_actual_usd is not None else _converted(blocks)


def each_once(names: Sequence[str]) -> list[str]:
    """Each name once, as it was written first."""
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(folded(name), name)
    return list(once.values())


def duration_days(starts_on: date | None, ends_on: date | None) -> int | None:
    """The days it lasts, both ends counted; None unless both are known."""
    return (ends_on - starts_on).days + 1 if starts_on and ends_on else None


def _date_problems(blocks: Blocks) -> Iterator[Problem]:
    if blocks.starts_on and blocks.ends_on and blocks.ends_on < blocks.starts_on:
        yield Problem(
            "ends_on", sentence("It cannot end before it starts, on %(day)s.", day=blocks.starts_on)
        )


def _amount_problems(blocks: Blocks) -> Iterator[Problem]:
    for name in ("budget_planned_usd", "cost_actual_usd", "cost_actual_local"):
        amount = getattr(blocks, name)
        if amount is not None and amount < 0:
            yield Problem(name, sentence("An amount cannot be negative."))
    if blocks.rate_to_usd is not None and blocks.rate_to_usd <= 0:
        yield Problem("rate_to_usd", sentence("A rate is greater than zero."))


def _currency_problems(blocks: Blocks) -> Iterator[Problem]:
    code, amount, rate = blocks.local_currency, blocks.cost_actual_local, blocks.rate_to_usd
    if code and not is_currency(code):
        yield Problem(
            "local_currency",
            sentence("“%(code)s” is no currency code. Write it like PEN.", code=quoted(code)),
        )
    if amount is not None and not code:
        yield Problem("local_currency", sentence("Name the currency of the local amount."))
    if amount is not None and rate is None:
        yield Problem(
            "rate_to_usd", sentence("Write the rate used, in units of the currency for one dollar.")
        )
    if amount is None and rate is not None:
        yield Problem("cost_actual_local", sentence("Write the amount this rate belongs to."))
    if _disagree(blocks):
        yield Problem(
            "cost_actual_usd",
            sentence(
                "At this rate the local amount comes to USD %(amount)s: correct one of the three, "
                "or leave the dollars empty to have them computed.",
                amount=_converted(blocks),
            ),
        )


def _disagree(blocks: Blocks) -> bool:
    typed, computed = blocks.cost_actual_usd, _converted(blocks)
    if typed is None or computed is None:
        return False
    return abs(typed - computed) > max(computed * DOLLAR_TOLERANCE, CENT)


def _converted(blocks: Blocks) -> Decimal | None:
    amount, rate = blocks.cost_actual_local, blocks.rate_to_usd
    if amount is None or rate is None or rate <= 0 or amount < 0:
        return None
    return (amount / rate).quantize(CENT, ROUND_HALF_UP)


def _whole_problems(blocks: Blocks) -> Iterator[Problem]:
    if blocks.sample_planned is not None and not 1 <= blocks.sample_planned <= MOST_WHOLE:
        yield Problem(
            "sample_planned",
            sentence("A sample is a whole number from 1 to %(most)s.", most=MOST_WHOLE),
        )


def _look_problems(blocks: Blocks) -> Iterator[Problem]:
    looks = blocks.looks_planned
    if looks is not None and not 1 <= looks <= MOST_LOOKS:
        said = sentence("Plan from 1 to %(most)s looks at the results.", most=MOST_LOOKS)
        yield Problem("looks_planned", said)
    elif (looks or 1) > 1 and blocks.look_rule is None:
        said = sentence("With several looks, choose the rule that shares out false alarms.")
        yield Problem("look_rule", said, judged_by=("looks_planned",))
    elif blocks.look_rule is not None and (looks or 1) == 1:
        said = sentence("One look needs no rule: leave this empty, or plan several looks.")
        yield Problem("look_rule", said, judged_by=("looks_planned",))
    if blocks.stops_on and blocks.starts_on and blocks.stops_on < blocks.starts_on:
        said = sentence("It cannot end before it starts, on %(day)s.", day=blocks.starts_on)
        yield Problem("stops_on", said, judged_by=("starts_on",))


def _comparison_problems(blocks: Blocks) -> Iterator[Problem]:
    limit, size, icc = blocks.attrition_limit, blocks.cluster_size, blocks.icc
    if limit is not None and not 0 <= limit <= 1:
        yield Problem("attrition_limit", sentence("A share lies between 0 and 100 per cent."))
    if size is not None and size < 1:
        yield Problem("cluster_size", sentence("A cluster holds at least 1."))
    if icc is not None and not 0 <= icc <= 1:
        yield Problem("icc", sentence("The correlation lies between 0 and 1."))
    if (size is None) != (icc is None):
        absent = "cluster_size" if size is None else "icc"
        said = sentence("Cluster size and correlation belong together: write both or neither.")
        yield Problem(absent, said, judged_by=("cluster_size", "icc"))


def _listed_problems(blocks: Blocks) -> Iterator[Problem]:
    if any(not 1 <= goal <= LAST_SDG for goal in blocks.sdgs):
        yield Problem("sdgs", sentence("Choose among the 17 goals."))


def _partner_problems(blocks: Blocks, *, most: int) -> Iterator[Problem]:
    named = len({folded(name) for name in blocks.partners})
    if named > most:
        said = sentence("%(n)s partners are too many: name at most %(most)s.", n=named, most=most)
        yield Problem("partners", said)
    if any(len(name) > MOST_LINE for name in blocks.partners):
        yield Problem("partners", sentence("A partner's name has at most 300 characters."))
