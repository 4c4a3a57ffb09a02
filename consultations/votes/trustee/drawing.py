"""What a trustee draws from the seed of the key file: the same again after every interruption, and nothing else ever."""

from collections.abc import Callable

from nacl.public import PrivateKey

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.group import Scalar, scalar_bytes
from consultations.votes.protocol.sharing import Polynomial
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.protocol.tally import Aggregate, Purpose, aggregate_json


def box_key(seed: bytes) -> PrivateKey:
    """Opens what the other trustees seal for this one."""
    return PrivateKey(stream("trustee-box", seed)(PrivateKey.SIZE))


def signing_key(seed: bytes) -> SigningKey:
    """Signs this trustee's files of the ceremony."""
    return SigningKey(stream("trustee-signing", seed)(32))


def polynomial(seed: bytes, ceremony: str, number: int, threshold: int) -> Polynomial:
    return Polynomial.drawn(threshold, stream("trustee-polynomial", seed, ceremony, number, threshold))


def nonces_of(secret: Scalar, purpose: Purpose, aggregate: Aggregate) -> Callable[[int], bytes]:
    """The randomness of a share's proofs. It depends on all that their challenges depend on, so no nonce serves twice."""
    return stream(
        "trustee-share", scalar_bytes(secret), purpose.name, purpose.vote, purpose.digest, purpose.trustee,
        canonical(aggregate_json(aggregate)),
    )  # fmt: skip
