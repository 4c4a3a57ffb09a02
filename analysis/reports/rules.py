"""What the reporting room decides without a database: labels carried over, masks proposed, what may be published."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.disclosure import FrequencyTable, Place, Policy, release
from analysis.inference import Axis

SAME_TOPIC = 0.5
"""Smallest overlap (Jaccard of core members) at which a topic of a new run is the one a person named."""


@dataclass(frozen=True)
class NamedTopic:
    """A label a person gave, and the refs of the topic's core when she gave it."""

    edit: int
    label: str
    members: frozenset[str]


def carry_over(named: Sequence[NamedTopic], topics: Mapping[str, frozenset[str]]) -> dict[int, str | None]:
    """Which topic of a new run each named one is, by the largest overlap; None where none overlaps enough (orphaned).

    `topics` gives the core members by topic id. Each topic takes one name at most: pairs are settled from the largest
    overlap down, ties by the order of the names and the ids.
    """
    pairs = sorted(
        ((-overlap(one.members, members), one.edit, topic) for one in named for topic, members in topics.items()),
    )
    settled: dict[int, str | None] = {one.edit: None for one in named}
    taken: set[str] = set()
    for negative, edit, topic in pairs:
        if -negative >= SAME_TOPIC and settled[edit] is None and topic not in taken:
            settled[edit] = topic
            taken.add(topic)
    return settled


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard overlap, 0–1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def core_members(output: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Core members by topic id of a run's output (contract, analysis output version 1)."""
    members: dict[str, set[str]] = {topic["id"]: set() for topic in output["topics"]}
    for row in output["assignments"]:
        if row["place"] == "core" and row["topic"] in members:
            members[row["topic"]].add(row["id"])
    return {topic: frozenset(found) for topic, found in members.items()}


def released_sizes(output: Mapping[str, Any], policy: Policy) -> dict[str, int | None]:
    """Texts per topic after disclosure control, "" for all of them; None is suppressed (秘匿).

    May load SciPy: for the job process.
    """
    sizes = {topic["id"]: topic["size"] for topic in output["topics"] if topic["parent"] is None}
    counts: dict[Place, int] = {(topic,): size for topic, size in sizes.items()}
    counts[None,] = sum(sizes.values())
    table = FrequencyTable("topics", (Axis("topic", tuple(sizes)),), counts, output["documents"])
    released = {place[0] or "": cell.count for place, cell in release([table], (), policy)[0].cells.items()}
    return released | {part: size for topic in sizes for part, size in _parts(output, topic, released, policy).items()}


def _parts(
    output: Mapping[str, Any], topic: str, released: Mapping[str, int | None], policy: Policy
) -> dict[str, int | None]:
    """Sizes of a topic's second level: all of them where it and each of them, and the rest, is open; else none."""
    sizes = {part["id"]: part["size"] for part in output["topics"] if part["parent"] == topic}
    whole = released[topic]
    open_to_all = whole is not None and not any(
        0 < count < policy.minimum_cell for count in (*sizes.values(), whole - sum(sizes.values()))
    )
    return {part: size if open_to_all else None for part, size in sizes.items()}


COUNT = re.compile(r"(?<![\d,.])(\d+)(?:件|人)")


def shows_small_number(sentence: str, minimum: int) -> bool:
    """Whether a computed sentence (Japanese wording) names fewer comments than the smallest cell (`minimum`)."""
    return any(0 < int(count) < minimum for count in COUNT.findall(sentence))


def tells_hidden_size(query: Mapping[str, Any] | None, sizes: Mapping[str, int | None]) -> bool:
    """Whether a computed sentence speaks of a topic whose size is suppressed, or of a share of a hidden whole."""
    asked = query or {}
    spoken_of = [asked.get("topic", ""), *([asked["than"]["topic"]] if isinstance(asked.get("than"), dict) else [])]
    of_a_whole = asked.get("claim") in {"share", "change"}
    return any(sizes.get(topic) is None for topic in spoken_of) or (of_a_whole and sizes.get("") is None)


def released_share(share: float, base: int | None, minimum: int) -> float | None:
    """A share of all texts, None where it or its rest gives back fewer than `minimum` of them."""
    if base is None:
        return None
    part = round(share * base)
    return None if 0 < part < minimum or 0 < base - part < minimum else share


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document as the bytes its hash covers: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(document: Mapping[str, Any]) -> str:
    """The version hash printed on a report."""
    return hashlib.sha256(canonical(document)).hexdigest()
