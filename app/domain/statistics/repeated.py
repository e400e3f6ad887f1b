"""Several primary metrics and several looks: keeping false alarms at what was promised."""

import math
from collections.abc import Sequence

from app.domain.statistics.effects import below
from models.vocabulary import LookRule

# Critical values at 5 % two-sided for 1 to 10 equally spaced looks.
# Jennison C. and Turnbull B., Group Sequential Methods (2000), tables 2.1 and 2.3.
POCOCK = (1.960, 2.178, 2.289, 2.361, 2.413, 2.453, 2.485, 2.512, 2.535, 2.555)
OBRIEN_FLEMING = (1.960, 1.977, 2.004, 2.024, 2.040, 2.053, 2.063, 2.072, 2.080, 2.087)
MOST_LOOKS = len(POCOCK)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given.

    Holm S., Scandinavian Journal of Statistics 6 (1979) 65–70.
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def holm_confidences(p_values: Sequence[float], confidence: float) -> list[float]:
    """The confidence of each metric's interval under Holm's steps, in the order given.

    The smallest p is held against α ÷ k, the next against α ÷ (k − 1), and so on; once one fails
    all that follow keep its level.
    """
    alpha, confidences = 1 - confidence, [confidence] * len(p_values)
    level, has_failed = alpha, False
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        if not has_failed:
            level = alpha / (len(p_values) - rank)
            has_failed = p_values[place] > level
        confidences[place] = 1 - level
    return confidences


def confidence_at(look: int, looks: int, rule: LookRule) -> float:
    """The confidence of the interval at one of several planned looks (5 % over all of them)."""
    if not 1 <= look <= looks <= MOST_LOOKS:
        raise ValueError(f"look {look} of {looks}: from 1 to {MOST_LOOKS}")
    if rule is LookRule.POCOCK:
        critical = POCOCK[looks - 1]
    else:
        critical = OBRIEN_FLEMING[looks - 1] * math.sqrt(looks / look)
    return 1 - 2 * below(-critical)
