"""Flat form text: the seed word for word, and every way an answer may look like the form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.refusals import InvalidError
from app.exchange.form_prompts import Form
from app.exchange.learning_plan_form import read_form, read_forms, write_form
from app.exchange.readings import PLAN_FIELDS, Reading
from models.vocabulary import PageKind, Sector, Stage
from tests.exchange.forms import partner_text, plan_text, question_text, wording
from tests.exchange.real_inputs import SEED, needs_inputs, text_of


def flags_of(reading: Reading, field: str) -> list[str]:
    return [str(flag.message) for flag in reading.flags if flag.field == field]


@needs_inputs
def test_the_seed_is_read_completely() -> None:
    text = text_of(SEED)
    reading = read_form(text)
    lines = text.split("\n")
    assert reading.kind is PageKind.PLAN
    assert reading.fields["title"] == "Digitalization"
    assert reading.fields["challenge_type"] == "big_bet"
    for field in (
        "statement",
        "background",
        "quantitative_evidence",
        "qualitative_evidence",
        "value_proposition",
        "tweet",
        "early_leads",
    ):
        assert reading.fields[field] == lines[lines.index(wording(field)) + 1]
    assert [(p.rank, p.name, p.sector, p.new_and_unusual) for p in reading.partners] == [
        (1, "Internet para Todos", Sector.PRIVATE_SECTOR, True),
        (2, "Prime Minister's Office", Sector.GOVERNMENT, False),
        (3, "Agros", Sector.PRIVATE_SECTOR, True),
        (4, "UNDP Chief Digital Office", Sector.UNITED_NATIONS, False),
        (5, "Pecha Kucha", Sector.CIVIL_SOCIETY, True),
    ]
    assert all(partner.collaboration in lines for partner in reading.partners)
    (question,) = reading.learning_questions
    assert question.text == lines[lines.index(wording("question_text")) + 1]
    assert question.stages == [Stage.EXPLORE, Stage.TEST, Stage.GROW]
    assert question.method_use.startswith("We will use these methods to gather")
    assert question.data_gaps.startswith("There is no current assessment")
    assert reading.unmapped == []
    assert [flag.field for flag in reading.flags] == ["learning_questions"]
    assert "4 questions" in str(reading.flags[0].message)


@needs_inputs
def test_empty_answers_do_not_swallow_the_next_question() -> None:
    reading = read_form(text_of("flat/bluedigital.txt"))
    assert reading.fields["quantitative_evidence"] == ""
    assert reading.fields["qualitative_evidence"] == ""
    assert reading.fields["challenge_type"] is None
    assert len(reading.partners) == 5
    assert {partner.sector for partner in reading.partners} == {None}
    assert {partner.new_and_unusual for partner in reading.partners} == {None}
    assert len(reading.learning_questions) == 4
    assert any("4 times" in said for said in flags_of(reading, "learning_questions"))


@needs_inputs
def test_a_heading_that_says_another_title_is_kept_and_pointed_at() -> None:
    reading = read_form(text_of("flat/territories_that_heal.txt"))
    assert reading.fields["title"] == 'Grassroots Innovation "Mingas"'
    assert reading.fields["page_title"] == "Territories that Heal"
    assert len(flags_of(reading, "title")) == 1
    assert [question.stages for question in reading.learning_questions] == [
        [Stage.SENSE],
        [Stage.EXPLORE],
        [Stage.TEST],
        [Stage.EXPLORE],
    ]


def test_every_field_is_there_when_nothing_is_answered() -> None:
    reading = read_form(plan_text(title=""))
    for field, blank in PLAN_FIELDS.items():
        assert reading.fields[field] == blank
    assert reading.partners == []
    assert reading.learning_questions == []
    assert flags_of(reading, "title") == ["The form has no title."]


@pytest.mark.parametrize(
    "answer",
    [
        "We work on:\nPartners\nand on their needs.",
        "First line\nTitle",
        "Closing",
        "Closing\nthe gap is slow",
        "Learning questions",
        "Test\nGrow",
        "Challenge statement\nis a word of the form",
        "Comments\nwere many",
        "Quality Check\nis a word of another form",
        "What surprised you?\nNothing.",
        "End\nof the road",
        "Log in to add a comment or reply.\nis what the site says",
        "Disclaimer:\nour own",
        "# a heading of ours\n> a quotation of ours",
        "one\n\n\ntwo  with  spaces",
        "* bullets\n- of all\n• kinds",
        "Ñuqanchikpa sasachakuyninchikqa llaqtakunapi internet mana kasqanmi.",
    ],
)
@pytest.mark.parametrize("field", ["statement", "background", "tweet", "early_leads"])
def test_a_word_of_the_form_inside_an_answer_does_not_cut_it(answer: str, field: str) -> None:
    reading = read_form(plan_text(**{field: answer}))
    assert reading.fields[field] == answer
    assert reading.unmapped == []


@pytest.mark.parametrize("answer", ["Title", "Partners", "Closing", "Comments", "Test"])
def test_a_title_or_name_may_be_a_word_of_the_form(answer: str) -> None:
    reading = read_form(plan_text(title=answer, partners=partner_text(answer, "Academia")))
    assert reading.fields["title"] == answer
    assert reading.partners[0].name == answer


def test_a_real_heading_right_after_an_answer_that_ends_like_it_is_dropped_once() -> None:
    reading = read_form(plan_text(tweet="Join us\nChallenge classification\nPartners"))
    assert reading.fields["tweet"] == "Join us\nChallenge classification\nPartners"


def test_more_than_five_partners_are_all_kept_and_pointed_at() -> None:
    partners = "\n".join(partner_text(f"Partner {n}", "Other") for n in range(1, 8))
    reading = read_form(plan_text(partners=partners))
    assert [partner.rank for partner in reading.partners] == [1, 2, 3, 4, 5, 6, 7]
    assert flags_of(reading, "partners") == [
        "There are 7 partners where the form allows 5; all were kept."
    ]


def test_partners_do_not_mix_where_a_name_was_left_out() -> None:
    second = "\n".join([wording("partner_sector"), "Academia", wording("partner_is_new"), "Yes"])
    reading = read_form(plan_text(partners=partner_text("Agros", "Private Sector") + "\n" + second))
    assert [(p.name, p.sector) for p in reading.partners] == [
        ("Agros", Sector.PRIVATE_SECTOR),
        ("", Sector.ACADEMIA),
    ]
    assert flags_of(reading, "partners") == ["Partner 2 has no name."]


def test_partners_without_any_answer_are_left_out() -> None:
    partners = partner_text("") + "\n" + partner_text("Agros")
    reading = read_form(plan_text(partners=partners))
    assert [(partner.rank, partner.name) for partner in reading.partners] == [(1, "Agros")]


@pytest.mark.parametrize(
    ("written", "sector"),
    [
        ("Government (&related)", Sector.GOVERNMENT),
        ("Government (&amp; related)", Sector.GOVERNMENT),
        ("Public Sector", Sector.GOVERNMENT),
        ("Civil Society/ NGOs", Sector.CIVIL_SOCIETY),
        ("United Nations agency", Sector.UNITED_NATIONS),
        ("- Academia (& related)", Sector.ACADEMIA),
        ("private sector", Sector.PRIVATE_SECTOR),
        ("Sector privado", Sector.PRIVATE_SECTOR),
    ],
)
def test_sectors_are_known_in_their_spellings(written: str, sector: Sector) -> None:
    assert read_form(plan_text(partners=partner_text("A", written))).partners[0].sector is sector


def test_a_sector_that_is_none_of_ours_is_kept_and_pointed_at() -> None:
    reading = read_form(plan_text(partners=partner_text("RPP", "Media", is_new="Perhaps")))
    assert reading.partners[0].sector is None
    assert reading.partners[0].new_and_unusual is None
    assert reading.unmapped == ["Media", "Perhaps"]
    assert len(flags_of(reading, "partners")) == 2


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("BIG BET", "big_bet"),
        ("Big bet", "big_bet"),
        ("- big-bet", "big_bet"),
        ("Exploratory challenge", "exploratory"),
        ("“Exploratory”.", "exploratory"),
        ("BIG\nBET", "big_bet"),
    ],
)
def test_the_type_of_the_challenge_is_known_in_its_spellings(written: str, kind: str) -> None:
    assert read_form(plan_text(challenge_type=written)).fields["challenge_type"] == kind


def test_an_unknown_type_of_challenge_is_kept_and_pointed_at() -> None:
    reading = read_form(plan_text(challenge_type="Moonshot"))
    assert reading.fields["challenge_type"] is None
    assert reading.unmapped == ["Moonshot"]
    assert len(flags_of(reading, "challenge_type")) == 1


def test_a_long_answer_in_the_wrong_place_is_kept_whole_and_quoted_in_part() -> None:
    answer = "many words " * 200 + "end"
    reading = read_form(plan_text(challenge_type=answer))
    assert reading.unmapped == [answer]
    assert len(flags_of(reading, "challenge_type")[0]) < 200


def test_a_tweet_of_280_characters_is_fine_and_one_more_is_pointed_at() -> None:
    fine = read_form(plan_text(tweet="ñ" * 280))
    long = read_form(plan_text(tweet="ñ" * 281))
    assert fine.flags == []
    assert long.fields["tweet"] == "ñ" * 281
    assert "281 characters" in flags_of(long, "tweet")[0]


def test_a_question_answered_twice_keeps_both_answers() -> None:
    text = plan_text(background="one") + "\n" + wording("background") + "\ntwo"
    reading = read_form(text)
    assert reading.fields["background"] == "one\n\ntwo"
    assert flags_of(reading, "background") == ["This question was answered more than once."]


def test_questions_wrapped_over_lines_and_answered_on_their_line_are_read() -> None:
    text = plan_text(statement="A", background="B", tweet="C")
    for field in ("statement", "background", "tweet", "early_leads", "challenge_type"):
        words = wording(field).split()
        wrapped = "\n".join(" ".join(words[n : n + 9]) for n in range(0, len(words), 9))
        text = text.replace(wording(field), wrapped)
    assert read_form(text) == read_form(plan_text(statement="A", background="B", tweet="C"))
    inline = plan_text(statement="A").replace(
        wording("statement") + "\nA", wording("statement") + " A"
    )
    assert read_form(inline).fields["statement"] == "A"


def test_a_note_on_the_line_of_its_question_leaves_the_answer() -> None:
    text = plan_text(challenge_type="BIG BET").replace("challenge.\nPlease", "challenge. Please")
    text = text.replace("individually.\nBIG", "individually. BIG")
    assert read_form(text).fields["challenge_type"] == "big_bet"


def test_comments_are_kept_and_the_site_s_own_words_dropped() -> None:
    end = wording("closing_words") + "\nComments\n"
    note = "Log in to add a comment or reply."
    without = read_form(plan_text(early_leads="A") + "\n" + end + note)
    assert without.fields["comments"] == ""
    assert without.fields["early_leads"] == "A"
    text = plan_text(early_leads="A") + f"\n{end}Ana: Closing\nPartners\nis a fine part\n{note}"
    reading = read_form(text)
    assert reading.fields["comments"] == "Ana: Closing\nPartners\nis a fine part"
    assert reading.fields["early_leads"] == "A"
    no_end = read_form(plan_text(early_leads="A") + f"\nComments\nWell done\n{note}")
    assert no_end.fields["comments"] == "Well done"


def test_words_after_the_end_of_the_form_are_kept() -> None:
    reading = read_form(plan_text() + "\n" + wording("closing_words") + "\nSee you\n")
    assert reading.unmapped == ["See you"]
    assert read_form(plan_text() + "\n" + wording("closing_words") + "\n.").unmapped == []


def test_text_above_the_form_is_kept() -> None:
    disclaimer = "Disclaimer:\nPlease be aware that the content herein has not been peer reviewed."
    reading = read_form(f"Mercados\nBy the Lab\n\nMarch 2022\n{plan_text(title='Mercados')}")
    assert reading.fields["page_title"] == ""
    assert reading.unmapped == ["By the Lab\n\nMarch 2022"]
    assert "peer" in read_form(f"{disclaimer} Indeed.\n{plan_text()}").model_dump_json()


def test_answers_to_questions_of_another_language_stay_with_the_answer_before() -> None:
    answer = "A\n¿Qué evidencia tiene?\nMucha."
    assert read_form(plan_text(statement=answer)).fields["statement"] == answer


def test_repeated_learning_questions_are_kept_and_pointed_at() -> None:
    block = question_text("Why?", "Test", "by asking", "many")
    twice = f"{block}\nLearning questions\n{block}"
    reading = read_form(plan_text(questions=twice))
    assert len(reading.learning_questions) == 2
    assert any("2 times" in said for said in flags_of(reading, "learning_questions"))


def test_a_learning_question_without_its_text_does_not_take_another_s() -> None:
    first = question_text("Why?", "Test", "by asking")
    second = f"Learning questions\n{wording('question_stages')}\nGrow"
    reading = read_form(plan_text(questions=f"{first}\n{second}"))
    assert [(q.text, q.stages) for q in reading.learning_questions] == [
        ("Why?", [Stage.TEST]),
        ("", [Stage.GROW]),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "- Test\n- Grow",
        "Test, Grow",
        "Test and Grow",
        "test; grow",
        "Test\nGrow",
        "Test / Grow",
        "Probar y Crecer",
    ],
)
def test_stages_are_read_in_every_layout(written: str) -> None:
    reading = read_form(plan_text(questions=question_text("Why?", written)))
    assert reading.learning_questions[0].stages == [Stage.TEST, Stage.GROW]


def test_a_flat_reflection_is_read_with_its_shares_of_time() -> None:
    text = "\n".join(
        [
            "Mercados",
            "Learnings on your challenge",
            wording("insights", Form.CLOSING),
            "Test\nis a word",
            wording("time", Form.CLOSING),
            "Sense",
            "10",
            "Explore",
            "20%",
            "Test",
            "30 %",
            "Grow",
            "40",
            "Data and Methods",
            wording("data_used", Form.CLOSING),
            "Surveys",
            "Partners",
            wording("partners_academia", Form.CLOSING),
            "PUCP",
            "End",
            wording("bonus", Form.CLOSING),
            "It did",
        ]
    )
    reading = read_form(text)
    assert reading.kind is PageKind.REFLECTION
    assert reading.fields["title"] == "Mercados"
    assert reading.fields["insights"] == "Test\nis a word"
    shares = [reading.fields[f"time_{stage}"] for stage in Stage]
    assert shares == [10, 20, 30, 40]
    assert reading.fields["data_used"] == "Surveys"
    assert reading.fields["partners_academia"] == "PUCP"
    assert reading.fields["bonus"] == "It did"
    assert reading.flags == []
    assert reading.unmapped == []


def test_a_flat_text_with_a_plan_and_its_closing_form_gives_both() -> None:
    closing = "\n".join(
        [
            "Learnings on your challenge",
            wording("insights", Form.CLOSING),
            "Much",
            "Partners",
            wording("partners_heading", Form.CLOSING),
            wording("partner_name"),
            "PUCP",
            "End",
            wording("bonus", Form.CLOSING),
            "Yes",
        ]
    )
    plan, reflection = read_forms(plan_text(partners=partner_text("Agros")) + "\n" + closing)
    assert (plan.kind, reflection.kind) == (PageKind.PLAN, PageKind.REFLECTION)
    assert [partner.name for partner in plan.partners] == ["Agros"]
    assert [partner.name for partner in reflection.partners] == ["PUCP"]
    assert reflection.fields["insights"] == "Much"


def test_a_flat_experiment_is_read() -> None:
    text = "\n".join(
        [
            "Innova",
            "Overview",
            "This section is to explain the basics of the activity",
            wording("prepared_by", Form.EXPERIMENT),
            "Ana",
            wording("on_date", Form.EXPERIMENT),
            "24/06/2024",
            "Design",
            wording("hypothesis", Form.EXPERIMENT),
            "IF a THEN b",
            wording("control_group", Form.EXPERIMENT),
            "Yes, a different group entirely",
            "Quality Check",
            "The hypothesis is clearly stated",
            "This activity has a low risk",
            "Results",
            "Only complete this section when presenting results",
            "Learning",
            "This section is aimed at presenting the learning outcomes from this activity. ",
            "What surprised you?",
            "Quality Check",
            "was easy",
        ]
    )
    reading = read_form(text)
    assert reading.kind is PageKind.EXPERIMENT
    assert reading.fields["prepared_by"] == "Ana"
    assert reading.fields["on_date"] == "2024-06-24"
    assert reading.fields["hypothesis"] == "IF a THEN b"
    assert reading.fields["control_group"] == "different_group"
    assert reading.fields["quality_checks"] == ["clear_hypothesis", "low_risk"]
    assert reading.fields["surprises"] == "Quality Check\nwas easy"
    assert reading.unmapped == []


@pytest.mark.parametrize("text", ["", "A poem about the sea", "Title\nPartners\nClosing", "Test"])
def test_a_text_that_is_no_form_is_refused_with_what_was_looked_for(text: str) -> None:
    with pytest.raises(InvalidError, match=r"This is not the text of a UNDP form.*name for your"):
        read_form(text)


LINES = st.sampled_from(
    [
        "Title",
        "Partners",
        "Closing",
        "Comments",
        "Test",
        "Learning questions",
        "End",
        "Challenge classification",
        "Challenge statement",
        "- a bullet",
        "",
        "R&amp;amp;D &copy=1",
        "¿Qué hacer?",
        "Ñuqanchik",
        "Who are your top",
        "Log in to add a comment or reply.",
        "“quoted”  text",
        "Please state the name of the",
        "> quoted",
        "## heading",
        "[[year:2021]]",
        "1,000 people",
        "Yes",
        "🌊 fish",
        "Disclaimer:",
        "Quality Check",
        "What surprised you?",
    ]
)
TEXTS = st.one_of(
    st.lists(LINES, max_size=5).map("\n".join),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60),
)
OPTIONS_OF = {
    "challenge_type": st.sampled_from(["", "BIG BET", "Exploratory challenge", "big bet"]),
    "partner_sector": st.sampled_from(["", "Government (&related)", "Academia", "NGOs"]),
    "partner_is_new": st.sampled_from(["", "Yes", "No", "Sí"]),
    "question_stages": st.sampled_from(["", "Explore, Test", "- Sense\n- Grow", "Testing"]),
}


@settings(deadline=None)
@given(st.data())
def test_a_plan_printed_as_its_form_is_read_as_the_same_plan(data: st.DataObject) -> None:
    def answer(field: str) -> str:
        return data.draw(OPTIONS_OF.get(field, TEXTS), label=field)

    names = ("partner_name", "partner_sector", "partner_collaboration", "partner_is_new")
    partners = "\n".join(
        partner_text(*map(answer, names)) for _ in range(data.draw(st.integers(0, 3)))
    )
    fields = ("question_text", "question_stages", "question_method_use", "question_data_gaps")
    questions = "\nLearning questions\n".join(
        question_text(*map(answer, fields)) for _ in range(data.draw(st.integers(0, 3)))
    )
    text = plan_text(
        partners=partners,
        questions=questions,
        **{field: answer(field) for field in PLAN_FIELDS},
    )
    reading = read_form(text)
    kept = reading.model_copy(update={"unmapped": []})
    if not reading.unmapped:
        assert read_form(write_form(kept)) == kept


def test_what_the_form_does_not_ask_is_printed_above_it_and_read_again() -> None:
    tags = [
        "year:2022",
        "country:Peru",
        "latlng:-9.15,-74.37",
        "sdgs:10. Reduced innequalities",
        "sdgs:5. Gender equality",
        "methods:Pilots",
        "datasources:Open data",
        "thematic_areas:peace,",
        "thematic_areas:R&D",
        "learning_cycle_stage:Explore",
    ]
    above = "\n".join(["Another heading", *(f"[[{tag}]]" for tag in tags)])
    reading = read_form(f"{above}\n{plan_text(title='Mercados')}")
    assert reading.fields["year"] == 2022
    assert reading.fields["sdgs"] == [10, 5]
    assert reading.fields["thematic_areas"] == ["peace,", "R&D"]
    assert reading.fields["latitude"] == "-9.15"
    assert read_form(write_form(reading)) == reading


def test_planned_methods_and_new_sources_of_data_are_printed_and_read_again() -> None:
    reading = read_form(plan_text(questions=question_text("Why?", "Test")))
    question = reading.learning_questions[0].model_copy(
        update={"methods": ["Pilots", "Co-creation"], "new_data_sources": "Mobile data"}
    )
    changed = reading.model_copy(update={"learning_questions": [question]})
    assert read_form(write_form(changed)).learning_questions == [question]


@needs_inputs
@pytest.mark.parametrize("name", [SEED, "flat/bluedigital.txt", "flat/territories_that_heal.txt"])
def test_the_real_plans_printed_as_their_form_are_read_as_the_same_plans(name: str) -> None:
    reading = read_form(text_of(name))
    assert read_form(write_form(reading)) == reading
