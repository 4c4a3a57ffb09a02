"""Exponential ElGamal and the proofs about it (SPEC.md, sections 5 and 8).

A disjunction is Cramer, Damgård and Schoenmakers' (CRYPTO 1994) of Chaum and Pedersen's (CRYPTO 1992) proofs, made
non-interactive with a hash over context, statement and all commitments.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import (
    IDENTITY,
    ORDER,
    Point,
    Random,
    Scalar,
    minus,
    plus,
    random_scalar,
    read_point,
    read_scalar,
    scalar_bytes,
    scalar_hash,
    scalar_hex,
    times,
    times_base,
)
from consultations.votes.protocol.refusals import Refused

Proof: TypeAlias = tuple[Scalar, Scalar]  # challenge, response


class Ciphertext(NamedTuple):
    alpha: Point
    beta: Point

    @property
    def hex(self) -> list[str]:
        return [self.alpha.hex(), self.beta.hex()]


class Opening(NamedTuple):
    """What a ciphertext holds and the randomness it was made with."""

    value: int
    randomness: Scalar


class Statement(NamedTuple):
    """Where a disjunction stands: every word of it is hashed into the challenge."""

    name: str
    context: bytes
    question: int
    place: int
    key: Point


class Branch(NamedTuple):
    """One thing that may be true: the ciphertext holds the value."""

    ciphertext: Ciphertext
    value: int


NOTHING = Ciphertext(IDENTITY, IDENTITY)


def encrypt(value: int, randomness: Scalar, key: Point) -> Ciphertext:
    return Ciphertext(times_base(randomness), plus(times_base(value), times(randomness, key)))


def added(ciphertexts: Iterable[Ciphertext]) -> Ciphertext:
    """The ciphertext of the sum."""
    result = NOTHING
    for one in ciphertexts:
        result = Ciphertext(plus(result.alpha, one.alpha), plus(result.beta, one.beta))
    return result


def scaled(factor: int, ciphertext: Ciphertext) -> Ciphertext:
    """The ciphertext of `factor` times the value."""
    if factor == 1:
        return ciphertext
    return Ciphertext(times(factor, ciphertext.alpha), times(factor, ciphertext.beta))


def read_ciphertext(value: Json, where: str) -> Ciphertext:
    if not isinstance(value, list) or len(value) != 2:
        raise Refused("shape", where)
    return Ciphertext(read_point(value[0], where), read_point(value[1], where))


def read_proof(value: Json, where: str) -> Proof:
    if not isinstance(value, list) or len(value) != 2:
        raise Refused("shape", where)
    return read_scalar(value[0], where), read_scalar(value[1], where)


def proof_json(proof: Proof) -> list[str]:
    return [scalar_hex(proof[0]), scalar_hex(proof[1])]


def prove_one_of(
    statement: Statement, branches: Sequence[Branch], openings: Sequence[Opening], random: Random
) -> list[Proof]:
    """A disjunction, one proof per branch; `openings` open the branches' ciphertexts. Refused("choice") if all are false."""
    true = next(
        (i for i, (branch, known) in enumerate(zip(branches, openings, strict=True)) if branch.value == known.value),
        None,
    )
    if true is None:
        raise Refused("choice")
    proofs: list[Proof] = [(0, 0)] * len(branches)
    commitments: list[tuple[Point, Point]] = []
    secret = random_scalar(random)
    for place, (branch, known) in enumerate(zip(branches, openings, strict=True)):
        if place == true:
            commitments.append((times_base(secret), times(secret, statement.key)))
            continue
        challenge, response = random_scalar(random), random_scalar(random)
        blinded = response - challenge * known.randomness
        shift = times_base(-challenge * (known.value - branch.value))
        commitments.append((times_base(blinded), plus(times(blinded, statement.key), shift)))
        proofs[place] = (challenge, response)
    challenge = (_challenge(statement, branches, commitments) - sum(proof[0] for proof in proofs)) % ORDER
    proofs[true] = (challenge, (secret + challenge * openings[true].randomness) % ORDER)
    return proofs


def is_one_of(statement: Statement, branches: Sequence[Branch], proofs: Sequence[Proof]) -> bool:
    """Whether the disjunction holds."""
    if len(branches) != len(proofs) or any(IDENTITY in branch.ciphertext for branch in branches):
        return False
    commitments = []
    for (ciphertext, value), (challenge, response) in zip(branches, proofs, strict=True):
        without = minus(ciphertext.beta, times_base(value)) if value else ciphertext.beta
        commitments.append(
            (
                minus(times_base(response), times(challenge, ciphertext.alpha)),
                minus(times(response, statement.key), times(challenge, without)),
            )
        )
    return sum(proof[0] for proof in proofs) % ORDER == _challenge(statement, branches, commitments)


def _challenge(statement: Statement, branches: Sequence[Branch], commitments: Sequence[tuple[Point, Point]]) -> Scalar:
    stated = [part for (alpha, beta), value in branches for part in (alpha, beta, scalar_bytes(value))]
    committed = [part for pair in commitments for part in pair]
    return scalar_hash(*statement, *stated, *committed)
