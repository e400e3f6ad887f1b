"""Nothing of a source is lost and nothing invented: on every real file and on generated ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.refusals import InvalidError
from app.exchange.form_documents import read_document
from app.exchange.form_prompts import PROMPTS, Form, Prompt
from app.exchange.text_files import read_text
from tests.exchange.conservation import invented_words, lost_lines, lost_words
from tests.exchange.forms import wording
from tests.exchange.real_inputs import FILES, content_of, needs_inputs


@needs_inputs
@pytest.mark.parametrize("name", FILES)
def test_no_line_of_a_real_form_is_lost(name: str) -> None:
    text = read_text(content_of(name), name=name)
    assert lost_lines(text, read_document(text, name=name)) == []


@needs_inputs
@pytest.mark.parametrize("name", FILES)
def test_no_word_of_a_real_form_is_invented(name: str) -> None:
    text = read_text(content_of(name), name=name)
    invented = invented_words(text, read_document(text, name=name))
    fields = (
        "none random non 1000 under over 9999 10000 20000 different group same before pre quasi"
    )
    ours = set(fields.split()) | {"experimental", "completed", "running", "50", "99", "10", "49"}
    assert {word for word in invented - ours if not word.isdigit()} == set()


@needs_inputs
def test_what_finds_no_field_in_the_real_forms_is_one_line() -> None:
    unmapped = {
        name: text
        for name in FILES
        for reading in read_document(read_text(content_of(name), name=name), name=name)
        for text in reading.unmapped
    }
    assert list(unmapped.values()) == ["www.nrs.mk"]


ANSWER_LINES = st.one_of(
    st.sampled_from(
        [
            "Title",
            "Partners",
            "Closing",
            "Comments",
            "Test",
            "Grow",
            "End",
            "Design",
            "Results",
            "Learning",
            "Data and Methods",
            "Challenge statement",
            "Quality Check",
            "Sense",
            "",
            "- Test",
            "• uno",
            "1. first",
            "¿Qué aprendimos? ¿Cómo?",
            "Ñuqanchikpa llaqta",
            "AT&amp;T &nbsp; &lt;b&gt;",
            "“curly” ’quotes’  two spaces",
            "- Yes",
            "No",
            "100",
            "20%",
            "24/06/2024",
            "31/02/2023",
            "USD 10,000",
            "> a quotation of ours",
            "> 50%",
            "## Ours",
            "# ours",
            "[[year:2021]] in text",
            "**bold**",
            "</div>",
            "Please state",
            "Overview",
            "Log in to add a comment or reply.",
            "What surprised you?",
            "Disclaimer:",
            "Title:",
            "Please note: we ask you kindly",
            "Big Bet and exploratory",
            "Private Sector, Academia",
            "How can we close the divide? What is needed?",
            "https://x.org/?a=1&copy=2",
            "🌊",
            "[link](https://undp.org)",
            "Other",
            "Don't know",
            "Did not scale yet",
            "Completed",
        ]
    ),
    st.text(alphabet="abcñ áé?.,:>-#*&; ", max_size=30),
)
ANSWERS = st.lists(ANSWER_LINES, max_size=4).map("\n".join)
PLAN, CLOSING, EXPERIMENT = (
    [prompt for prompt in PROMPTS if form in prompt.forms] for form in Form
)


def written_prompts(draw: st.DrawFn, prompts: list[Prompt], mark: str) -> list[str]:
    """Questions in any order, some missing, some repeated, each with an answer."""
    chosen = draw(st.lists(st.sampled_from(prompts), min_size=1, max_size=25))
    blocks = []
    for prompt in chosen:
        blocks += [f"{mark}{draw(st.sampled_from(prompt.texts))}", draw(ANSWERS)]
        if draw(st.integers(0, 9)) == 0:
            blocks.append(draw(st.sampled_from(["Partners", "Results", "Closing"])))
    return blocks


@st.composite
def flat_forms(draw: st.DrawFn) -> str:
    prompts = draw(st.sampled_from([PLAN, CLOSING, EXPERIMENT, PROMPTS]))
    head = draw(st.sampled_from(["", "A heading", "A heading\nand a line", "[[year:2021]]"]))
    anchor = wording("title") if prompts is PLAN else wording("bonus", Form.CLOSING)
    anchor = wording("hypothesis", Form.EXPERIMENT) if prompts is EXPERIMENT else anchor
    tail = draw(
        st.sampled_from(["", "Comments\nAna: well done\nLog in to add a comment or reply."])
    )
    return "\n".join([head, anchor, draw(ANSWERS), *written_prompts(draw, list(prompts), ""), tail])


TAGS = st.sampled_from(
    [
        "year:2021",
        "year:soon",
        "country:Peru",
        "country:Chile",
        "latlng:1,2",
        "latlng:here",
        "sdgs:10. Reduced innequalities",
        "sdgs:Climate action",
        "sdgs:42. Answers",
        "sdgs:",
        "methods:Pilots",
        "datasources:Open data",
        "thematic_areas:peace,",
        "unseen:A: value",
        "control_group:Don't know",
        "control_group:It does not use a control group",
        "control_group:Maybe",
        "assignment_type:Random assignment",
        "sample_size:More than 1,000",
        "total_cost:Between 10,000- and 20,000 USD",
        "scaling:led to partnerships",
        "scaling:went viral",
        "quality_check:This activity has a low risk",
        "type:experiment",
        "type:learningplan",
        "type:solution",
        "experiment_status:Design Stage",
        "experiment_type:Experimental (RCTs, etc.)",
        "partnering_sector:Public Sector",
        "learning_cycle_stage:Grow",
        "learning_cycle_stage:Fly",
    ]
)
QUOTED_UNKNOWN = st.sampled_from(["> ", "> ¿Cuál es su pregunta?", "> Autre question : ?", "> x"])


@st.composite
def archive_pages(draw: st.DrawFn) -> str:
    prompts = draw(st.sampled_from([PLAN, CLOSING, EXPERIMENT, PROMPTS]))
    tags = [f"[[{tag}]]" for tag in draw(st.lists(TAGS, max_size=8))]
    body = written_prompts(draw, list(prompts), "> ")
    for place in draw(st.lists(st.integers(0, len(body)), max_size=4)):
        extra = ["## Título", "## Partners", "## \n****", '<div class="group">', "</div>"]
        body.insert(place, draw(st.one_of(QUOTED_UNKNOWN, st.sampled_from(extra))))
    return "\n\n".join(
        [f"# {draw(st.sampled_from(['Page', '#Tag page', '']))}", *tags, "## Title", *body]
    )


@settings(deadline=None)
@given(flat_forms())
def test_no_word_of_a_flat_form_is_lost(text: str) -> None:
    assert lost_words(text, read_document(text, name="form.txt")) == set()


@settings(deadline=None)
@given(archive_pages())
def test_no_word_of_an_archive_page_is_lost(text: str) -> None:
    try:
        readings = read_document(text, name="page.md")
    except InvalidError:
        pytest.fail(f"refused: {text}")
    assert lost_words(text, readings) == set()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_beside_the_file(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_document(text, name="x")
    assert caught.value.problems[0].field == "file"
