"""Recognise a line as one of UNDP's questions or notes, whatever its punctuation or small slips."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import chain

from app.exchange.form_prompts import (
    COMMENTS_HEADINGS,
    DISCLAIMER,
    DISCLAIMER_HEADING,
    NOTES,
    PROMPTS,
    SECTIONS,
    SIGN_IN_NOTE,
    TRANSLATED_SECTIONS,
    Prompt,
)
from app.exchange.form_text import INVISIBLE, Word, decoded, key_of, words_of

LONGEST_LOOK = 800  # signs of a line that are compared; no wording is half as long
LONGEST_HEADING = 80
MOST_LINES_OF_A_WORDING = 12
LEAST_WORDS_BEFORE_AN_ANSWER = 5  # of a wording that may be followed by its answer on its line
LEAST_WORDS_OF_A_SHORTENED_WORDING = 4
LEAST_WORDS_OF_A_SHORTENED_WORDING_BEFORE_AN_ANSWER = 7
LEAST_WORDS_TO_COMPARE = 4
LEAST_LETTERS_OF_A_SLIP = 4
LEAST_LIKENESS = 0.8
LEAST_LIKENESS_OF_FEW_WORDS = 0.85  # fewer than seven, as many answers have
LEAST_LIKENESS_WHERE_MARKED = 0.7  # the page itself says that the line is a question
QUESTION_WORDS = frozenset(  # with which a question in other words than UNDP's may begin
    re.findall(
        r"\w+",
        "what which who whom how why when where is are was were does did do can could has have had"
        " please to in at for if considering relating describe list name state short the",
    )
)
ALIKE = {'"': "\"”“’'", "”": "\"”“’'", ".": ".…", "?": "?", ":": ":", ")": ")"}
NUMBER = re.compile(r"q?\d+|[a-z]|question|pregunta|section|secci[oó]n")
SENTENCE_END = re.compile(r"(?<=[?.!])\s+(?=[A-Z(“\"])")
QUESTION_END = re.compile(r"[?:]")
LABEL = re.compile(r"^[^:?]{3,40}:\s+(?=\S)")


@dataclass(frozen=True)
class Wording:
    """One way in which a question (or, without a prompt, a note) is written."""

    words: tuple[str, ...]
    tail: str
    prompt: Prompt | None
    present: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A recognised wording, and the text that follows it on its line."""

    prompt: Prompt | None
    rest: str


class Index:
    """Every known wording, by its words."""

    def __init__(self) -> None:
        full = [*_full_wordings()]
        shortened = [*_shortened_wordings(full)]
        self.by_length = _by_length(full)
        self.exact = {wording.words: wording for wording in (*shortened, *full)}
        self.openings = _by_opening(full, LEAST_WORDS_BEFORE_AN_ANSWER)
        self.shortened_openings = _by_opening(
            shortened, LEAST_WORDS_OF_A_SHORTENED_WORDING_BEFORE_AN_ANSWER
        )
        self.beginnings = {
            wording.words[:count] for wording in full for count in range(1, len(wording.words))
        }
        self.vocabulary = frozenset(chain.from_iterable(wording.words for wording in full))
        long_words = sorted(w for w in self.vocabulary if len(w) >= LEAST_LETTERS_OF_A_SLIP)
        self.slips = {slip: word for word in long_words for slip in _slips(word)}
        self.slips.update({word: word for word in long_words})
        self.first_words = frozenset(wording.words[0] for wording in self.exact.values())


@cache
def index() -> Index:
    """The index of this table, made once."""
    return Index()


def _full_wordings() -> Iterator[Wording]:
    for prompt in PROMPTS:
        for text in prompt.texts:
            yield _wording(text, prompt)
    for note in (*NOTES, f"{DISCLAIMER_HEADING}: {DISCLAIMER}"):
        yield _wording(note, None)


def _wording(text: str, prompt: Prompt | None) -> Wording:
    words = words_of(text)
    bare = tuple(word.text for word in words)
    return Wording(bare, text[words[-1].end :], prompt, frozenset(bare))


def _shortened_wordings(full: Sequence[Wording]) -> Iterator[Wording]:
    """The wordings without their label, or with their first sentences only, where unmistakable."""
    known = {wording.words for wording in full}
    found: dict[tuple[str, ...], Wording] = {}
    doubtful = set()
    for prompt in PROMPTS:
        for text in chain.from_iterable(_shortened(text) for text in prompt.texts):
            wording = _wording(text, prompt)
            rival = found.setdefault(wording.words, wording)
            if rival.prompt != prompt:
                doubtful.add(wording.words)
    for words, wording in found.items():
        is_long = len(words) >= LEAST_WORDS_OF_A_SHORTENED_WORDING
        if is_long and words not in known and words not in doubtful:
            yield wording


def _shortened(text: str) -> Iterator[str]:
    for whole in {text, LABEL.sub("", text)}:
        sentences = SENTENCE_END.split(whole)
        for count in range(1, len(sentences) + 1):
            yield " ".join(sentences[:count])


def _by_length(wordings: Iterable[Wording]) -> dict[int, list[Wording]]:
    """Questions by the numbers of words that a line must have to be like them."""
    lengths: dict[int, list[Wording]] = {}
    for wording in wordings:
        wanted = len(wording.words)
        for count in range(math.ceil(wanted * 0.7), math.floor(wanted * 1.4) + 1):
            if count >= LEAST_WORDS_TO_COMPARE and wording.prompt is not None:
                lengths.setdefault(count, []).append(wording)
    return lengths


def _by_opening(
    wordings: Iterable[Wording], least_words: int
) -> dict[tuple[str, ...], list[Wording]]:
    """Wordings by their first words, the longest first."""
    openings: dict[tuple[str, ...], list[Wording]] = {}
    for wording in wordings:
        if len(wording.words) >= least_words:
            openings.setdefault(wording.words[:LEAST_WORDS_BEFORE_AN_ANSWER], []).append(wording)
    for rivals in openings.values():
        rivals.sort(key=lambda wording: -len(wording.words))
    return openings


@lru_cache(maxsize=4096)
def match_line(line: str, *, marked: bool = False) -> Match | None:
    """The question or note that the line is, or begins with; None for any other line.

    ``marked``: the page marks the line as a question, so that less likeness is enough.
    """
    looked_at = INVISIBLE.sub("", decoded(line))
    words = words_of(looked_at[:LONGEST_LOOK])
    bare = tuple(word.text for word in words)
    for start in _starts(bare):
        match = _said(looked_at, words, bare, start)
        if match is not None:
            return match
    least = LEAST_LIKENESS_WHERE_MARKED if marked else LEAST_LIKENESS
    alike = _alike(looked_at, bare, least) if len(looked_at) <= LONGEST_LOOK else None
    if alike is not None:
        return alike
    opening = _opening(index().shortened_openings, bare, 0)
    if opening is None:
        return _short_question(looked_at) if marked else None
    return Match(opening.prompt, _rest(looked_at, words[len(opening.words) - 1].end, opening))


def _short_question(line: str) -> Match | None:
    """A question of a few words with its answer on its line, where the page marks it as one."""
    end = QUESTION_END.search(line)
    wording = index().exact.get(tuple(key_of(line[: end.end()]).split())) if end else None
    return Match(wording.prompt, line[end.end() :].strip()) if end and wording else None


@lru_cache(maxsize=4096)
def match_word_for_word(line: str) -> Match | None:
    """The question or note that the line says, or begins with, in UNDP's own words."""
    looked_at = INVISIBLE.sub("", decoded(line))
    words = words_of(looked_at[:LONGEST_LOOK])
    return _said(looked_at, words, tuple(word.text for word in words), 0)


def _said(line: str, words: Sequence[Word], bare: tuple[str, ...], start: int) -> Match | None:
    wording = index().exact.get(bare[start:])
    if wording is not None:
        return Match(wording.prompt, "")
    opening = _opening(index().openings, bare, start)
    if opening is None:
        return None
    rest = _rest(line, words[start + len(opening.words) - 1].end, opening)
    return Match(opening.prompt, "" if _goes_on_like_another(opening, rest) else rest)


def _goes_on_like_another(opening: Wording, rest: str) -> bool:
    """Whether what follows is the end of a longer wording of the question, with a slip in it."""
    below = tuple(map(_without_slip, key_of(rest[:LONGEST_LOOK]).split()))
    if not below:
        return False
    longer = (
        wording.words[len(opening.words) :]
        for wording in index().openings[opening.words[:LEAST_WORDS_BEFORE_AN_ANSWER]]
        if len(wording.words) > len(opening.words)
    )
    return any(_likeness(below, end) >= LEAST_LIKENESS for end in longer)


def _likeness(bare: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, bare, other, autojunk=False).ratio()


def is_exactly(line: str) -> Prompt | None:
    """The question that the line says word for word, if it is one that cannot be an answer."""
    wording = index().exact.get(tuple(key_of(line[:LONGEST_LOOK]).split()))
    prompt = wording.prompt if wording else None
    return prompt if prompt and not prompt.is_short and len(key_of(line).split()) > 5 else None


def is_beginning(words: Sequence[str]) -> bool:
    """Whether a wording begins with these words and goes on."""
    return tuple(words) in index().beginnings


def _starts(bare: Sequence[str]) -> Iterator[int]:
    """Where the wording may start: at the first word, or behind a number: 3, 2.1, Q3, b)."""
    yield 0
    for position, word in enumerate(bare[:3], start=1):
        if not NUMBER.fullmatch(word):
            break
        if position < len(bare):
            yield position


def _opening(
    openings: dict[tuple[str, ...], list[Wording]], bare: tuple[str, ...], start: int
) -> Wording | None:
    rivals = openings.get(bare[start : start + LEAST_WORDS_BEFORE_AN_ANSWER], ())
    for wording in rivals:
        if bare[start : start + len(wording.words)] == wording.words:
            return wording
    return None


def _rest(line: str, end: int, wording: Wording) -> str:
    """What the line says after the wording and the punctuation that belongs to it."""
    after = line[end:]
    for sign in wording.tail.replace(" ", ""):
        candidate = after.lstrip()
        if candidate[:1] and candidate[0] in ALIKE.get(sign, sign):
            after = candidate[1:]
    if line.lstrip("> \t").startswith(("*", "_")):
        after = after.lstrip("*_ \t")
    return after.lstrip().removeprefix(":").strip()


def _alike(line: str, bare: tuple[str, ...], least: float) -> Match | None:
    """The question most like the line; an answer behind it on the line is no part of it.

    The line ends as a question where it is more like one without what follows a sign.
    """
    bare = tuple(map(_without_slip, bare))
    prompt, likeness = _closest(bare, least)
    if prompt is None:
        return None
    cut = max(line.rfind("?"), line.rfind(":")) + 1
    rest = line[cut:].strip()
    if not cut or not key_of(rest):
        return Match(prompt, "")
    above = tuple(map(_without_slip, key_of(line[:cut]).split()))
    head, head_likeness = _closest(above, least)
    return Match(prompt, rest if head == prompt and head_likeness > likeness else "")


def _without_slip(word: str) -> str:
    """The word of the questions that this is with a letter more, less, other or elsewhere."""
    known = index()
    if word in known.vocabulary or len(word) < LEAST_LETTERS_OF_A_SLIP - 1:
        return word
    meant = [known.slips[each] for each in _slips(word) if each in known.slips]
    return max(meant, key=lambda each: sorted(each) == sorted(word), default=word)


def _slips(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _closest(bare: tuple[str, ...], least: float) -> tuple[Prompt | None, float]:
    """The question most like the words, if like enough and holding what sets it apart."""
    least = max(least, LEAST_LIKENESS_OF_FEW_WORDS) if len(bare) < 7 else least
    best, best_likeness = None, least
    known = sum(word in index().vocabulary for word in bare)
    if known < len(bare) * least * 0.9:
        return best, best_likeness
    present = set(bare)
    for wording in index().by_length.get(len(bare), ()):
        if not _may_be(wording, bare, present, best_likeness):
            continue
        likeness = _likeness(bare, wording.words)
        if likeness > best_likeness:
            best, best_likeness = wording.prompt, likeness
    return best, best_likeness


def _may_be(wording: Wording, bare: Sequence[str], present: set[str], least: float) -> bool:
    """Whether so many words are the same that the comparison is worth its time."""
    must_have = wording.prompt.must_have if wording.prompt else frozenset()
    if must_have and not must_have & present:
        return False
    shared = sum(word in wording.present for word in bare)
    wanted = len(wording.words)
    return 2 * min(shared, wanted) > least * (wanted + len(bare))


_SECTION_NAMES = {
    **{key_of(name): name for form in SECTIONS.values() for name in form},
    **{key_of(other): name for other, name in TRANSLATED_SECTIONS.items()},
}
_COMMENTS_KEYS = frozenset(map(key_of, COMMENTS_HEADINGS))
_SIGN_IN_KEY = key_of(SIGN_IN_NOTE)
_DISCLAIMERS = frozenset({key_of(DISCLAIMER), key_of(f"{DISCLAIMER_HEADING} {DISCLAIMER}")})
_DISCLAIMER_KEY = key_of(DISCLAIMER_HEADING)


def section_named(line: str) -> str | None:
    """The form's section that the line names, in English or translated, numbered or not."""
    return _SECTION_NAMES.get(_heading_key(line)) if len(line) <= LONGEST_HEADING else None


def _heading_key(line: str) -> str:
    """The words of a heading without a number before or behind them: "4. Partners", "Partner 2"."""
    words = key_of(line).split()
    start = next(start for start in reversed([*_starts(words)]) if start < max(1, len(words)))
    if len(words) > start + 1 and words[-1].isdigit():
        words.pop()
    return " ".join(words[start:])


def is_comments_heading(line: str) -> bool:
    """Whether the line is the heading above what visitors of the page wrote."""
    return len(line) <= LONGEST_HEADING and _heading_key(line) in _COMMENTS_KEYS


def is_sign_in_note(line: str) -> bool:
    """Whether the line is the site's invitation to sign in and comment."""
    return len(line) <= LONGEST_HEADING and key_of(line) == _SIGN_IN_KEY


def is_disclaimer(line: str) -> bool:
    """Whether the line is UNDP's disclaimer, with or without its heading."""
    return key_of(line[:LONGEST_LOOK]) in _DISCLAIMERS


def is_disclaimer_heading(line: str) -> bool:
    """Whether the line is the heading above UNDP's disclaimer."""
    return len(line) <= LONGEST_HEADING and key_of(line) == _DISCLAIMER_KEY


@cache
def possible_starts() -> re.Pattern[str]:
    """Matches a line whose first word is that of a wording or heading."""
    headings = [*_SECTION_NAMES, *COMMENTS_HEADINGS, DISCLAIMER_HEADING, SIGN_IN_NOTE]
    first = {key_of(heading).split()[0] for heading in headings} | index().first_words
    words = "|".join(sorted(map(re.escape, first | QUESTION_WORDS), key=len, reverse=True))
    number = r"(?:(?:q|question|pregunta|section|secci[oó]n)? ?\d+|[a-z])[^\w\n]+"
    before = rf"(?:[^\w\n]|[\d_]){{0,24}}(?:{number})?"
    return re.compile(rf"{before}(?:{words})(?![^\W_])", re.IGNORECASE)
