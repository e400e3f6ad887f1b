"""One door for every kind of text; large texts are read quickly."""

import html
import re
import time
from collections.abc import Iterator

import pytest

from app.exchange.form_documents import read_document
from app.exchange.form_text import key_of
from app.exchange.readings import PAGE_FIELDS, Reading
from app.exchange.text_files import MOST_BYTES, read_text
from tests.exchange.forms import page, plan_text, question_text, quoted, wording
from tests.exchange.real_inputs import FILES, needs_inputs, text_of

PAGES = [name for name in FILES if name.endswith(".md")]
ONLY_IN_TAGS = {"state", "cost_band"}
# Eight times the text costs eight times the work; were it the square, it would be 64 times.
PARTS, MOST_TIMES = 8, 24


def flattened(text: str) -> str:
    """The page as people copy it from a screen: no tags, no marks, no blank lines."""

    def lines() -> Iterator[str]:
        for line in text.split("\n"):
            if not re.fullmatch(r"\s*(?:\[\[.*\]\]|</?div.*>|\*+)\s*", line):
                plain = re.sub(r"^(?:#{1,2} ?|> ?)", "", line)
                yield html.unescape(re.sub(r"^\*\*(.*?)\*\*$", r"\1", plain))

    return "\n".join(line for line in lines() if line.strip())


def answers_of(reading: Reading) -> dict[str, object]:
    """What the form's own questions were answered, spacing apart."""
    own = {
        name: key_of(value) if isinstance(value, str) else value
        for name, value in reading.fields.items()
        if name not in PAGE_FIELDS and name not in ONLY_IN_TAGS
    }
    blocks = [*reading.partners, *reading.learning_questions]
    values = [list(block.model_dump().values()) for block in blocks]
    return own | {"blocks": [[key_of(str(value)) for value in each] for each in values]}


@needs_inputs
@pytest.mark.parametrize("name", PAGES)
def test_a_page_copied_as_flat_text_is_read_as_the_page(name: str) -> None:
    (original,) = read_document(text_of(name), name=name)
    (copied,) = read_document(flattened(text_of(name)), name="copy.txt")
    assert copied.kind is original.kind
    assert answers_of(copied) == answers_of(original)


def test_the_way_of_writing_is_recognised_and_not_the_file_s_name() -> None:
    (flat,) = read_document(plan_text(title="Mercados"), name="plan.md")
    (marked,) = read_document(page("## Title", quoted("title", "Mercados")), name="plan.txt")
    assert flat.fields["title"] == marked.fields["title"] == "Mercados"


@pytest.mark.parametrize(
    "text",
    [
        plan_text(background="palabra " * 240_000),
        plan_text(background="a\n" * 900_000),
        plan_text(background="\n" * 1_900_000 + "x"),
        plan_text(questions=question_text("Why? " * 350_000)),
        plan_text(background="Why?!" * 350_000),
        "\n".join([plan_text(background="A", tweet="B")] * 500),
        plan_text(background=wording("background")[:60] + "\n" * 2 + "What is\n" * 100_000),
        page("## Title", quoted("background", "x\n\n</div>\n" * 120_000)),
        page("## Title", *[f"[[theme:{n}]]" for n in range(60_000)], quoted("title", "T")),
        page(*[quoted("background", f"one {n}") for n in range(7_000)]),
    ],
    ids=["long", "short lines", "blank", "questions", "signs", "forms", "near", "groups", "tags",
         "pages"],
)  # fmt: skip
def test_the_work_grows_with_a_form_and_no_faster(text: str) -> None:
    whole = text.encode()[:MOST_BYTES]
    ends = len(whole) // (2 * PARTS)
    part = whole[:ends] + whole[-ends:]
    assert work_of(whole) < MOST_TIMES * work_of(part)


def work_of(content: bytes) -> float:
    """The CPU seconds of reading it, the lesser of two: other work on the machine only adds."""
    return min(_work_of_one_reading(content) for _ in range(2))


def _work_of_one_reading(content: bytes) -> float:
    started = time.process_time()
    assert read_document(read_text(content, name="x"), name="x")
    return time.process_time() - started
