"""§7 Close and §8 shares and result: what was counted, who opened it and what came out."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from .ballots import Sums, read_ciphers
from .canonical import Finding, canonical
from .entries import Course
from .group import (
    IDENTITY,
    base,
    is_point,
    is_same_logarithm,
    lagrange,
    logarithm,
    minus,
    plus,
    scalar_hash,
    times,
    total,
    u64,
)
from .manifest import Vote
from .questions import Cipher

Totals = list[list[int | None]]


def outcome_of(vote: Vote, ballots: int, paper: int) -> str:
    quorum, count = vote.manifest["quorum"], vote.manifest["register"]["count"]
    if quorum and (ballots + paper) * quorum["denominator"] < quorum["numerator"] * count:
        return "no_quorum"
    return "too_few" if ballots < 10 else "count"


def close_faults(course: Course, sums: Sums) -> Iterator[Finding]:
    """§7: the numbers, the outcome and the aggregate are those of the counted ballots."""
    close, ballots = course.single.get("close"), len(course.counted)
    if not close:
        return
    expected = {"ballots": ballots, "outcome": outcome_of(course.vote, ballots, course.paper), "paper": course.paper}
    for key, value in expected.items():
        if close[key] != value:
            yield Finding(course.closed_at, "close", f"{key}: {close[key]} ≠ {value}")
    columns = recount(course.vote, sums) if close["outcome"] == "count" else []
    if close["aggregate"] != [[[a.hex(), b.hex()] for a, b in row] for row in columns]:
        yield Finding(course.closed_at, "aggregate", f"outcome: {close['outcome']}")
    if any(IDENTITY in cipher for row in columns for cipher in row):
        yield Finding(course.closed_at, "aggregate", "O")


def recount(vote: Vote, sums: Sums) -> list[list[Cipher]]:
    return [question.in_columns(row) for question, row in zip(vote.questions, sums, strict=True)]


def rehearsal_faults(course: Course) -> Iterator[Finding]:
    """§8: the trustees opened three ciphertexts everybody can make, and they hold 1, 2, 3."""
    if "open" not in course.single:
        return
    vote, rehearsal = course.vote, course.single["open"]["rehearsal"]
    ids, threshold = [one["trustee"] for one in rehearsal], vote.manifest["threshold"]
    if len(ids) < threshold or any(a >= b for a, b in pairwise(ids)):
        yield Finding(1, "rehearsal", f"trustees: {ids}")
        return
    known = [(i, scalar_hash("rehearsal", vote.id, u64(i))) for i in (1, 2, 3)]
    ciphers = [(base(r), plus(base(i), times(r, vote.key))) for i, r in known]
    opened: dict[int, list[bytes]] = {}
    for one in rehearsal:
        shares = opened[one["trustee"]] = [bytes.fromhex(value) for value in one["shares"]]
        if not all(is_point(share) for share in shares):
            yield Finding(1, "point", f"rehearsal: {one['trustee']}")
            return
        for i, (cipher, share, proof) in enumerate(zip(ciphers, shares, one["proofs"], strict=True), 1):
            context = vote.id, bytes(32), u64(one["trustee"]), u64(0), u64(i - 1)
            if not is_same_logarithm("rehearsal-share", context, vote.shares[one["trustee"]], cipher[0], share, proof):
                yield Finding(1, "rehearsal", f"trustee {one['trustee']}: proofs[{i - 1}]")
    first = ids[:threshold]
    for i, cipher in enumerate(ciphers, 1):
        if opened_point(cipher[1], {j: opened[j][i - 1] for j in first}) != base(i):
            yield Finding(1, "rehearsal", f"≠ {i}")


def opened_point(b: bytes, shares: dict[int, bytes]) -> bytes:
    """[T]G of a ciphertext, from as many shares as the threshold asks for."""
    factors = lagrange(list(shares))
    return minus(b, total([times(factors[j], share) for j, share in shares.items()]))


def witness_faults(course: Course, checkpoints: list[dict[str, Any]]) -> Iterator[Finding]:
    """§8: nothing is opened before every witness has cosigned the close."""
    if not course.shares:
        return
    names = {one["name"] for one in course.vote.manifest["witnesses"]}
    for checkpoint in checkpoints:
        if checkpoint["n"] == course.closed_at and names == {one["witness"] for one in checkpoint["cosignatures"]}:
            return
    yield Finding(course.closed_at, "unwitnessed", ", ".join(sorted(names)))


def share_faults(course: Course) -> dict[int, list[Finding]]:
    """What is wrong with the share of each trustee who gave one, of an aggregate that was found right."""
    if not course.shares:
        return {}
    aggregate = course.single["close"]["aggregate"]
    digest = hashlib.sha256(canonical(aggregate)).digest()
    return {j: list(_faults_of_share(course.vote, digest, aggregate, body)) for j, body in course.shares.items()}


def _faults_of_share(vote: Vote, digest: bytes, aggregate: list[Any], body: dict[str, Any]) -> Iterator[Finding]:
    j = body["trustee"]
    for q, row in enumerate(aggregate):
        for column, (a, _) in enumerate(read_ciphers(row)):
            share, where = bytes.fromhex(body["shares"][q][column]), f"trustee {j}: shares[{q}][{column}]"
            context = vote.id, digest, u64(j), u64(q), u64(column)
            if not is_point(share):
                yield Finding(0, "point", where)
            elif not is_same_logarithm("share", context, vote.shares[j], a, share, body["proofs"][q][column]):
                yield Finding(0, "share", where)


def recounted_totals(course: Course, right: Sequence[int]) -> tuple[Totals, list[Finding]]:
    """The totals by question and column from the right shares alone, and what the result entry says otherwise.

    Without a result entry the first shares are opened, if there are enough; [] if there is nothing to open.
    """
    result, threshold = course.single.get("result"), course.vote.manifest["threshold"]
    ids, findings = (result["trustees"] if result else sorted(right)[:threshold]), []
    if result and (
        len(ids) != threshold or any(a >= b for a, b in pairwise(ids)) or not set(ids) <= set(course.shares)
    ):
        findings.append(Finding(0, "threshold", f"trustees: {ids}"))
        ids = sorted(right)[:threshold]
    if len(ids) < threshold or not set(ids) <= set(right):
        return [], findings
    totals: Totals = []
    for q, question in enumerate(course.vote.questions):
        totals.append([_total(course, ids, q, column, question.largest(column)) for column in range(question.columns)])
    if result and result["totals"] != totals:
        findings.append(Finding(0, "result", f"{result['totals']} ≠ {totals}"))
    return totals, findings


def _total(course: Course, ids: Sequence[int], q: int, column: int, largest: int) -> int | None:
    """None where no total of so many ballots fits."""
    b = bytes.fromhex(course.single["close"]["aggregate"][q][column][1])
    point = opened_point(b, {j: bytes.fromhex(course.shares[j]["shares"][q][column]) for j in ids})
    return logarithm(point, len(course.counted) * largest)
