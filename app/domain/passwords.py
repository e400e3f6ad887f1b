"""What makes a password acceptable: length and not being guessable from its owner."""

from app.language.sentences import Sentence, sentence

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT_SIGNS = 5


def weakness_of(password: str, *, email: str, name: str) -> Sentence | None:
    """The reason a password is refused, or None when it will do."""
    if len(password) < SHORTEST:
        return sentence("Use %(shortest)s characters or more.", shortest=SHORTEST)
    if len(password) > LONGEST:
        return sentence("Use at most %(longest)s characters.", longest=LONGEST)
    if len(set(password)) < FEWEST_DIFFERENT_SIGNS:
        return sentence("This password repeats the same characters: mix in others.")
    if any(word in password.casefold() for word in _own_words(email, name)):
        return sentence("Leave your name, your e-mail and the product's name out of the password.")
    return None


def _own_words(email: str, name: str) -> list[str]:
    words = [email.split("@", maxsplit=1)[0], *name.split(), "chaski", "contraseña", "password"]
    return [word.casefold() for word in words if len(word) >= 4]
