"""What `flask evidence analyse` and `flask evidence plan` answer, in both languages."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.analysis import Conclusion
from app.domain.readouts import warning_on
from app.domain.statistics.effects import Effect
from app.domain.statistics.power import Advice
from app.domain.verdicts import FUNCTION_VERSION
from app.language.sentences import Sentence
from app.language.speaker import Speaker
from models.vocabulary import Language

SPEAKERS = {language.value: Speaker(language) for language in Language}


def analysis_answer(conclusion: Conclusion) -> dict[str, Any]:
    """The document of an analysis; numbers that do not exist are null."""
    return {
        **_effect(conclusion.effect),
        "verdict": conclusion.verdict.value,
        "missing": list(conclusion.missing),
        "sentence": in_both(conclusion.sentence),
        "limits": in_both(*conclusion.limits),
        "function_version": FUNCTION_VERSION,
    }


def advice_answer(advice: Advice) -> dict[str, Any]:
    """The document of a plan; ``warning`` is empty where there is nothing to warn of."""
    warnings = [] if advice.can_reach else [_warning(advice)]
    return {
        "n_per_group": advice.n_per_group,
        "detectable_effect": advice.detectable_effect,
        "design_effect": advice.design_effect,
        "n_per_group_clustered": advice.n_per_group_clustered,
        "warning": in_both(*warnings),
    }


def _warning(advice: Advice) -> Sentence:
    """What stands in the way: the power, or else that no p gets that small."""
    best_p = advice.best_p if advice.detectable_effect is not None else None
    return warning_on(advice.n_per_group, best_p)


def in_both(*sentences: Sentence) -> dict[str, str]:
    """Sentences one after another, in each language."""
    return {
        language: " ".join(speaker.say(each) for each in sentences)
        for language, speaker in SPEAKERS.items()
    }


def _effect(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return dict.fromkeys(("method", "estimate", "interval", "p_value", "statistic", "df")) | {
            "extra": {}
        }
    return {
        "method": effect.method,
        "estimate": _plain(effect.estimate),
        "interval": _plain([effect.interval.low, effect.interval.high]),
        "p_value": _plain(effect.p_value),
        "statistic": _plain(effect.statistic),
        "df": _plain(effect.df),
        "extra": _plain(effect.extra),
    }


def _plain(value: Any) -> Any:
    """JSON has no infinity: such a number is null."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case str():
            return value
        case Sequence():
            return [_plain(each) for each in value]
        case _:
            return value
