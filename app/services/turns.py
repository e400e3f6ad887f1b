"""One at a time: who changes an account, and who tries to sign in to it.

SQLite has one writer anyway; PostgreSQL is asked for a lock that lasts as long as the transaction.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Person


def hold(session: Session, person: Person) -> None:
    """Let one change the person at a time, and see what the one before has done.

    History names people by their key: that stays open to others, or two who change each other
    would wait for each other.
    """
    session.refresh(person, with_for_update={"key_share": True})


def take_turns(session: Session, *digests: str) -> None:
    """Let one who names one of these (hexadecimal) digests pass at a time."""
    if session.get_bind().dialect.name != "postgresql":
        return
    # In one order, so that two never wait for each other.
    for digest in sorted(set(digests)):
        session.execute(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))
