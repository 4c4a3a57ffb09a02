"""Belenios' proofs, with Belenios' hashes (its specification, sections 4.9 to 4.14; `election.ml` and `question_h.ml` of 2.0)."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from consultations.votes.belenios.field import Element, Exponent, G, P, Q, drawn, fixed_power, hashed, power
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.refusals import Refused

Proof: TypeAlias = dict[str, str]


class Branch(NamedTuple):
    """One thing that may be true of a ciphertext: the value is off by nothing."""

    randomness: Exponent
    off: int  # the value less what the branch says it is


def proof(challenge: Exponent, response: Exponent) -> Proof:
    return {"challenge": str(challenge), "response": str(response)}


def known(secret: Exponent, bases: Sequence[Element], prefix: str, random: Random) -> Proof:
    """That one exponent leads from each base to its power."""
    nonce = drawn(random)
    challenge = hashed(prefix, [power(base, nonce) for base in bases])
    return proof(challenge, (nonce - secret * challenge) % Q)


def signed(message: str, secret: Exponent, random: Random) -> dict[str, Json]:
    return {"message": message, "signature": known(secret, [G], f"sigmsg|{message}|", random)}


def one_of(branches: Sequence[Branch], key: Element, prefix: str, random: Random) -> list[Proof]:
    """A disjunction. Refused("choice") where no branch is true."""
    true = next((place for place, branch in enumerate(branches) if branch.off == 0), None)
    if true is None:
        raise Refused("choice")
    nonce, total = drawn(random), 0
    made: list[Proof] = []
    commitments: list[Element] = []
    for place, branch in enumerate(branches):
        challenge, response = (0, nonce) if place == true else (drawn(random), drawn(random))
        exponent = response + branch.randomness * challenge
        commitments += [
            fixed_power(G, exponent),
            fixed_power(key, exponent) * fixed_power(G, branch.off * challenge) % P,
        ]
        made.append(proof(challenge, response))
        total += challenge
    challenge = (hashed(prefix, commitments) - total) % Q
    made[true] = proof(challenge, (nonce - branches[true].randomness * challenge) % Q)
    return made
