"""The shape of every object: keys, types, lengths and ranges, looked at before any cryptography (§10).

A shape is a function of a value and of the place it stands at; it raises Refused: `shape` (keys, types, fixed numbers of
items), `limit` (lengths and ranges) or `scalar` (q and above).
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .canonical import LARGEST_NUMBER, Refused, require
from .group import Q, number

Shape = Callable[[Any, str], None]


def integer(low: int, high: int = LARGEST_NUMBER) -> Shape:
    def look(value: Any, where: str) -> None:
        require(type(value) is int, "shape", where)
        require(low <= value <= high, "limit", f"{where} = {value}")

    return look


def text(low: int, high: int) -> Shape:
    def look(value: Any, where: str) -> None:
        require(type(value) is str, "shape", where)
        require(low <= len(value) <= high, "limit", f"{where}: {len(value)}")

    return look


def pattern(expression: str) -> Shape:
    matches = re.compile(expression).fullmatch

    def look(value: Any, where: str) -> None:
        if type(value) is not str or not matches(value):
            raise Refused("shape", where)

    return look


def one_of(*allowed: Any) -> Shape:
    def look(value: Any, where: str) -> None:
        require(any(type(value) is type(one) and value == one for one in allowed), "shape", where)

    return look


def array(shape: Shape, low: int, high: int | None = None) -> Shape:
    """A list of `low` items, or of `low` … `high`."""

    def look(value: Any, where: str) -> None:
        require(type(value) is list, "shape", where)
        if not low <= len(value) <= (low if high is None else high):
            raise Refused("shape" if high is None else "limit", f"{where}: {len(value)}")
        for index, one in enumerate(value):
            shape(one, f"{where}[{index}]")

    return look


def each(*shapes: Shape) -> Shape:
    """A list with one item of each shape."""

    def look(value: Any, where: str) -> None:
        require(type(value) is list and len(value) == len(shapes), "shape", where)
        for index, (shape, one) in enumerate(zip(shapes, value, strict=True)):
            shape(one, f"{where}[{index}]")

    return look


def record(**shapes: Shape) -> Shape:
    """An object with exactly these keys."""

    def look(value: Any, where: str) -> None:
        require(type(value) is dict and value.keys() == shapes.keys(), "shape", where)
        for key, shape in shapes.items():
            shape(value[key], f"{where}.{key}")

    return look


def moment(minute: str) -> Shape:
    """A real moment in UTC whose minutes match `minute`."""
    spelled = pattern(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:{minute}Z")

    def look(value: Any, where: str) -> None:
        spelled(value, where)
        try:
            datetime.strptime(value, "%Y-%m-%dT%H:%MZ")
        except ValueError:
            raise Refused("shape", where) from None

    return look


def anything(value: Any, where: str) -> None:
    """What is looked at later."""


def scalar(value: Any, where: str) -> None:
    HEX32(value, where)
    require(number(value) < Q, "scalar", where)


def wording(value: Any, where: str) -> None:
    """A text by language."""
    require(type(value) is dict and "ja" in value and value.keys() <= {"ja", "ja-easy", "en"}, "shape", where)
    for language, words in value.items():
        text(1, 2000)(words, f"{where}.{language}")


SLOT = pattern("[0-9a-f]{32}")
HEX32 = pattern("[0-9a-f]{64}")
HEX64 = pattern("[0-9a-f]{128}")
NAME, CONFIRMATION, FLAG = text(1, 200), pattern("[A-Z2-7]{24}"), one_of(False, True)
CIPHER, PROOF = array(HEX32, 2), array(scalar, 2)
CHECKPOINT = record(
    cosignatures=array(record(signature=HEX64, witness=NAME), 0, 9),
    hash=HEX32,
    n=integer(1),
    signature=HEX64,
    time=moment("[0-5]0"),
)
RECEIPT = record(
    confirmation=CONFIRMATION, entry=integer(1), hash=HEX32, signature=HEX64, version=one_of(1), vote=HEX32
)
QUESTION = record(
    blank=FLAG,
    code=pattern("[a-z][a-z0-9_]{0,31}"),
    kind=one_of("single", "approval", "score"),
    max=integer(0),
    min=integer(0),
    options=array(record(code=pattern("o[0-9]{2}"), text=wording), 1, 99),
    points=integer(1, 20),
    text=wording,
)


def nullable(shape: Shape) -> Shape:
    return lambda value, where: None if value is None else shape(value, where)


TRUSTEE = record(commitments=array(HEX32, 1, 9), id=integer(1, 9), name=NAME, proof=PROOF, share=HEX32)
MANIFEST = record(
    board_key=HEX32,
    ceremony=HEX32,
    closes=moment("[0-5][0-9]"),
    key=HEX32,
    level=one_of(1),
    opens=moment("[0-5][0-9]"),
    questions=array(QUESTION, 1, 20),
    quorum=nullable(record(denominator=integer(1, 10**6), numerator=integer(1, 10**6))),
    register=record(count=integer(1, 10**6), hash=HEX32),
    revote=FLAG,
    salt=HEX32,
    threshold=integer(1, 9),
    title=wording,
    trustees=array(TRUSTEE, 1, 9),
    version=one_of(1),
    witnesses=array(record(key=HEX32, name=NAME), 0, 9),
)
BOARD = record(
    checkpoints=array(CHECKPOINT, 0, LARGEST_NUMBER),
    entries=array(record(body=anything, hash=HEX32), 0, LARGEST_NUMBER),
    manifest=MANIFEST,
    slots=array(SLOT, 1, 10**6),
    version=one_of(1),
)
