"""Mark the questions, headings and notes of flat form text, where nothing but the words shows them.

A heading such as "Partners" or a question as short as "Test" may as well be an answer, so the
place decides: a heading stands right above a question of its section, the shares of time stand
under the question about time. What is not certain stays in the answer.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import chain

from app.exchange.form_marks import Mark, MarkKind, next_written
from app.exchange.form_prompts import BLOCK_STARTERS, COMMENTS, SECTIONS, Form, Prompt
from app.exchange.form_text import STROKES
from app.exchange.option_words import is_quality_check
from app.exchange.prompt_matching import (
    is_comments_heading,
    is_disclaimer,
    is_disclaimer_heading,
    is_sign_in_note,
    match_line,
    possible_starts,
    section_named,
)
from app.exchange.wrapped_wordings import match_over_lines

LEAST_QUESTIONS_OF_A_SECOND_FORM = 2
SHORTEST_MARK = 2  # signs: a wrapped question's first line may be "If"
SHORTEST_QUESTION = 20  # signs of a question whose first word has a slip


def flat_marks(lines: Sequence[str]) -> list[Mark]:
    """The marks of the text's lines; none where no question is found."""
    drawn = {number for number, line in enumerate(lines) if STROKES.fullmatch(line)}
    bare = ["" if number in drawn else line for number, line in enumerate(lines)]
    found = _found(bare, _candidates(bare))
    marks = _placed(_of_present_forms(found), bare)
    if not any(_is_question(mark) and mark.prompt != COMMENTS for mark in marks):
        return []
    return _with_strokes(marks, drawn, lines)


def _with_strokes(marks: Sequence[Mark], drawn: Set[int], lines: Sequence[str]) -> list[Mark]:
    """Without the lines drawn beside marked ones, where most sections are set off by them.

    One that an answer ends with stays in it.
    """
    sections = {mark.first for mark in marks if mark.kind is MarkKind.SECTION}
    known = {number for mark in marks for number in range(mark.first, mark.last + 1)}
    written = [n for n, line in enumerate(lines) if line.strip() and n not in drawn]
    beside = {}
    for number in drawn - known:
        place = bisect(written, number)
        beside[number] = set(written[max(0, place - 1) : place + 1])
    set_off = sections & set(chain.from_iterable(beside.values()))
    if len(set_off) * 2 <= len(sections):
        return list(marks)
    notes = [
        Mark(MarkKind.NOTE, number, number, wording=lines[number])
        for number, neighbours in beside.items()
        if neighbours & known
    ]
    return sorted([*marks, *notes], key=lambda mark: mark.first)


def _is_question(mark: Mark) -> bool:
    return mark.kind is MarkKind.QUESTION


def _candidates(lines: Sequence[str]) -> list[int]:
    """The numbers of the lines that may be more than answers, by their first word or last sign."""
    begins = possible_starts().match
    return [
        number
        for number, line in enumerate(lines)
        if len(line) >= SHORTEST_MARK and (begins(line) or _ends_like_a_question(line))
    ]


def _ends_like_a_question(line: str) -> bool:
    return len(line) >= SHORTEST_QUESTION and line.rstrip()[-1:] in ("?", ":", ")")


def _found(lines: Sequence[str], candidates: Sequence[int]) -> list[Mark]:
    marks: list[Mark] = []
    for number in candidates:
        if marks and number <= marks[-1].last:
            continue
        mark = _question_or_note(lines, number) or _heading(lines[number], number)
        if mark is not None:
            marks.append(mark)
    return marks


def _question_or_note(lines: Sequence[str], number: int) -> Mark | None:
    match, last = match_line(lines[number]), number
    wrapped = match_over_lines(lines, number)
    if wrapped is not None:
        match, last = wrapped
    if match is None:
        return None
    kind = MarkKind.NOTE if match.prompt is None else MarkKind.QUESTION
    wording = " ".join(map(str.strip, lines[number : last + 1]))
    return Mark(kind, number, last, match.prompt, wording, rest=_without_notes(match.rest))


def _without_notes(rest: str) -> str:
    """The answer after a question, without a note that stands between them on the same line."""
    match = match_line(rest) if rest else None
    return match.rest if match is not None and match.prompt is None else rest


def _heading(line: str, number: int) -> Mark | None:
    if is_sign_in_note(line) or is_disclaimer_heading(line):
        return Mark(MarkKind.NOTE, number, number, wording=line.strip())
    if is_comments_heading(line):
        return Mark(MarkKind.QUESTION, number, number, COMMENTS, line.strip())
    section = section_named(line)
    if section is not None:
        return Mark(MarkKind.SECTION, number, number, wording=line.strip(), section=section)
    return None


def _of_present_forms(marks: Sequence[Mark]) -> list[Mark]:
    """Without the questions of a form that is not there: an answer may quote one."""
    asked: Counter[Form] = Counter()
    seen = {mark.prompt for mark in marks if mark.prompt is not None}
    for prompt in seen:
        if len(prompt.forms) == 1 and not prompt.is_short:
            asked.update(prompt.forms)
    if not asked:
        return [mark for mark in marks if mark.prompt is None or not mark.prompt.is_short]
    most = max(asked.values())
    present = {
        form
        for form, count in asked.items()
        if count == most or count >= LEAST_QUESTIONS_OF_A_SECOND_FORM
    }
    return [mark for mark in marks if mark.prompt is None or mark.prompt.forms & present]


def _placed(marks: Sequence[Mark], lines: Sequence[str]) -> list[Mark]:
    """Only the short questions, headings and notes that stand where the form has them."""
    marks = _with_placed_questions(marks, lines)
    marks = _with_placed_comments(marks, lines)
    return _with_placed_headings(marks, lines)


def _with_placed_questions(marks: Sequence[Mark], lines: Sequence[str]) -> list[Mark]:
    placed: list[Mark] = []
    current: Prompt | None = None
    shares: set[str] = set()
    for position, mark in enumerate(marks):
        if _is_question(mark) and mark.prompt is not None:
            following = marks[position + 1] if position + 1 < len(marks) else None
            if mark.prompt.is_short and not _is_in_place(mark, current, shares, following, lines):
                continue
            current = mark.prompt
            shares = shares | {current.field} if current.field.startswith("time_") else set()
        placed.append(mark)
    return placed


def _is_in_place(
    mark: Mark,
    current: Prompt | None,
    shares: set[str],
    following: Mark | None,
    lines: Sequence[str],
) -> bool:
    """Whether a question of a word or three is really asked here."""
    field = mark.prompt.field if mark.prompt else ""
    if field.startswith("time_"):
        is_under_time = current is not None and current.field.startswith("time")
        return is_under_time and field not in shares
    if field == "quality_checks":
        below = next_written(lines, mark.last + 1)
        is_before_mark = following is not None and below == following.first
        return below is None or is_before_mark or is_quality_check(lines[below])
    return True


def _with_placed_comments(marks: Sequence[Mark], lines: Sequence[str]) -> list[Mark]:
    """Keep the heading "Comments" where comments begin, and the site's note where it ends them."""
    last_line = _last_written(lines)
    opening = _opening_of_comments(marks, lines, last_line)
    empty = {n for n, mark in enumerate(marks) if _is_empty_comments(mark, lines)}
    kept = []
    for number, mark in enumerate(marks):
        is_below = opening is not None and number > opening
        if mark.prompt == COMMENTS and number in empty and number != opening:
            kept.append(replace(mark, kind=MarkKind.NOTE, prompt=None))
            continue
        if mark.prompt == COMMENTS:
            is_placed = number == opening
        elif is_disclaimer(mark.wording) or is_disclaimer_heading(mark.wording):
            is_placed = True
        elif is_sign_in_note(mark.wording):
            is_placed = is_below or mark.first == last_line or number - 1 in empty
        else:
            is_placed = not is_below
        if is_placed:
            kept.append(mark)
    return kept


def _last_written(lines: Sequence[str]) -> int:
    return next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), 0)


def _is_empty_comments(mark: Mark, lines: Sequence[str]) -> bool:
    below = next_written(lines, mark.last + 1)
    return mark.prompt == COMMENTS and below is not None and is_sign_in_note(lines[below])


def _opening_of_comments(marks: Sequence[Mark], lines: Sequence[str], last_line: int) -> int | None:
    """Which mark begins the comments that visitors wrote, None where there is none.

    It is the first such heading after the end of the form, or else the last one where the site's
    note closes the text; no question follows it.
    """
    ends = [n for n, mark in enumerate(marks) if _ends_the_form(mark)]
    headings = [n for n, mark in enumerate(marks) if mark.prompt == COMMENTS]
    after_end = [number for number in headings if ends and number > ends[-1]]
    if not after_end and not is_sign_in_note(lines[last_line]):
        return None
    chosen = after_end[0] if after_end else (headings[-1] if headings else None)
    if chosen is None:
        return None
    later = (mark for mark in marks[chosen + 1 :] if _is_question(mark))
    return chosen if all(mark.prompt == COMMENTS for mark in later) else None


def _ends_the_form(mark: Mark) -> bool:
    return mark.prompt is not None and mark.prompt.field == "closing_words"


def _with_placed_headings(marks: Sequence[Mark], lines: Sequence[str]) -> list[Mark]:
    kept: list[Mark] = []  # from the last mark to the first
    asked = _asked_before(marks)
    for position in range(len(marks) - 1, -1, -1):
        mark = marks[position]
        following = kept[-1] if kept and _touches(mark, kept[-1], lines) else None
        if mark.kind is MarkKind.SECTION and not _heads(mark, following, *asked[position]):
            continue
        if is_disclaimer_heading(mark.wording) and (
            following is None or following.kind is not MarkKind.NOTE
        ):
            continue
        kept.append(mark)
    return kept[::-1]


def _asked_before(marks: Sequence[Mark]) -> list[tuple[Prompt | None, frozenset[str]]]:
    """For each mark the question before it, and the fields asked so far in the same block."""
    current: Prompt | None = None
    block: frozenset[str] = frozenset()
    before = []
    for mark in marks:
        before.append((current, block))
        if mark.prompt is not None:
            current = mark.prompt
            begins = current.field in BLOCK_STARTERS or current.field in block
            block = frozenset({current.field}) if begins else block | {current.field}
    return before


def _touches(mark: Mark, following: Mark, lines: Sequence[str]) -> bool:
    """Whether nothing is written between the two marks."""
    return not mark.rest and next_written(lines, mark.last + 1) == following.first


def _heads(
    heading: Mark, following: Mark | None, current: Prompt | None, block: frozenset[str]
) -> bool:
    """Whether the line is a heading of the form and not the last line of an answer."""
    if following is None:
        return False
    match following.kind:
        case MarkKind.NOTE:
            is_another = current is None or current.section != heading.section
            return is_another and not is_sign_in_note(following.wording)
        case MarkKind.SECTION:
            return _lies_between(heading.section, current, following.section)
        case _ if following.prompt is None or following.prompt.section != heading.section:
            return _is_emptied_before_end(heading, following, current)
        case _:
            is_first_here = current is None or current.section != heading.section
            return is_first_here or following.prompt.field in BLOCK_STARTERS | block


def _lies_between(section: str, current: Prompt | None, following: str) -> bool:
    """Whether the form has the section after the question's and before the following one."""
    for order in SECTIONS.values():
        if section in order and following in order:
            start = order.index(current.section) if current and current.section in order else -1
            return start < order.index(section) < order.index(following)
    return False


def _is_emptied_before_end(heading: Mark, following: Mark, current: Prompt | None) -> bool:
    """A last section without questions, right above the comments."""
    is_last = heading.section in {order[-1] for order in SECTIONS.values()}
    is_another = current is None or current.section != heading.section
    return following.prompt == COMMENTS and is_last and is_another
