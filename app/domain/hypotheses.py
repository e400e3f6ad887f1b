"""A hypothesis said in sentences: “We believe that…” and UNDP's IF … THEN …."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.refusals import Problem
from app.domain.texts import MOST_LINE, MOST_SLOT, text_problems
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import Direction

BLANK = "…"
MOST: dict[str, int] = {
    **dict.fromkeys(("change", "audience", "outcome", "because"), MOST_SLOT),
    **dict.fromkeys(("threshold", "within"), MOST_LINE),
}


class Form(StrEnum):
    """The two ways a hypothesis is printed."""

    BELIEVED = "believed"
    IF_THEN = "if_then"


@dataclass(frozen=True, kw_only=True)
class Slots:
    """What a hypothesis is made of; any slot may still be empty.

    ``free_text`` is a sentence that came from an import and has no slots yet.
    """

    change: str = ""
    audience: str = ""
    direction: Direction | None = None
    outcome: str = ""
    threshold: str = ""
    within: str = ""
    because: str = ""
    free_text: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether anything was written slot by slot."""
        return any(
            (self.change, self.audience, self.outcome, self.threshold, self.within, self.because)
        )


# %(change)s and %(outcome)s always stand; the other parts come with their own words or not at all.
WHOLE: dict[tuple[Form, Direction | None], str] = {
    (Form.BELIEVED, Direction.INCREASE): N_(
        "We believe that %(change)s%(audience)s will raise %(outcome)s"
        "%(threshold)s%(within)s%(because)s."
    ),
    (Form.BELIEVED, Direction.DECREASE): N_(
        "We believe that %(change)s%(audience)s will lower %(outcome)s"
        "%(threshold)s%(within)s%(because)s."
    ),
    (Form.BELIEVED, None): N_(
        "We believe that %(change)s%(audience)s will change %(outcome)s"
        "%(threshold)s%(within)s%(because)s."
    ),
    (Form.IF_THEN, Direction.INCREASE): N_(
        "IF we introduce %(change)s%(audience)s, THEN %(outcome)s will rise"
        "%(threshold)s%(within)s%(because)s."
    ),
    (Form.IF_THEN, Direction.DECREASE): N_(
        "IF we introduce %(change)s%(audience)s, THEN %(outcome)s will fall"
        "%(threshold)s%(within)s%(because)s."
    ),
    (Form.IF_THEN, None): N_(
        "IF we introduce %(change)s%(audience)s, THEN %(outcome)s will change"
        "%(threshold)s%(within)s%(because)s."
    ),
}
PARTS: dict[tuple[Form, str], str] = {
    (Form.BELIEVED, "audience"): N_(" for %(slot)s"),
    (Form.BELIEVED, "threshold"): N_(" by at least %(slot)s"),
    (Form.BELIEVED, "within"): N_(" within %(slot)s"),
    (Form.BELIEVED, "because"): N_(", because %(slot)s"),
    (Form.IF_THEN, "audience"): N_(" for %(slot)s"),
    (Form.IF_THEN, "threshold"): N_(" by at least %(slot)s"),
    (Form.IF_THEN, "within"): N_(" within %(slot)s"),
    (Form.IF_THEN, "because"): N_(", BECAUSE %(slot)s"),
}
# What people write although the sentence already says it, in both languages.
SAID_ALREADY: dict[str, tuple[str, ...]] = {
    "change": ("we believe that", "creemos que con", "creemos que", "that"),
    "audience": ("for", "para"),
    "outcome": (),
    "threshold": (
        *("by at least", "at least", "by"),
        *("en al menos", "al menos", "en por lo menos", "por lo menos", "en"),
    ),
    "within": ("within", "in", "en un plazo de", "dentro de", "en"),
    "because": ("because", "porque"),
}
SMALL_WORDS = frozenset(
    (
        *("a", "an", "the", "our", "this", "these"),
        *("un", "una", "unos", "unas", "el", "la", "los", "las", "nuestro", "nuestra"),
    )
)


def said(slots: Slots, form: Form) -> Sentence:
    """The hypothesis in one sentence; an empty slot leaves its part out, the two cores a “…”.

    A hypothesis that was never written in slots is said as it was imported.
    """
    if not slots.is_filled:
        # A plain Sentence: what was imported is nobody's to translate.
        kept = Sentence("%(text)s", {"text": slots.free_text})
        return kept if slots.free_text else sentence("Nothing is written yet.")
    return sentence(
        WHOLE[form, slots.direction],
        change=tidy("change", slots.change) or BLANK,
        outcome=tidy("outcome", slots.outcome) or BLANK,
        **{name: _part(form, name, getattr(slots, name)) for _form, name in PARTS if _form == form},
    )


def tidy(name: str, text: str) -> str:
    """A slot as it stands inside the sentence: no full stop, no word the sentence already says."""
    plain = text.strip().rstrip(".;,").strip()
    for begins in SAID_ALREADY[name]:
        plain = re.sub(rf"^{begins}\s+", "", plain, count=1, flags=re.IGNORECASE)
    first, blank, rest = plain.partition(" ")
    return f"{first.lower()}{blank}{rest}" if first.lower() in SMALL_WORDS else plain


def problems_of(slots: Slots) -> list[Problem]:
    """What keeps it from being kept: the two slots without which nothing is claimed."""
    problems = list(text_problems(slots, MOST))
    if slots.free_text and not slots.is_filled:
        return problems
    if not slots.change:
        problems.append(Problem("change", sentence("Say what you would change.")))
    if not slots.outcome:
        problems.append(Problem("outcome", sentence("Say what it should move.")))
    return problems


def _part(form: Form, name: str, text: str) -> Sentence | str:
    slot = tidy(name, text)
    return sentence(PARTS[form, name], slot=slot) if slot else ""
