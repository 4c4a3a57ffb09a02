"""§2 The manifest, §3 the slots: what was frozen before the vote opened."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .canonical import Finding, Refused, canonical, require
from .group import base, is_point, is_signed, minus, number, scalar_hash, sha256, times, total, u64
from .questions import Question, question


@dataclass(frozen=True)
class Vote:
    """A manifest that holds together; `shares` are the trustees' verifying shares by id."""

    id: bytes
    manifest: dict[str, Any]
    key: bytes
    board_key: bytes
    questions: tuple[Question, ...]
    shares: dict[int, bytes]

    def is_signed(self, signature: str, name: str, *parts: bytes | str) -> bool:
        """Is this the board's signature?"""
        return is_signed(self.board_key, signature, name, self.id, *parts)


def read_manifest(manifest: dict[str, Any]) -> Vote:
    """The vote of a manifest whose shape was looked at. Raises Refused: `manifest` or `question`."""
    questions = tuple(question(described) for described in manifest["questions"])
    _require_consistent(manifest)
    _require_questions(manifest["questions"], questions)
    return Vote(
        id=hashlib.sha256(canonical(manifest)).digest(),
        manifest=manifest,
        key=bytes.fromhex(manifest["key"]),
        board_key=bytes.fromhex(manifest["board_key"]),
        questions=questions,
        shares={trustee["id"]: bytes.fromhex(trustee["share"]) for trustee in manifest["trustees"]},
    )


def _require_consistent(manifest: dict[str, Any]) -> None:
    trustees, threshold, quorum = manifest["trustees"], manifest["threshold"], manifest["quorum"]
    names = [witness["name"] for witness in manifest["witnesses"]]
    require(manifest["opens"] < manifest["closes"], "manifest", "manifest.closes")
    require(not quorum or quorum["numerator"] <= quorum["denominator"], "manifest", "manifest.quorum")
    require(threshold <= len(trustees), "manifest", "manifest.threshold")
    require([one["id"] for one in trustees] == list(range(1, len(trustees) + 1)), "manifest", "manifest.trustees")
    require(all(a < b for a, b in pairwise(names)), "manifest", "manifest.witnesses")
    for trustee in trustees:
        require(len(trustee["commitments"]) == threshold, "manifest", f"manifest.trustees[{trustee['id'] - 1}]")


def _require_questions(described: list[dict[str, Any]], questions: tuple[Question, ...]) -> None:
    codes = [one["code"] for one in described]
    require(len(codes) == len(set(codes)), "question", "manifest.questions")
    for index, (one, read) in enumerate(zip(described, questions, strict=True)):
        expected = [f"o{place:02d}" for place in range(1, read.options + 1)]
        right = read.is_allowed() and [option["code"] for option in one["options"]] == expected
        require(right, "question", f"manifest.questions[{index}]")


def require_points(manifest: dict[str, Any]) -> None:
    """Raises Refused: `point`."""
    for where, value in _points(manifest):
        require(is_point(bytes.fromhex(value)), "point", f"manifest.{where}")


def _points(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "key", manifest["key"]
    yield "board_key", manifest["board_key"]
    for index, witness in enumerate(manifest["witnesses"]):
        yield f"witnesses[{index}].key", witness["key"]
    for index, trustee in enumerate(manifest["trustees"]):
        yield f"trustees[{index}].share", trustee["share"]
        for place, value in enumerate(trustee["commitments"]):
            yield f"trustees[{index}].commitments[{place}]", value


def trustee_faults(vote: Vote) -> Iterator[Finding]:
    """§2, the ceremony: every trustee knows a key of theirs, and joint key and shares are made of these keys."""
    ceremony, trustees = vote.manifest["ceremony"], vote.manifest["trustees"]
    commitments = {one["id"]: [bytes.fromhex(value) for value in one["commitments"]] for one in trustees}
    for trustee in trustees:
        own, (c, z) = commitments[trustee["id"]], (number(one) for one in trustee["proof"])
        answer = minus(base(z), times(c, own[0]))
        if c != scalar_hash("key", ceremony, u64(trustee["id"]), *own, answer):
            yield Finding(0, "trustee_proof", f"{trustee['id']}: {trustee['name']}")
    if vote.key != total([own[0] for own in commitments.values()]):
        yield Finding(0, "trustee_keys", "manifest.key")
    together = [total(row) for row in zip(*commitments.values(), strict=True)]
    for j, share in vote.shares.items():
        if share != total([times(j**place, point) for place, point in enumerate(together)]):
            yield Finding(0, "trustee_keys", f"{j}: share")


def require_register(vote: Vote, slots: list[str]) -> None:
    """§3: the slots are those that were frozen. Raises Refused: `register`."""
    register = vote.manifest["register"]
    require(all(a < b for a, b in pairwise(slots)), "register", "slots")
    require(len(slots) == register["count"], "register", f"{len(slots)} ≠ {register['count']}")
    if sha256("machikoe.vote.1/register", *slots).hex() != register["hash"]:
        raise Refused("register", "manifest.register.hash")
