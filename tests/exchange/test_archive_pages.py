"""Archive pages: tags, marked questions, sections in any language, plans and reflections."""

import pytest

from app.domain.refusals import InvalidError
from app.exchange.archive_pages import read_page, read_pages
from app.exchange.form_documents import read_document
from app.exchange.form_prompts import Form
from app.exchange.readings import Reading
from models.vocabulary import PageKind, Stage
from tests.exchange.forms import page, quoted, wording
from tests.exchange.real_inputs import needs_inputs, text_of


def read_one(text: str) -> Reading:
    (reading,) = read_document(text, name="page.md")
    return reading


def real(name: str) -> Reading:
    return read_one(text_of(f"archive/{name}.md"))


def flags_of(reading: Reading, field: str) -> list[str]:
    return [str(flag.message) for flag in reading.flags if flag.field == field]


@needs_inputs
def test_a_plan_page_is_read_with_its_tags() -> None:
    reading = real("plans/culture_for_development")
    assert reading.kind is PageKind.PLAN
    assert reading.fields["title"] == "Culture for Development"
    assert reading.fields["year"] == 2021
    assert reading.fields["country"] == "Peru"
    assert reading.fields["latitude"] == "-9.154388480752162"
    assert reading.fields["longitude"] == "-74.37806457210715"
    assert reading.fields["sdgs"] == [4, 5, 13]
    assert reading.fields["methods"] == [
        "Pilots",
        "Ethnography",
        "Design Thinking",
        "Design Sprints",
        "Co-creation",
    ]
    assert reading.fields["data_sources"] == [
        "Social network / social media data",
        "Citizen data",
        "Big & Raw data",
    ]
    assert reading.fields["thematic_areas"] == ["creative economy", "culture", "gender"]
    assert str(reading.fields["quantitative_evidence"]).startswith("Culture Ministry’s June 2020")
    assert len(reading.partners) == 5
    assert reading.learning_questions[0].stages == [Stage.EXPLORE, Stage.TEST]


@needs_inputs
def test_text_and_picture_of_one_question_are_kept_together() -> None:
    evidence = str(real("plans/territories_that_heal").fields["quantitative_evidence"])
    assert evidence.startswith("73,1 % of herbalists")
    assert evidence.endswith("e6e481e1833d3f5c25634994037b4503.jpg)")


@needs_inputs
def test_sections_headed_in_spanish_are_dropped() -> None:
    reading = real("plans/spanish__portafolio_g_nero_y_violencia")
    assert reading.fields["title"] == "Portafolio Género y Violencia"
    assert reading.fields["early_leads"] == "n/a"
    assert [partner.name for partner in reading.partners] == [
        "Ministerio de Medio Ambiente",
        "Ministerio de Justicia",
        "SEPS (Secretaría de Economía Popular)",
    ]
    assert reading.unmapped == []


@needs_inputs
def test_both_closing_forms_are_read() -> None:
    older = real("plans/digitalization")
    newer = real("plans/digital_inclusion_for_citizen_engagement")
    assert older.kind is newer.kind is PageKind.REFLECTION
    assert older.fields["title"] == "Digitalization"
    assert str(older.fields["barriers"]).startswith("The Lab received a request")
    assert str(older.fields["partners_government"]).startswith("Prime Minister's Office")
    assert "Secretariat: We worked" in str(older.fields["partners_government"])
    assert older.fields["time_sense"] is None
    assert newer.fields["handover_outcomes"] == ["office_programming", "expanded_in_country"]
    assert str(newer.fields["handover_detail"]).startswith("Per our RR's request")
    assert len(newer.partners) == 4
    assert newer.partners[0].collaboration.startswith("Via Código taught two workshops")


def test_a_page_with_the_plan_and_its_closing_form_gives_both() -> None:
    text = page(
        "## Title",
        quoted("title", "Mercados"),
        "## Partners",
        quoted("partner_name", "Agros"),
        "## Learnings on your challenge",
        quoted("insights", "Much", Form.CLOSING),
        "## Partners",
        quoted("partners_heading", "", Form.CLOSING),
        quoted("partner_name", "PUCP"),
        quoted("partner_sector", "Academia"),
        "## End",
        quoted("bonus", "Yes", Form.CLOSING),
        tags=("year:2023", "type:learningplan", "country:Peru"),
        heading="Mercados",
    )
    plan, reflection = read_pages(text, name="page.md")
    assert (plan.kind, reflection.kind) == (PageKind.PLAN, PageKind.REFLECTION)
    assert [partner.name for partner in plan.partners] == ["Agros"]
    assert [(p.rank, p.name) for p in reflection.partners] == [(1, "PUCP")]
    for reading in (plan, reflection):
        assert reading.fields["title"] == "Mercados"
        assert reading.fields["year"] == 2023
        assert reading.fields["country"] == "Peru"
    assert read_page(text, name="page.md") == plan


def test_a_page_that_only_states_its_kind_is_read() -> None:
    reading = read_one(page("Some text", tags=("type:experiment", "year:2022"), heading="Empty"))
    assert reading.kind is PageKind.EXPERIMENT
    assert reading.fields["title"] == "Empty"
    assert reading.unmapped == ["Some text"]


@pytest.mark.parametrize("tags", [("type:solution",), ("type:blog", "year:2022")])
def test_a_page_of_another_kind_is_refused(tags: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError, match=r"page.md is not the text of a UNDP form"):
        read_document(page("A text", tags=tags), name="page.md")


def test_entities_are_read_as_the_signs_they_stand_for() -> None:
    answer = "R&amp;D&nbsp;in &lt;b&gt; --&gt; &#8220;x&#8221; ?a=1&copy=2 &amp;amp;"
    reading = read_one(page("## Title", quoted("title", answer), heading="R&amp;D"))
    assert reading.fields["title"] == "R&D in <b> --> “x” ?a=1&copy=2 &amp;"
    assert reading.fields["page_title"] == "R&D"


def test_shares_of_time_are_numbers_and_their_total_is_watched() -> None:
    def of(*shares: str) -> Reading:
        fields = [f"time_{stage}" for stage in Stage]
        blocks = [quoted(f, s, Form.CLOSING) for f, s in zip(fields, shares, strict=True)]
        return read_one(page("## End", quoted("time", "", Form.CLOSING), *blocks))

    right = of("10", "20%", "30 %", "40")
    assert [right.fields[f"time_{stage}"] for stage in Stage] == [10, 20, 30, 40]
    assert right.flags == []
    assert flags_of(of("10", "10", "10", "10"), "time_sense") == [
        "The shares of time add up to 40 and not to 100."
    ]
    odd = of("a lot", "", "", "120")
    assert odd.fields["time_sense"] is odd.fields["time_grow"] is None
    assert odd.unmapped == ["Sense: a lot", "Grow: 120"]
    assert len(odd.flags) == 2


def test_shares_of_time_in_one_answer_are_read() -> None:
    text = "Sense: 10%, Explore: 20%, Test 30%; Grow - 40"
    reading = read_one(page("## End", quoted("time", text, Form.CLOSING)))
    assert [reading.fields[f"time_{stage}"] for stage in Stage] == [10, 20, 30, 40]
    vague = read_one(page("## End", quoted("time", "Mostly sense, 50", Form.CLOSING)))
    assert vague.fields["time_sense"] is None
    assert vague.unmapped == ["Mostly sense, 50"]


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        (
            "Our work has been picked up by UNDP or the government and has now expanded"
            " geographically to other countries",
            "expanded_abroad",
        ),
        ("Our work has been adopted by the government", "government_adopted"),
        ("Our work has been picked up by the private sector", "private_sector_adopted"),
        ("Our work was handed over to civil society organisations", "civil_society_adopted"),
        ("Our work has not yet been picked up", "not_yet"),
        ("Other", "other"),
    ],
)
def test_handover_options_are_told_apart(written: str, outcome: str) -> None:
    block = quoted("handover_outcomes", f"- {written}", Form.CLOSING)
    reading = read_one(page("## End", block))
    assert reading.fields["handover_outcomes"] == [outcome]
    assert any(written in text for text in reading.listed("options_as_written")) or (
        written.casefold() == outcome
    )


def test_an_unknown_handover_is_kept_and_pointed_at() -> None:
    block = quoted("handover_outcomes", "- It was fun", Form.CLOSING)
    reading = read_one(page("## End", block))
    assert reading.fields["handover_outcomes"] == []
    assert reading.unmapped == ["It was fun"]
    assert len(flags_of(reading, "handover_outcomes")) == 1


def test_a_question_that_is_none_of_undp_s_is_kept_with_its_answer() -> None:
    text = page(
        "## Title",
        quoted("title", "Mercados"),
        "> ¿Quién financia el plan?\n\nNadie.",
        quoted("background", "Long"),
        "> No answer here?",
        quoted("tweet", "Short"),
    )
    reading = read_one(text)
    assert reading.unmapped == ["¿Quién financia el plan?\nNadie.", "No answer here?"]
    assert reading.fields["title"] == "Mercados"
    assert reading.fields["background"] == "Long"
    assert reading.fields["tweet"] == "Short"


def test_a_marked_part_without_a_question_continues_the_one_before_it() -> None:
    group = '<div class="group">\n\n> \n\nA picture\n\n</div>'
    reading = read_one(page("## Title", quoted("statement", "A text"), group))
    assert reading.fields["statement"] == "A text\n\nA picture"
    orphan = read_one(page("## Title", quoted("title", "T"), "## Closing", "> \n\nA picture"))
    assert orphan.unmapped == ["A picture"]


def test_lines_that_look_like_the_page_s_structure_stay_in_their_answer() -> None:
    answer = "# one\n\n## two\nmore\n\n> 50%\n\n#hashtag\n\n- Test\n\n**bold**\n\n---"
    reading = read_one(page("## Title", quoted("background", answer), "## Partners"))
    assert reading.fields["background"] == answer


def test_sections_in_a_language_we_do_not_know_are_dropped_by_their_number() -> None:
    text = page(
        "## Titre",
        quoted("title", "Marchés"),
        "## Énoncé du défi",
        quoted("challenge_type"),
        quoted("background", "Contexte\n\n## Sous-titre"),
        quoted("tweet", "Bref"),
        "## Classification",
        "## Partenaires",
        quoted("partner_name", "Agros"),
        "## Questions",
        quoted("question_text", "Quoi ?"),
        "## Questions",
        quoted("question_text", "Qui ?"),
        "## Clôture",
        quoted("early_leads", "A"),
        "## Fin de page",
    )
    reading = read_one(text)
    assert reading.fields["title"] == "Marchés"
    assert reading.fields["background"] == "Contexte\n\n## Sous-titre"
    assert reading.fields["tweet"] == "Bref"
    assert [partner.name for partner in reading.partners] == ["Agros"]
    assert [question.text for question in reading.learning_questions] == ["Quoi ?", "Qui ?"]
    assert reading.fields["early_leads"] == "A"
    assert reading.unmapped == ["Fin de page"]


def test_a_question_over_two_marked_lines_is_one() -> None:
    first, second = wording("background").split("driving it? ")
    text = page("## Title", f"> {first}driving it?\n> {second}\n\nLong")
    assert read_one(text).fields["background"] == "Long"


def test_questions_without_marks_are_recognised_word_for_word() -> None:
    text = page(
        "## Title",
        wording("title"),
        "Mercados",
        f"**{wording('background')}**",
        "Long",
        tags=("type:learningplan",),
    )
    reading = read_one(text)
    assert reading.fields["title"] == "Mercados"
    assert reading.fields["background"] == "Long"


def test_comments_on_a_page_are_kept() -> None:
    text = page(
        "## Title",
        quoted("title", "T"),
        "## Comments",
        "Ana: good",
        "Log in to add a comment or reply.",
    )
    reading = read_one(text)
    assert reading.fields["comments"] == "Ana: good"
    assert reading.unmapped == []


def test_tags_say_what_they_can_and_the_rest_is_kept() -> None:
    tags = (
        "year:2021",
        "year:2022",
        "country:Peru",
        "country:Chile",
        "latlng:95,10",
        "sdgs:SDG 5",
        "sdgs:Climate action",
        "sdgs:99. More",
        "thematic_areas:peace,",
        "colour:blue: light",
        "control_group:Don't know",
        "type:learningplan",
        "learning_cycle_stage:Explore",
        "thematic areas:two\nlines",
    )
    reading = read_one(page("## Title", quoted("title", "A page"), tags=tags))
    assert reading.fields["year"] == 2021
    assert reading.fields["country"] == "Peru"
    assert reading.fields["latitude"] == ""
    assert reading.fields["sdgs"] == [5, 13]
    assert reading.fields["thematic_areas"] == ["peace,", "two lines"]
    assert reading.fields["learning_cycle_stages"] == ["explore"]
    assert reading.unmapped == [
        "year: 2022",
        "country: Chile",
        "latlng: 95,10",
        "sdgs: 99. More",
        "colour: blue: light",
        "control_group: Don't know",
    ]
    assert {flag.field for flag in reading.flags} == {"year", "country", "latitude", "sdgs"}


def test_more_goals_or_themes_than_a_plan_may_have_are_pointed_at() -> None:
    tags = tuple(f"sdgs:{n}" for n in range(1, 7)) + tuple(f"thematic_areas:{n}" for n in "abcdef")
    plan = read_one(page("## Title", quoted("title", "A page"), tags=tags))
    assert plan.fields["sdgs"] == [1, 2, 3, 4, 5, 6]
    assert {flag.field for flag in plan.flags} == {"sdgs", "thematic_areas"}
    experiment = quoted("hypothesis", "IF", Form.EXPERIMENT)
    assert read_one(page("## Design", experiment, tags=tags)).flags == []


def test_a_page_that_calls_itself_something_else_is_pointed_at() -> None:
    reading = read_one(page("## Title", quoted("title", "A page"), tags=("type:experiment",)))
    assert reading.kind is PageKind.PLAN
    assert reading.unmapped == ["type: experiment"]
    assert len(flags_of(reading, "title")) == 1


def test_a_reading_is_json_with_its_doubts_in_words() -> None:
    reading = read_one(page("## Title", quoted("title", "A"), tags=("year:soon",), heading="B"))
    dumped = reading.model_dump(mode="json")
    assert dumped["kind"] == "plan"
    assert dumped["flags"][0] == {
        "field": "title",
        "message": "The page is headed “B”, the form is titled “A”.",
    }
    again = Reading.model_validate(dumped)
    assert again.fields == reading.fields
    assert str(again.flags[0].message) == str(reading.flags[0].message)
