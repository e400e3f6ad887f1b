"""The lines of a form that are not answers, and the answers that stand between them.

A reader of one way of writing (flat text, archive page) marks the lines; from there on both go
the same way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from app.exchange.form_prompts import Form, Prompt
from app.exchange.form_text import decoded


class MarkKind(Enum):
    """What a marked line does to the text around it."""

    QUESTION = auto()  # begins an answer
    SECTION = auto()  # ends the answer before it
    NOTE = auto()  # is left out of the answer around it
    BREAK = auto()  # parts an answer in two paragraphs


@dataclass(frozen=True)
class Mark:
    """Marked lines ``first`` to ``last``; ``rest`` is answer text on the last of them."""

    kind: MarkKind
    first: int
    last: int
    prompt: Prompt | None = None
    wording: str = ""
    section: str = ""
    rest: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer as written, without space around it; ``""`` where nothing was answered.

    ``prompt`` None: a question that is none of UNDP's, as ``wording`` says it.
    ``after_section``: a section began between this question and the one before it.
    """

    prompt: Prompt | None
    wording: str
    text: str
    after_section: bool = False


@dataclass(frozen=True)
class Tag:
    """What a page says about itself: ``[[name:value]]``."""

    name: str
    value: str


@dataclass
class Paper:
    """A text taken apart: heading, text before the first question, answers, and the rest."""

    heading: str = ""
    preamble: list[str] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


class _Taking:
    """Collects the parts of one answer after the other."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.answers: list[Answer] = []
        self.loose: list[str] = []
        self.question: Mark | None = None
        self.parts: list[str] = []
        self.part: list[str] = []
        self.after_section = False

    def take(self, mark: Mark) -> None:
        match mark.kind:
            case MarkKind.QUESTION:
                self.close()
                self.question = mark
            case MarkKind.SECTION:
                self.close()
                self.after_section = True
            case MarkKind.BREAK:
                self.close_part()
            case MarkKind.NOTE:
                pass
        if mark.rest:
            self.part.append(mark.rest)

    def add_lines(self, first: int, end: int) -> None:
        self.part.extend(self.lines[first:end])

    def close_part(self) -> None:
        text = decoded("\n".join(self.part)).strip()
        if text:
            self.parts.append(text)
        self.part = []

    def close(self) -> None:
        self.close_part()
        text = "\n\n".join(self.parts)
        self.parts = []
        if self.question is not None:
            question, self.question = self.question, None
            self.answers.append(Answer(question.prompt, question.wording, text, self.after_section))
            self.after_section = False
        elif text:
            self.loose.append(text)


def take_apart(lines: Sequence[str], marks: Sequence[Mark]) -> tuple[list[Answer], list[str]]:
    """The answers in the order asked, and the texts that stand under no question."""
    taking = _Taking(lines)
    position = marks[0].first if marks else len(lines)
    for mark in marks:
        taking.add_lines(position, mark.first)
        taking.take(mark)
        position = mark.last + 1
    taking.add_lines(position, len(lines))
    taking.close()
    return taking.answers, taking.loose


def by_form(answers: Iterable[Answer]) -> dict[Form, list[Answer]]:
    """The answers of each form present, in the order the forms begin.

    A question that several forms ask belongs to the form around it; one that none asks, too.
    """
    answers = list(answers)
    current = _first_form(answers)
    sorted_answers: dict[Form, list[Answer]] = {}
    for answer in answers:
        if answer.prompt is not None and current not in answer.prompt.forms:
            current = _only_form(answer.prompt) or current
        sorted_answers.setdefault(current, []).append(answer)
    return sorted_answers


def _first_form(answers: Iterable[Answer]) -> Form:
    for answer in answers:
        form = _only_form(answer.prompt) if answer.prompt else None
        if form is not None:
            return form
    return Form.INITIAL


def _only_form(prompt: Prompt) -> Form | None:
    return next(iter(prompt.forms)) if len(prompt.forms) == 1 else None


def next_written(lines: Sequence[str], start: int) -> int | None:
    """The number of the first line from ``start`` that is not blank."""
    return next((number for number in range(start, len(lines)) if lines[number].strip()), None)
