"""What makes a password acceptable: length, and not being guessable.

There are no rules of composition; spaces, accents and any script are welcome. Refused are
passwords made of what a guesser tries first: the person's own words, the product's, words from
the lists of common passwords, and runs of the keyboard or the alphabet.
"""

import re
import secrets
import unicodedata

from app.domain.common_passwords import RUNS, WORDS
from app.domain.names import folded
from app.language.sentences import Sentence, sentence

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT_SIGNS = 5
FEWEST_SIGNS_OF_ITS_OWN = 6
SHORTEST_OWN_WORD = 4
SHORTEST_RUN = 4
PRODUCT = ("chaski", "undp", "pnud", "acclab")
# "p4$$w0rd" is "password" to who guesses.
DISGUISES = str.maketrans("430157$@!", "aeolstsai")
# No sign is taken for another when read aloud or copied by hand.
CLEAR_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


def composed(password: str) -> str:
    """One spelling for what looks the same: an accent typed on a phone and on a desk differ."""
    return unicodedata.normalize("NFKC", password)


def weakness_of(password: str, *, email: str, name: str) -> Sentence | None:
    """The reason a password is refused, or None when it will do."""
    password = composed(password)
    if len(password) < SHORTEST:
        return sentence("Use %(shortest)s characters or more.", shortest=SHORTEST)
    if len(password) > LONGEST:
        return sentence("Use at most %(longest)s characters.", longest=LONGEST)
    if len(set(password)) < FEWEST_DIFFERENT_SIGNS:
        return sentence("This password repeats the same characters: mix in others.")
    plain = folded(password)
    if any(word in plain for word in _own_words(email, name)):
        return sentence("Leave your name, your e-mail and the product's name out of the password.")
    if _left_to_guess(plain) < FEWEST_SIGNS_OF_ITS_OWN:
        return sentence(
            "Passwords like this one are guessed first: put together several words of your own."
        )
    return None


def temporary_password() -> str:
    """A password for somebody else to sign in with once: easy to read out, 79 bits to guess."""
    return "-".join(
        "".join(secrets.choice(CLEAR_SIGNS) for _sign in range(GROUP_LENGTH))
        for _group in range(GROUPS)
    )


def _own_words(email: str, name: str) -> list[str]:
    own = re.split(r"\W+", folded(f"{email.partition('@')[0]} {name}"))
    return [word for word in [*own, *PRODUCT] if len(word) >= SHORTEST_OWN_WORD]


def _left_to_guess(plain: str) -> float:
    """How many signs a guesser still has to find who knows the lists; a digit counts half."""
    undisguised = plain.translate(DISGUISES) if any(sign.isalpha() for sign in plain) else plain
    return min(_signs_of_its_own(plain), _signs_of_its_own(undisguised))


def _signs_of_its_own(text: str) -> float:
    rest = _REPEATED.sub(r"\1", _RUN.sub("", _WORD.sub("", text)))
    signs = [sign for sign in rest if sign.isalnum() or not sign.isascii()]
    return sum(0.5 if sign.isdigit() else 1 for sign in signs)


def _alternatives(texts: list[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))


def _runs() -> list[str]:
    whole = [run for row in RUNS for run in (row, row[::-1])]
    return [
        run[start:end]
        for run in whole
        for start in range(len(run))
        for end in range(start + SHORTEST_RUN, len(run) + 1)
    ]


_WORD = re.compile(_alternatives([folded(word) for word in WORDS]))
_RUN = re.compile(_alternatives(_runs()))
_REPEATED = re.compile(r"(.+?)\1+")
