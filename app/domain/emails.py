"""E-mail addresses as the names people sign in with."""

import unicodedata

from app.language.sentences import Sentence, sentence

LONGEST = 254


def read_email(text: str) -> str:
    """The one spelling of an address: no blanks around it, lower case, accents composed."""
    return unicodedata.normalize("NFC", text.strip()).lower()


def fault_of(email: str) -> Sentence | None:
    """Why this cannot be an address, or None when it can.

    Only its form is judged: nothing is sent to it, and offices use names of their own networks.
    """
    before, at, after = email.partition("@")
    is_formed = before and at and after and "@" not in after
    if not is_formed or any(not sign.isprintable() or sign.isspace() for sign in email):
        return sentence("Write an e-mail address, like name@example.org.")
    if len(email) > LONGEST:
        return sentence("Use at most %(longest)s characters.", longest=LONGEST)
    return None
