"""scipy, loaded by the first analysis that needs it: it costs 0.7 CPU-seconds and about 95 MB."""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def stats() -> Any:
    """``scipy.stats``; kept after the first call."""
    return import_module("scipy.stats")


@cache
def numpy() -> Any:
    """``numpy``, which comes with scipy."""
    return import_module("numpy")
