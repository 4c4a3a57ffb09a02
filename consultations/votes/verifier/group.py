"""§1 The group, hashes and signatures: libsodium through PyNaCl, with O wherever the specification allows it."""

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from math import isqrt

import nacl
from nacl import bindings as sodium

Q = 2**252 + 27742317777372353535851937790883648493
IDENTITY = b"\x01" + bytes(31)
NEVER_POINTS = (  # O, order 2, order 8, G + order 2 (PyNaCl before 1.6.2 takes it for a point), G + order 8, y = p + 1
    IDENTITY,
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("9599999999999999999999999999999999999999999999999999999999999999"),
    bytes.fromhex("da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
)


def fit() -> bool:
    """May this PyNaCl be trusted with points? Its version, and points that must and must not pass; Python's version too."""
    version = tuple(int(part) for part in nacl.__version__.split(".")[:3] if part.isdigit())
    recent = sys.version_info >= (3, 11) and version >= (1, 6, 2)
    return recent and is_point(base(1)) and not any(is_point(point) for point in NEVER_POINTS)


def number(hexadecimal: str) -> int:
    return int.from_bytes(bytes.fromhex(hexadecimal), "little")


def little(value: int) -> bytes:
    return (value % Q).to_bytes(32, "little")


def u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def frame(*parts: bytes | str) -> bytes:
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join([len(part).to_bytes(4, "big") + part for part in encoded])


def sha256(*parts: bytes | str) -> bytes:
    """SHA-256 of the frame of these parts."""
    return hashlib.sha256(frame(*parts)).digest()


def expand_message_xmd(message: bytes, tag: bytes, length: int = 64) -> bytes:
    """RFC 9380 5.3.1 with SHA-512, for a tag of at most 255 bytes."""
    suffix = tag + bytes([len(tag)])
    first = hashlib.sha512(bytes(128) + message + length.to_bytes(2, "big") + b"\x00" + suffix).digest()
    blocks, mixed = b"", first
    for index in range(1, -(-length // 64) + 1):
        block = hashlib.sha512(mixed + bytes([index]) + suffix).digest()
        blocks, mixed = blocks + block, bytes(a ^ b for a, b in zip(first, block, strict=True))
    return blocks[:length]


def scalar_hash(name: str, *parts: bytes | str) -> int:
    return int.from_bytes(expand_message_xmd(frame(*parts), b"machikoe.vote.1/" + name.encode()), "little") % Q


def is_point(value: bytes) -> bool:
    """Canonical, on the curve, of order q exactly."""
    return sodium.crypto_core_ed25519_is_valid_point(value)


def base(factor: int) -> bytes:
    """[factor]G, which libsodium refuses to compute where it is O."""
    return sodium.crypto_scalarmult_ed25519_base_noclamp(little(factor)) if factor % Q else IDENTITY


def times(factor: int, point: bytes) -> bytes:
    """[factor]point, of a point that was checked or of O."""
    if point == IDENTITY or not factor % Q:
        return IDENTITY
    return sodium.crypto_scalarmult_ed25519_noclamp(little(factor), point)


def plus(one: bytes, other: bytes) -> bytes:
    return sodium.crypto_core_ed25519_add(one, other)


def minus(one: bytes, other: bytes) -> bytes:
    return sodium.crypto_core_ed25519_sub(one, other)


def total(points: Sequence[bytes]) -> bytes:
    result = points[0] if points else IDENTITY
    for point in points[1:]:
        result = plus(result, point)
    return result


small = cache(base)  # [m]G for the few m that statements are about


def is_signed(key: bytes, signature: str, name: str, *parts: bytes | str) -> bool:
    """Ed25519 without cofactor under a checked key. Done by hand: libraries differ in what else they accept or refuse."""
    raw = bytes.fromhex(signature)
    first, response = raw[:32], int.from_bytes(raw[32:], "little")
    message = frame("machikoe.vote.1/" + name, *parts)
    challenge = int.from_bytes(hashlib.sha512(first + key + message).digest(), "little") % Q
    return response < Q and minus(base(response), times(challenge, key)) == first


def is_same_logarithm(name: str, context: Sequence[bytes], public: bytes, a: bytes, d: bytes, proof: list[str]) -> bool:
    """§8: d = [x]a for the x of public = [x]G."""
    c, z = (number(one) for one in proof)
    commitments = minus(base(z), times(c, public)), minus(times(z, a), times(c, d))
    return c == scalar_hash(name, *context, public, a, d, *commitments)


def lagrange(ids: Sequence[int]) -> dict[int, int]:
    """The factor of each of these evaluation points at 0."""
    factors = dict.fromkeys(ids, 1)
    for j in ids:
        for m in ids:
            if m != j:
                factors[j] = factors[j] * m * pow(m - j, -1, Q) % Q
    return factors


def logarithm(point: bytes, limit: int) -> int | None:
    """The T of 0 … limit with [T]G = point, if there is one (baby steps, giant steps)."""
    width = isqrt(limit) + 1
    steps, giant = _steps(width), base(width)
    for index in range(width):
        if point in steps:
            found = index * width + steps[point]
            return found if found <= limit else None
        point = minus(point, giant)
    return None


@cache
def _steps(width: int) -> dict[bytes, int]:
    steps, point = {}, IDENTITY
    for index in range(width):
        steps[point] = index
        point = plus(point, small(1))
    return steps
