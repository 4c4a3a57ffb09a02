"""A ballot in Belenios' form: choices with the randomness they had on our board, proofs and a signature made anew."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from consultations.votes.belenios.field import Element, Exponent, G, P, fixed_power
from consultations.votes.belenios.proving import Branch, Proof, known, one_of
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.questions import Question


class Election(NamedTuple):
    """What every proof is bound to."""

    uuid: str
    fingerprint: str
    key: Element


class Position(NamedTuple):
    """A ciphertext, and what opens it."""

    alpha: Element
    beta: Element
    value: int
    randomness: Exponent

    @property
    def json(self) -> dict[str, Json]:
        return {"alpha": str(self.alpha), "beta": str(self.beta)}

    @property
    def text(self) -> str:
        return f"{self.alpha},{self.beta}"

    def branch(self, value: int) -> Branch:
        return Branch(self.randomness, self.value - value)


def compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def short_hash(text: str) -> str:
    """SHA-256 as Belenios writes it in ballots."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def encrypted(value: int, randomness: Exponent, key: Element) -> Position:
    return Position(
        fixed_power(G, randomness), fixed_power(G, value) * fixed_power(key, randomness) % P, value, randomness
    )


def together(positions: Sequence[Position]) -> Position:
    """The ciphertext of the sum."""
    alpha, beta, value, randomness = 1, 1, 0, 0
    for one in positions:
        alpha, beta = alpha * one.alpha % P, beta * one.beta % P
        value, randomness = value + one.value, randomness + one.randomness
    return Position(alpha, beta, value, randomness)


def ordered(question: Question, values: Sequence[int]) -> list[int]:
    """Our order in Belenios': the blank vote is the first there, and the last here."""
    return [values[-1], *values[:-1]] if question.blank else list(values)


def ballot_of(
    election: Election, secret: Exponent, answers: Sequence[tuple[Question, Sequence[Position]]], random: Random
) -> str:
    """A ballot cast with the credential whose secret is given."""
    credential = fixed_power(G, secret)
    prefix = f"{election.fingerprint}|{credential}"
    body = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": str(credential),
        "answers": [answer_of(*answer, election.key, prefix, random) for answer in answers],
    }
    return signed_ballot(body, secret, random)


def signed_ballot(body: dict[str, Json], secret: Exponent, random: Random) -> str:
    told = short_hash(compact(body))
    return compact(body | {"signature": {"hash": told, "proof": known(secret, [G], f"sig|{told}|", random)}})


def answer_of(
    question: Question, positions: Sequence[Position], key: Element, prefix: str, random: Random
) -> dict[str, Json]:
    """A question's ciphertexts, each proved to hold 0 or 1 and their sum to be allowed."""
    whole = f"{prefix}|{','.join(one.text for one in positions)}"
    return {
        "choices": [one.json for one in positions],
        "individual_proofs": [
            one_of([one.branch(0), one.branch(1)], key, f"prove|{prefix}|{one.text}|", random) for one in positions
        ],
        **_overall(question, positions, key, whole, random),
    }


def _overall(
    question: Question, positions: Sequence[Position], key: Element, whole: str, random: Random
) -> dict[str, list[Proof]]:
    allowed = range(question.min, question.max + 1)
    if not question.blank:
        chosen = together(positions)
        branches = [chosen.branch(value) for value in allowed]
        return {"overall_proof": one_of(branches, key, f"prove|{whole}|{chosen.text}|", random)}
    blank, chosen = positions[0], together(positions[1:])
    branches = [blank.branch(1), *(chosen.branch(value) for value in allowed)]
    return {
        "overall_proof": one_of(branches, key, f"bproof1|{whole}|", random),
        "blank_proof": one_of([blank.branch(0), chosen.branch(0)], key, f"bproof0|{whole}|", random),
    }
