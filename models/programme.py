"""A programme of an office: what experiments serve and officers review."""

from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, code_text, identity, long_text, short_text
from models.office import Office


class Programme(Base):
    __tablename__ = "programme"

    id: Mapped[identity]
    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    code: Mapped[code_text] = mapped_column(unique=True)
    name_en: Mapped[short_text]
    name_es: Mapped[short_text]
    source: Mapped[long_text]

    office: Mapped[Office] = relationship(lazy="raise")
