"""How long the verdict of one experiment takes beside the bare scipy calls it needs.

Run it from the repository's root: ``python benchmarks/verdict.py``. Prints one JSON line; both are
measured in the same run, in turns, so that a loaded machine slows both alike.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.domain.assessment import Layout, Measured, Observation
from app.domain.conclusions import Claim, Looks, judge, verdict_of
from app.domain.integrity import Undertaking, Watched
from app.domain.measurements import Numbers
from app.domain.statistics.science import stats
from models.vocabulary import Arm, ComparisonDesign, Direction, MetricKind, MetricRole

DAY, TODAY = date(2026, 9, 1), date(2026, 10, 1)
ROUNDS, MOST = 200, 50
PLAN = Undertaking(
    layout=Layout(design=ComparisonDesign.TWO_GROUPS, starts_on=date(2026, 4, 1)),
    sample_planned=200,
)


def claim(number: int, role: MetricRole, kind: MetricKind, *numbers: Numbers) -> Claim:
    """A metric of two groups."""
    observations = [
        Observation(on=DAY, arm=arm, numbers=each) for arm, each in zip(Arm, numbers, strict=True)
    ]
    return Claim(
        id=number,
        watched=Watched(
            name=str(number), role=role, measured=Measured(kind=kind, observations=observations)
        ),
        direction=Direction.INCREASE,
        least=0.1,
        margin=0.1,
        unit="",
        definition={},
    )


def share(successes: int) -> Numbers:
    """That many of a hundred."""
    return Numbers(successes=successes, n=100)


def average(mean: str) -> Numbers:
    """The mean of a hundred."""
    return Numbers(mean=Decimal(mean), sd=Decimal(2), n=100)


CLAIMS = [
    claim(1, MetricRole.PRIMARY, MetricKind.PROPORTION, share(60), share(20)),
    claim(2, MetricRole.PRIMARY, MetricKind.MEAN, average("5.1"), average("4.2")),
    claim(3, MetricRole.GUARDRAIL, MetricKind.PROPORTION, share(50), share(52)),
]


def judged() -> object:
    """The verdict of the experiment: two primary metrics and a guardrail."""
    return verdict_of(judge(CLAIMS, PLAN, Looks(), today=TODAY))


def bare() -> object:
    """The scipy calls of the three metrics, once each."""
    science = stats()
    return (
        science.fisher_exact([[60, 40], [20, 80]]),
        science.ttest_ind_from_stats(5.1, 2, 100, 4.2, 2, 100, equal_var=False),
        science.fisher_exact([[50, 50], [52, 48]]),
    )


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


def main() -> int:
    """Print the ratio; 1 when it is above what is promised."""
    judged(), bare()
    ours, theirs = zip(*((seconds(judged), seconds(bare)) for _round in range(ROUNDS)), strict=True)
    ratio = median(ours) / median(theirs)
    print(
        json.dumps(
            {
                "verdict_ms": round(1000 * median(ours), 3),
                "scipy_ms": round(1000 * median(theirs), 3),
                "ratio": round(ratio, 2),
                "most": MOST,
            }
        )
    )
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
