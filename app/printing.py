"""How this installation lays reports out, from its settings."""

import atexit
from functools import lru_cache

from app.config import Settings
from app.reports.layout import Layout, Way
from app.reports.presses import Presses


@lru_cache(maxsize=1)
def layout_of(settings: Settings) -> Layout:
    """The one layout of all reports that this process makes, so that they take turns."""
    presses = Presses(settings.report_processes)
    atexit.register(presses.close)
    return Layout(settings.parts_folder, way=Way(settings.report_layout), presses=presses)
