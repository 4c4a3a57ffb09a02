"""§6 Checkpoints of the board, and those somebody kept."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from .canonical import Finding
from .group import is_signed, u64
from .manifest import Vote


def checkpoint_faults(vote: Vote, heads: list[bytes], checkpoints: list[dict[str, Any]]) -> Iterator[Finding]:
    """The order of the board's checkpoints, and each one alone."""
    for one, other in pairwise(checkpoints):
        if one["n"] >= other["n"] or one["time"] > other["time"]:
            yield Finding(0, "checkpoint", f"n = {one['n']}, {one['time']} → n = {other['n']}, {other['time']}")
    for checkpoint in checkpoints:
        yield from signature_faults(vote, checkpoint)
        n, said = checkpoint["n"], checkpoint["hash"]
        if n >= len(heads):
            yield Finding(0, "checkpoint", f"n = {n} > {len(heads) - 1}")
        elif said != heads[n].hex():
            yield Finding(0, "checkpoint", f"n = {n}: {said} ≠ {heads[n].hex()}")


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
