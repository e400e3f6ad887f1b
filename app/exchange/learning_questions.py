"""The learning questions of a plan, each with its stages, methods and gaps."""

import re
from collections.abc import Iterable

from app.exchange.answer_blocks import Block, blocks_of, text_of
from app.exchange.drafts import Draft
from app.exchange.form_marks import Answer
from app.exchange.form_text import without_bullet
from app.exchange.option_words import STAGES, understood
from app.exchange.readings import LearningQuestionReading
from app.language.sentences import sentence
from models.vocabulary import Stage

QUESTION_FIELDS = frozenset(
    {
        "question_text",
        "question_stages",
        "question_methods",
        "question_method_use",
        "question_new_data_sources",
        "question_data_gaps",
    }
)
LETTER = re.compile(r"[^\W\d_]")
END_SIGNS = re.compile(r"[?？!]+[”\"’')\]*_]*")


def split_questions(text: str) -> list[str]:
    """The questions of an answer, one each: "Why? How?" and "¿Por qué? ¿Cómo?" are two.

    Text before a question stays with it and text after the last one stays with the last, so that
    no word is lost; an answer without any question mark is one question; "" is none.
    """
    starts = [0]
    for mark in END_SIGNS.finditer(text):
        is_end = text[mark.end() : mark.end() + 1] in ("", "¿") or text[mark.end()].isspace()
        is_question = "?" in mark.group() or "？" in mark.group()
        if is_end and is_question and LETTER.search(text, starts[-1], mark.end()):
            starts.append(mark.end())
    if len(starts) > 1:
        starts.pop()  # what follows the last question stays with it
    ends = [*starts[1:], len(text)]
    questions = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [question for question in questions if question]


def record_questions(draft: Draft, answers: Iterable[Answer]) -> None:
    """Read the blocks of learning questions into the draft, all of them, in their order."""
    for number, block in enumerate(blocks_of(answers, QUESTION_FIELDS), start=1):
        draft.learning_questions.append(_question(draft, number, block))
    _point_at_doubts(draft)


def _question(draft: Draft, number: int, block: Block) -> LearningQuestionReading:
    stages = understood(text_of(block, "question_stages"), STAGES)
    for unknown in stages.unknown:
        draft.keep_unread("learning_questions", unknown)
    draft.keep_as_written(f"question {number} stages", "\n".join(stages.wordings), stages.values)
    return LearningQuestionReading(
        text=text_of(block, "question_text"),
        stages=[Stage(stage) for stage in stages.values],
        methods=listed(text_of(block, "question_methods")),
        method_use=text_of(block, "question_method_use"),
        new_data_sources=text_of(block, "question_new_data_sources"),
        data_gaps=text_of(block, "question_data_gaps"),
    )


def listed(text: str) -> list[str]:
    """The lines of a list, without their bullets."""
    return [line for line in map(without_bullet, text.split("\n")) if line]


def _point_at_doubts(draft: Draft) -> None:
    for number, question in enumerate(draft.learning_questions, start=1):
        count = len(split_questions(question.text))
        if count > 1:
            draft.flag(
                "learning_questions",
                sentence(
                    "Learning question %(number)s holds %(count)s questions:"
                    " it can be split into one each.",
                    number=number,
                    count=count,
                ),
            )
        if not question.text:
            draft.flag(
                "learning_questions",
                sentence("Learning question %(number)s has no text.", number=number),
            )
    _point_at_copies(draft)


def _point_at_copies(draft: Draft) -> None:
    """Some pages hold the same question several times."""
    numbers: dict[str, list[int]] = {}
    for number, question in enumerate(draft.learning_questions, start=1):
        numbers.setdefault(question.model_dump_json(), []).append(number)
    for copies in numbers.values():
        if len(copies) > 1:
            draft.flag(
                "learning_questions",
                sentence(
                    "Learning question %(number)s stands in the form %(count)s times, word for"
                    " word; all were kept.",
                    number=copies[0],
                    count=len(copies),
                ),
            )
