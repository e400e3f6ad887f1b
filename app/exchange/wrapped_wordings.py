"""Wordings of UNDP's that go on over several lines."""

from collections.abc import Sequence

from app.exchange.form_text import key_of
from app.exchange.prompt_matching import (
    LONGEST_LOOK,
    MOST_LINES_OF_A_WORDING,
    Match,
    is_beginning,
    match_word_for_word,
)


def match_over_lines(lines: Sequence[str], number: int) -> tuple[Match, int] | None:
    """A wording that begins on the line and goes on over the next, and the last of them."""
    words = key_of(lines[number][:LONGEST_LOOK]).split()
    best: tuple[Match, int] | None = None
    joined = lines[number]
    for last in range(number + 1, min(number + MOST_LINES_OF_A_WORDING, len(lines))):
        if not is_beginning(words) or not lines[last].strip():
            break
        joined = f"{joined} {lines[last]}"
        more = key_of(lines[last]).split()
        match = match_word_for_word(joined)
        if match is not None and _uses(match, lines[last]):
            best = match, last
        words += more
    return best


def _uses(match: Match, line: str) -> bool:
    """Whether the wording reaches into the line, instead of leaving all of it as the answer."""
    return len(key_of(match.rest)) < len(key_of(line))
