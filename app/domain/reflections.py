"""The closing form of a plan (reflection): what a person writes in it, and what it may not say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.plan_content import Content, PartnerEntry
from app.domain.plans import MOST_NAME, is_web_address, partner_problems
from app.domain.refusals import Problem
from app.domain.texts import text_problems, too_long
from app.language.sentences import Sentence, sentence
from models.vocabulary import HandoverOutcome

MOST_INSIGHTS = 5
MOST_PARTNERS = 20
WHOLE = 100
SHARES = ("time_sense", "time_explore", "time_test", "time_grow")
NAMED = ("methods", "data_sources")
BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class ReflectionContent(Content):
    """Everything a person writes in a closing form. A share of time is in percent."""

    insights: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    barriers: str = ""
    time_sense: int | None = None
    time_explore: int | None = None
    time_test: int | None = None
    time_grow: int | None = None
    handover_outcomes: tuple[HandoverOutcome, ...] = ()
    handover_detail: str = ""
    methods: tuple[str, ...] = ()
    methods_used: str = ""
    data_sources: tuple[str, ...] = ()
    data_used: str = ""
    partners: tuple[PartnerEntry, ...] = ()
    partners_civil_society: str = ""
    partners_academia: str = ""
    partners_private_sector: str = ""
    partners_government: str = ""
    partners_united_nations: str = ""
    partners_new_and_unusual: str = ""
    bonus: str = ""
    supporting_evidence: str = ""


NOTHING = ReflectionContent()


def problems_of(
    content: ReflectionContent, *, before: ReflectionContent = NOTHING
) -> list[Problem]:
    """What cannot be saved. What an import found over a limit already may stay as it is."""
    if content == NOTHING:
        return [Problem("insights", sentence("Nothing is filled in yet: write a key insight."))]
    return [
        *(share_problems(content) if _shares(content) != _shares(before) else ()),
        *_count_problems(content, before),
        *_link_problems(content, before),
        *partner_problems(content.partners),
        *_text_problems(content, before),
    ]


def share_problems(content: ReflectionContent) -> Iterator[Problem]:
    """The shares of time: all four or none, each from 0 to 100, together 100."""
    shares = _shares(content)
    given = [share for share in shares.values() if share is not None]
    wrong = [name for name, share in shares.items() if share is not None and not _is_share(share)]
    for name in wrong:
        yield Problem(name, sentence("A share of time is a whole number from 0 to 100."))
    if wrong or not given:
        return
    if len(given) < len(shares):
        empty = next(name for name, share in shares.items() if share is None)
        said = sentence("Fill in all four shares of time, or none: write 0 for no time.")
        yield Problem(empty, said, judged_by=SHARES)
    elif sum(given) != WHOLE:
        yield Problem(SHARES[0], not_the_whole(sum(given)), judged_by=SHARES)


def not_the_whole(total: int) -> Sentence:
    """The refusal of shares that leave time over, or take more than there is."""
    return sentence("The shares of time add up to %(total)s and not to 100.", total=total)


def insights_in(text: str) -> tuple[str, ...]:
    """The insights of a text, which stand apart by blank lines."""
    return _parts(BLANK_LINES.split(text))


def links_in(text: str) -> tuple[str, ...]:
    """The links of a text, one a line."""
    return _parts(text.split("\n"))


def insights_text(insights: Iterable[str]) -> str:
    """Insights as one text that ``insights_in`` takes apart again."""
    return "\n\n".join(BLANK_LINES.sub("\n", each.strip()) for each in insights)


def links_text(links: Iterable[str]) -> str:
    """Links as one text that ``links_in`` takes apart again."""
    return "\n".join(links)


def _shares(content: ReflectionContent) -> dict[str, int | None]:
    return {name: getattr(content, name) for name in SHARES}


def _parts(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in parts if part.strip())


def _is_share(share: int) -> bool:
    return 0 <= share <= WHOLE


def _count_problems(content: ReflectionContent, before: ReflectionContent) -> Iterator[Problem]:
    insights, partners = len(content.insights), len(content.partners)
    if insights > max(MOST_INSIGHTS, len(before.insights)):
        said = sentence(
            "There are %(n)s key insights; at most %(most)s fit.", n=insights, most=MOST_INSIGHTS
        )
        yield Problem("insights", said)
    if partners > max(MOST_PARTNERS, len(before.partners)):
        said = sentence(
            "There are %(n)s partners; at most %(most)s fit.", n=partners, most=MOST_PARTNERS
        )
        yield Problem("partners", said)


def _link_problems(content: ReflectionContent, before: ReflectionContent) -> Iterator[Problem]:
    for place, link in enumerate(content.links):
        if link not in before.links and not is_web_address(link):
            said = sentence("Write the whole address, beginning with https://.")
            yield Problem(f"links.{place}", said)


def _text_problems(content: ReflectionContent, before: ReflectionContent) -> Iterator[Problem]:
    for problem in text_problems(content):
        if getattr(content, problem.field or "") != getattr(before, problem.field or ""):
            yield problem
    for place, partner in enumerate(content.partners):
        if partner not in before.partners:
            yield from text_problems(partner, {"name": MOST_NAME}, under=f"partners.{place}.")
    for name in NAMED:
        new = set(getattr(content, name)) - set(getattr(before, name))
        if any(len(each) > MOST_NAME for each in new):
            yield Problem(name, too_long(MOST_NAME))
