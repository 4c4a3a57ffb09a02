"""§6 Checkpoints of the board, and those somebody kept."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from .canonical import Finding
from .group import is_signed, u64
from .manifest import Vote


def checkpoint_faults(vote: Vote, heads: list[bytes], board: dict[str, Any]) -> Iterator[Finding]:
    """The order of the board's checkpoints, and each one alone."""
    checkpoints = board["checkpoints"]
    for one, other in pairwise(checkpoints):
        if one["n"] == other["n"] and one["hash"] != other["hash"] and is_boards(vote, one) and is_boards(vote, other):
            yield Finding(0, "fork", both_sides(one["n"], one, other))
        elif one["n"] >= other["n"] or one["time"] > other["time"]:
            yield Finding(0, "checkpoint", f"n = {one['n']}, {one['time']} → n = {other['n']}, {other['time']}")
    for checkpoint in checkpoints:
        yield from signature_faults(vote, checkpoint)
        n, said = checkpoint["n"], checkpoint["hash"]
        if n >= len(heads):
            yield Finding(0, "checkpoint", f"n = {n} > {len(heads) - 1}")
        elif said != heads[n].hex():
            yield Finding(0, "checkpoint", both_sides(n, checkpoint, own_side(heads, board, n)))


def both_sides(n: int, one: dict[str, Any], other: dict[str, Any]) -> str:
    """Two heads for one n, each with the board's signature, which may stand on a later n that covers this one."""
    sides = (f"{side['hash']} (n = {side['n']}, signature {side['signature']})" for side in (one, other))
    return f"n = {n}: {' ≠ '.join(sides)}"


def own_side(heads: list[bytes], board: dict[str, Any], n: int) -> dict[str, Any]:
    """What the board signed about its own head n: its first right checkpoint from there on, else its last entry."""
    own = heads[n].hex()
    for one in board["checkpoints"]:
        if n <= one["n"] < len(heads) and one["hash"] == heads[one["n"]].hex():
            return {"n": one["n"], "hash": own, "signature": one["signature"]}
    last = len(heads) - 1
    return {"n": last, "hash": own, "signature": board["entries"][-1]["body"]["signature"] if last else ""}


def is_boards(vote: Vote, checkpoint: dict[str, Any]) -> bool:
    head = bytes.fromhex(checkpoint["hash"])
    return vote.is_signed(checkpoint["signature"], "checkpoint", u64(checkpoint["n"]), head, checkpoint["time"])


def signature_faults(vote: Vote, checkpoint: dict[str, Any]) -> Iterator[Finding]:
    n, head, time = u64(checkpoint["n"]), bytes.fromhex(checkpoint["hash"]), checkpoint["time"]
    if not is_boards(vote, checkpoint):
        yield Finding(0, "checkpoint_signature", f"n = {checkpoint['n']}")
    keys = {one["name"]: bytes.fromhex(one["key"]) for one in vote.manifest["witnesses"]}
    names = [one["witness"] for one in checkpoint["cosignatures"]]
    if any(a >= b for a, b in pairwise(names)):
        yield Finding(0, "cosignature", f"n = {checkpoint['n']}: {names}")
    for one in checkpoint["cosignatures"]:
        key, parts = keys.get(one["witness"]), (vote.id, n, head, time, one["witness"])
        if key is None or not is_signed(key, one["signature"], "cosignature", *parts):
            yield Finding(0, "cosignature", f"n = {checkpoint['n']}: {one['witness']}")
