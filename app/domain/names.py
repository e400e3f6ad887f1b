"""When two spellings are one name."""

import unicodedata


def folded(name: str) -> str:
    """The name without regard to case, accents and the width of its blanks.

    "Ministerio de  Educación" and "MINISTERIO DE EDUCACION" are one organisation.
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())
