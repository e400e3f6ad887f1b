"""Secrets as they are kept: passwords by argon2id, secrets already random by SHA-256."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.passwords import LONGEST, composed

HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# Verified when nobody has the e-mail, so that the answer takes as long either way.
NOBODY = HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The password as it is stored: argon2id with 19 MiB, two passes, one lane."""
    return HASHER.hash(composed(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is the one stored; takes as long when it is not."""
    # Longer ones were never accepted, and composing a very long text takes its time.
    composed_password = composed(password[: 2 * LONGEST])
    try:
        return HASHER.verify(password_hash, composed_password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other costs than today's."""
    return HASHER.check_needs_rehash(password_hash)


def sha256(text: str) -> str:
    """The digest of a secret that is random already, or of what need not be kept in clear."""
    return hashlib.sha256(text.encode()).hexdigest()
