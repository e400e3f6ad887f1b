"""What a task is handed: the database, the settings, its lease, and a way to say how far it is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import PATIENT_TRIES, unit_of_work
from app.domain.refusals import BusyError
from app.services import queue
from app.services.queue import Lease


@dataclass(frozen=True)
class Work:
    """One job in the hands of a worker."""

    engine: Engine
    settings: Settings
    lease: Lease

    @property
    def arguments(self) -> dict[str, Any]:
        """What the job was put with."""
        return self.lease.arguments

    def advance(self, done: int, of: int) -> None:
        """Say how far it is, where others leave room to write.

        Raises LeaseLostError when the job was cancelled or taken over.
        """
        with suppress(BusyError), unit_of_work(self.engine) as session:
            queue.advance(session, self.lease, done=done, of=of, at=datetime.now(UTC))

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that only reads."""
        return unit_of_work(self.engine, writes=False)

    def writing(self) -> AbstractContextManager[Session]:
        """A short transaction before the last."""
        return unit_of_work(self.engine, tries=PATIENT_TRIES)

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """The transaction that stores the result and closes the job, both or neither."""
        with self.writing() as session:
            yield session
            queue.finish(session, self.lease, at=datetime.now(UTC))
