"""What attacks on a board are made of: a table they enter, votes that were opened, ballots of any values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from consultations.votes.protocol import ballots
from consultations.votes.protocol.ballots import branches_of, context_of
from consultations.votes.protocol.elgamal import (
    Opening,
    Statement,
    encrypt,
    proof_json,
    prove_one_of,
)
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.group import (
    random_scalar,
)
from consultations.votes.protocol.signing import SigningKey
from tests.factories.boards import Poll, make_poll, slot

STRANGER: Final = SigningKey(bytes(range(32)))
NON_CANONICAL: Final = (2**255 - 19 + 3).to_bytes(32, "little")  # y = 3, spelled as p + 3


@dataclass(frozen=True)
class Attack:
    name: str
    check: str  # the rule that refuses it
    make: Callable[[], bytes]


ATTACKS: Final[list[Attack]] = []


def attack(check: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a board file into the table, under its function's name."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        ATTACKS.append(Attack(make.__name__, check, make))
        return make

    return enter


def opened(*questions: dict[str, Any], **changed: Any) -> Poll:
    poll = make_poll(*questions, seed="attacked", **changed)
    poll.open()
    return poll


def voted(*questions: dict[str, Any], **changed: Any) -> Poll:
    """Twelve votes for the first option."""
    poll = opened(*questions, **changed)
    for number in range(1, 13):
        poll.cast(number, [1, 0, 0])
    return poll


def forged(poll: Poll, number: int, values: list[int], sums: bool = True) -> dict[str, Any]:
    """A ballot of any values: the proofs that can be made are right, the others are made for a permitted value."""
    question, key, random = poll.manifest.questions[0], poll.manifest.key, poll.random
    openings = [Opening(value, random_scalar(random)) for value in values]
    sealed = [encrypt(one.value, one.randomness, key) for one in openings]
    ciphertexts = [[one.hex for one in sealed]]
    context = context_of(poll.manifest, slot(number), 1, "", ciphertexts)
    bits = []
    for position, (one, known) in enumerate(zip(sealed, openings, strict=True)):
        pretended = known if known.value in {0, 1} else Opening(0, known.randomness)
        branches = [ballots.Branch(one, 0), ballots.Branch(one, 1)]
        proofs = prove_one_of(Statement("bit", context, 0, position, key), branches, [pretended] * 2, random)
        bits.append([proof_json(proof) for proof in proofs])
    branches = branches_of(question, sealed)
    known = ballots.sums_opened(question, openings, len(branches))
    if not any(branch.value == one.value for branch, one in zip(branches, known, strict=True)):
        known = [Opening(branches[0].value, one.randomness) for one in known]
    statement = Statement("sum", context, 0, question.positions, key)
    proved = [proof_json(one) for one in prove_one_of(statement, branches, known, random)]
    return {
        "ciphertexts": ciphertexts, "prev": "", "proofs": [{"bits": bits, "sum": proved}], "seq": 1,
        "slot": slot(number), "type": "cast",
    }  # fmt: skip


def unsigned(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "signature"}


def with_first_alpha(point: bytes) -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    body["ciphertexts"][0][0][0] = point.hex()
    poll.force(body)
    return poll.file


def changed_manifest(**changed: Any) -> bytes:
    value = opened().value
    value["manifest"] |= changed
    return canonical(value)
