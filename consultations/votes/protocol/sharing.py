"""Keys shared among trustees: Pedersen's distributed generation with Feldman's commitments (SPEC.md, section 2).

Each trustee draws a polynomial and publishes its coefficients' points. The joint key is the sum of the constant terms;
any `threshold` trustees can decrypt, fewer learn nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from consultations.votes.protocol.elgamal import Proof
from consultations.votes.protocol.group import (
    IDENTITY,
    ORDER,
    Point,
    Random,
    Scalar,
    digest,
    minus,
    plus,
    random_scalar,
    scalar_hash,
    times,
    times_base,
    total,
)


@dataclass(frozen=True)
class Commitment:
    """What one trustee publishes: the points of the coefficients, and a proof that the constant one is known."""

    trustee: int
    points: Sequence[Point]
    proof: Proof

    def hash(self, ceremony: str) -> str:
        """What is exchanged first, so that nobody chooses a key after seeing the others'."""
        return digest("commitment", ceremony, self.trustee, *self.points).hex()

    def is_proved(self, ceremony: str) -> bool:
        challenge, response = self.proof
        nonce = minus(times_base(response), times(challenge, self.points[0]))
        return challenge == scalar_hash("key", ceremony, self.trustee, *self.points, nonce)


@dataclass(frozen=True)
class Polynomial:
    """A trustee's secret: `threshold` coefficients."""

    coefficients: Sequence[Scalar] = field(repr=False)

    @classmethod
    def drawn(cls, threshold: int, random: Random) -> "Polynomial":
        return cls([random_scalar(random) for _ in range(threshold)])

    def at(self, trustee: int) -> Scalar:
        """What is handed to that trustee in secret."""
        result = 0
        for coefficient in reversed(self.coefficients):
            result = (result * trustee + coefficient) % ORDER
        return result

    def commitment(self, ceremony: str, trustee: int, random: Random) -> Commitment:
        points = [times_base(one) for one in self.coefficients]
        secret = random_scalar(random)
        challenge = scalar_hash("key", ceremony, trustee, *points, times_base(secret))
        return Commitment(trustee, points, (challenge, (secret + challenge * self.coefficients[0]) % ORDER))


def expected_point(commitment: Commitment, trustee: int) -> Point:
    """The point of what `commitment`'s owner must have handed to `trustee`."""
    return total(times(trustee**power, point) for power, point in enumerate(commitment.points))


def joint_key(commitments: Iterable[Commitment]) -> Point:
    return total(one.points[0] for one in commitments)


def verifying_share(commitments: Iterable[Commitment], trustee: int) -> Point:
    return total(expected_point(one, trustee) for one in commitments)


def lagrange(trustee: int, trustees: Iterable[int]) -> Scalar:
    """The weight of one trustee's share among those of `trustees`."""
    result = 1
    for other in trustees:
        if other != trustee:
            result = result * other * pow(other - trustee, -1, ORDER) % ORDER
    return result


def combined(shares: dict[int, Point]) -> Point:
    """What the shares, by trustee, decrypt to: exactly as many as the threshold."""
    result = IDENTITY
    for trustee, share in shares.items():
        result = plus(result, times(lagrange(trustee, shares), share))
    return result
