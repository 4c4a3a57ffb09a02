"""A server that signs whatever it likes: any value anywhere, hashed and signed anew, is a verdict and never "valid"."""

import copy
import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from nacl.signing import SigningKey

from consultations.votes.verifier.board import check_board
from consultations.votes.verifier.canonical import canonical, without_signature
from consultations.votes.verifier.group import IDENTITY, NEVER_POINTS, Q, base, frame, little, sha256, u64
from consultations.votes.verifier.report import as_text
from tests.consultations.votes.verify.boards import vector

KEY: Final = SigningKey(hashlib.sha256(b"board").digest())  # the board's, of the factories
WITNESS_KEY: Final = SigningKey(hashlib.sha256(b"witness").digest())
WITNESS: Final = "隣の市"
POINTS: Final = [point.hex() for point in (*NEVER_POINTS, base(1), base(2))]
SCALARS: Final = [little(0).hex(), little(1).hex(), Q.to_bytes(32, "little").hex(), "0" * 64, "f" * 64]
EVIL: Final[list[Any]] = [None, True, False, 0, 1, 2, 9, 2**53 - 1, "", "x", "\u0000", [], {}, [[]], *POINTS, *SCALARS]


def signed_anew(board: Any) -> bytes:
    """The board with its chain and all signatures, those of its one witness too, made again for what it says now."""
    vote = hashlib.sha256(canonical(board["manifest"])).digest()
    heads = [sha256("machikoe.vote.1/board", vote)]
    for entry in board["entries"]:
        body = entry["body"]
        body["signature"] = sign(KEY, "entry", vote, heads[-1], without_signature(body))
        heads.append(sha256("machikoe.vote.1/chain", heads[-1], canonical(body)))
        entry["hash"] = heads[-1].hex()
    for one in board["checkpoints"]:
        head = vote, u64(one["n"]), heads[one["n"]], one["time"]
        one |= {"hash": head[2].hex(), "signature": sign(KEY, "checkpoint", *head)}
        one["cosignatures"] = [{"signature": sign(WITNESS_KEY, "cosignature", *head, WITNESS), "witness": WITNESS}]
    return canonical(board)


def sign(key: SigningKey, name: str, *parts: bytes | str) -> str:
    return key.sign(frame(f"machikoe.vote.1/{name}", *parts)).signature.hex()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index of it; cosignatures may be left out of a file without harm to it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        if key != "cosignatures":
            yield value, key
            yield from places(inner)


def test_a_board_signed_anew_is_the_same_board() -> None:
    assert signed_anew(json.loads(vector("valid/blank-scores.json"))) == vector("valid/blank-scores.json")


@pytest.mark.parametrize(("name", "rounds"), [("valid/counted.json", 250), ("valid/blank-scores.json", 60)])
@pytest.mark.parametrize("anew", [True, False], ids=["signed anew", "as it stands"])
def test_any_value_anywhere_is_refused_in_peace(name: str, rounds: int, anew: bool) -> None:
    draw, original = random.Random(f"{name} {anew}"), json.loads(vector(name))
    same = {canonical(original), signed_anew(copy.deepcopy(original))}
    for _ in range(rounds):
        board = copy.deepcopy(original)
        for _ in range(draw.choice([1, 1, 1, 2, 5])):
            container, key = draw.choice(list(places(board)))
            container[key] = (
                draw.choice(EVIL) if draw.random() < 0.8 else copy.deepcopy(original["entries"][-1]["body"])
            )
        try:
            data = signed_anew(copy.deepcopy(board)) if anew else canonical(board)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError):  # no board to sign
            data = canonical(board)
        if data in same:
            continue
        report = check_board(data)
        assert not report.valid
        assert as_text(report, "ja")


@pytest.mark.parametrize("point", [point.hex() for point in (*NEVER_POINTS, bytes(32), b"\xff" * 32)])
@pytest.mark.parametrize("kind", ["open", "cast", "close", "share"])
def test_a_bad_point_in_any_entry_is_refused_in_peace(kind: str, point: str) -> None:
    board = json.loads(vector("valid/counted.json"))
    body = next(entry["body"] for entry in board["entries"] if entry["body"]["type"] == kind)
    holder = {
        "open": lambda: body["rehearsal"][0]["shares"],
        "cast": lambda: body["ciphertexts"][0][0],
        "close": lambda: body["aggregate"][0][0],
        "share": lambda: body["shares"][0],
    }[kind]()
    holder[0] = point
    found = {(finding.entry, finding.check) for finding in check_board(signed_anew(board)).findings}
    assert ("aggregate" if kind == "close" else "point") in {check for _, check in found}
    assert all(check in {"aggregate", "point", "sequence"} for _, check in found)


def test_a_trustee_without_secret_is_a_verdict() -> None:
    """O as a commitment, a share or the joint key."""
    for key in ("key", "board_key"):
        board = json.loads(vector("valid/not-opened.json"))
        board["manifest"][key] = IDENTITY.hex()
        assert not check_board(canonical(board)).valid
