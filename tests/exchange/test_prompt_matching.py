"""A line is recognised as one of UNDP's questions, or it is not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.form_prompts import PROMPTS, Prompt
from app.exchange.form_text import key_of
from app.exchange.prompt_matching import Match, match_line
from tests.exchange.forms import wording
from tests.exchange.real_inputs import INPUTS

TAXONOMY = INPUTS.parent / "data" / "taxonomies" / "acclab_form_prompts.json"
LONG = [(prompt, text) for prompt in PROMPTS for text in prompt.texts if len(text.split()) >= 5]


def field_of(line: str, *, marked: bool = False) -> str | None:
    match = match_line(line, marked=marked)
    return match.prompt.field if match and match.prompt else None


@pytest.mark.skipif(not TAXONOMY.exists(), reason="the list of real questions is not here")
def test_every_question_of_the_real_forms_is_known() -> None:
    forms = json.loads(TAXONOMY.read_text(encoding="utf-8"))
    wordings = {entry["prompt"] for form in forms.values() for entry in form}
    assert [text for text in wordings if match_line(text) is None] == []


@pytest.mark.parametrize(("prompt", "text"), LONG)
def test_each_wording_is_its_own_question(prompt: Prompt, text: str) -> None:
    assert match_line(text) == Match(prompt, "")


@pytest.mark.parametrize(
    "written",
    [
        "please STATE the name of the partner",
        "Please state the name of the Parter :  ",
        "  > **Please state the name of the partner:**",
        "3. Please state the name of the partner:",
        "Q12: Please state the name of the partner:",
        "Please\u00a0state the\u200b name of the partner",
        "Please state the name of your partner:",
        "- Please state the name of the partner:",
    ],
)
def test_case_signs_numbers_and_small_slips_do_not_matter(written: str) -> None:
    assert field_of(written) == "partner_name"


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (
            "Short 'tweet' summary: We would like to tweet what you are working on, can you"
            " summarise your challenge in a maximum of 280 characters?",
            "tweet",
        ),
        (
            "Usage of methods: Relating to your choice above, how will you use your methods &amp;"
            " tools for this learning question? What value do these add in answering your learning"
            " question?",
            "question_method_use",
        ),
        (
            "Early leads to grow: Think about the possible grow phase for this challenge — who"
            " might benefit from your work on this challenge or who might be the champions in your"
            " country that you should inform or collaborate with early on to help you grow it?",
            "early_leads",
        ),
        ("Was the original hypothesis (If… then) proven or disproven?", "outcome_statement"),
        ("What is your hypothesis?", "hypothesis"),
        ("What is the history of your challenge? What is causing or driving it?", "background"),
        ("Challenge statement: What is your challenge?", "statement"),
        ("END OF ACTION LEARNING PLAN", "closing_words"),
    ],
)
def test_other_spellings_and_shorter_wordings_are_known(written: str, field: str) -> None:
    assert field_of(written) == field


@pytest.mark.parametrize(
    "written",
    [
        "Background",
        "Digitalization",
        "What surprised me?",
        "What is the challenge of our partners in the food markets of Lima?",
        "Please state the obvious: the divide remains.",
        "If applicable, what media partners did you actually work with and what did you do with"
        " them?",
        "Our challenge is to understand how the digital divide shapes human development in Peru",
        "How can the impact of projects be amplified by closing the digital divide?",
        "",
        "?",
    ],
)
def test_an_answer_is_no_question(written: str) -> None:
    assert match_line(written) is None


def test_an_answer_on_the_line_of_its_question_is_kept() -> None:
    match = match_line(wording("partner_name") + " Internet para Todos: (IpT)")
    assert match is not None
    assert match.rest == "Internet para Todos: (IpT)"
    quoted = match_line(wording("statement") + ' "Our challenge is that it rains."')
    assert quoted is not None
    assert quoted.rest == '"Our challenge is that it rains."'


def test_an_answer_behind_a_question_in_other_words_is_kept() -> None:
    match = match_line("Please write down the name of the partner: Streams", marked=True)
    assert match is not None
    assert match.rest == "Streams"


def test_of_two_wordings_that_begin_alike_the_longer_is_taken() -> None:
    longer = "What is the specific learning intent of the activity? Why is it important to do this"
    assert match_line(f"{longer} experiment?") == match_line(f"{longer} experiment?  ")
    match = match_line("What is the specific learning intent of the activity? To learn.")
    assert match is not None
    assert match.rest == "To learn."


@settings(deadline=None)
@given(st.sampled_from(LONG), st.data())
def test_a_question_with_a_word_left_out_is_still_recognised(
    asked: tuple[Prompt, str], data: st.DataObject
) -> None:
    prompt, text = asked
    words = text.split()
    left_out = data.draw(st.integers(0, len(words) - 1))
    shorter = " ".join(word for place, word in enumerate(words) if place != left_out)
    match = match_line(shorter, marked=True)
    assert match is None or match.prompt == prompt or len(words) < 12
    is_told_apart = not prompt.must_have & set(key_of(words[left_out]).split())
    if len(words) > 15 and is_told_apart:
        assert match is not None
        assert match.rest == ""
