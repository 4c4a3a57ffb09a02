"""The group of edwards25519's prime-order points, and what is hashed into it (SPEC.md, section 1).

Points are their 32 bytes, scalars are integers modulo `ORDER`. libsodium does the curve; it refuses to return the
identity, which an honest sum may well be (an option without votes), so that case is told apart here.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import nacl
from nacl import bindings

from consultations.votes.protocol.encoding import Json, frame, raw
from consultations.votes.protocol.refusals import Refused

Point: TypeAlias = bytes
Scalar: TypeAlias = int
Random: TypeAlias = Callable[[int], bytes]  # so many random bytes

ORDER: Final = 2**252 + 27742317777372353535851937790883648493
IDENTITY: Final = b"\x01" + bytes(31)
BASE: Final = bindings.crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))
DOMAIN: Final = "machikoe.vote.1/"
SMALL_ORDER: Final = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
LEAST_PYNACL: Final = (1, 6, 2)


def times(scalar: Scalar, point: Point) -> Point:
    """[scalar]point, for a point of the group."""
    scalar %= ORDER
    if scalar == 0 or point == IDENTITY:
        return IDENTITY
    return bindings.crypto_scalarmult_ed25519_noclamp(scalar.to_bytes(32, "little"), point)


def times_base(scalar: Scalar) -> Point:
    """[scalar]G."""
    scalar %= ORDER
    return bindings.crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little")) if scalar else IDENTITY


def plus(one: Point, other: Point) -> Point:
    return bindings.crypto_core_ed25519_add(one, other)


def minus(one: Point, other: Point) -> Point:
    return bindings.crypto_core_ed25519_sub(one, other)


def total(points: Iterable[Point]) -> Point:
    result = IDENTITY
    for point in points:
        result = plus(result, point)
    return result


def is_point(found: bytes) -> bool:
    """Canonical, on the curve and of prime order; the identity is none."""
    return bool(bindings.crypto_core_ed25519_is_valid_point(found))


def read_point(value: Json, where: str) -> Point:
    point = raw(value, 32, where)
    if not is_point(point):
        raise Refused("point", where)
    return point


def read_scalar(value: Json, where: str) -> Scalar:
    scalar = int.from_bytes(raw(value, 32, where), "little")
    if scalar >= ORDER:
        raise Refused("scalar", where)
    return scalar


def scalar_bytes(scalar: Scalar) -> bytes:
    return (scalar % ORDER).to_bytes(32, "little")


def scalar_hex(scalar: Scalar) -> str:
    return scalar_bytes(scalar).hex()


def random_scalar(random: Random) -> Scalar:
    """Uniform and not 0: 64 bytes reduced, as a hash is."""
    scalar = 0
    while scalar == 0:
        scalar = int.from_bytes(random(64), "little") % ORDER
    return scalar


def expand_message(message: bytes, domain: bytes, size: int) -> bytes:
    """`expand_message_xmd` with SHA-512 (RFC 9380, section 5.3.1)."""
    blocks = -(-size // 64)
    suffix = domain + len(domain).to_bytes(1, "big")
    first = hashlib.sha512(bytes(128) + message + size.to_bytes(2, "big") + b"\0" + suffix).digest()
    block, result = bytes(64), b""
    for count in range(1, blocks + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha512(mixed + count.to_bytes(1, "big") + suffix).digest()
        result += block
    return result[:size]


def scalar_hash(name: str, *items: bytes | str | int) -> Scalar:
    """The items hashed to a scalar, under a domain of their own."""
    return int.from_bytes(expand_message(frame(*items), (DOMAIN + name).encode(), 64), "little") % ORDER


def digest(name: str, *items: bytes | str | int) -> bytes:
    """SHA-256 of the items under a name."""
    return hashlib.sha256(frame(DOMAIN + name, *items)).digest()


def refuse_unsafe_library() -> None:
    """Stop where PyNaCl would let one voter void the count. Refused("library")."""
    version = tuple(int(part) for part in nacl.__version__.split(".")[:3])
    mixed = plus(BASE, SMALL_ORDER)
    if version < LEAST_PYNACL or is_point(SMALL_ORDER) or is_point(mixed) or is_point(IDENTITY):
        raise Refused("library", f"PyNaCl {nacl.__version__}")
