"""The order of the arguments, drawn by lot from the manifest's salt. Pure: anybody can draw it again."""

import hashlib
from typing import Final

SIDES: Final = ("for", "against")


def lot(salt: str) -> str:
    """SHA-256 of the salt's 64 characters, as hex digits."""
    return hashlib.sha256(salt.encode()).hexdigest()


def order_of_arguments(salt: str) -> tuple[str, str]:
    """Which side stands first: for, where the lot's last digit is even; against, where it is odd."""
    first, second = SIDES
    return (first, second) if int(lot(salt)[-1], 16) % 2 == 0 else (second, first)
