"""Codes of offices and programmes: what every other code and address begins with."""

import re

from app.language.sentences import Sentence, sentence

# No hyphen: it separates the office from the year in the codes of plans and experiments.
OFFICE_CODE = re.compile(r"[A-Z0-9]{2,10}")
PROGRAMME_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
LONGEST_PROGRAMME_CODE = 40


def office_code_fault(code: str) -> Sentence | None:
    """Why this cannot be an office's code, or None when it can."""
    if OFFICE_CODE.fullmatch(code):
        return None
    return sentence(
        "An office's code is 2 to 10 letters or digits, like PE: %(code)s is not.", code=code
    )


def programme_code_fault(code: str) -> Sentence | None:
    """Why this cannot be a programme's code, or None when it can."""
    if PROGRAMME_CODE.fullmatch(code) and len(code) <= LONGEST_PROGRAMME_CODE:
        return None
    return sentence(
        "A programme's code is up to 40 letters and digits with hyphens between, like "
        "PE-INCLUSION: %(code)s is not.",
        code=code,
    )
