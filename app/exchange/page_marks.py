"""Mark the lines of an archive page: questions stand behind ``>``, sections behind ``##``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.exchange.form_marks import Mark, MarkKind, Tag, next_written
from app.exchange.form_prompts import BLOCK_STARTERS, COMMENTS, SECTIONS, Prompt
from app.exchange.form_text import has_words, key_of, words_of
from app.exchange.page_tags import is_known, tags_in
from app.exchange.prompt_matching import (
    MOST_LINES_OF_A_WORDING,
    Match,
    is_beginning,
    is_comments_heading,
    is_exactly,
    is_sign_in_note,
    match_line,
    match_word_for_word,
    possible_starts,
    section_named,
)
from app.exchange.wrapped_wordings import match_over_lines

QUOTED = re.compile(r"^ {0,3}>\s?")
HEADING = re.compile(r"^#{1,6}(?:\s+|$)")
GROUP = re.compile(r"^\s*(?:<div\b[^>]*>|</div>)\s*$", re.IGNORECASE)
RULE = re.compile(r"^\s*(?:\*\s*){3,}$|^\s*(?:-\s*){3,}$|^\s*(?:_\s*){3,}$")
BOLD = re.compile(r"^\s*(?:\*\*|__)\w.*?\w\W*(?:\*\*|__)")
MANY = 99
STRUCTURE = re.compile(r"^(?:\s*>|#|\s*</?div\b|\*\*)", re.IGNORECASE)


@dataclass
class MarkedPage:
    """The page's heading and tags, and the marks of its lines."""

    heading: str = ""
    tags: list[Tag] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)


def asks_behind_signs(lines: Sequence[str]) -> bool:
    """Whether a question stands behind ``>``, as on every page of the archive."""
    return any(
        ">" in line and QUOTED.match(line) and match_line(QUOTED.sub("", line), marked=True)
        for line in lines
    )


def states_its_kind(lines: Sequence[str]) -> bool:
    """Whether a tag says what kind of page it is."""
    return any("[[" in line and any(tag.name == "type" for tag in tags_in(line)) for line in lines)


def marked_page(lines: Sequence[str]) -> MarkedPage:
    """Take the head of the page and mark the lines below it that are not answers."""
    page = MarkedPage()
    start = _read_head(page, lines)
    number = start
    while number < len(lines):
        mark = _mark(lines, number, page)
        if mark is not None:
            page.marks.append(mark)
            number = mark.last
        number += 1
    page.marks = _with_placed_headings(page.marks)
    return page


def _read_head(page: MarkedPage, lines: Sequence[str]) -> int:
    """Heading, tags and text above the first section or question; the number of its line."""
    rest: list[str] = []
    end = len(lines)
    for number, line in enumerate(_with_whole_tags(lines)):
        tags = tags_in(line)
        page.tags += tags
        if not tags and _begins_the_form(line, number):
            end = number
            break
        if not tags:
            rest.append(line)
    written = "\n".join(rest).strip()
    if written.startswith("# "):
        title, _, written = written[2:].partition("\n\n")
        page.heading = " ".join(title.split())
    if has_words(written):
        page.preamble.append(written.strip())
    return end


def _with_whole_tags(lines: Sequence[str]) -> Iterator[str]:
    """The lines, where a tag broken over two of them stands whole on the second."""
    broken = ""
    for line in lines:
        if line.startswith("[[") and "]]" not in line and not broken:
            broken = line
            yield ""
        elif broken:
            yield f"{broken} {line}"
            broken = ""
        else:
            yield line


def _begins_the_form(line: str, number: int) -> bool:
    if line.startswith("# ") and number < 5:
        return False
    return bool(STRUCTURE.match(line)) or is_exactly(line) is not None


def _mark(lines: Sequence[str], number: int, page: MarkedPage) -> Mark | None:
    line = lines[number]
    if QUOTED.match(line):
        return _quoted(lines, number)
    if HEADING.match(line):
        return _heading(lines, number)
    if GROUP.match(line):
        return Mark(MarkKind.BREAK, number, number)
    tags = [tag for tag in tags_in(line) if is_known(tag)]
    page.tags += tags
    if tags or (RULE.match(line) and _is_below_heading(lines, number)):
        return Mark(MarkKind.NOTE, number, number)
    return _unmarked(lines, number)


def _quoted(lines: Sequence[str], number: int) -> Mark | None:
    """A question over one or several quoted lines, or, quoted and empty, the next part of one."""
    wording = QUOTED.sub("", lines[number]).strip()
    if not wording:
        return Mark(MarkKind.BREAK, number, number)
    alone = match_line(wording, marked=True)
    if alone is not None or is_beginning(key_of(wording).split()):
        last, joined = _with_quoted_below(lines, number)
        together = match_word_for_word(joined)
        if together is not None and (alone is None or alone.prompt == together.prompt):
            return _recognised(together, number, last, joined)
    if alone is not None:
        return _recognised(alone, number, number, wording)
    return _unknown_question(wording, number)


def _with_quoted_below(lines: Sequence[str], number: int) -> tuple[int, str]:
    """The last of the quoted lines from ``number`` on, and what they say together."""
    last = number
    end = min(len(lines), number + MOST_LINES_OF_A_WORDING)
    while last + 1 < end and QUOTED.match(lines[last + 1]) and not _asks(lines[last + 1]):
        last += 1
    wordings = (QUOTED.sub("", line).strip() for line in lines[number : last + 1])
    return last, " ".join(wording for wording in wordings if wording)


def _asks(line: str) -> bool:
    """Whether the quoted line is a whole question of its own."""
    match = match_word_for_word(QUOTED.sub("", line))
    return match is not None and match.prompt is not None and not match.rest


def _recognised(match: Match, first: int, last: int, wording: str) -> Mark:
    kind = MarkKind.QUESTION if match.prompt else MarkKind.NOTE
    return Mark(kind, first, last, match.prompt, wording, rest=match.rest)


def _unknown_question(wording: str, number: int) -> Mark | None:
    """A question that is none of UNDP's; a quoted line that reads like none stays in its answer."""
    words = words_of(wording)
    is_worded = len(words) > 1 and words[0].text[0].isalpha()
    return Mark(MarkKind.QUESTION, number, number, None, wording) if is_worded else None


def _heading(lines: Sequence[str], number: int) -> Mark | None:
    """A section's heading; a line of an answer that only begins with # is none."""
    name = HEADING.sub("", lines[number]).strip().strip("*").strip()
    if is_comments_heading(name):
        return Mark(MarkKind.QUESTION, number, number, COMMENTS, name)
    section = section_named(name) if name else ""
    if section is None and not _is_above_structure(lines, number):
        return None
    return Mark(MarkKind.SECTION, number, number, wording=name, section=section or "")


def _is_above_structure(lines: Sequence[str], number: int) -> bool:
    below = next_written(lines, number + 1)
    return below is None or bool(STRUCTURE.match(lines[below]))


def _is_below_heading(lines: Sequence[str], number: int) -> bool:
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    return above is not None and bool(HEADING.match(lines[above]))


def _unmarked(lines: Sequence[str], number: int) -> Mark | None:
    """UNDP's notes, and questions word for word or in bold type, where nothing else marks them."""
    line = lines[number]
    if not possible_starts().match(line):
        return None
    if is_sign_in_note(line):
        return Mark(MarkKind.NOTE, number, number, wording=line)
    prompt = is_exactly(line)
    if prompt is not None:
        return Mark(MarkKind.QUESTION, number, number, prompt, line.strip())
    match, last = match_over_lines(lines, number) or (match_line(line), number)
    if match is not None and match.prompt is None:
        return Mark(MarkKind.NOTE, number, last, wording=line, rest=match.rest)
    bold = match_word_for_word(line) if BOLD.match(line) else None
    if bold is not None and bold.prompt is not None:
        return Mark(MarkKind.QUESTION, number, number, bold.prompt, line, rest=bold.rest)
    return None


def _with_placed_headings(marks: Sequence[Mark]) -> list[Mark]:
    """Without the headings that are an answer's own.

    Where the form's sections are headed in English or Spanish, any other heading is an answer's.
    Where they are headed in another language it is their number that tells; those after the last
    question have nothing below them and are kept as text of the page.
    """
    unknown = {mark.first for mark in marks if mark.kind is MarkKind.SECTION and not mark.section}
    worded = {mark.first for mark in marks if mark.first in unknown and mark.wording}
    if len(worded) < sum(mark.kind is MarkKind.SECTION and bool(mark.wording) for mark in marks):
        return [mark for mark in marks if mark.first not in worded]
    placed: list[Mark] = []
    run: list[Mark] = []  # headings since the last question
    own: set[int] = set()
    current: Prompt | None = None
    for mark in marks:
        if mark.first in worded:
            run.append(mark)
        elif mark.kind is MarkKind.QUESTION:
            own |= _own_headings(run, _sections_between(current, mark.prompt))
            run, current = [], mark.prompt or current
        placed.append(mark)
    last = {mark.first for mark in run}
    return [
        replace(mark, rest=mark.wording) if mark.first in last else mark
        for mark in placed
        if mark.first not in own
    ]


def _own_headings(run: Sequence[Mark], sections: int) -> set[int]:
    """The lines of the first headings of the run that are too many."""
    return {mark.first for mark in run[: max(0, len(run) - sections)]}


def _sections_between(current: Prompt | None, following: Prompt | None) -> int:
    """How many sections the form may begin between two questions."""
    if following is None or not following.section:
        return MANY
    if current is not None and current.section == following.section:
        return int(following.field in BLOCK_STARTERS)
    for order in SECTIONS.values():
        if following.section in order:
            is_known = current is not None and current.section in order
            start = order.index(current.section) if current and is_known else -1
            return max(1, order.index(following.section) - start)
    return MANY
