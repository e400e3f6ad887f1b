"""The macros pages are composed of: what they say, to whom, and that nothing is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    fields,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.language.sentences import sentence
from app.language.speaker import Speaker
from models.vocabulary import (
    ChallengeType,
    Direction,
    Door,
    ExperimentState,
    Impact,
    JobState,
    Language,
    MetricRole,
    ReviewState,
    Stage,
)
from tests.web.pages import faults_of, text_of
from tests.web.rendering import every, page_with, render, texts, the, tree_of

FORMS = (
    '{% from "components/forms.html" import form_for, field, rows, error_summary, post_button %}'
)
choice = fields.SelectChoice  # type: ignore[attr-defined]
YES_OR_NO = [choice("yes", "Yes"), choice("no", "No")]


class PartnerForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    is_new = RadioField("New to us", choices=YES_OR_NO)
    place = HiddenField()


class DayField(StringField):
    pass


class NumberField(StringField):
    pass


class PlanForm(Form):
    version = HiddenField()
    title = StringField("Title", [InputRequired("Write a title.")])
    kind = RadioField("Kind", [InputRequired("Choose one.")], choices=YES_OR_NO)
    stages = SelectMultipleField(
        "Stages",
        choices=YES_OR_NO,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    tweet = TextAreaField("Summary", [Length(max=280)], description="For the public.")
    sector = SelectField("Sector", choices=YES_OR_NO)
    amount = DecimalField("Amount")
    people = IntegerField("People")
    share = NumberField("Share")
    day = DayField("Day")
    consent = BooleanField("Consent")
    secret = PasswordField("Password")
    file = FileField("File")
    photos = MultipleFileField("Photos")
    lead = FormField(PartnerForm, "Lead partner")
    evidence = FieldList(StringField("Evidence"), "All evidence", min_entries=1, max_entries=2)
    partners = FieldList(FormField(PartnerForm), "Partners", min_entries=2, max_entries=3)


def whole(form: PlanForm) -> str:
    return render(
        FORMS
        + """{{ error_summary(form) }}
        {% call form_for(form, action="/plans") %}
          {% for f in form if f.type != "FieldList" %}{{ field(f) }}{% endfor %}
          {{ rows(form.evidence, row_label="Evidence", add_label="Add evidence") }}
          {{ rows(form.partners, row_label="Partner", add_label="Add a partner", ordered=true) }}
        {% endcall %}""",
        form=form,
    )


def one(form: Form, name: str, arguments: str = "") -> str:
    return render(FORMS + "{{ field(f" + arguments + ") }}", f=form[name])


def refused() -> PlanForm:
    """A form sent with a nameless partner, no title, and every field refused."""
    form = PlanForm(MultiDict({"partners-0-name": "", "partners-1-name": "Agros", "day": "31/02"}))
    form.validate()
    for field in form:
        if field.type not in {"FieldList", "FormField"}:
            field.errors = [*field.errors, f"{field.short_name} is refused."]
    form.form_errors.append("Somebody saved meanwhile.")
    form.evidence.errors = ["Two at least."]
    return form


def refused_fields(form: Any) -> Iterator[Any]:
    for field in form:
        if field.type == "FieldList":
            yield from refused_fields(field)
        elif field.type == "FormField":
            yield from refused_fields(field.form)
        elif field.errors and field.type != "HiddenField":
            yield field


def test_a_fresh_form_of_every_type_passes_the_proof_reader() -> None:
    assert faults_of(page_with(whole(PlanForm()))) == []


def test_a_refused_form_of_every_type_passes_the_proof_reader() -> None:
    assert faults_of(page_with(whole(refused()))) == []


def test_every_field_is_shown_once() -> None:
    form = PlanForm()
    names = [each.get("name") for each in tree_of(whole(form)).iter() if each.get("name")]
    for name in ("version", "title", "tweet", "lead-name", "evidence-0", "partners-1-place"):
        assert names.count(name) == 1
    assert names.count("stages") == len(YES_OR_NO)


def test_each_error_stands_beside_its_field_and_is_read_with_it() -> None:
    form = refused()
    tree = tree_of(whole(form))
    shown = list(refused_fields(form))
    assert {field.short_name for field in shown} >= {"title", "kind", "tweet", "consent", "name"}
    for field in shown:
        described = [
            each
            for each in tree.iter()
            if f"{field.id}-error" in (each.get("aria-describedby") or "").split()
        ]
        assert len(described) == 1, field.id
        beside = next(each for each in tree.iter() if each.get("id") == f"{field.id}-error")
        assert text_of(beside) == f"Error: {field.errors[0]}"


def test_the_summary_links_each_problem_to_its_field_however_deep() -> None:
    form = refused()
    summary = the(tree_of(whole(form)), "div", role="alert")
    links = {text_of(each): each.get("href") for each in summary.iter("a")}
    assert links["Title"] == "#title"
    assert links["Kind"] == "#kind-0"
    assert links["All evidence"] == "#evidence"
    assert links["Partners 1 · Name"] == "#partners-0-name"
    assert "Partners 2 · Name" not in links
    assert "Somebody saved meanwhile." in text_of(summary)
    lines = [text_of(each) for each in summary.iter("li")]
    assert len(lines) == len(set(lines))


def test_a_form_without_problems_has_no_summary() -> None:
    assert render(FORMS + "{{ error_summary(form) }}", form=PlanForm()).strip() == ""


def test_only_what_may_be_left_out_is_called_optional() -> None:
    form = PlanForm()
    assert "(optional)" not in one(form, "title")
    assert "(optional)" in one(form, "sector")


@pytest.mark.parametrize(
    ("name", "mode"), [("amount", "decimal"), ("people", "numeric"), ("share", "decimal")]
)
def test_a_number_is_typed_as_text_so_that_commas_survive(name: str, mode: str) -> None:
    field = the(tree_of(one(PlanForm(), name)), "input")
    assert (field.get("type"), field.get("inputmode")) == ("text", mode)


def test_a_day_has_a_picker_until_it_is_refused_and_then_keeps_what_was_typed() -> None:
    assert the(tree_of(one(PlanForm(), "day")), "input").get("type") == "date"
    field = the(tree_of(one(refused(), "day")), "input")
    assert (field.get("type"), field.get("value")) == ("text", "31/02")


def test_a_counter_tells_the_limit_and_lets_longer_text_in() -> None:
    tree = tree_of(one(PlanForm(), "tweet", ", counter=280"))
    area = the(tree, "textarea")
    assert area.get("maxlength") is None
    assert (area.get("aria-describedby") or "").split() == ["tweet-hint", "tweet-count"]
    assert text_of(the(tree, "p", id="tweet-count")) == "At most 280 characters."


def test_rows_are_added_and_removed_by_buttons_that_send_the_form() -> None:
    buttons = {
        (each.get("name"), each.get("value")): text_of(each)
        for each in every(tree_of(whole(PlanForm())), "button", type="submit")
    }
    assert buttons["add_row", "partners"] == "Add a partner"
    assert buttons["remove_row", "partners-1"] == "Remove Partner 2"
    assert buttons["move_up", "partners-1"] == "Move up Partner 2"
    assert ("move_up", "partners-0") not in buttons


def test_a_full_list_offers_no_further_row_and_says_why() -> None:
    html = whole(PlanForm(evidence=["a", "b"]))
    assert "Add evidence" not in html
    assert "At most 2." in html


def test_pressing_enter_in_a_form_with_rows_saves_instead_of_adding_a_row() -> None:
    first = every(tree_of(whole(PlanForm())), "button")[0]
    assert (first.get("type"), first.get("name")) == ("submit", None)


def test_a_page_lays_out_rows_itself_when_it_wants_to() -> None:
    html = render(
        FORMS + '{% call(entry) rows(f, row_label="P", add_label="A") %}'
        "<i>{{ entry.form.name.id }}</i>{% endcall %}",
        f=PlanForm().partners,
    )
    assert texts(tree_of(html), "i") == ["partners-0-name", "partners-1-name"]


def test_a_form_that_reads_only_carries_no_token() -> None:
    source = FORMS + '{% call form_for(None, action="/x", method="get") %}{% endcall %}'
    assert "csrf_token" not in render(source)


def test_a_button_by_itself_is_a_form_with_its_token_and_its_values() -> None:
    tree = tree_of(
        render(
            FORMS + '{{ post_button("Accept", "/accept", fields={"version": 3}, about="Agros") }}'
        )
    )
    assert the(tree, "input", name="csrf_token").get("value") == "token"
    assert the(tree, "input", name="version").get("value") == "3"
    assert texts(tree, "button") == ["Accept Agros"]


BADGES: dict[str, type[Any]] = {
    "stage": Stage,
    "state": ExperimentState,
    "review": ReviewState,
    "challenge": ChallengeType,
    "impact": Impact,
    "direction": Direction,
    "metric_role": MetricRole,
    "job": JobState,
}


@pytest.mark.parametrize(
    ("macro", "member"), [(name, member) for name, words in BADGES.items() for member in words]
)
def test_every_word_of_a_closed_list_has_its_badge(macro: str, member: Any) -> None:
    html = badge(macro, member)
    tree = tree_of(html)
    assert text_of(tree) == Speaker(Language.EN).word(member)
    drawing = the(tree, "{http://www.w3.org/2000/svg}svg")
    assert drawing.get("aria-hidden") == "true"


@pytest.mark.parametrize(("macro", "words"), BADGES.items())
def test_words_of_one_list_differ_in_shape_and_not_in_colour_alone(
    macro: str, words: type[Any]
) -> None:
    drawings = [
        badge(macro, member).partition("<svg")[2].partition("</svg>")[0] for member in words
    ]
    assert len(set(drawings)) == len(drawings)


def badge(macro: str, member: Any) -> str:
    source = '{% from "components/badges.html" import ' + macro + " %}{{ " + macro + "(it) }}"
    return render(source, it=member)


@pytest.mark.parametrize("macro", BADGES)
def test_nothing_chosen_has_no_badge(macro: str) -> None:
    assert badge(macro, None).strip() == ""


def test_the_cord_marks_the_present_stage_and_those_behind() -> None:
    tree = tree_of(
        render(
            '{% from "components/badges.html" import cord %}'
            "{{ cord(it, stages=all, dates=dates) }}",
            it=Stage.TEST,
            all=Stage,
            dates={"explore": "12 Mar 2026"},
        )
    )
    assert texts(tree, "li", class_="past") == ["Sense", "Explore 12 Mar 2026"]
    assert texts(tree, "li", aria_current="step") == ["Test"]


TABLE = """{% from "components/tables.html" import table, cell %}
{% call(row) table(columns=columns, rows=rows, caption="Experiments") %}
{% call cell(columns[0], heading=true) %}<a href="/x">{{ row[0] }}</a>{% endcall %}
{{ cell(columns[1], row[1]) }}{% endcall %}"""
COLUMNS = [
    {"label": "Experiment", "sort_url": "/s", "sorted": "ascending"},
    {"label": "Readings", "numeric": True},
]


def test_a_table_keeps_headers_and_cells_together() -> None:
    tree = tree_of(render(TABLE, columns=COLUMNS, rows=[("Prices", 7)]))
    assert text_of(the(tree, "caption")) == "Experiments"
    assert texts(tree, "th", scope="col") == ["Experiment", "Readings"]
    assert texts(tree, "th", scope="row", role="rowheader") == ["Prices"]
    assert texts(tree, "td", role="cell", data_label="Readings", class_="num") == ["7"]
    assert the(tree, "th", aria_sort="ascending") is not None


@pytest.mark.parametrize(("value", "said"), [(None, "– no value"), ("", "– no value"), (0, "0")])
def test_an_empty_cell_says_so_and_zero_is_a_value(value: object, said: str) -> None:
    tree = tree_of(render(TABLE, columns=COLUMNS, rows=[("Prices", value)]))
    assert text_of(the(tree, "td")).replace("–no", "– no") == said


def test_a_matrix_links_counts_but_not_zeros() -> None:
    html = render(
        '{% from "components/tables.html" import matrix %}'
        '{{ matrix("By stage", "Programme", ["Test", "Grow"], rows) }}',
        rows=[("Gender", [(2, "/t"), (0, "/g")])],
    )
    tree = tree_of(html)
    assert texts(tree, "td") == ["2", "0"]
    assert [each.get("href") for each in tree.iter("a")] == ["/t"]
    assert faults_of(page_with(html)) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not recorded"),
        ("", "not recorded"),
        ([], "not recorded"),
        (0, "0"),
        ("USD 5", "USD 5"),
    ],
)
def test_a_fact_that_is_missing_is_called_missing(value: object, said: str) -> None:
    html = render('{% from "components/lists.html" import facts %}{{ facts([("T", v)]) }}', v=value)
    assert texts(tree_of(html), "dd") == [said]


def test_a_fact_may_have_several_values() -> None:
    html = render('{% from "components/lists.html" import facts %}{{ facts([("T", ["a", "b"])]) }}')
    assert texts(tree_of(html), "dd") == ["a", "b"]


def test_what_people_wrote_is_never_markup() -> None:
    evil = "<script>x</script>"
    html = render(
        '{% from "components/lists.html" import facts %}'
        '{% from "components/understood.html" import reading %}'
        '{% from "components/messages.html" import notice, missing %}'
        '{% from "components/history.html" import timeline %}'
        "{{ facts([(e, e)]) }}{{ reading(e, e) }}{{ notice(e) }}{{ missing([e, (e, e)]) }}"
        "{{ timeline(entries) }}" + TABLE,
        e=evil,
        entries=[entry(what=evil, changes=[(evil, evil, evil)])],
        columns=COLUMNS,
        rows=[(evil, evil)],
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 13


def entry(**given: Any) -> SimpleNamespace:
    usual = {
        "at": datetime(2026, 9, 30, 15, 42, tzinfo=UTC),
        "who": "Rosa Quispe",
        "door": Door.WEB,
        "what": sentence("Corrected a reading."),
        "because": None,
        "changes": [],
    }
    return SimpleNamespace(**{**usual, **given})


def test_the_history_tells_when_who_through_which_door_and_from_what_to_what() -> None:
    html = render(
        '{% from "components/history.html" import timeline %}{{ timeline(entries) }}',
        entries=[entry(changes=[("Cases", "34", "32"), ("Source", None, "Survey")])],
    )
    tree = tree_of(html)
    assert the(tree, "time").get("datetime") == "2026-09-30T15:42:00+00:00"
    said = text_of(tree)
    for part in ("Corrected a reading.", "Sep 30, 2026, 10:42", "Rosa Quispe", "web page"):
        assert part in said
    assert texts(tree, "del") == ["34"]
    assert texts(tree, "ins") == ["32", "Survey"]
    assert "before:empty" in said.replace(" ", "")
    assert faults_of(page_with(html)) == []


@pytest.mark.parametrize(
    ("arguments", "mark"),
    [
        ("'T', 'text'", "Understood"),
        ("'T', 'text', doubt=doubt", "Look at this"),
        ("'T', 'text', understood=false", "Not understood"),
        ("'T', understood=false", "Not understood"),
    ],
)
def test_the_import_review_says_in_words_what_was_understood(arguments: str, mark: str) -> None:
    source = (
        '{% from "components/understood.html" import reading %}{{ reading(' + arguments + ") }}"
    )
    html = render(source, doubt=sentence("It has %(n)s characters.", n=1312))
    assert mark in text_of(tree_of(html))
    assert ("It has 1,312 characters." in html) == ("doubt" in arguments)
    assert ("text" in texts(tree_of(html), "div", class_="text lines")) == ("'text'" in arguments)


@pytest.mark.parametrize(
    ("category", "tone"),
    [("success", "good"), ("warning", "warn"), ("error", "bad"), ("message", "note")],
)
def test_a_flashed_message_is_announced_in_its_tone(category: str, tone: str) -> None:
    source = '{% from "components/messages.html" import flashes %}{{ flashes() }}'
    tree = tree_of(render(source, flashed=[(category, "Saved.")]))
    assert text_of(the(tree, "div", role="status")) == "Saved."
    assert the(tree, "div", class_=f"message {tone}") is not None


def test_what_is_missing_links_to_where_it_is_added() -> None:
    html = render(
        '{% from "components/messages.html" import missing %}{{ missing(items) }}',
        items=[sentence("No baseline."), ("No decision.", "/decide")],
    )
    assert texts(tree_of(html), "li") == ["No baseline.", "No decision."]
    assert the(tree_of(html), "a").get("href") == "/decide"


def test_a_checklist_says_what_is_there_and_what_is_not() -> None:
    html = render(
        '{% from "components/messages.html" import checklist %}'
        '{{ checklist([("Baseline", true, None), ("Decision", false, "/d")]) }}'
    )
    assert texts(tree_of(html), "li") == ["There: Baseline", "Missing: Decision"]


def test_progress_is_told_in_words_and_refreshes_without_javascript() -> None:
    html = render(
        '{% from "components/progress.html" import progress, refresh %}'
        '{{ refresh(3) }}{{ progress("Report", done=12, of=40, text="Charts") }}'
    )
    assert "<noscript><meta" in html
    bar = the(tree_of(html), "progress")
    assert (bar.get("value"), bar.get("max")) == ("12", "40")
    assert "12 of 40 · Charts" in text_of(tree_of(html))


def test_progress_without_an_end_shows_no_number() -> None:
    html = render(
        '{% from "components/progress.html" import progress %}{{ progress("R", text="Waiting") }}'
    )
    assert the(tree_of(html), "progress").get("value") is None
    assert " of " not in text_of(tree_of(html))


def test_a_chart_has_its_sentence_and_its_numbers() -> None:
    html = render(
        '{% from "components/charts.html" import chart %}'
        '{{ chart(svg, caption="It rose.", columns=["Day", "Value"], rows=[["1 Mar", "12"]]) }}',
        svg="",
    )
    tree = tree_of(html)
    assert texts(tree, "figcaption") == ["It rose."]
    assert texts(tree, "th", scope="row") == ["1 Mar"]
    assert texts(tree, "td") == ["12"]


def test_pages_of_a_list_mark_the_present_one() -> None:
    html = render(
        '{% from "components/pagination.html" import pagination %}'
        '{{ pagination(position="1 to 25", next_url="/2", pages=pages) }}',
        pages=[("1", "/1", True), (None, None, False)],
    )
    tree = tree_of(html)
    assert texts(tree, "span", aria_current="page") == ["Page 1"]
    assert the(tree, "a", rel="next").get("href") == "/2"
    assert every(tree, "a", rel="prev") == []


def test_a_single_page_needs_no_pages() -> None:
    source = '{% from "components/pagination.html" import pagination %}{{ pagination() }}'
    assert render(source).strip() == ""


def test_filters_keep_what_was_chosen() -> None:
    html = render(
        '{% from "components/filters.html" import filter_bar, choice, text, chips %}'
        '{% call filter_bar(action="/experiments", clear_url="/experiments") %}'
        '{{ text("q", "Words", "price") }}'
        '{{ choice("stage", "Stage", [("test", "Test"), ("grow", "Grow")], "grow") }}{% endcall %}'
        '{{ chips([("Stage", "Grow", "/experiments?q=price")]) }}'
    )
    tree = tree_of(html)
    assert the(tree, "form").get("method") == "get"
    assert the(tree, "input", name="q").get("value") == "price"
    assert texts(tree, "option", selected="") == ["Grow"]
    assert texts(tree, "a", class_="button quiet") == ["Clear"]
    assert text_of(the(tree, "ul")) == "Remove the filter Stage: Grow"
    assert faults_of(page_with(html)) == []


def test_a_conflict_shows_both_values_and_keeps_what_was_typed_unless_the_other_is_chosen() -> None:
    html = render(
        '{% from "components/diff.html" import conflict %}'
        '{{ conflict({"label": "Title", "saved": "Theirs", "typed": "Mine",'
        ' "choice": "title-choice", "mark": "5feceb66"}) }}'
    )
    choices = every(tree_of(html), "input", type="radio", name="title-choice")
    assert [each.get("value") for each in choices] == ["", "5feceb66"]
    assert [each.get("checked") is not None for each in choices] == [True, False]
    assert texts(tree_of(html), "p", class_="prose") == ["Mine", "Theirs"]
    assert faults_of(page_with(html)) == []


def test_an_empty_list_says_what_to_do_next() -> None:
    html = render(
        '{% from "components/empty.html" import empty %}'
        '{{ empty("No plans yet", text="Start here.", action_label="Import", action_url="/i") }}'
    )
    assert the(tree_of(html), "a", href="/i").text == "Import"
    assert faults_of(page_with(html)) == []
