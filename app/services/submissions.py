"""A form carries a key from when it was opened, so that sending it twice saves once."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import InvalidError, Problem
from app.language.sentences import Sentence, sentence
from models import Comment, Experiment, Hypothesis, Metric

Made = TypeVar("Made", Comment, Experiment, Hypothesis, Metric)


def sent_before(session: Session, kind: type[Made], key: str | None) -> Made | None:
    """What the form of this key made before; its parts are not loaded."""
    columns: Any = kind
    return session.scalar(select(kind).where(columns.submission_key == key)) if key else None


def refuse_other(name: str | Sentence) -> None:
    """Refuse another content under the key that made ``name``: it is no repetition."""
    said = sentence(
        "This form was saved already, as %(code)s. Change it there, or open a new form.",
        code=name,
    )
    raise InvalidError([Problem(None, said)])
