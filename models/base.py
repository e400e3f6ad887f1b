"""The base of every table: naming convention and the column phrases the models are written in."""

import enum
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
    TypeDecorator,
    and_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; comes back aware from SQLite too, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept to its last digit: NUMERIC on PostgreSQL, text on SQLite (it has floats)."""

    impl = Numeric(20, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = String(40) if dialect.name == "sqlite" else Numeric(20, 6)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value).normalize()
        # A whole number keeps its zeros: normalize() turns 1500 into 1.5E+3.
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


identity = Annotated[int, mapped_column(Integer, Identity(), primary_key=True)]
code_text = Annotated[str, mapped_column(String(40))]
short_text = Annotated[str, mapped_column(String(300))]
long_text = Annotated[str, mapped_column(Text, default="")]
digest = Annotated[str, mapped_column(String(64))]
number = Annotated[Decimal, mapped_column(ExactDecimal)]
instant = Annotated[datetime, mapped_column(Instant)]
day = Annotated[date, mapped_column(Date)]


def now() -> datetime:
    """The moment in UTC: the default of ``created_at`` columns and nothing else."""
    return datetime.now(UTC)


def word(members: type[enum.StrEnum]) -> Enum:
    """A vocabulary word, stored as its value; what is no member is refused before it is sent.

    The database itself takes any text of 40 characters: with a CHECK each new word of each list
    would need a migration, which on SQLite copies the whole table.
    """
    return Enum(
        members,
        values_callable=lambda all_of: [member.value for member in all_of],
        native_enum=False,
        length=40,
        validate_strings=True,
    )


def belongs_to(column: str, *, on_delete: str = "RESTRICT") -> ForeignKey:
    """A foreign key; nothing disappears with its parent unless it says so."""
    return ForeignKey(column, ondelete=on_delete)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Kept(Base):
    """A record people change: when it was made, when it last changed, and which version it is.

    ``version`` rises with each change, so that a form opened before somebody else's save is
    refused instead of overwriting it.
    """

    __abstract__ = True

    id: Mapped[identity]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[instant] = mapped_column(default=now)
    changed_at: Mapped[instant] = mapped_column(default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        return {"version_id_col": cls.version}


class PlanPart(Kept):
    """A part of an experiment's plan. Taking it away marks it, so that it can be brought back."""

    __abstract__ = True

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    removed_at: Mapped[instant | None]

    @classmethod
    def stands_in(cls, experiment_id: Any) -> ColumnElement[bool]:
        """What belongs to the experiment and was not taken away."""
        return and_(cls.experiment_id == experiment_id, cls.removed_at.is_(None))
