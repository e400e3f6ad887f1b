"""A hypothesis reads well in both languages, whatever slots are filled."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hypotheses import Form, Slots, problems_of, said, tidy
from app.language.speaker import Speaker
from models.vocabulary import Direction, Language

ENGLISH, SPANISH = Speaker(Language.EN), Speaker(Language.ES)
MARKETS = Slots(
    change="a weekly message with one payment tip",
    audience="market sellers in Ate",
    direction=Direction.INCREASE,
    outcome="the share of sellers who take digital payment",
    threshold="10 percentage points",
    within="12 weeks",
    because="sellers asked for reminders",
)
MERCADOS = Slots(
    change="un mensaje semanal con un consejo de pago",
    audience="vendedoras de los mercados de Ate",
    direction=Direction.INCREASE,
    outcome="la proporción de vendedoras que reciben pagos digitales",
    threshold="10 puntos porcentuales",
    within="12 semanas",
    because="pidieron recordatorios",
)

slot = st.one_of(st.just(""), st.text(st.characters(exclude_categories=["C"]), max_size=30))
some_slots = st.builds(
    Slots,
    change=slot,
    audience=slot,
    direction=st.sampled_from([None, *Direction]),
    outcome=slot,
    threshold=slot,
    within=slot,
    because=slot,
)


def test_it_reads_as_we_believe_that():
    assert ENGLISH.say(said(MARKETS, Form.BELIEVED)) == (
        "We believe that a weekly message with one payment tip for market sellers in Ate will "
        "raise the share of sellers who take digital payment by at least 10 percentage points "
        "within 12 weeks, because sellers asked for reminders."
    )


def test_it_reads_as_undps_if_then():
    assert ENGLISH.say(said(MARKETS, Form.IF_THEN)) == (
        "IF we introduce a weekly message with one payment tip for market sellers in Ate, THEN "
        "the share of sellers who take digital payment will rise by at least 10 percentage "
        "points within 12 weeks, BECAUSE sellers asked for reminders."
    )


def test_it_reads_naturally_in_spanish():
    assert SPANISH.say(said(MERCADOS, Form.BELIEVED)) == (
        "Creemos que con un mensaje semanal con un consejo de pago para vendedoras de los "
        "mercados de Ate se logrará aumentar la proporción de vendedoras que reciben pagos "
        "digitales en al menos 10 puntos porcentuales en un plazo de 12 semanas, porque pidieron "
        "recordatorios."
    )
    assert SPANISH.say(said(MERCADOS, Form.IF_THEN)) == (
        "SI introducimos un mensaje semanal con un consejo de pago para vendedoras de los "
        "mercados de Ate, ENTONCES lograremos aumentar la proporción de vendedoras que reciben "
        "pagos digitales en al menos 10 puntos porcentuales en un plazo de 12 semanas, PORQUE "
        "pidieron recordatorios."
    )


@pytest.mark.parametrize(
    ("direction", "verb"),
    [(Direction.INCREASE, "raise"), (Direction.DECREASE, "lower"), (None, "change")],
)
def test_the_direction_chooses_the_verb(direction, verb):
    slots = Slots(change="a course", outcome="the waiting time", direction=direction)
    assert ENGLISH.say(said(slots, Form.BELIEVED)) == (
        f"We believe that a course will {verb} the waiting time."
    )


def test_an_empty_slot_leaves_its_words_out_and_an_empty_core_leaves_a_gap():
    slots = Slots(audience="fishers in Piura", because="they own phones")
    assert ENGLISH.say(said(slots, Form.BELIEVED)) == (
        "We believe that … for fishers in Piura will change …, because they own phones."
    )


def test_words_the_sentence_says_already_are_not_said_twice():
    slots = Slots(
        change="We believe that A weekly message.",
        audience="for sellers",
        outcome="The share of sales,",
        threshold="by at least 5 points",
        within="within 3 months",
        because="Because they asked.",
        direction=Direction.INCREASE,
    )
    assert ENGLISH.say(said(slots, Form.BELIEVED)) == (
        "We believe that a weekly message for sellers will raise the share of sales by at least "
        "5 points within 3 months, because they asked."
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("threshold", "al menos en 10 %"),
        ("threshold", "En al menos 10 %"),
        ("threshold", "by 10 %"),
        ("within", "en 10 %"),
        ("within", "in 10 %"),
    ],
)
def test_a_preposition_the_sentence_has_is_taken_off_the_slot(name, typed):
    assert tidy(name, typed) == "10 %"


def test_names_keep_their_capitals():
    assert tidy("change", "WhatsApp lessons") == "WhatsApp lessons"
    assert tidy("audience", "para La Libertad") == "la Libertad"
    assert tidy("audience", "Agros users") == "Agros users"


def test_what_was_imported_is_said_as_it_came():
    imported = Slots(free_text="Si el talento no tiene fronteras (100 %), …")
    for form in Form:
        assert SPANISH.say(said(imported, form)) == "Si el talento no tiene fronteras (100 %), …"


def test_nothing_written_says_so():
    assert ENGLISH.say(said(Slots(), Form.BELIEVED)) == "Nothing is written yet."


@given(slots=some_slots, form=st.sampled_from(Form), speaker=st.sampled_from([ENGLISH, SPANISH]))
def test_it_is_always_one_sentence_with_no_place_left_unfilled(slots, form, speaker):
    text = speaker.say(said(slots, form))
    own = "".join((slots.change, slots.audience, slots.outcome, slots.threshold, slots.because))
    assert text.endswith(".")
    assert "%(" in own or "%(" not in text
    for name in ("change", "outcome", "audience", "threshold", "because"):
        assert tidy(name, getattr(slots, name)) in text or not slots.is_filled
    if not re.search(r"\s{2}", own + slots.within):
        assert "  " not in text


@given(text=slot, name=st.sampled_from(["change", "audience", "outcome", "within", "because"]))
def test_tidying_twice_changes_nothing_more(text, name):
    once = tidy(name, text)
    if not re.match(r"(?i)(for|para|within|in|because|porque|that|en|dentro|we|creemos)\b", once):
        assert tidy(name, once) == once


def test_a_change_and_what_it_moves_are_asked_for():
    assert {problem.field for problem in problems_of(Slots(audience="sellers"))} == {
        "change",
        "outcome",
    }
    assert problems_of(MARKETS) == []


def test_an_imported_hypothesis_may_stay_without_slots():
    assert problems_of(Slots(free_text="If women are trained, …")) == []


def test_a_threshold_longer_than_its_column_is_refused():
    slots = Slots(change="a", outcome="b", threshold="x" * 301)
    assert [problem.field for problem in problems_of(slots)] == ["threshold"]


def test_every_slot_has_a_limit():
    slots = Slots(change="a" * 1001, outcome="b" * 1000, because="c" * 1001)
    assert [problem.field for problem in problems_of(slots)] == ["change", "because"]
