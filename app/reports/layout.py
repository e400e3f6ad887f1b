"""How reports are laid out here: part by part and kept, or each one whole.

Laying a report out whole is the reference: slower, and simpler. Both give the same pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path

from app.reports import sections
from app.reports.binding import Attachment, lasting
from app.reports.kept_parts import KeptParts
from app.reports.presses import LayoutError, Presses
from app.reports.render import Rendering
from app.reports.sections import OnPart


class Way(StrEnum):
    """How a report is laid out."""

    PARTS = "parts"
    WHOLE = "whole"


def unheard(_done: int, _of: int) -> None:
    """Nobody asked how far it is."""


@dataclass(frozen=True)
class Layout:
    """The processes that lay documents out, the folder of what is kept, and the way it is done."""

    folder: Path
    way: Way = Way.PARTS
    presses: Presses = field(default_factory=Presses)

    def pdf(
        self,
        rendering: Rendering,
        *,
        attachments: Sequence[Attachment] = (),
        on_part: OnPart = unheard,
    ) -> bytes:
        """The report as one archival PDF. ``on_part`` is told how many parts of all are done.

        Raises LayoutError or RefusedAddressError when a part cannot be laid out.
        """
        if self.way is Way.WHOLE:
            (whole,) = self.presses.print_all(
                [rendering.whole()], on_done=lambda done: on_part(done, 1)
            )
            return lasting(whole, attachments)
        kept = KeptParts(self.folder)
        kept.forget_old()
        press = partial(kept.all_of, print_all=self.presses.print_all)
        return sections.lay_out(rendering, press, attachments=attachments, on_part=on_part)


__all__ = ["Layout", "LayoutError", "OnPart", "Way", "unheard"]
