"""A place by INEI's ubigeo code: two digits a department, four a province, six a district."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, short_text


class Place(Base):
    __tablename__ = "place"

    ubigeo: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[short_text]
