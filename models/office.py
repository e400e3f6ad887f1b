"""An office: one Accelerator Lab. One installation can hold several."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code_text, identity, short_text


class Office(Base):
    __tablename__ = "office"

    id: Mapped[identity]
    code: Mapped[code_text] = mapped_column(unique=True)
    name: Mapped[short_text]
