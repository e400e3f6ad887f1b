"""The evidence level of an experiment, 0 to 5, after Nesta's Standards of Evidence.

Puttick R. and Ludlow J., Standards of Evidence, Nesta (2013). Computed, never raised by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.language.sentences import N_, Sentence, sentence

HIGHEST = 5
SITES_NEEDED = 2
LEVEL_TO_REPEAT = 3
MEANS = (
    N_("No argument is recorded"),
    N_("It is argued why it should work"),
    N_("The outcome was measured before and after, or against a target"),
    N_("A comparison group shows the effect of a plan registered before the data"),
    N_("The effect was confirmed at two independent sites or by another team"),
    N_("A manual and a record of faithful delivery let others repeat it"),
)


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What the level of an experiment rests on.

    ``is_in_time``: registered before the first measurement. ``was_bent``: a major amendment was
    made after data. ``sites_supporting``: places whose own interval reaches what matters.
    ``is_repetition``: it repeats another experiment; ``repeated_holds``: one that is supported at
    level 3 or above; ``repeated_by_others``: one of another team.
    """

    is_argued: bool = False
    has_outcome: bool = False
    has_comparison: bool = False
    is_registered: bool = False
    is_in_time: bool = False
    was_bent: bool = False
    is_sound: bool = False
    is_supported: bool = False
    sites_supporting: int = 0
    is_repetition: bool = False
    repeated_holds: bool = False
    repeated_by_others: bool = False
    has_manual: bool = False
    has_fidelity_record: bool = False


def level_of(grounds: Grounds) -> int:
    """The highest level all of whose conditions hold, with those of every level below it."""
    return next((level - 1 for level in range(1, HIGHEST + 1) if _unmet(grounds, level)), HIGHEST)


def missing_for_next(grounds: Grounds) -> list[Sentence]:
    """What is missing for the next level; nothing at the highest."""
    level = level_of(grounds) + 1
    return [] if level > HIGHEST else [sentence(text) for text in _unmet(grounds, level)]


def meaning(level: int) -> Sentence:
    """What a level says."""
    return sentence(MEANS[level])


def _unmet(grounds: Grounds, level: int) -> Sequence[str]:
    return [text for holds, text in _conditions(grounds)[level] if not holds]


Conditions = Sequence[tuple[bool, str]]


def _conditions(grounds: Grounds) -> dict[int, Conditions]:
    is_late = grounds.is_registered and not grounds.is_in_time
    return {
        1: [(grounds.is_argued, N_("Say in the hypothesis why it should work."))],
        2: [
            (
                grounds.has_outcome,
                N_("Measure the outcome before and after, or against a target."),
            )
        ],
        3: [
            (grounds.has_comparison, N_("Measure a comparison group as well.")),
            (grounds.is_registered, N_("Register the plan before the first measurement.")),
            (
                not is_late,
                N_("It was registered after the first measurement: it stays at level 2 at most."),
            ),
            (
                not grounds.was_bent,
                N_(
                    "The plan was changed in its substance after data: it stays at level 2 at most."
                ),
            ),
            (grounds.is_sound, N_("Mend what keeps a verdict back.")),
        ],
        4: [
            (grounds.is_supported, N_("The verdict has to be “supported”.")),
            *_confirmations(grounds),
        ],
        5: [
            (grounds.has_manual, N_("Write the manual by which others can do it.")),
            (grounds.has_fidelity_record, N_("Record how faithfully it was delivered.")),
        ],
    }


def _confirmations(grounds: Grounds) -> Conditions:
    """Two sites, or another team's experiment; of one that is named, what it lacks."""
    if grounds.sites_supporting >= SITES_NEEDED:
        return []
    if not grounds.is_repetition:
        said = N_(
            "Confirm the effect at two independent sites, each by itself, or repeat another team's"
            " experiment that was supported."
        )
        return [(False, said)]
    return [
        (
            grounds.repeated_holds,
            N_("The experiment this repeats has to be supported at level 3 or above itself."),
        ),
        (
            grounds.repeated_by_others,
            N_(
                "The experiment this repeats has to be another team's: of another office, or "
                "looked after by somebody else."
            ),
        ),
    ]
