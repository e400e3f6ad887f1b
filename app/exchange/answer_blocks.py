"""Repeated groups of questions (partners, learning questions) as blocks of answers."""

from collections.abc import Iterable, Mapping, Set

from app.exchange.form_marks import Answer

Block = Mapping[str, Answer]


def blocks_of(answers: Iterable[Answer], fields: Set[str], *, closed_by: str = "") -> list[Block]:
    """One block for each partner or question, by field; blocks without an answer are left out.

    A new block begins where a question of the block is asked again, where a section begins, and
    after the question ``closed_by``. So a question left out does not mix two blocks.
    """
    blocks: list[dict[str, Answer]] = [{}]
    for answer in answers:
        field = answer.prompt.field if answer.prompt else ""
        if field == closed_by or (field in fields and answer.after_section):
            blocks.append({})
        if field in fields:
            if field in blocks[-1]:
                blocks.append({})
            blocks[-1][field] = answer
    return [block for block in blocks if any(answer.text for answer in block.values())]


def text_of(block: Block, field: str) -> str:
    """The block's answer to the field's question, ``""`` where it has none."""
    return block[field].text if field in block else ""
