"""Experiments of version 1 and 2, and the values in their answers."""

from datetime import date

import pytest

from app.exchange.form_documents import read_document
from app.exchange.form_prompts import Form
from app.exchange.plain_values import day_in, dollars_in, months_in
from app.exchange.readings import EXPERIMENT_FIELDS, Reading
from models.vocabulary import PageKind
from tests.exchange.forms import page, quoted
from tests.exchange.real_inputs import needs_inputs, text_of


def experiment(*, tags: tuple[str, ...] = (), **answers: str) -> Reading:
    blocks = [quoted(field, answer, Form.EXPERIMENT) for field, answer in answers.items()]
    text = page("## Design", quoted("hypothesis", "IF", Form.EXPERIMENT), *blocks, tags=tags)
    (reading,) = read_document(text, name="page.md")
    return reading


def real(name: str) -> Reading:
    (reading,) = read_document(text_of(f"archive/experiments/{name}.md"), name=name)
    return reading


def flagged(reading: Reading) -> set[str]:
    return {flag.field for flag in reading.flags}


@needs_inputs
def test_a_page_of_version_1_is_read() -> None:
    fields = real("guarnibot_a_chatbot_for_emergency_assistance").fields
    assert fields["title"] == "GuarniBot: A chatbot for emergency assistance"
    assert fields["on_date"] == "2023-12-26"
    assert fields["state"] == "completed"
    assert fields["portfolio"] == "Citizen participation and governance"
    assert fields["design_type"] == "pre_experimental"
    assert fields["partner_sectors"] == ["united_nations", "government", "academia"]
    assert fields["control_group"] == "none"
    assert fields["assignment"] == "non_random"
    assert fields["sample_band"] == "10-49"
    assert fields["cost_band"] == "1000_9999"
    assert fields["quality_checks"] == ["clear_hypothesis", "collaboration", "scaling_potential"]
    assert fields["duration_months"] == "2"
    assert fields["scaling_outcomes"] == ["not_yet"]
    assert str(fields["images"]).count("![Missing alt text]") == 2
    assert str(fields["hypothesis"]).startswith("IF we train interested youth")


@needs_inputs
def test_a_page_of_version_2_is_read() -> None:
    reading = real("creando_an_online_community_for_migrant_entrepreneurs")
    fields = reading.fields
    assert reading.kind is PageKind.EXPERIMENT
    assert fields["action_learning_plan"] == "FC4: Digital Divide & Digital Transformation"
    assert fields["partner_sectors"] == ["civil_society", "private_sector", "united_nations"]
    assert str(fields["actions"]).startswith("Through a design process")
    assert str(fields["learnings"]).startswith("CREANDO evolved from")
    assert str(fields["obstacles"]).startswith("Challenges encountered")
    assert fields["scaling_outcomes"] == ["scaled_in_numbers"]
    assert fields["cost_band"] == "10000_20000"


@needs_inputs
def test_contradictions_and_impossible_dates_of_real_pages_are_pointed_at() -> None:
    testing = real(
        "testing_different_engagement_methods_to_promote_the_functionalities_of_a_digital"
    )
    assert testing.fields["on_date"] == "22/October/222"
    assert testing.fields["design_type"] == "pre_experimental"
    assert {"on_date", "design_type", "assignment"} <= flagged(testing)
    young = real("the_role_of_young_change_makers_in_society")
    assert young.fields["control_group"] == "none"
    assert flagged(young) == {"control_group"}


def test_every_field_is_there_when_nothing_is_answered() -> None:
    reading = experiment()
    blank = dict(EXPERIMENT_FIELDS, title="A page", hypothesis="IF")
    assert {name: reading.fields[name] for name in EXPERIMENT_FIELDS} == blank


def test_the_name_of_the_experiment_comes_before_the_heading() -> None:
    reading = experiment(title="Innova")
    assert reading.fields["title"] == "Innova"
    assert reading.fields["page_title"] == "A page"


def test_links_and_pictures_of_design_and_results_stand_together() -> None:
    text = page(
        "## Design",
        "> Please upload any supporting links\n\nhttps://a.pe",
        "## Results",
        quoted("outcome_statement", "Proven", Form.EXPERIMENT),
        "> Please add any supporting links that describe the planning, implementation, results of"
        " learning of this activity? For example a tweet, a blog, or a report. \n\nhttps://b.pe",
    )
    (reading,) = read_document(text, name="page.md")
    assert reading.fields["links"] == "https://a.pe\n\nhttps://b.pe"
    assert reading.flags == []


def test_a_date_that_does_not_exist_stays_text_and_is_pointed_at() -> None:
    reading = experiment(on_date="31/02/2023")
    assert reading.fields["on_date"] == "31/02/2023"
    assert flagged(reading) == {"on_date"}
    assert experiment(on_date="24/06/2024").fields["options_as_written"] == []


def test_a_status_in_our_words_is_a_state_and_any_other_stays_text() -> None:
    assert experiment(status_text="Implementation Stage").fields["state"] == "running"
    odd = experiment(status_text="Almost there")
    assert odd.fields["state"] is None
    assert odd.fields["status_text"] == "Almost there"
    assert flagged(odd) == {"state"}


@pytest.mark.parametrize(
    ("tag", "field", "value"),
    [
        ("control_group:Yes, a different group entirely", "control_group", "different_group"),
        (
            "control_group:Yes, the same group but before the intervention",
            "control_group",
            "same_group_before",
        ),
        ("control_group:Don't know", "control_group", "unknown"),
        ("control_group:No", "control_group", "none"),
        ("assignment_type:other", "assignment", "other"),
        ("sample_size:1", "sample_band", "1"),
        ("sample_size:2-9", "sample_band", "2-9"),
        ("sample_size:More than 1,000", "sample_band", "1000+"),
        ("total_cost:Between 10,000- and 20,000 USD", "cost_band", "10000_20000"),
        ("total_cost:More than 20,000 USD", "cost_band", "over_20000"),
        ("total_cost:Less than 1,000 USD", "cost_band", "under_1000"),
        (
            "scaling:led to adoption of new ways of working by our partners",
            "scaling_outcomes",
            ["new_ways_of_working"],
        ),
        (
            "scaling:influenced public policy at a national or local level",
            "scaling_outcomes",
            ["public_policy"],
        ),
        ("scaling:led to resource mobilization", "scaling_outcomes", ["resources_mobilized"]),
        ("scaling:led to partnerships", "scaling_outcomes", ["partnerships"]),
        (
            "quality_check:This activity is relevant to a CPD outcome",
            "quality_checks",
            ["cpd_relevant"],
        ),
        ("partnering_sector:Civil Society/ NGOs", "partner_sectors", ["civil_society"]),
        ("experiment_status:Under review", "state", "under_review"),
        ("experiment_status:Design Stage", "state", "design"),
        (
            "experiment_type:Quasi experimental (Analytical, observations, etc)",
            "design_type",
            "quasi_experimental",
        ),
        ("experiment_type:Experimental (RCTs, etc.)", "design_type", "experimental"),
        ("experiment_type:Fully Randomised (RCTs, etc.)", "design_type", "experimental"),
    ],
)
def test_the_options_of_real_pages_are_words_of_ours(
    tag: str, field: str, value: str | list[str]
) -> None:
    reading = experiment(tags=(tag,))
    assert reading.fields[field] == value
    assert reading.unmapped == []
    assert reading.flags == []


def test_an_option_that_is_none_of_ours_is_kept_and_pointed_at() -> None:
    reading = experiment(tags=("scaling:went viral",), control_group="- Perhaps")
    assert reading.fields["control_group"] is None
    assert reading.unmapped == ["Perhaps", "scaling: went viral"]
    assert flagged(reading) == {"control_group", "scaling_outcomes"}


def test_tag_and_answer_that_agree_are_one_and_that_differ_are_pointed_at() -> None:
    tag = "control_group:It does not use a control group"
    assert experiment(tags=(tag,), control_group="- No").flags == []
    differing = experiment(tags=(tag,), control_group="- Yes, a different group entirely")
    assert differing.fields["control_group"] == "different_group"
    assert flagged(differing) == {"control_group"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("USD 10,000", "10000"),
        ("195,000", "195000"),
        ("USD 1,445", "1445"),
        ("5000", "5000"),
        ("approximately 5000 USD", "5000"),
        ("Close to 1000$", "1000"),
        ("$ 2 500.50", "2500.50"),
        ("US$1.234,50", "1234.50"),
        ("Aproximadamente 3000 dólares", "3000"),
        ("0", "0"),
        ("(USD 800).", "800"),
        ("1,234,567", "1234567"),
    ],
)
def test_one_amount_in_dollars_is_read(text: str, amount: str) -> None:
    assert dollars_in(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "None",
        "No cost",
        "5000 EUR",
        "S/ 300",
        "500 soles",
        "1000-2000",
        "1000 to 2000 USD",
        "less than 1000",
        "more than 500 USD",
        "10.000",
        "USD 10.000",
        "5k",
        "20% of 5000",
        "3 staff",
        "5000 USD for 3 workshops",
        "1. Especialistas en I+D ~ $10000\n4. Comunicaciones ~ $1000",
        "USD 5,000 in 2022",
        "-300",
        "£200",
        "2 million",
    ],
)
def test_an_amount_that_leaves_a_doubt_is_not_read(text: str) -> None:
    assert dollars_in(text) is None


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("6 months", "6"),
        ("4 meses.", "4"),
        ("Two months", "2"),
        ("5", "5"),
        ("1 month", "1"),
        ("approximately 3 months", "3"),
        ("2,5 meses", "2.5"),
        ("Doce meses", "12"),
    ],
)
def test_one_number_of_months_is_read(text: str, months: str) -> None:
    assert months_in(text) == months


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3 weeks",
        "Between one and two months.",
        "6-8 months",
        "many months",
        "it took us 5 months to complete",
        "2 years",
    ],
)
def test_a_duration_that_leaves_a_doubt_is_not_read(text: str) -> None:
    assert months_in(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/06/2024", date(2024, 6, 24)),
        ("1.9.2023", date(2023, 9, 1)),
        ("01/09/2023 ", date(2023, 9, 1)),
        ("2023-09-01", date(2023, 9, 1)),
        ("22/October/2022", date(2022, 10, 22)),
        ("1st of March, 2023", date(2023, 3, 1)),
        ("24 de junio de 2024", date(2024, 6, 24)),
        ("June 24, 2024", date(2024, 6, 24)),
        ("5 Set 2022", date(2022, 9, 5)),
    ],
)
def test_a_day_is_read_day_before_month(text: str, day: date) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2023",
        "22/October/222",
        "12/26/2023",
        "05/04/23",
        "2023",
        "September 2023",
        "01/09/2023 - 03/10/2023",
        "32 May 2023",
        "",
    ],
)
def test_what_is_no_single_day_is_not_read(text: str) -> None:
    assert day_in(text) is None
