"""How far a learning question is answered."""

import pytest

from app.domain.answers import CONCLUSIVE, Answer, answer_by
from models.vocabulary import Verdict

SUPPORTED, PROMISING, OPEN = Verdict.SUPPORTED, Verdict.PROMISING, Verdict.INCONCLUSIVE


@pytest.mark.parametrize("verdict", sorted(CONCLUSIVE))
def test_a_null_or_harmful_result_answers_as_well_as_a_good_one(verdict: Verdict) -> None:
    assert answer_by([verdict]) is Answer.ANSWERED


@pytest.mark.parametrize("verdict", [None, *(v for v in Verdict if v not in CONCLUSIVE)])
def test_a_question_stays_partly_open_until_every_experiment_concluded(
    verdict: Verdict | None,
) -> None:
    assert answer_by([SUPPORTED, verdict]) is Answer.PARTLY


def test_promising_is_part_of_an_answer_and_inconclusive_is_none() -> None:
    assert answer_by([PROMISING, OPEN]) is Answer.PARTLY
    assert answer_by([OPEN, None, Verdict.NOT_ASSESSABLE]) is Answer.OPEN


def test_a_question_without_an_experiment_is_open() -> None:
    assert answer_by([]) is Answer.OPEN
