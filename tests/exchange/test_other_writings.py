"""Forms as people copy, save and send them: each way of writing reads like the form itself."""

import html
import re
import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.copied_text import as_lines
from app.exchange.flat_marks import flat_marks
from app.exchange.form_documents import read_document
from app.exchange.form_marks import MarkKind
from app.exchange.form_prompts import DISCLAIMER, Form
from app.exchange.option_words import SECTORS, STAGES, YES_OR_NO, understood
from app.exchange.readings import Reading
from app.exchange.text_files import read_text
from tests.exchange.forms import page, partner_text, plan_text, question_text, quoted

PLAN = plan_text(
    title="Mercados",
    challenge_type="BIG BET",
    statement="Our challenge is that 30 markets have no internet & pay in cash.",
    background="The market opened in 1975.\n\nNobody counted its sellers.",
    tweet="Markets go digital!",
    early_leads="The municipality.",
    partners="\n".join(
        [
            partner_text("Agros", "Private Sector", "They bring scales.", "Yes"),
            partner_text("RENIEC", "Government", "They know who is who.", "No"),
        ]
    ),
    questions=question_text("How do sellers learn?", "Explore, Test", "By visits.", "No census."),
)
EXPERIMENT = page(
    quoted("prepared_by", "Rosa", Form.EXPERIMENT),
    quoted("on_date", "24/06/2024", Form.EXPERIMENT),
    quoted("hypothesis", "If sellers learn, then they sell more.", Form.EXPERIMENT),
    quoted("cost_band", "", Form.EXPERIMENT).strip(),
    tags=("year:2024", "type:experiment", "country:Peru", "sdgs:5. Gender equality"),
    heading="Scales",
)


def lines_by_kind(text: str) -> list[tuple[str, str]]:
    lines = text.split("\n")
    kinds = ["answer"] * len(lines)
    for mark in flat_marks(lines):
        for number in range(mark.first, mark.last + 1):
            kinds[number] = mark.kind.name.lower()
    return list(zip(lines, kinds, strict=True))


def written(change: Callable[[str], str], *kinds: str) -> str:
    """The plan with the lines of these kinds changed."""
    return "\n".join(
        change(line) if kind in kinds and line.strip() else line
        for line, kind in lines_by_kind(PLAN)
    )


def rows(row: Callable[[list[str]], str]) -> str:
    """The plan as a table: each question beside the first line of its answer."""
    cells: list[list[str]] = []
    before = ""
    for line, kind in lines_by_kind(PLAN):
        if kind == "answer" and before == "question":
            cells[-1].append(line)
        elif line.strip():
            cells.append([line])
        before = kind
    return "\n".join(map(row, cells))


def web_page(question: str, answer: str) -> str:
    tags = {"question": question, "section": "h2", "note": "p", "answer": answer}
    body = "\n".join(
        f"<{tags[kind]}>{html.escape(line)}</{tags[kind]}>"
        for line, kind in lines_by_kind(PLAN)
        if line.strip()
    )
    head = "<title>Chrome</title><style>p{margin:0}</style><script>var a=1;</script>"
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body><div>\n{body}\n</div></body></html>"


def numbers(sign: str) -> Callable[[str], str]:
    counted = iter(range(1, 1000))
    return lambda line: sign % next(counted) + line


def said(reading: Reading) -> str:
    """What was read, without signs and spaces; how an option was worded does not matter."""
    fields = {name: value for name, value in reading.fields.items() if name != "options_as_written"}
    whole = reading.model_copy(update={"fields": fields}).model_dump_json()
    return " ".join(re.findall(r"[^\W_]+", whole.replace("\\n", " ").replace("\\t", " ")))


def read(text: str, name: str = "form.txt") -> Reading:
    (reading,) = read_document(read_text(text.encode(), name=name), name=name)
    return reading


EVERY = ("question", "section", "note")
WRITINGS = {
    "upper case": written(str.upper, *EVERY),
    "numbers": written(numbers("%d. "), "question"),
    "Q3)": written(numbers("Q%d) "), "question"),
    "letters": written(lambda line: f"b) {line}", "question"),
    "Question 3:": written(numbers("Question %d: "), "question"),
    "numbered sections": written(numbers("%d. "), "section"),
    "italics": written(lambda line: f"__{line}__", *EVERY),
    "headings": written(lambda line: f"## {line}:", "question", "section"),
    "underlined headings": written(lambda line: f"{line}\n{'=' * len(line)}", "section"),
    "lines between parts": written(lambda line: f"{'_' * 40}\n{line}", "section"),
    "an e-mail's answer": "\n".join(f"> {line}" for line in PLAN.split("\n")),
    "a saved page": web_page("p", "p"),
    "a saved page with headings": web_page("h3", "div"),
    "a page of breaks": "<html><body>" + "<br>\n".join(map(html.escape, PLAN.split("\n"))),
    "a web table": "<table>\n"
    + rows(lambda cells: "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>")
    + "\n</table>",
    "a table": rows(lambda cells: f"| {' | '.join(cells)} |"),
    "no-break spaces": written(lambda line: line.replace(" ", "\u00a0"), *EVERY),
    "soft hyphens": PLAN.replace("market", "mar\u00adket").replace("Private", "Pri\u00advate"),
    "zero-width spaces": PLAN.replace(" ", "\u200b "),
    "a disclaimer on one line": PLAN.replace(
        "\nPartners\n", f"\nDISCLAIMER: {DISCLAIMER}\nPartners\n"
    ),
    "a disclaimer at the end": f"{PLAN}\nComments\nLog in to add a comment or reply.\nDisclaimer:\n"
    + DISCLAIMER,
    "partners by number": re.sub(r"(?m)^(?=Please state the name)", "\nPARTNER #2:\n", PLAN),
    "boxes": PLAN.replace("\nYes", "\n☑ Yes ☐ No").replace("\nNo\n", "\n[ ] Yes [x] No\n"),
    "boxes one a line": PLAN.replace("Explore, Test", "☐ Sense\n☒ Explore\n☒ Test\n☐ Grow"),
    "boxes behind": PLAN.replace("BIG BET", "Big Bet [x]  Exploratory [ ]"),
    "wrapped": "\n".join(
        "\n".join(textwrap.wrap(line, 60)) if line.strip() else line for line in PLAN.split("\n")
    ),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_another_way_of_writing_is_read_like_the_form(writing: str) -> None:
    assert said(read(WRITINGS[writing])) == said(read(PLAN))


def front_matter(text: str, *, inline: bool) -> str:
    goals = 'sdgs: ["5. Gender equality"]' if inline else "sdgs:\n  - 5. Gender equality"
    head = f'---\ntitle: "Scales"\nyear: 2024\ntype: experiment\ncountry: Peru\n{goals}\n---\n'
    return head + re.sub(r"(?m)^(\[\[.*|# .*)\n", "", text)


PAGES = {
    "YAML above it": front_matter(EXPERIMENT, inline=False),
    "YAML in one line": front_matter(EXPERIMENT, inline=True),
    "a converter's strokes": re.sub(r"(?m)^\[\[(.*)\]\]$", r"\\[\\[\1\\]\\]", EXPERIMENT),
    "an underlined heading": EXPERIMENT.replace("# Scales", "Scales\n======"),
    "tags in another case": EXPERIMENT.replace("[[year:", "[[ YEAR : "),
    "tags with bullets": EXPERIMENT.replace("[[", "• [["),
    "questions as headings": re.sub(r"(?m)^> ", "### ", EXPERIMENT),
    "questions in bold": re.sub(r"(?m)^> (.*)$", r"**\1**", EXPERIMENT),
    "bare questions": re.sub(r"(?m)^> ", "", EXPERIMENT),
    "a saved page": "<html><body><h1>Scales</h1>"
    + "".join(
        f"<blockquote>{line[2:]}</blockquote>\n" if line[:2] == "> " else f"<p>{line}</p>\n"
        for line in EXPERIMENT.split("\n")[1:]
    )
    + "</body></html>",
}


@pytest.mark.parametrize("writing", PAGES)
def test_another_way_of_writing_a_page_is_read_like_the_page(writing: str) -> None:
    assert said(read(PAGES[writing], "page.md")) == said(read(EXPERIMENT, "page.md"))


def test_questions_right_below_one_another_are_two() -> None:
    together = EXPERIMENT.rstrip() + "\n> Quality Check\n\n- The hypothesis is clearly stated\n"
    assert read(together, "page.md").fields["quality_checks"] == ["clear_hypothesis"]


def test_a_question_in_bold_type_may_have_its_answer_on_its_line() -> None:
    bold = re.sub(r"(?m)^> (What is your hypothesis.*)\n\n", r"**\1** ", EXPERIMENT)
    assert bold != EXPERIMENT
    assert read(bold, "page.md").fields["hypothesis"] == "If sellers learn, then they sell more."


def test_the_head_of_a_message_is_no_title_and_is_kept() -> None:
    reading = read(f"From: Rosa\nSubject: our plan\n\n{PLAN}")
    assert (reading.fields["title"], reading.fields["page_title"]) == ("Mercados", "")
    assert reading.unmapped == ["From: Rosa\nSubject: our plan"]


@pytest.mark.parametrize(
    ("answer", "rules", "values"),
    [
        ("☑ Yes ☐ No", YES_OR_NO, ["yes"]),
        ("[ ] Yes\n[X] No", YES_OR_NO, ["no"]),
        ("( ) Yes (x) No", YES_OR_NO, ["no"]),
        ("○ Yes ◉ No", YES_OR_NO, ["no"]),
        ("Yes ☐ No ☒", YES_OR_NO, ["no"]),
        ("☐ Yes ☐ No", YES_OR_NO, []),
        ("☐ Sense ☑ Explore\n☑ Test ☐ Grow", STAGES, ["explore", "test"]),
        ("○ Explore\n○ Test", STAGES, ["explore", "test"]),
        ("- [x] Academia\n- [ ] Government", SECTORS, ["academia"]),
    ],
)
def test_of_options_with_boxes_the_full_ones_are_chosen(
    answer: str, rules: tuple[tuple[str, str], ...], values: list[str]
) -> None:
    meant = understood(answer, rules)
    assert (meant.values, meant.unknown) == (values, [])


def test_a_full_box_at_an_unknown_option_is_pointed_at() -> None:
    assert understood("☑ Banking ☐ Academia", SECTORS).unknown == ["☑ Banking ☐ Academia"]


def test_an_option_over_two_lines_is_one() -> None:
    meant = understood("- civil\nsociety\n- Academia", SECTORS)
    assert (meant.values, meant.unknown) == (["civil_society", "academia"], [])


@pytest.mark.parametrize(
    "answer",
    [
        "<p>a paragraph</p>",
        "a | b\n| c | d |",
        "> quoted\n> twice",
        "---\nyear: 2020\n---",
        "one\n===",
        r"\[x\] and \* stars",
        "From: here",
    ],
)
def test_signs_inside_an_answer_stay_in_it(answer: str) -> None:
    reading = read(plan_text(statement=f"We say:\n{answer}\nand go on."))
    assert reading.text("statement") == f"We say:\n{answer}\nand go on."


@given(st.text(alphabet="ab <>/p|-=\\[]:#\n", max_size=60))
def test_the_lines_of_any_text_keep_its_words_but_for_tags(text: str) -> None:
    assert set(re.findall(r"\bb+\b", re.sub(r"<[^>]*>?", " ", text))) <= set(
        re.findall(r"\bb+\b", as_lines(text))
    )


def test_the_kinds_of_marks_are_told_apart_in_these_tests() -> None:
    assert {kind for _, kind in lines_by_kind(PLAN)} == {
        "answer",
        *(kind.name.lower() for kind in MarkKind if kind is not MarkKind.BREAK),
    }
