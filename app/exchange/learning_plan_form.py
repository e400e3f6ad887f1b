"""UNDP's form as flat text, the way the seed has it: read it, and print a plan as it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.exchange.flat_marks import flat_marks
from app.exchange.form_marks import Mark, MarkKind, Paper, take_apart
from app.exchange.form_prompts import COMMENTS_HEADINGS, NOTES, SIGN_IN_NOTE, Form, prompt_for
from app.exchange.form_readings import readings_of
from app.exchange.form_refusals import no_form
from app.exchange.form_text import STROKES, decoded, encoded, has_words
from app.exchange.page_tags import tags_in
from app.exchange.readings import LearningQuestionReading, PartnerReading, Reading
from models.vocabulary import Sector

GROUP_LINE = re.compile(r"^[ \t]*(?:<div[^>\n]*>|</div>)[ \t]*$", re.MULTILINE)
HEAD_OF_A_MESSAGE = re.compile(
    r"(?:from|to|cc|sent|date|subject|de|para|enviad[oa](?: el)?|fecha|asunto):\s", re.IGNORECASE
)
LONGEST_HEADING = 300
CHALLENGE_FIELDS = (
    "statement",
    "background",
    "quantitative_evidence",
    "qualitative_evidence",
    "value_proposition",
    "tweet",
)
TAGS = {"methods": "methods", "data_sources": "datasources", "thematic_areas": "thematic_areas"}
OUR_OWN_QUESTIONS = frozenset({"question_methods", "question_new_data_sources"})
SECTOR_OPTIONS = {
    Sector.PRIVATE_SECTOR: "Private Sector",
    Sector.GOVERNMENT: "Government",
    Sector.UNITED_NATIONS: "United Nations",
    Sector.CIVIL_SOCIETY: "Civil Society",
    Sector.ACADEMIA: "Academia",
    Sector.OTHER: "Other",
}


def read_form(text: str, *, name: str | None = None) -> Reading:
    """The first form of a flat text; ``read_forms`` gives all of them.

    Raises InvalidError where no question of UNDP's forms is found.
    """
    return read_forms(text, name=name)[0]


def read_forms(text: str, *, name: str | None = None) -> list[Reading]:
    """Every form of a flat text: a plan, a reflection, an experiment, in the order they stand.

    Raises InvalidError where no question of UNDP's forms is found.
    """
    text = GROUP_LINE.sub("", text) if "<div" in text else text
    lines = text.split("\n")
    marks = flat_marks(lines)
    if not marks:
        raise no_form(name)
    start = next(n for n, mark in enumerate(marks) if mark.kind is MarkKind.QUESTION)
    paper = Paper()
    paper.answers, paper.loose = take_apart(lines, marks[start:])
    _read_preamble(paper, _unmarked(lines, marks[:start], marks[start].first))
    return readings_of(paper)


def _unmarked(lines: Sequence[str], marks: Sequence[Mark], end: int) -> list[str]:
    """The lines before ``end`` that no mark covers."""
    marked = {number for mark in marks for number in range(mark.first, mark.last + 1)}
    return [line for number, line in enumerate(lines[:end]) if number not in marked] + [
        mark.rest for mark in marks if mark.rest
    ]


def _read_preamble(paper: Paper, lines: Sequence[str]) -> None:
    """Above the form: tags, and a heading in the first line written."""
    rest: list[str] = []
    for line in lines:
        tags = tags_in(line)
        paper.tags += tags
        if not tags:
            rest.append(decoded(line))
    written = "\n".join(line for line in rest if not STROKES.fullmatch(line)).strip()
    first, _, others = written.partition("\n")
    if len(first) <= LONGEST_HEADING and not HEAD_OF_A_MESSAGE.match(first):
        paper.heading, written = first.removeprefix("# ").strip(), others.strip()
    if has_words(written):
        paper.preamble.append(written)


def write_form(reading: Reading) -> str:
    """A plan as UNDP's form text: its sections, questions and answers in the form's order.

    Reading the text again gives the same plan: what the form does not ask (year, country, themes
    and the like) is printed above it as ``[[tag:value]]``. Texts without a field (``unmapped``)
    have no place in the form and are not printed.
    """
    return "\n".join(_printed(reading)) + "\n"


def _printed(reading: Reading) -> Iterator[str]:
    yield from _printed_head(reading)
    yield "Title"
    yield from _asked(reading, "title")
    yield "Challenge statement"
    yield prompt_for("challenge_type", Form.INITIAL).texts[0]
    yield NOTES[0]
    yield from _filled(_as_written(reading, "challenge_type") or _challenge_type(reading))
    for field in CHALLENGE_FIELDS:
        yield from _asked(reading, field)
    yield "Challenge classification"
    yield "Partners"
    for partner in reading.partners:
        yield from _printed_partner(partner, reading)
    yield "Learning questions"
    for number, question in enumerate(reading.learning_questions):
        if number:
            yield "Learning questions"
        yield from _printed_question(question, number + 1, reading)
    yield "Closing"
    yield from _asked(reading, "early_leads")
    yield prompt_for("closing_words", Form.INITIAL).texts[0]
    yield COMMENTS_HEADINGS[0]
    yield from _filled(reading.text("comments"))
    yield SIGN_IN_NOTE


def _printed_head(reading: Reading) -> Iterator[str]:
    if reading.text("page_title"):
        yield encoded(reading.text("page_title"))
    year = reading.fields.get("year")
    if year is not None:
        yield f"[[year:{year}]]"
    if reading.text("latitude"):
        yield f"[[latlng:{reading.text('latitude')},{reading.text('longitude')}]]"
    if reading.text("country"):
        yield _tag("country", reading.text("country"))
    goals = [str(goal) for goal in _numbers(reading, "sdgs")]
    for goal in _wordings(reading, "sdgs", goals):
        yield _tag("sdgs", goal)
    stages = _wordings(reading, "learning_cycle_stages", reading.listed("learning_cycle_stages"))
    for stage in stages:
        yield _tag("learning_cycle_stage", stage)
    for field, name in TAGS.items():
        for text in reading.listed(field):
            yield _tag(name, text)


def _tag(name: str, value: str) -> str:
    return f"[[{name}:{encoded(value)}]]"


def _numbers(reading: Reading, field: str) -> list[int]:
    value = reading.fields.get(field)
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else []


def _as_written(reading: Reading, field: str) -> str:
    """How the answer was worded where it was read, ``""`` where in our own words."""
    start = f"{field}: "
    wordings = (text for text in reading.listed("options_as_written") if text.startswith(start))
    return "\n".join(wording.removeprefix(start) for wording in wordings)


def _wordings(reading: Reading, field: str, values: Sequence[str]) -> Sequence[str]:
    written = _as_written(reading, field).split("\n")
    return written if len(written) == len(values) and written != [""] else values


def _challenge_type(reading: Reading) -> str:
    return reading.text("challenge_type").replace("_", " ").upper()


def _asked(reading: Reading, field: str) -> Iterator[str]:
    yield prompt_for(field, Form.INITIAL).texts[0]
    yield from _filled(reading.text(field))


def _filled(text: str) -> Iterator[str]:
    if text:
        yield encoded(text)


def _printed_partner(partner: PartnerReading, reading: Reading) -> Iterator[str]:
    sector = SECTOR_OPTIONS[partner.sector] if partner.sector else ""
    is_new = {True: "Yes", False: "No", None: ""}[partner.new_and_unusual]
    answers = {
        "partners_heading": "",
        "partner_name": partner.name,
        "partner_sector": _as_written(reading, f"partner {partner.rank} sector") or sector,
        "partner_collaboration": partner.collaboration,
        "partner_is_new": _as_written(reading, f"partner {partner.rank} new") or is_new,
    }
    yield from _printed_block(answers)


def _printed_question(
    question: LearningQuestionReading, number: int, reading: Reading
) -> Iterator[str]:
    stages = ", ".join(stage.capitalize() for stage in question.stages)
    answers = {
        "question_text": question.text,
        "question_stages": _as_written(reading, f"question {number} stages") or stages,
        "question_methods": "\n".join(f"- {method}" for method in question.methods),
        "question_method_use": question.method_use,
        "question_new_data_sources": question.new_data_sources,
        "question_data_gaps": question.data_gaps,
    }
    yield from _printed_block(answers)


def _printed_block(answers: Mapping[str, str]) -> Iterator[str]:
    for field, text in answers.items():
        if text or field not in OUR_OWN_QUESTIONS:
            yield prompt_for(field, Form.INITIAL).texts[0]
            yield from _filled(text)
