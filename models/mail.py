"""An e-mail to a person of the tracker, written with the change it tells and sent after it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, identity, instant, long_text, now, short_text, word
from models.person import Person
from models.vocabulary import Language, MailKind


class Mail(Base):
    """One letter. ``once_key`` keeps the same letter from being written twice.

    ``sent_at`` None means it waits; ``error`` says why the last try failed. It holds no secret.
    """

    __tablename__ = "mail"

    id: Mapped[identity]
    to_id: Mapped[int] = mapped_column(belongs_to("person.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(word(MailKind))
    language: Mapped[Language] = mapped_column(word(Language))
    subject: Mapped[short_text]
    text: Mapped[long_text]
    once_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    written_at: Mapped[instant] = mapped_column(default=now)
    sent_at: Mapped[instant | None] = mapped_column(index=True)
    error: Mapped[long_text]

    to: Mapped[Person] = relationship(lazy="raise")
