"""Passwords: Argon2id with the library's parameters (RFC 9106, low memory), two at a time, and one-time ones."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wideberth_contracts.errors import BadInput

SHORTEST, LONGEST = 12, 200
"""Characters. Length is what counts; what kinds of characters there are is nobody's business."""
AT_ONCE = 2
"""Each takes 64 MiB: whoever sends many sign-ins must not fill the memory."""
ONE_TIME_WORDS = 4

_hasher = PasswordHasher()
_turn = threading.BoundedSemaphore(AT_ONCE)
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$gpQ2SCi/pIqUHXflHe9JWw$rovqZpSPKkFAGtzYrGb1/9i7eyDoVSjcbwlxdQdWo4o"
"""Hash that no password has: a name that nobody has must take as long as one that somebody has."""


def hashed(password: str) -> str:
    """As kept. About a tenth of a second."""
    with _turn:
        return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes as long where there is none."""
    with _turn:
        try:
            return _hasher.verify(kept or _NOBODYS, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def one_time_password() -> str:
    """80 random bits in groups that can be read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(ONE_TIME_WORDS))


def acceptable(password: str, name: str) -> str:
    """The password, if it may be one.

    Raises:
        BadInput: too short, too long, or easily guessed from the name.
    """
    where = "password"
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"a password has {SHORTEST} to {LONGEST} characters", where=where, remedy="a few words in a row will do"
        )
    if len(set(password)) < SHORTEST // 3 or password.casefold().strip() == name.casefold().strip():
        raise BadInput("this password is easily guessed", where=where, remedy="a few words in a row will do")
    return password
