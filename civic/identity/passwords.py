"""Passwords: argon2id, a bounded number at a time, and what makes one good enough."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from civic.messages import N_, Message
from civic.refusals import Busy

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # 25 ms and 19 MiB (OWASP's minimum)
AT_ONCE: Final = threading.BoundedSemaphore(4)
PATIENCE: Final = 5.0  # seconds to wait for a turn before the answer is 503
SHORTEST: Final = 10
LONGEST: Final = 200


def folded(password: str) -> str:
    """The password as it is hashed: one typed in full-width letters is the same password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The argon2id hash of `password`. Raises Busy when too many wait."""
    with turn():
        return HASHER.hash(folded(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one `stored` was made of. Without one it takes as long and is False."""
    with turn():
        try:
            return HASHER.verify(stored or hash_of_nobody(), folded(password[: LONGEST + 1])) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with other costs than ours and should be made anew at this sign-in."""
    return HASHER.check_needs_rehash(stored)


def problem(password: str, login: str = "") -> Message | None:
    """Why `password` is not good enough for the account `login`, or None. Length counts, not kinds of characters."""
    if len(folded(password)) < SHORTEST:
        return Message(N_("Choose a password of %(count)s characters or more."), {"count": SHORTEST})
    if len(password) > LONGEST:
        return Message(N_("Choose a password of at most %(count)s characters."), {"count": LONGEST})
    own = {login.casefold(), login.partition("@")[0].casefold()}
    if len(set(password)) < SHORTEST // 2 or folded(password).casefold() in own:
        return Message(N_("This password is easy to guess. Choose another one, for example four words in a row."))
    return None


@contextmanager
def turn() -> Iterator[None]:
    """One of the few places in which a hash is computed: a crowd at the door must not take the memory of the house."""
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        AT_ONCE.release()


@cache
def hash_of_nobody() -> str:
    return HASHER.hash("nobody")
