"""§5 Ballots: the proofs that each holds an allowed choice, and the signature of every entry. The costly part, done in parallel."""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from typing import Any, NamedTuple

from .canonical import Finding, canonical, without_signature
from .group import IDENTITY, Q, base, is_point, little, minus, number, plus, scalar_hash, sha256, small, times, u64
from .manifest import Vote
from .questions import Cipher
from .shapes import CIPHER, PROOF, SLOT, Shape, array, each, integer, one_of, pattern, record

Sums = list[list[Cipher]]
CHUNK = 64


def ballot_shapes(vote: Vote) -> dict[str, Shape]:
    """The keys of a ballot without signature, for the questions of this vote."""
    proofs = [
        record(
            bits=array(array(PROOF, 2), one.positions),
            sum=array(PROOF, len(one.statements)),
        )
        for one in vote.questions
    ]
    return {
        "ciphertexts": each(*(array(CIPHER, one.positions) for one in vote.questions)),
        "prev": pattern("([0-9a-f]{64})?"),
        "proofs": each(*proofs),
        "seq": integer(1),
        "slot": SLOT,
        "type": one_of("cast"),
    }


def confirmation_of(ballot_hash: bytes) -> str:
    return b32encode(ballot_hash).decode()[:24]


def read_ciphers(pairs: list[list[str]]) -> list[Cipher]:
    return [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in pairs]


def ballot_faults(vote: Vote, ballot: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with the points and proofs of a ballot: check and place; empty where the ballot is right."""
    ciphers = [read_ciphers(pairs) for pairs in ballot["ciphertexts"]]
    for q, pairs in enumerate(ciphers):
        for p, point in enumerate(chain.from_iterable(pairs)):
            if not is_point(point):
                return [("point", f"ciphertexts[{q}][{p // 2}][{p % 2}]")]
    spelled = canonical(ballot["ciphertexts"])
    parts = vote.id, ballot["slot"], u64(ballot["seq"]), ballot["prev"], spelled
    context, faults = sha256("machikoe.vote.1/context", *parts), []
    for q, (question, pairs, proofs) in enumerate(zip(vote.questions, ciphers, ballot["proofs"], strict=True)):
        for p, (pair, proof) in enumerate(zip(pairs, proofs["bits"], strict=True)):
            if not holds(vote.key, "bit", context, (q, p), [(pair, 0), (pair, 1)], proof):
                faults.append(("bit", f"proofs[{q}].bits[{p}]"))
        if question.statements:
            branches = question.branches(pairs)
            if not holds(vote.key, "sum", context, (q, question.positions), branches, proofs["sum"]):
                faults.append(("sum", f"proofs[{q}].sum"))
    return faults


def holds(
    key: bytes,
    name: str,
    context: bytes,
    place: tuple[int, int],
    branches: Sequence[tuple[Cipher, int]],
    proof: list[list[str]],
) -> bool:
    """A disjunction: at least one of these ciphertexts holds its m."""
    statement: list[bytes] = []
    commitments: list[bytes] = []
    challenges = 0
    for ((alpha, beta), m), answer in zip(branches, proof, strict=True):
        if IDENTITY in (alpha, beta):
            return False
        c, z = number(answer[0]), number(answer[1])
        less = minus(beta, small(m)) if m else beta
        statement += alpha, beta, little(m)
        commitments += minus(base(z), times(c, alpha)), minus(times(z, key), times(c, less))
        challenges += c
    expected = scalar_hash(name, context, u64(place[0]), u64(place[1]), key, *statement, *commitments)
    return challenges % Q == expected


class Turn(NamedTuple):
    """An entry to be checked on its own, the head before it, and whether it is a ballot to be counted."""

    entry: int
    before: bytes
    body: dict[str, Any]
    counted: bool


def check_turns(vote: Vote, turns: Sequence[Turn]) -> tuple[list[Finding], Sums]:
    """The faults of these entries, and per position the sum of the counted ballots among them."""
    findings, sums = [], nothing(vote)
    for n, before, body, counted in turns:
        if not vote.is_signed(body["signature"], "entry", before, without_signature(body)):
            findings.append(Finding(n, "entry_signature", body["type"]))
        faults = ballot_faults(vote, body) if body["type"] == "cast" else []
        findings += [Finding(n, check, where) for check, where in faults]
        if counted and not faults:
            sums = add_sums(sums, [read_ciphers(pairs) for pairs in body["ciphertexts"]])
    return findings, sums


def nothing(vote: Vote) -> Sums:
    return [[(IDENTITY, IDENTITY)] * one.positions for one in vote.questions]


def add_sums(one: Sums, other: Sums) -> Sums:
    return [
        [(plus(a, c), plus(b, d)) for (a, b), (c, d) in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(one, other, strict=True)
    ]


def check_all(vote: Vote, turns: list[Turn], processes: int) -> tuple[list[Finding], Sums]:
    """`check_turns` over so many processes; the answer does not depend on their number. Raises BrokenProcessPool."""
    chunks = [turns[at : at + CHUNK] for at in range(0, len(turns), CHUNK)]
    check = partial(check_turns, vote)
    if processes == 1 or len(chunks) < 2:
        return _together(vote, map(check, chunks))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _together(vote, pool.map(check, chunks))


def _together(vote: Vote, answers: Iterator[tuple[list[Finding], Sums]]) -> tuple[list[Finding], Sums]:
    findings: list[Finding] = []
    sums = nothing(vote)
    for found, added in answers:
        findings += found
        sums = add_sums(sums, added)
    return findings, sums
