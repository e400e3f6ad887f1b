from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.plan_content import (
    EvidencePiece,
    PartnerEntry,
    PlanContent,
    QuestionEntry,
    changes_between,
)
from app.domain.plans import (
    missing_from,
    no_room_for,
    not_ready,
    outline_of,
    over_limits,
    problems_of,
)
from models.vocabulary import ChallengeType, EvidenceKind

PLAN = PlanContent(
    title="Digitalization",
    year=2026,
    challenge_type=ChallengeType.BIG_BET,
    statement="Our challenge is that rural homes have no internet.",
    tweet="Join in!",
    evidence=(
        EvidencePiece(EvidenceKind.QUANTITATIVE, "5.9 %"),
        EvidencePiece(EvidenceKind.QUALITATIVE, "Neighbours share one phone."),
    ),
    partners=(PartnerEntry("Agros"), PartnerEntry("Yape")),
    learning_questions=(QuestionEntry("How can homes be connected?", id=7),),
)


def fields(problems: list) -> list[str | None]:
    return [problem.field for problem in problems]


def partners(n: int) -> tuple[PartnerEntry, ...]:
    return tuple(PartnerEntry(f"Partner {i}") for i in range(n))


def test_a_plan_within_its_limits_can_be_saved() -> None:
    assert problems_of(PLAN) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"year": 26}, "year"),
        ({"tweet": "x" * 281}, "tweet"),
        ({"partners": partners(6)}, "partners"),
        ({"partners": (PartnerEntry("Agros"), PartnerEntry("AGROS"))}, "partners.1.name"),
        ({"partners": (PartnerEntry(""),)}, "partners.0.name"),
        ({"sdgs": (1, 2, 3, 4, 5, 6)}, "sdgs"),
        ({"sdgs": (18,)}, "sdgs"),
        ({"thematic_areas": tuple("abcdef")}, "thematic_areas"),
        ({"evidence": (EvidencePiece(EvidenceKind.QUALITATIVE, link="a.pe"),)}, "evidence.0.link"),
        (
            {"evidence": (EvidencePiece(EvidenceKind.QUALITATIVE, link="javascript:x"),)},
            "evidence.0.link",
        ),
        ({"learning_questions": (QuestionEntry("", data_gaps="x"),)}, "learning_questions.0.text"),
    ],
)
def test_each_rule_points_at_its_field(change: dict, field: str) -> None:
    assert fields(problems_of(replace(PLAN, **change))) == [field]


def test_a_summary_of_exactly_280_characters_fits() -> None:
    assert problems_of(replace(PLAN, tweet="🌊" * 280)) == []


def test_every_problem_is_said_at_once() -> None:
    wrong = replace(PLAN, title="", tweet="x" * 281, partners=partners(6))
    assert fields(problems_of(wrong)) == ["title", "partners", "tweet"]


def test_what_an_import_brought_over_a_limit_may_stay_as_it_is() -> None:
    imported = replace(PLAN, tweet="x" * 300, partners=partners(7))
    assert problems_of(replace(imported, title="Other"), before=imported) == []
    assert problems_of(replace(imported, partners=partners(6)), before=imported) == []
    assert fields(problems_of(replace(imported, partners=partners(8)), before=imported)) == [
        "partners"
    ]
    assert fields(problems_of(replace(imported, tweet="y" * 299), before=imported)) == ["tweet"]


def test_an_import_is_flagged_for_each_limit_it_exceeds() -> None:
    over = replace(PLAN, tweet="x" * 281, partners=partners(6), sdgs=tuple(range(1, 7)))
    assert set(fields(over_limits(over))) == {"tweet", "partners", "sdgs"}


def test_a_complete_plan_can_be_submitted() -> None:
    assert not_ready(PLAN, submitted={}) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"challenge_type": None}, "challenge_type"),
        ({"statement": ""}, "statement"),
        ({"learning_questions": ()}, "learning_questions"),
        ({"tweet": "x" * 281}, "tweet"),
    ],
)
def test_submitting_asks_for_what_is_missing(change: dict, field: str) -> None:
    assert fields(not_ready(replace(PLAN, **change), submitted={})) == [field]


@pytest.mark.parametrize(
    ("kind", "others", "fits"),
    [
        (ChallengeType.BIG_BET, 0, True),
        (ChallengeType.BIG_BET, 1, False),
        (ChallengeType.EXPLORATORY, 0, True),
        (ChallengeType.EXPLORATORY, 1, True),
        (ChallengeType.EXPLORATORY, 2, False),
    ],
)
def test_a_year_has_room_for_one_big_bet_and_two_exploratory(
    kind: ChallengeType, others: int, fits: bool
) -> None:
    assert (no_room_for(kind, others=others, year=2026) is None) == fits
    plan = replace(PLAN, challenge_type=kind)
    assert (not_ready(plan, submitted={kind: others}) == []) == fits


def test_what_is_missing_is_said_in_words() -> None:
    empty = PlanContent(title="Empty", year=2026)
    said = [str(each) for each in missing_from(outline_of(empty, questions_without_experiment=0))]
    assert "There is no learning question." in said
    assert "No partner is named." in said
    whole = outline_of(PLAN, questions_without_experiment=0)
    assert missing_from(whole) == []
    lonely = missing_from(outline_of(PLAN, questions_without_experiment=1))
    assert [str(each) for each in lonely] == ["Learning questions without an experiment: 1."]


def test_changes_name_what_differs_and_nothing_else() -> None:
    after = replace(PLAN, title="Other", partners=(PartnerEntry("Agros"),))
    assert changes_between(PLAN, after) == {
        "title": ("Digitalization", "Other"),
        "partners.2.name": ("Yape", None),
    }


def test_the_row_of_a_question_is_no_change() -> None:
    again = replace(PLAN, learning_questions=(replace(PLAN.learning_questions[0], id=None),))
    assert changes_between(PLAN, again) == {}


texts = st.text(max_size=12)
contents = st.builds(
    PlanContent,
    title=texts,
    year=st.integers(2000, 2100),
    tweet=texts,
    sdgs=st.lists(st.integers(1, 17), max_size=3).map(tuple),
    partners=st.lists(st.builds(PartnerEntry, name=texts, collaboration=texts)).map(tuple),
    learning_questions=st.lists(st.builds(QuestionEntry, text=texts, data_gaps=texts)).map(tuple),
)


@given(contents, contents)
def test_changes_both_ways_mirror_each_other(one: PlanContent, other: PlanContent) -> None:
    there, back = changes_between(one, other), changes_between(other, one)
    assert {path: pair[::-1] for path, pair in there.items()} == back


@given(contents)
def test_a_plan_does_not_differ_from_itself(content: PlanContent) -> None:
    assert changes_between(content, content) == {}


def test_long_texts_have_a_limit_and_an_imported_one_beyond_it_may_stay() -> None:
    long = replace(PLAN, background="x" * 20_001, partners=(PartnerEntry("A", None, "y" * 20_001),))
    assert fields(problems_of(long)) == ["background", "partners.0.collaboration"]
    assert problems_of(replace(long, title="Other"), before=long) == []
