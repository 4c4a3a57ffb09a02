"""What a person kept: a receipt (§6), an audited ballot (§9), a checkpoint of this board."""

import hashlib
from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple

from .ballots import ballot_faults, ballot_shapes, confirmation_of, read_ciphers
from .canonical import Finding, Refused, canonical, parse, require
from .checkpoints import both_sides, is_boards, own_side, signature_faults
from .entries import Course
from .group import base, number, plus, times, u64
from .shapes import CHECKPOINT, HEX32, RECEIPT, Shape, array, each, integer, one_of, record, scalar


class KeptFile(NamedTuple):
    """A file somebody kept: `receipt`, `audited` or `checkpoint`, its name and its bytes."""

    kind: str
    name: str
    data: bytes


class Answer(NamedTuple):
    """What became of a kept file: `status` is a key of `words.STATUSES`."""

    kind: str
    name: str
    status: str
    detail: str


def look_up(course: Course, board: dict[str, Any], kept: KeptFile) -> tuple[Answer, list[Finding]]:
    """The answer about one kept file, and a finding unless the answer is good."""
    try:
        status, detail = LOOK[kept.kind](course, board, parse(kept.data))
    except Refused as refused:
        finding = Finding(0, refused.check, refused.detail, kept.name)
        return Answer(kept.kind, kept.name, refused.check, refused.detail), [finding]
    return Answer(kept.kind, kept.name, status, detail), []


def _receipt(course: Course, board: dict[str, Any], receipt: Any) -> tuple[str, str]:
    RECEIPT(receipt, "receipt")
    require(receipt["vote"] == course.vote.id.hex(), "other_vote", receipt["vote"])
    n, head, confirmation = receipt["entry"], bytes.fromhex(receipt["hash"]), receipt["confirmation"]
    signed = course.vote.is_signed(receipt["signature"], "receipt", u64(n), head, confirmation)
    require(signed, "receipt_signature", confirmation)
    found = n < len(course.heads) and course.heads[n] == head and course.confirmations.get(n) == confirmation
    require(found, "missing", f"n = {n}, {confirmation}")
    last = board["checkpoints"][-1]["n"] if board["checkpoints"] else 0
    return "included" if n <= last else "not_yet", f"n = {n}, {confirmation}"


def _audited_shape(course: Course) -> Shape:
    questions = course.vote.questions
    choices = (each(*(integer(0, one.largest(column)) for column in range(one.columns))) for one in questions)
    return record(
        ballot=record(**ballot_shapes(course.vote)),
        choices=each(*choices),
        randomness=each(*(array(_not_zero, one.positions) for one in questions)),
        version=one_of(1),
        vote=HEX32,
    )


def _not_zero(value: Any, where: str) -> None:
    scalar(value, where)
    require(number(value) != 0, "scalar", where)


def _audited(course: Course, board: dict[str, Any], audited: Any) -> tuple[str, str]:
    _audited_shape(course)(audited, "audited")
    ballot, vote = audited["ballot"], course.vote
    require(audited["vote"] == vote.id.hex(), "other_vote", audited["vote"])
    for check, where in ballot_faults(vote, ballot):
        raise Refused(check, where)
    for q, question in enumerate(vote.questions):
        chosen = chain.from_iterable(question.bits(column, value) for column, value in enumerate(audited["choices"][q]))
        ciphers = read_ciphers(ballot["ciphertexts"][q])
        for p, (bit, secret, cipher) in enumerate(zip(chosen, audited["randomness"][q], ciphers, strict=True)):
            r = number(secret)
            made = base(r), plus(base(bit), times(r, vote.key))
            require(made == cipher, "encryption", f"ciphertexts[{q}][{p}]")
    confirmation = confirmation_of(hashlib.sha256(canonical(ballot)).digest())
    require(confirmation in course.audited, "unaudited", confirmation)
    return "right", confirmation


def _checkpoint(course: Course, board: dict[str, Any], kept: Any) -> tuple[str, str]:
    CHECKPOINT(kept, "checkpoint")
    require(is_boards(course.vote, kept), "checkpoint_signature", f"n = {kept['n']}")
    n = kept["n"]
    require(n < len(course.heads), "shortened", f"n = {n} > {len(course.heads) - 1}")
    if kept["hash"] != course.heads[n].hex():
        raise Refused("fork", both_sides(n, kept, own_side(course.heads, board, n)))
    for finding in signature_faults(course.vote, kept):
        raise Refused(finding.check, finding.detail)
    return "same", f"n = {n}, {kept['time']}"


LOOK: dict[str, Callable[[Course, dict[str, Any], Any], tuple[str, str]]] = {
    "receipt": _receipt,
    "audited": _audited,
    "checkpoint": _checkpoint,
}
