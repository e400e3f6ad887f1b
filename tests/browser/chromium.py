"""Where this machine keeps a Chromium. Run as a program: exit 0 when there is one that starts."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def path() -> str | None:
    """The browser's path; None where there is none. CHROMIUM=… names another one."""
    named = os.environ.get("CHROMIUM")
    found = [shutil.which(name) for name in ([named] if named else [*NAMES, ON_MACOS])]
    return next((each for each in found if each and _starts(each)), None)


def _starts(browser: str) -> bool:
    """Some systems have a file of that name that only says how to install a browser."""
    try:
        asked = subprocess.run([browser, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


if __name__ == "__main__":
    sys.exit(0 if path() else 1)
