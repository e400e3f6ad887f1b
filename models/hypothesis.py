"""A hypothesis in slots; the same record prints as UNDP's IF … THEN …."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import PlanPart, long_text, short_text, word
from models.vocabulary import Direction


class Hypothesis(PlanPart):
    """One hypothesis.

    We believe that [change] for [audience] will [direction] [outcome] by at least [threshold]
    within [time], because [evidence seen].
    ``free_text`` keeps a sentence that came from an import and has no slots yet.
    """

    __tablename__ = "hypothesis"

    position: Mapped[int]
    change: Mapped[long_text]
    audience: Mapped[long_text]
    direction: Mapped[Direction | None] = mapped_column(word(Direction))
    outcome: Mapped[long_text]
    threshold: Mapped[short_text] = mapped_column(default="")
    within: Mapped[short_text] = mapped_column(default="")
    because: Mapped[long_text]
    free_text: Mapped[long_text]
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True)
