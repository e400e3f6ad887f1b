"""What an Action Learning Plan may not exceed, and what it still lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.domain.names import folded
from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.domain.refusals import Problem
from app.domain.texts import MOST_LINE, is_blank, text_problems
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ChallengeType, EvidenceKind

MOST_TWEET = 280
MOST_PARTNERS = 5
MOST_THEMES = 5
MOST_SDGS = 5
LAST_SDG = 17
MOST_NAME = MOST_LINE
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_OF_TYPE: Mapping[ChallengeType, int] = {
    ChallengeType.BIG_BET: 1,
    ChallengeType.EXPLORATORY: 2,
}
TOO_MANY_PARTNERS = N_("There are %(n)s partners; the form takes the %(most)s most important.")
TOO_MANY_SDGS = N_("There are %(n)s Sustainable Development Goals; at most %(most)s fit.")
TOO_MANY_THEMES = N_("There are %(n)s thematic areas; at most %(most)s fit.")


@dataclass(frozen=True)
class PlanOutline:
    """What a list needs to know of a plan to say what it lacks."""

    challenge_type: ChallengeType | None
    has_statement: bool
    has_quantitative: bool
    has_qualitative: bool
    tweet_length: int
    partners: int
    questions: int
    questions_without_experiment: int


def outline_of(content: PlanContent, *, questions_without_experiment: int) -> PlanOutline:
    """The outline of a whole plan."""
    return PlanOutline(
        challenge_type=content.challenge_type,
        has_statement=bool(content.statement),
        has_quantitative=bool(content.evidence_of(EvidenceKind.QUANTITATIVE)),
        has_qualitative=bool(content.evidence_of(EvidenceKind.QUALITATIVE)),
        tweet_length=len(content.tweet),
        partners=len(content.partners),
        questions=len(content.learning_questions),
        questions_without_experiment=questions_without_experiment,
    )


def missing_from(plan: PlanOutline) -> list[Sentence]:
    """What the plan still lacks, most pressing first."""
    lacks = (
        (plan.challenge_type is None, sentence("The challenge type is not stated.")),
        (not plan.has_statement, sentence("There is no challenge statement.")),
        (plan.questions == 0, sentence("There is no learning question.")),
        (
            plan.questions_without_experiment > 0,
            sentence(
                "Learning questions without an experiment: %(n)s.",
                n=plan.questions_without_experiment,
            ),
        ),
        (plan.partners == 0, sentence("No partner is named.")),
        (not plan.has_quantitative, sentence("There is no quantitative evidence.")),
        (not plan.has_qualitative, sentence("There is no qualitative evidence.")),
        (plan.tweet_length == 0, sentence("There is no short summary (tweet).")),
        (plan.tweet_length > MOST_TWEET, tweet_too_long(plan.tweet_length)),
    )
    return [said for applies, said in lacks if applies]


def problems_of(content: PlanContent, *, before: PlanContent | None = None) -> list[Problem]:
    """What cannot be saved. What was over a limit already (an import) may stay as it is."""
    return [
        *_title_and_year_problems(content),
        *_limit_problems(content, before),
        *_evidence_problems(content.evidence),
        *partner_problems(content.partners),
        *_question_problems(content.learning_questions),
        *_text_problems(content, before),
    ]


def over_limits(content: PlanContent) -> list[Problem]:
    """Every limit the plan exceeds; an import keeps what it found and is flagged with these."""
    counted = (
        ("partners", len(content.partners), MOST_PARTNERS, TOO_MANY_PARTNERS),
        ("sdgs", len(content.sdgs), MOST_SDGS, TOO_MANY_SDGS),
        ("thematic_areas", len(content.thematic_areas), MOST_THEMES, TOO_MANY_THEMES),
    )
    problems = [
        Problem(field, sentence(template, most=most, n=count))
        for field, count, most, template in counted
        if count > most
    ]
    if len(content.tweet) > MOST_TWEET:
        problems.append(Problem("tweet", tweet_too_long(len(content.tweet))))
    return problems


def not_ready(content: PlanContent, *, submitted: Mapping[ChallengeType, int]) -> list[Problem]:
    """Why the plan cannot be submitted yet.

    ``submitted``: how many other plans of the office and year are submitted, by type.
    """
    problems = over_limits(content)
    kind = content.challenge_type
    if kind is None:
        problems.append(
            Problem("challenge_type", sentence("Say whether this is the big bet or exploratory."))
        )
    elif room := no_room_for(kind, others=submitted.get(kind, 0), year=content.year):
        problems.append(Problem("challenge_type", room))
    if not content.statement:
        problems.append(Problem("statement", sentence("Write the challenge statement first.")))
    if not content.learning_questions:
        problems.append(
            Problem("learning_questions", sentence("Write at least one learning question first."))
        )
    return problems


def no_room_for(kind: ChallengeType, *, others: int, year: int) -> Sentence | None:
    """Why one more plan of this type is one too many for its office and year, or None."""
    if others < MOST_OF_TYPE[kind]:
        return None
    if kind is ChallengeType.BIG_BET:
        return sentence(
            "The office already has its big bet for %(year)s: an office works on one big bet and"
            " at most two exploratory challenges a year.",
            year=str(year),
        )
    return sentence(
        "The office already has two exploratory challenges for %(year)s: an office works on one"
        " big bet and at most two exploratory challenges a year.",
        year=str(year),
    )


def tweet_too_long(length: int) -> Sentence:
    """The sentence for a summary over the limit."""
    return sentence(
        "The short summary has %(n)s characters; at most %(most)s fit.", n=length, most=MOST_TWEET
    )


def _title_and_year_problems(content: PlanContent) -> Iterator[Problem]:
    if is_blank(content.title):
        yield Problem("title", sentence("A plan needs a title."))
    if not FIRST_YEAR <= content.year <= LAST_YEAR:
        yield Problem("year", sentence("Write the year with four digits, like 2026."))


def _limit_problems(content: PlanContent, before: PlanContent | None) -> Iterator[Problem]:
    for problem in over_limits(content):
        if before is None or not _stays(problem.field or "", content, before):
            yield problem
    if any(not 1 <= goal <= LAST_SDG for goal in content.sdgs):
        yield Problem("sdgs", sentence("Choose from the 17 Sustainable Development Goals."))


def _text_problems(content: PlanContent, before: PlanContent | None) -> Iterator[Problem]:
    """Texts that are too long, but for those that stand in the same place already."""
    standing = list(_long_texts(before)) if before else []
    yield from (found[0] for found in _long_texts(content) if found not in standing)


def _long_texts(content: PlanContent) -> Iterator[tuple[Problem, object]]:
    parts: list[tuple[str, object]] = [("", content)]
    for name in ("evidence", "partners", "learning_questions"):
        parts.extend((f"{name}.{n}.", row) for n, row in enumerate(getattr(content, name)))
    for within, part in parts:
        for problem in text_problems(part, {"title": MOST_NAME, "name": MOST_NAME}, under=within):
            yield problem, getattr(part, (problem.field or "").removeprefix(within))


def _stays(field: str, content: PlanContent, before: PlanContent) -> bool:
    now, then = getattr(content, field), getattr(before, field)
    return bool(now == then) if isinstance(now, str) else len(now) <= len(then)


def _evidence_problems(evidence: Sequence[EvidencePiece]) -> Iterator[Problem]:
    for place, piece in enumerate(evidence):
        if piece.link and not is_web_address(piece.link):
            yield Problem(
                f"evidence.{place}.link",
                sentence("Write the whole address, beginning with https://."),
            )


def is_web_address(link: str) -> bool:
    """Whether it is one whole address of the web."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not link.split()[1:]


def partner_problems(partners: Sequence[PartnerEntry]) -> Iterator[Problem]:
    """Partners without a name, and those named twice."""
    seen: dict[str, int] = {}
    for place, partner in enumerate(partners):
        field, name = f"partners.{place}.name", folded(partner.name)
        if is_blank(name):
            yield Problem(field, sentence("Write the name of the partner."))
        elif name in seen:
            yield Problem(field, sentence("This partner is named at rank %(n)s.", n=seen[name]))
        seen.setdefault(name, place + 1)


def _question_problems(questions: Sequence[QuestionEntry]) -> Iterator[Problem]:
    for place, question in enumerate(questions):
        if is_blank(question.text):
            yield Problem(
                f"learning_questions.{place}.text", sentence("Write the learning question.")
            )
