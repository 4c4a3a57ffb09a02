"""One ballot: made, read and checked (SPEC.md, sections 4, 5 and 9)."""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from consultations.votes.protocol.elgamal import (
    Branch,
    Ciphertext,
    Opening,
    Proof,
    Statement,
    added,
    encrypt,
    is_one_of,
    proof_json,
    prove_one_of,
    read_ciphertext,
    read_proof,
    scaled,
)
from consultations.votes.protocol.encoding import LARGEST, Json, array, canonical, fields, matching, number
from consultations.votes.protocol.group import (
    Random,
    Scalar,
    digest,
    minus,
    random_scalar,
    scalar_hex,
)
from consultations.votes.protocol.manifest import SLOT, Manifest
from consultations.votes.protocol.questions import Choices, Kind, Question
from consultations.votes.protocol.refusals import Refused

PREV: Final = re.compile(r"(?:[0-9a-f]{64})?")
CONFIRMATION: Final = re.compile(r"[A-Z2-7]{24}")


@dataclass(frozen=True)
class Ballot:
    """A ballot as the board holds it; `body` is its value without the signature."""

    body: dict[str, Json]
    slot: str
    seq: int
    prev: str
    ciphertexts: Sequence[Sequence[Ciphertext]]  # per question, per position
    bits: Sequence[Sequence[Sequence[Proof]]] = field(repr=False)
    sums: Sequence[Sequence[Proof]] = field(repr=False)

    @property
    def hash(self) -> str:
        return ballot_hash(self.body)

    @property
    def confirmation(self) -> str:
        return confirmation_number(self.hash)


@dataclass(frozen=True)
class Sealed:
    """A ballot just made, with what opens it: never stored."""

    body: dict[str, Json]
    randomness: list[list[str]] = field(repr=False)


def ballot_hash(body: dict[str, Json]) -> str:
    """Of a ballot, or a void, without its signature."""
    return hashlib.sha256(canonical(body)).hexdigest()


def confirmation_number(found: str) -> str:
    """The 24 characters a voter compares."""
    return base64.b32encode(bytes.fromhex(found))[:24].decode()


def context_of(manifest: Manifest, slot: str, seq: int, prev: str, ciphertexts: Json) -> bytes:
    """What every proof of one ballot is bound to."""
    return digest("context", manifest.vote, slot, seq, prev, canonical(ciphertexts))


def seal(manifest: Manifest, choices: Choices, slot: str, seq: int, prev: str, random: Random) -> Sealed:
    """Encrypt and prove one choice per question. Refused("choice") where a question forbids it."""
    if len(choices) != len(manifest.questions):
        raise Refused("choice")
    openings = [
        [Opening(bit, random_scalar(random)) for bit in question.bits_of(values)]
        for question, values in zip(manifest.questions, choices, strict=True)
    ]
    sealed = [[encrypt(known.value, known.randomness, manifest.key) for known in known_all] for known_all in openings]
    ciphertexts = [[one.hex for one in row] for row in sealed]
    context = context_of(manifest, slot, seq, prev, ciphertexts)
    proofs = []
    for place, question in enumerate(manifest.questions):
        bits = [
            prove_one_of(
                Statement("bit", context, place, position, manifest.key),
                [Branch(one, 0), Branch(one, 1)],
                [known, known],
                random,
            )
            for position, (one, known) in enumerate(zip(sealed[place], openings[place], strict=True))
        ]
        branches = branches_of(question, sealed[place])
        proved = (
            prove_one_of(
                Statement("sum", context, place, question.positions, manifest.key),
                branches,
                sums_opened(question, openings[place], len(branches)),
                random,
            )
            if branches
            else []
        )
        proofs.append(
            {"bits": [[proof_json(one) for one in row] for row in bits], "sum": [proof_json(one) for one in proved]}
        )
    body = {"ciphertexts": ciphertexts, "prev": prev, "proofs": proofs, "seq": seq, "slot": slot, "type": "cast"}
    return Sealed(body, [[scalar_hex(known.randomness) for known in row] for row in openings])


def branches_of(question: Question, ciphertexts: Sequence[Ciphertext]) -> list[Branch]:
    """What may be true of the whole of a question; nothing where its bits say all."""
    blank = ciphertexts[-1] if question.blank else None
    chosen = added(ciphertexts[: question.bits])
    match question.kind:
        case Kind.SINGLE:
            return [Branch(added([chosen, blank]) if blank else chosen, 1)]
        case Kind.APPROVAL:
            over = question.bits + 1
            if blank:
                chosen = added([chosen, scaled(over, blank)])
            elif question.min == 0 and question.max == question.bits:
                return []
            values = [*range(question.min, question.max + 1), *([over] if blank else [])]
            return [Branch(chosen, value) for value in values]
        case Kind.SCORE:
            if blank is None:
                return []
            without = Ciphertext(minus(chosen.alpha, blank.alpha), minus(chosen.beta, blank.beta))
            return [Branch(blank, 0), Branch(without, -1)]


def sums_opened(question: Question, openings: Sequence[Opening], branches: int) -> list[Opening]:
    """The openings of `branches_of`'s ciphertexts."""
    chosen = Opening(
        sum(one.value for one in openings[: question.bits]), sum(one.randomness for one in openings[: question.bits])
    )
    if not question.blank:
        return [chosen] * branches
    blank = openings[-1]
    if question.kind is Kind.SCORE:
        return [blank, Opening(chosen.value - blank.value, chosen.randomness - blank.randomness)]
    factor = 1 if question.kind is Kind.SINGLE else question.bits + 1
    return [Opening(chosen.value + factor * blank.value, chosen.randomness + factor * blank.randomness)] * branches


def read_ballot(body: Json, manifest: Manifest) -> Ballot:
    """A ballot without its signature, every number and point in order. Refused("shape" | "limits" | "point" | "scalar")."""
    found = fields(body, "ciphertexts prev proofs seq slot type", "ballot")
    if found["type"] != "cast":
        raise Refused("shape", "ballot")
    questions = manifest.questions
    ciphertexts = array(found["ciphertexts"], lambda one: one, "ballot", len(questions), len(questions))
    proofs = array(
        found["proofs"], lambda one: fields(one, "bits sum", "proofs"), "ballot", len(questions), len(questions)
    )
    sealed = [
        array(row, lambda one: read_ciphertext(one, "ballot"), "ballot", question.positions, question.positions)
        for question, row in zip(questions, ciphertexts, strict=True)
    ]
    bits = [
        array(row["bits"], lambda one: read_proofs(one, 2), "proofs", question.positions, question.positions)
        for question, row in zip(questions, proofs, strict=True)
    ]
    return Ballot(
        body=body,
        slot=matching(found["slot"], SLOT, "slot"),
        seq=number(found["seq"], 1, LARGEST, "seq"),
        prev=matching(found["prev"], PREV, "prev"),
        ciphertexts=sealed,
        bits=bits,
        sums=[read_proofs(row["sum"]) for row in proofs],
    )


def read_proofs(value: Json, count: int | None = None) -> list[Proof]:
    return array(value, lambda one: read_proof(one, "proofs"), "proofs", count or 0, count or 200)


def check_ballot(ballot: Ballot, manifest: Manifest) -> None:
    """Every proof holds. Refused("ballot.bit" | "ballot.sum")."""
    for failed in failed_proofs(ballot, manifest):
        raise Refused(failed)


def failed_proofs(ballot: Ballot, manifest: Manifest) -> Iterator[str]:
    context = context_of(manifest, ballot.slot, ballot.seq, ballot.prev, ballot.body["ciphertexts"])
    for place, question in enumerate(manifest.questions):
        sealed = ballot.ciphertexts[place]
        for position, (one, proofs) in enumerate(zip(sealed, ballot.bits[place], strict=True)):
            statement = Statement("bit", context, place, position, manifest.key)
            if not is_one_of(statement, [Branch(one, 0), Branch(one, 1)], proofs):
                yield "ballot.bit"
        branches = branches_of(question, sealed)
        statement = Statement("sum", context, place, question.positions, manifest.key)
        proved = is_one_of(statement, branches, ballot.sums[place]) if branches else not ballot.sums[place]
        if not proved:
            yield "ballot.sum"


def columns_of(question: Question, ciphertexts: Sequence[Ciphertext]) -> list[Ciphertext]:
    """One ciphertext per column: the weighted bits of each option, then the blank vote's."""
    size = len(question.weights)
    options = [
        added(
            scaled(weight, one) for weight, one in zip(question.weights, ciphertexts[start : start + size], strict=True)
        )
        for start in range(0, question.bits, size)
    ]
    return options + list(ciphertexts[question.bits :])


def is_opened_by(ballot: Ballot, choices: Choices, randomness: Sequence[Sequence[Scalar]], manifest: Manifest) -> bool:
    """Whether this ballot is the encryption of this choice with this randomness (an audited ballot)."""
    if len(choices) != len(manifest.questions) or len(randomness) != len(manifest.questions):
        return False
    for question, values, row, sealed in zip(manifest.questions, choices, randomness, ballot.ciphertexts, strict=True):
        if not question.allows(values) or len(row) != question.positions:
            return False
        made = [encrypt(bit, one, manifest.key) for bit, one in zip(question.bits_of(values), row, strict=True)]
        if made != list(sealed):
            return False
    return True
