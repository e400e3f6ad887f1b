"""Apply what a person put right on the review screen to what was read."""

from app.exchange.learning_questions import split_questions
from app.exchange.readings import Flag, LearningQuestionReading, Reading
from app.services.import_reports import Correction


def corrected(reading: Reading, correction: Correction | None) -> Reading:
    """The reading as the person meant it; the reading itself is not changed."""
    if correction is None:
        return reading
    kind = correction.challenge_type
    return reading.model_copy(
        update={
            "fields": {**reading.fields, "challenge_type": kind.value if kind else None}
            if "challenge_type" in reading.fields
            else reading.fields,
            "partners": [
                partner.model_copy(
                    update={"sector": correction.sectors.get(partner.rank, partner.sector)}
                )
                for partner in reading.partners
            ],
            "learning_questions": [
                part
                for number, question in enumerate(reading.learning_questions, start=1)
                for part in _parts(question, is_split=number in correction.split)
            ],
            "flags": [flag for flag in reading.flags if not _settled(flag, correction)],
        }
    )


def _parts(question: LearningQuestionReading, *, is_split: bool) -> list[LearningQuestionReading]:
    """One question each, with the stages, methods and gaps stated for all of them."""
    if not is_split:
        return [question]
    return [
        question.model_copy(update={"text": text}) for text in split_questions(question.text)
    ] or [question]


def _settled(flag: Flag, correction: Correction) -> bool:
    """Whether the flag offered a split that was taken."""
    offers = flag.field == "learning_questions" and {"number", "count"} == set(flag.message.values)
    return offers and flag.message.values["number"] in correction.split
