"""Points, scalars, hashes and signatures, against published vectors where there are any."""

import hashlib
import json
from typing import Final

import nacl
import pytest
from nacl import bindings as sodium
from nacl.signing import SigningKey

from consultations.votes.verifier import group
from consultations.votes.verifier.group import (
    IDENTITY,
    NEVER_POINTS,
    Q,
    base,
    expand_message_xmd,
    fit,
    frame,
    is_point,
    is_signed,
    lagrange,
    little,
    logarithm,
    minus,
    plus,
    scalar_hash,
    times,
)
from consultations.votes.verifier.questions import Question
from tests.consultations.votes.verify.boards import VECTORS

PARTS: Final = json.loads((VECTORS / "parts.json").read_bytes())
P: Final = 2**255 - 19
SMALL_ORDER: Final = bytes.fromhex(PARTS["points"]["small_order"])
RFC_9380_TAG: Final = b"QUUX-V01-CS02-with-expander-SHA512-256"
RFC_9380_K_3: Final = [
    (b"", 32, "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"),
    (b"abc", 32, "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc"),
    (b"abcdef0123456789", 32, "087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58"),
    (
        b"",
        128,
        "41b037d1734a5f8df225dd8c7de38f851efdb45c372887be655212d07251b921b052b62eaed99b46f72f2ef4cc96bfaf254ebbbec091e1a3"
        "b9e4fb5e5b619d2e0c5414800a1d882b62bb5cd1778f098b8eb6cb399d5d9d18f5d5842cf5d13d7eb00a7cff859b605da678b318bd0e65eb"
        "ff70bec88c753b159a805d2c89c55961",
    ),
]


@pytest.mark.parametrize(("message", "length", "expected"), RFC_9380_K_3)
def test_expand_message_of_the_rfc(message: bytes, length: int, expected: str) -> None:
    assert expand_message_xmd(message, RFC_9380_TAG, length).hex() == expected


def test_the_small_steps_of_the_vectors() -> None:
    of, domain = PARTS["expand_message"], PARTS["expand_message"]["domain"].encode()
    assert expand_message_xmd(of["message"].encode(), domain, of["size"]).hex() == of["result"]
    assert frame(*map(bytes.fromhex, ("6162", "00ff"))).hex() == "0000000261620000000200ff"
    items = [bytes.fromhex(item) for item in PARTS["scalar_hash"]["items"]]
    assert little(scalar_hash(PARTS["scalar_hash"]["name"], *items)).hex() == PARTS["scalar_hash"]["is"]
    for one in PARTS["lagrange"]:
        assert little(lagrange(one["of"])[one["trustee"]]).hex() == one["is"]
    assert base(1).hex() == PARTS["points"]["base"]
    assert base(12).hex() == PARTS["points"]["twelve"]


@pytest.mark.parametrize("value", NEVER_POINTS, ids=lambda value: value.hex()[:8])
def test_what_is_no_point_of_the_group_is_refused(value: bytes) -> None:
    assert not is_point(value)


@pytest.mark.parametrize(
    "value",
    [
        bytes(32),
        b"\xff" * 32,
        (P + 3).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        b"\x01" + bytes(30) + b"\x80",
    ],
    ids=["y = 0", "2^256 - 1", "y + p", "off the curve", "-0"],
)
def test_nor_is_any_other_oddity(value: bytes) -> None:
    assert not is_point(value)


def test_every_small_order_component_is_seen() -> None:
    """On G itself, and on a sum that hides it well."""
    for order in range(1, 8):
        component = IDENTITY
        for _ in range(order):
            component = plus(component, SMALL_ORDER)
        assert not is_point(plus(base(1), component))
        assert not is_point(plus(base(2**200 + 5), component))


def test_a_library_that_takes_a_mixed_point_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fit()
    mixed = NEVER_POINTS[3]
    honest = sodium.crypto_core_ed25519_is_valid_point
    monkeypatch.setattr(sodium, "crypto_core_ed25519_is_valid_point", lambda value: value == mixed or honest(value))
    assert not fit()


@pytest.mark.parametrize(
    ("version", "fine"), [("1.6.1", False), ("1.5.0", False), ("1.6.2", True), ("1.10.0", True), ("2.0", True)]
)
def test_older_libraries_are_unfit(version: str, fine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nacl, "__version__", version)
    assert fit() is fine


def test_the_identity_may_come_out_of_a_computation() -> None:
    point = base(7)
    assert base(0) == base(Q) == times(0, point) == times(5, IDENTITY) == minus(point, point) == IDENTITY
    assert plus(point, IDENTITY) == minus(point, IDENTITY) == times(Q + 1, point) == point
    assert minus(IDENTITY, point) == times(Q - 1, point)


def test_shares_of_a_polynomial_meet_at_its_constant() -> None:
    coefficients = [123456789, 987654321, 555]
    values = {x: sum(c * x**k for k, c in enumerate(coefficients)) for x in (2, 5, 9)}
    factors = lagrange(list(values))
    assert sum(factors[x] * value for x, value in values.items()) % Q == 123456789


@pytest.mark.parametrize("limit", [0, 1, 2, 99, 100, 101, 5000])
def test_totals_are_found_up_to_the_limit_and_no_further(limit: int) -> None:
    for number in {0, 1, limit // 2, limit - 1, limit} - {-1}:
        assert logarithm(base(number), limit) == (number if number <= limit else None)
    assert logarithm(base(limit + 1), limit) is None
    assert logarithm(base(-1), limit) is None


@pytest.mark.parametrize("points", range(1, 21))
def test_the_weights_reach_every_score_and_none_above(points: int) -> None:
    question = Question("score", 2, False, 0, 2, points)
    assert question.weights == PARTS["weights"][str(points)]
    for value in range(points + 1):
        bits = question.bits(0, value)
        assert sum(bit * weight for bit, weight in zip(bits, question.weights, strict=True)) == value
    assert sum(question.weights) == points


KEY: Final = SigningKey(bytes(range(32)))
PUBLIC: Final = bytes(KEY.verify_key)
MESSAGE: Final = frame("machikoe.vote.1/entry", b"x")


def test_a_signature_of_the_standard_is_taken_and_nothing_near_it() -> None:
    signature = KEY.sign(MESSAGE).signature
    first, response = signature[:32], int.from_bytes(signature[32:], "little")
    assert is_signed(PUBLIC, signature.hex(), "entry", b"x")
    assert not is_signed(PUBLIC, signature.hex(), "entry", b"y")
    assert not is_signed(PUBLIC, signature.hex(), "receipt", b"x")
    assert not is_signed(base(5), signature.hex(), "entry", b"x")
    assert not is_signed(PUBLIC, (first + (response + Q).to_bytes(32, "little")).hex(), "entry", b"x")


def test_a_small_order_component_in_a_signature_is_refused() -> None:
    """A check that multiplies by the cofactor would take it; §1 does not."""
    seed = hashlib.sha512(bytes(range(32))).digest()
    secret = (int.from_bytes(seed[:32], "little") & (2**254 - 8)) | 2**254
    first = plus(base(77), SMALL_ORDER)
    challenge = int.from_bytes(hashlib.sha512(first + PUBLIC + MESSAGE).digest(), "little")
    signature = first + little(77 + challenge * secret)
    assert times(secret, base(1)) == PUBLIC
    assert plus(minus(base(77 + challenge * secret), times(challenge, PUBLIC)), SMALL_ORDER) == first
    assert not is_signed(PUBLIC, signature.hex(), "entry", b"x")


def test_every_number_of_the_group_is_what_the_specification_says() -> None:
    assert group.Q == 7237005577332262213973186563042994240857116359379907606001950938285454250989
