"""Codes people type: TOTP (RFC 6238), recovery codes, the posted codes of a register, and tokens of mailed links. Pure."""

import base64
import hmac
import secrets
import unicodedata
from datetime import datetime
from typing import Final

import pyotp

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STEP: Final = 30  # seconds a TOTP code lasts
LENGTH: Final = 12  # characters of a posted or recovery code: 60 bits
RECOVERY_CODES: Final = 10


def new_token() -> str:
    """A random 256-bit token for the address of a one-time link."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A random code of 12 characters of Crockford base32, without separators."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """The code as it is printed: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_from(typed: str) -> str:
    """The code a person meant: separators, case and full width ignored, O read as 0, I and L as 1."""
    upper = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in upper if c.isalnum()).translate(str.maketrans("OIL", "011"))


def totp_secret(raw: bytes) -> str:
    """20 random bytes as the text an authenticator app takes."""
    return base64.b32encode(raw[:20]).decode()


def totp_address(secret: str, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_at(at: datetime) -> int:
    """The number of the 30-second step in which `at` lies."""
    return int(at.timestamp()) // STEP


def totp_at(secret: str, step: int) -> str:
    """The six digits of one step."""
    return pyotp.TOTP(secret).at(step * STEP)


def matching_step(secret: str, typed: str, at: datetime, last_step: int) -> int | None:
    """The step whose code was typed: the present one or a neighbour, and later than `last_step`; None for no match.

    The caller keeps it as the new last step, so that a code is good once.
    """
    digits = code_from(typed).encode()
    now = step_at(at)
    found = [step for step in range(now - 1, now + 2) if hmac.compare_digest(totp_at(secret, step).encode(), digits)]
    return next((step for step in found if step > last_step), None)


def present_code(secret: str, at: datetime, last_step: int) -> str:
    """The code that will be taken now: the present one, or the next where that one is used."""
    return totp_at(secret, max(step_at(at), last_step + 1))
