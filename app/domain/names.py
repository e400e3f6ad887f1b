"""When two spellings are one name."""

import unicodedata


def folded(name: str) -> str:
    """The name without regard to case, accents and the width of its blanks.

    "Ministerio de  Educación" and "MINISTERIO DE EDUCACION" are one organisation.
    """
    # Twice: a letter of a mathematical alphabet is upper case again once it is decomposed.
    letters = name
    for _ in range(2):
        letters = unicodedata.normalize("NFKD", letters.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())
