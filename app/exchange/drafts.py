"""A reading in the making: every answer goes to its field, or is kept and pointed at."""

from collections.abc import Sequence

from app.exchange.form_marks import Answer
from app.exchange.form_prompts import Prompt
from app.exchange.form_text import excerpt, has_words, key_of
from app.exchange.option_words import Rules, Understood, understood
from app.exchange.readings import (
    FieldValue,
    Flag,
    LearningQuestionReading,
    PartnerReading,
    Reading,
    blank_fields,
)
from app.language.sentences import Sentence, listed, sentence
from models.vocabulary import PageKind

Ordered = dict[str, None]  # a set that keeps its order


class Draft:
    """Collects what one form says. Nothing given to it is dropped."""

    def __init__(self, kind: PageKind) -> None:
        self.kind = kind
        self.partners: list[PartnerReading] = []
        self.learning_questions: list[LearningQuestionReading] = []
        self._fields = blank_fields(kind)
        self._texts: dict[str, Ordered] = {}
        self._lists: dict[str, Ordered] = {}
        self._flags: dict[tuple[str, str], Flag] = {}
        self._unmapped: list[str] = []
        self._answered: set[Prompt] = set()

    def reading(self) -> Reading:
        """The finished reading."""
        return Reading(
            kind=self.kind,
            fields={name: self.value(name) for name in self._fields},
            partners=self.partners,
            learning_questions=self.learning_questions,
            flags=list(self._flags.values()),
            unmapped=self._unmapped,
        )

    def has(self, field: str) -> bool:
        """Whether a form of this kind knows the field."""
        return field in self._fields

    def value(self, field: str) -> FieldValue:
        """What the field holds by now."""
        if field in self._texts:
            return "\n\n".join(self._texts[field])
        if field == "sdgs":
            return [int(goal) for goal in self._lists.get(field, ())]
        if field in self._lists:
            return list(self._lists[field])
        return self._fields[field]

    def text(self, field: str) -> str:
        """What the text field holds by now."""
        return "\n\n".join(self._texts.get(field, ()))

    def listed(self, field: str) -> Sequence[str]:
        """What the list field holds by now, as text."""
        return list(self._lists.get(field, ()))

    def set(self, field: str, value: FieldValue) -> None:
        """Set a field that holds one value."""
        self._texts.pop(field, None)
        self._fields[field] = value

    def flag(self, field: str, message: Sentence) -> None:
        """Point a person at a field, once in the same words."""
        self._flags.setdefault((field, str(message)), Flag(field=field, message=message))

    def keep(self, text: str) -> None:
        """Keep text that finds no field."""
        if has_words(text):
            self._unmapped.append(text)

    def keep_answer(self, answer: Answer) -> None:
        """Keep an answer that has no field; with its question, where that is none of UNDP's."""
        is_foreign = answer.prompt is None
        self.keep(f"{answer.wording}\n{answer.text}".strip() if is_foreign else answer.text)

    def keep_unread(self, field: str, text: str) -> None:
        """Keep text that the field cannot hold, and say so beside it."""
        if has_words(text):
            self.keep(text)
            self.flag(
                field, sentence("“%(text)s” is not among the answers here.", text=excerpt(text))
            )

    def put(self, answer: Answer) -> None:
        """Put an answer into the text field its question asks for.

        Answers to the same question follow one another, each once, and are pointed at.
        """
        if not answer.text or answer.prompt is None:
            return
        field = answer.prompt.field
        if answer.prompt in self._answered:
            self.flag(field, sentence("This question was answered more than once."))
        self._answered.add(answer.prompt)
        self._texts.setdefault(field, {})[answer.text] = None

    def add_to_list(self, field: str, text: str) -> None:
        """Add a text to a list field, once."""
        self._lists.setdefault(field, {})[text] = None

    def choose_many(self, field: str, text: str, rules: Rules) -> None:
        """Put the closed-list words an answer means into a list field."""
        meant = understood(text, rules)
        self.record(field, meant)
        for unknown in meant.unknown:
            self.keep_unread(field, unknown)

    def choose_one(self, field: str, text: str, rules: Rules) -> None:
        """Put the closed-list word an answer means into a field; of several, the first."""
        meant = understood(text, rules)
        standing = self._fields[field]
        before = [standing] if isinstance(standing, str) else []
        values = list(dict.fromkeys([*before, *meant.values]))
        if values:
            self._fields[field] = values[0]
        if len(values) > 1:
            words = {word: word for _pattern, word in rules}  # text meets its own labelled word
            self.flag(
                field,
                sentence(
                    "Several answers were given (%(answers)s) where one is meant;"
                    " the first was taken.",
                    answers=listed(words.get(value, value) for value in values),
                ),
            )
        is_plain = len(meant.values) == 1 and len(values) == 1
        for wording in meant.wordings:
            self.keep_as_written(field, wording, values[:1] if is_plain else ())
        for unknown in meant.unknown:
            self.keep_unread(field, unknown)

    def record(self, field: str, meant: Understood) -> None:
        """Add what was understood to a list field, each word once."""
        for value in meant.values:
            self.add_to_list(field, value)
        for wording in meant.wordings:
            self.keep_as_written(field, wording, meant.values)

    def keep_as_written(self, label: str, wording: str, values: Sequence[str]) -> None:
        """Keep a wording beside the words it was taken for, where they do not repeat it."""
        said = {word for value in values for word in key_of(value).split()}
        if not set(key_of(wording).split()) <= said:
            self.add_to_list("options_as_written", f"{label}: {wording}")
