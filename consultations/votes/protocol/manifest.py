"""What is fixed and published before a vote opens (SPEC.md, section 2)."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from consultations.votes.protocol.elgamal import read_proof
from consultations.votes.protocol.encoding import (
    Json,
    array,
    canonical,
    fields,
    flag,
    matching,
    moment,
    number,
    raw,
    text,
    texts,
)
from consultations.votes.protocol.group import Point, digest, read_point
from consultations.votes.protocol.questions import Question, read_question
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import Commitment, joint_key, verifying_share

SLOT: Final = re.compile(r"[0-9a-f]{32}")
LARGEST_REGISTER: Final = 1_000_000
QUESTIONS: Final = 20
PEOPLE: Final = 9  # trustees or witnesses
NAME_LENGTH: Final = 200
MINIMUM: Final = 10  # fewer ballots than this are never decrypted


@dataclass(frozen=True)
class Trustee:
    name: str
    commitment: Commitment
    share: Point  # verifies this trustee's shares

    @property
    def id(self) -> int:
        return self.commitment.trustee


@dataclass(frozen=True)
class Quorum:
    """At least this share of the register has to vote."""

    numerator: int
    denominator: int

    def is_met(self, voters: int, register: int) -> bool:
        return voters * self.denominator >= self.numerator * register


@dataclass(frozen=True)
class Manifest:
    """A vote as it was published; `source` is the value it was read from."""

    source: Json
    title: Mapping[str, str]
    opens: datetime
    closes: datetime
    questions: Sequence[Question]
    quorum: Quorum | None
    register: int
    register_hash: bytes
    revote: bool
    board_key: bytes
    ceremony: str
    threshold: int
    trustees: Sequence[Trustee]
    key: Point
    witnesses: Mapping[str, bytes]

    @cached_property
    def vote(self) -> bytes:
        """The vote's id."""
        return hashlib.sha256(canonical(self.source)).digest()

    def trustee(self, number: int) -> Trustee | None:
        return next((one for one in self.trustees if one.id == number), None)


def register_hash(slots: Iterable[str]) -> bytes:
    """Of all slots in ascending order."""
    return digest("register", *sorted(slots))


def read_manifest(value: Json) -> Manifest:
    """A manifest whose every part is in order. Refused("shape" | "limits" | "point" | "question" | "manifest.…")."""
    found = fields(
        value,
        "board_key ceremony closes key level opens questions quorum register revote salt threshold title trustees"
        " version witnesses",
        "manifest",
    )
    number(found["version"], 1, 1, "version")
    number(found["level"], 1, 1, "level")
    raw(found["salt"], 32, "salt")
    register = fields(found["register"], "count hash", "register")
    trustees = array(found["trustees"], lambda one: one, "trustees", 1, PEOPLE)
    threshold = number(found["threshold"], 1, len(trustees), "threshold")
    manifest = Manifest(
        source=value,
        title=texts(found["title"], "title"),
        opens=moment(found["opens"], "opens"),
        closes=moment(found["closes"], "closes"),
        questions=array(found["questions"], read_question, "questions", 1, QUESTIONS),
        quorum=None if found["quorum"] is None else _quorum(found["quorum"]),
        register=number(register["count"], 1, LARGEST_REGISTER, "register"),
        register_hash=raw(register["hash"], 32, "register"),
        revote=flag(found["revote"], "revote"),
        board_key=read_point(found["board_key"], "board_key"),
        ceremony=raw(found["ceremony"], 32, "ceremony").hex(),
        threshold=threshold,
        trustees=[_trustee(one, position, threshold) for position, one in enumerate(trustees, 1)],
        key=read_point(found["key"], "key"),
        witnesses=_witnesses(found["witnesses"]),
    )
    _check(manifest)
    return manifest


def _quorum(value: Json) -> Quorum:
    found = fields(value, "denominator numerator", "quorum")
    denominator = number(found["denominator"], 1, LARGEST_REGISTER, "quorum")
    return Quorum(number(found["numerator"], 1, denominator, "quorum"), denominator)


def _trustee(value: Json, position: int, threshold: int) -> Trustee:
    found = fields(value, "commitments id name proof share", "trustee")
    points = array(found["commitments"], lambda one: read_point(one, "trustee"), "trustee", threshold, threshold)
    commitment = Commitment(
        number(found["id"], position, position, "trustee"), points, read_proof(found["proof"], "trustee")
    )
    return Trustee(text(found["name"], "trustee", NAME_LENGTH), commitment, read_point(found["share"], "trustee"))


def _witnesses(value: Json) -> Mapping[str, bytes]:
    found = array(value, lambda one: fields(one, "key name", "witness"), "witnesses", 0, PEOPLE)
    witnesses = {text(one["name"], "witness", NAME_LENGTH): read_point(one["key"], "witness") for one in found}
    if [one["name"] for one in found] != sorted(witnesses):
        raise Refused("shape", "witnesses")
    return witnesses


def _check(manifest: Manifest) -> None:
    """What no single value shows."""
    commitments = [trustee.commitment for trustee in manifest.trustees]
    codes = [question.code for question in manifest.questions]
    if len(set(codes)) != len(codes):
        raise Refused("question", "codes")
    if manifest.opens >= manifest.closes:
        raise Refused("manifest.period")
    for trustee in manifest.trustees:
        if not trustee.commitment.is_proved(manifest.ceremony):
            raise Refused("manifest.proof", f"trustee {trustee.id}")
        if trustee.share != verifying_share(commitments, trustee.id):
            raise Refused("manifest.share", f"trustee {trustee.id}")
    if manifest.key != joint_key(commitments):
        raise Refused("manifest.key")


def read_slots(value: Json, manifest: Manifest) -> frozenset[str]:
    """The roll. Refused("roll") where it is not the one that was frozen."""
    slots = array(value, lambda one: matching(one, SLOT, "slots"), "slots", 1, LARGEST_REGISTER)
    found = frozenset(slots)
    if len(found) != len(slots) or slots != sorted(slots):
        raise Refused("roll", "order")
    if len(slots) != manifest.register or register_hash(slots) != manifest.register_hash:
        raise Refused("roll", "hash")
    return found
