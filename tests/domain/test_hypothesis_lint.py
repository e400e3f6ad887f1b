"""Remarks on how a hypothesis is written: what they find, and that they stay silent otherwise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hypotheses import Slots
from app.domain.hypothesis_lint import Fault, parts_of, remarks_on
from app.exchange.form_documents import read_document
from models.vocabulary import Direction
from tests.exchange.real_inputs import needs_inputs, text_of

WHOLE = Slots(
    change="a weekly message with one payment tip",
    audience="women who sell in the markets of Ate",
    direction=Direction.INCREASE,
    outcome="the share of sellers who take digital payment",
    threshold="10 percentage points",
    within="12 weeks",
    because="6 of the 9 sellers we interviewed asked for reminders",
)
ENTERO = Slots(
    change="un mensaje semanal con un consejo de pago",
    audience="comerciantes de los mercados de Ate",
    direction=Direction.INCREASE,
    outcome="la proporción de comerciantes que cobra con billetera digital",
    threshold="10 puntos porcentuales",
    within="12 semanas",
    because="en la encuesta de marzo la mayoría pidió recordatorios",
)


def faults(slots, is_measured=True):
    return {remark.fault for remark in remarks_on(slots, is_measured=is_measured)}


@pytest.mark.parametrize("slots", [WHOLE, ENTERO])
def test_a_hypothesis_that_says_everything_gets_no_remark(slots):
    assert faults(slots) == set()
    assert faults(slots, None) == set()


@pytest.mark.parametrize("slots", [WHOLE, ENTERO])
@pytest.mark.parametrize(
    ("slot", "fault"),
    [
        ("audience", Fault.NO_AUDIENCE),
        ("threshold", Fault.NO_THRESHOLD),
        ("within", Fault.NO_TIME),
        ("because", Fault.NO_BECAUSE),
    ],
)
def test_an_empty_slot_is_the_only_remark(slots, slot, fault):
    assert faults(replace(slots, **{slot: ""})) == {fault}


@pytest.mark.parametrize(
    "change",
    [
        "a weekly message and also a visit by a student",
        "a weekly message as well as a tablet for each stall",
        "a weekly message; a free data plan",
        "training the sellers and giving them a tablet",
        "train sellers and give them a tablet",
        "un mensaje semanal y además una visita",
        "un mensaje semanal así como una capacitación",
        "capacitar a las comerciantes y entregarles una tableta",
        "enviar mensajes e instalar carteles",
        "un mensaje semanal, y si responden una llamada",
    ],
)
def test_several_changes_in_one_are_pointed_at(change):
    assert faults(replace(WHOLE, change=change)) == {Fault.SEVERAL_CHANGES}


@pytest.mark.parametrize(
    "change",
    [
        "a chatbot for reporting and following up complaints",
        "training and mentoring",
        "workshops for women and young people on banking and marketing",
        "talleres de dos horas para mujeres y hombres del mercado",
        "un taller y un celular",
        "acompañar a cada mujer de su hogar y lugar de trabajo",
        "capacitar a la mujer y al hombre de cada hogar",
        "mensajes en castellano y quechua",
        "dar crédito a familias de Ayacucho y Apurímac",
        "una app que permite pagar y cobrar",
    ],
)
def test_one_change_said_with_and_is_left_alone(change):
    assert Fault.SEVERAL_CHANGES not in faults(replace(WHOLE, change=change))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("awareness of digital payment", "awareness"),
        ("mejorar la inclusión", "mejorar"),
        ("el fortalecimiento de sus capacidades", "fortalecimiento"),
        ("their Quality of Life", "Quality of Life"),
        ("la Articulación entre actores", "Articulación"),
    ],
)
def test_an_outcome_that_cannot_be_counted_is_quoted_as_it_was_typed(outcome, words):
    (remark,) = remarks_on(replace(WHOLE, outcome=outcome), is_measured=None)
    assert (remark.fault, remark.words) == (Fault.VAGUE_OUTCOME, words)
    assert words in str(remark.said())


@pytest.mark.parametrize(
    "outcome",
    [
        "the number of sellers aware of it who improve their sales",
        "el porcentaje que mejora sus ventas",
        "the betterment fund",
    ],
)
def test_an_outcome_that_is_counted_may_hold_any_word(outcome):
    assert faults(replace(WHOLE, outcome=outcome), None) == set()


def test_a_linked_metric_makes_any_outcome_measurable_and_its_absence_is_said():
    vague = replace(WHOLE, outcome="awareness")
    assert faults(vague, True) == set()
    assert faults(vague, None) == {Fault.VAGUE_OUTCOME}
    assert faults(WHOLE, False) == {Fault.NO_METRIC}


@pytest.mark.parametrize(
    ("threshold", "fault"),
    [
        ("a lot", Fault.THRESHOLD_WITHOUT_NUMBER),
        ("una mejora importante", Fault.THRESHOLD_WITHOUT_NUMBER),
        ("10", Fault.THRESHOLD_WITHOUT_UNIT),
        ("≥ 1,5", Fault.THRESHOLD_WITHOUT_UNIT),
    ],
)
def test_a_threshold_owes_a_number_and_a_unit(threshold, fault):
    assert faults(replace(WHOLE, threshold=threshold)) == {fault}


@pytest.mark.parametrize("threshold", ["10 %", "S/ 50", "half", "el doble", "dos soles", "5pp"])
def test_a_threshold_with_both_is_left_alone(threshold):
    assert faults(replace(WHOLE, threshold=threshold)) == set()


@pytest.mark.parametrize("within", ["soon", "pronto", "el plazo previsto"])
def test_a_time_that_names_no_time_is_none(within):
    assert faults(replace(WHOLE, within=within)) == {Fault.NO_TIME}


@pytest.mark.parametrize("within", ["the season", "fin de año", "marzo", "2026-Q3", "un trimestre"])
def test_a_time_in_words_is_one(within):
    assert faults(replace(WHOLE, within=within)) == set()


@pytest.mark.parametrize(
    "because", ["we believe people like messages", "Creemos que les gusta", "es evidente"]
)
def test_a_belief_is_no_evidence(because):
    assert faults(replace(WHOLE, because=because)) == {Fault.BELIEF_FOR_EVIDENCE}


@pytest.mark.parametrize(
    "because", ["we believe it after 12 interviews", "creemos que sí: la encuesta lo muestra"]
)
def test_a_belief_with_its_evidence_is_left_alone(because):
    assert faults(replace(WHOLE, because=because)) == set()


@pytest.mark.parametrize(
    ("slots", "because"),
    [
        (WHOLE, "a weekly message makes sellers take digital payment"),
        (ENTERO, "un mensaje semanal hace que comerciantes cobren con billetera digital"),
    ],
)
def test_a_reason_that_repeats_the_claim_is_circular(slots, because):
    assert faults(replace(slots, because=because)) == {Fault.CIRCULAR}


def test_an_imported_sentence_is_judged_by_the_parts_it_names():
    text = (
        "Si enviamos un mensaje semanal, entonces 10 % más comerciantes cobrará con billetera en "
        "12 semanas, porque la encuesta lo muestra."
    )
    assert parts_of(text).because == "la encuesta lo muestra"
    assert faults(Slots(free_text=text)) == set()
    assert faults(Slots(free_text="Mobile technology will help.")) == set()
    two = "If we visit them then they sell more. If we call them then they sell less."
    assert Fault.SEVERAL_CHANGES in faults(Slots(free_text=two))


REAL = {
    "assessment_of_digital_skills_and_knowledge_of_vulnerable_groups": {Fault.SEVERAL_CHANGES},
    "creando_an_online_community_for_migrant_entrepreneurs": {Fault.SEVERAL_CHANGES},
    "digital_solutions_for_food_markets": {Fault.VAGUE_OUTCOME},
    "exploring_the_gender_digital_divide_in_semi_rural_areas": set(),
    "guarnibot_a_chatbot_for_emergency_assistance": set(),
    "ivr_and_sms_for_behavioral_change_communication_and_training": {
        Fault.SEVERAL_CHANGES,
        Fault.VAGUE_OUTCOME,
    },
    "registro_nico_de_trabajadores_rut": set(),
    "testing_different_engagement_methods_to_promote_the_functionalities_of_a_digital": set(),
    "the_role_of_free_internet_access_to_revitalize_public_spaces_through_social_netw": {
        Fault.VAGUE_OUTCOME
    },
    "the_role_of_young_change_makers_in_society": {Fault.VAGUE_OUTCOME},
}


@needs_inputs
@pytest.mark.parametrize("name", REAL)
def test_real_hypotheses_are_told_what_they_lack(name):
    """None of the archive's says by how much, by when or because of what."""
    (reading,) = read_document(text_of(f"archive/experiments/{name}.md"), name=name)
    found = faults(Slots(free_text=str(reading.fields["hypothesis"])), None)
    assert found == REAL[name] | {Fault.NO_THRESHOLD, Fault.NO_TIME, Fault.NO_BECAUSE}


words = st.text(max_size=60)


@given(st.builds(Slots, **{name: words for name in vars(WHOLE) if name != "direction"}))
def test_whatever_is_written_gets_remarks_and_never_an_error(slots):
    for remark in remarks_on(slots, is_measured=None):
        assert str(remark.said())
        assert remark.slot in vars(slots)


@given(st.sampled_from([WHOLE, ENTERO]), st.sampled_from([str.upper, str.title, str.casefold]))
def test_case_changes_no_remark(slots, spelled):
    said = {n: spelled(v) for n, v in vars(slots).items() if n != "direction"}
    assert faults(Slots(**said)) == faults(slots)
