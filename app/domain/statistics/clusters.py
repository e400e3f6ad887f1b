"""People who come in villages, caletas or schools resemble each other: n counts for less."""

from dataclasses import dataclass

from app.domain.statistics.groups import refuse
from app.language.sentences import sentence


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """Average cluster size and the intra-cluster correlation."""

    size: float = 1.0
    icc: float = 0.0

    def __post_init__(self) -> None:
        if self.size < 1:
            raise refuse("cluster_size", sentence("A cluster holds at least 1."))
        if not 0 <= self.icc <= 1:
            raise refuse("icc", sentence("The correlation lies between 0 and 1."))

    @property
    def design_effect(self) -> float:
        """1 + (m − 1) · ICC. Kish L., Survey Sampling (1965)."""
        return 1 + (self.size - 1) * self.icc
