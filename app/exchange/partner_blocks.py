"""The partners of a plan or of a reflection, in the order given."""

from collections.abc import Iterable

from app.exchange.answer_blocks import Block, blocks_of, text_of
from app.exchange.drafts import Draft
from app.exchange.form_marks import Answer
from app.exchange.form_text import excerpt
from app.exchange.option_words import SECTORS, YES_OR_NO, understood
from app.exchange.readings import PartnerReading
from app.language.sentences import Sentence, sentence
from models.vocabulary import Sector

PARTNER_FIELDS = frozenset(
    {"partner_name", "partner_sector", "partner_collaboration", "partner_is_new"}
)
MOST_PARTNERS = 5


def record_partners(draft: Draft, answers: Iterable[Answer]) -> None:
    """Read the blocks of partners into the draft, all of them, ranked in their order."""
    for rank, block in enumerate(
        blocks_of(answers, PARTNER_FIELDS, closed_by="partners_heading"), start=1
    ):
        draft.partners.append(_partner(draft, rank, block))
    count = len(draft.partners)
    if count > MOST_PARTNERS:
        draft.flag(
            "partners",
            sentence(
                "There are %(count)s partners where the form allows 5; all were kept.", count=count
            ),
        )


def _partner(draft: Draft, rank: int, block: Block) -> PartnerReading:
    name = text_of(block, "partner_name")
    if not name:
        draft.flag("partners", sentence("Partner %(rank)s has no name.", rank=rank))
    return PartnerReading(
        rank=rank,
        name=name,
        sector=_sector(draft, rank, text_of(block, "partner_sector")),
        collaboration=text_of(block, "partner_collaboration"),
        new_and_unusual=_yes_or_no(draft, rank, text_of(block, "partner_is_new")),
    )


def _sector(draft: Draft, rank: int, text: str) -> Sector | None:
    meant = understood(text, SECTORS)
    if len(meant.values) > 1:
        draft.flag(
            "partners",
            sentence(
                "Partner %(rank)s belongs to several sectors (%(text)s); the first was taken.",
                rank=rank,
                text=excerpt(text),
            ),
        )
    for unknown in meant.unknown:
        _keep(draft, unknown, _not_an_answer(rank, unknown))
    draft.keep_as_written(f"partner {rank} sector", "\n".join(meant.wordings), meant.values[:1])
    return Sector(meant.values[0]) if meant.values else None


def _yes_or_no(draft: Draft, rank: int, text: str) -> bool | None:
    meant = understood(text, YES_OR_NO)
    if meant.unknown or len(meant.values) > 1:
        _keep(draft, text, _not_an_answer(rank, text))
    if len(meant.values) != 1 or meant.unknown:
        return None
    draft.keep_as_written(f"partner {rank} new", text, meant.values)
    return meant.values[0] == "yes"


def _not_an_answer(rank: int, text: str) -> Sentence:
    return sentence(
        "“%(text)s” is not among the answers about partner %(rank)s.", rank=rank, text=excerpt(text)
    )


def _keep(draft: Draft, text: str, message: Sentence) -> None:
    draft.keep(text)
    draft.flag("partners", message)
