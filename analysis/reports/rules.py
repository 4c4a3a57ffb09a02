"""What the reporting room decides without a database: labels carried over, masks proposed, what may be published."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
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
    """Texts per first-level topic after disclosure control, "" for all of them; None is suppressed (秘匿).

    May load SciPy: for the job process.
    """
    sizes = {topic["id"]: topic["size"] for topic in output["topics"] if topic["parent"] is None}
    counts: dict[Place, int] = {(topic,): size for topic, size in sizes.items()}
    counts[None,] = sum(sizes.values())
    table = FrequencyTable("topics", (Axis("topic", tuple(sizes)),), counts, output["documents"])
    return {place[0] or "": cell.count for place, cell in release([table], (), policy)[0].cells.items()}


SMALL = re.compile(r"(?<![\d,.])[1-4](?:件|人)")


def shows_small_number(sentence: str) -> bool:
    """Whether a computed sentence (Japanese wording) names one to four comments: disclosure control leaves it out."""
    return SMALL.search(sentence) is not None


def spans_clash(spans: Iterable[Sequence[Any]], masks: Mapping[str, Sequence[Sequence[int]]]) -> bool:
    """Whether a quote's spans [ref, start, end] touch a mask of its text."""
    return any(start < mask[1] and mask[0] < end for ref, start, end in spans for mask in masks.get(ref, ()))


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document as the bytes its hash covers: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(document: Mapping[str, Any]) -> str:
    """The version hash printed on a report."""
    return hashlib.sha256(canonical(document)).hexdigest()
