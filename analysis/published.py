"""A run as published: read back from its JSON, checked, and counted for whoever shows it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.schemas import difference
from analysis.text import Span

Published = Mapping[str, Any]
"""The document `analysis.output` writes: "Analysis output (version 1)"."""

HIDDEN = "■■■■"
"""What stands for a mask, whatever its length."""


class NotARun(ValueError):
    """The document is no topics run; the message says what is wrong where."""


@dataclass(frozen=True)
class Places:
    """How many comments of a topic lie in its core and how many at its fringe, those of its parts included."""

    core: int
    fringe: int


def checked(document: Any) -> Published:
    """The document as it is. Raises NotARun for what the published schema does not allow.

    The long list of assignments is checked by hand: the schema takes a minute for 100,000.
    """
    if not isinstance(document, dict):
        raise NotARun("it holds no object.")
    short = document | ({"assignments": []} if isinstance(document.get("assignments"), list) else {})
    other = difference(short, "topics")
    if other is not None:
        raise NotARun(other)
    topics = {topic["id"] for topic in document["topics"]}
    for place, item in enumerate(document["assignments"]):
        if not _is_assignment(item):
            raise NotARun(f"assignments/{place}: it needs id, topic, place and strength.")
        if item["topic"] not in topics and item["topic"] is not None:
            raise NotARun(f"assignments/{place}: there is no topic {item['topic'][:20]}.")
    return document


def _is_assignment(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and item.keys() == {"id", "topic", "place", "strength"}
        and isinstance(item["id"], str)
        and isinstance(item["topic"], str | None)
        and item["place"] in ("core", "fringe", "unassigned")
        and (item["topic"] is None) == (item["place"] == "unassigned")
        and isinstance(item["strength"], int | float)
    )


def places(run: Published) -> dict[str, Places]:
    """Core and fringe of every topic; a comment of a part also lies in the topic the part belongs to."""
    parent = {topic["id"]: topic["parent"] for topic in run["topics"]}
    counts: Counter[tuple[str, str]] = Counter()
    for each in run["assignments"]:
        topic = each["topic"]
        while topic is not None:
            counts[topic, each["place"]] += 1
            topic = parent.get(topic)
    return {topic: Places(counts[topic, "core"], counts[topic, "fringe"]) for topic in parent}


def written(run: Published) -> int:
    """The comments that are not empty."""
    return int(run["documents"] - run["parameters"]["empty"])


def first_level(run: Published) -> list[Mapping[str, Any]]:
    """The topics proper, without their parts and without the residual."""
    return [topic for topic in run["topics"] if topic["kind"] == "topic" and topic["parent"] is None]


def parts_of(run: Published, topic: str) -> list[Mapping[str, Any]]:
    """The second level of a topic."""
    return [part for part in run["topics"] if part["parent"] == topic]


def residual(run: Published) -> Mapping[str, Any] | None:
    """The comments that hang together too little, where there are any."""
    return next((topic for topic in run["topics"] if topic["kind"] == "residual"), None)


def masks(run: Published) -> dict[str, Sequence[Span]]:
    """The masked spans of every comment that has any."""
    return {each["id"]: [(start, end) for start, end in each["spans"]] for each in run["masked"]}


def masked(text: str, spans: Sequence[Span], instead: str = HIDDEN) -> str:
    """The text with every mask replaced by `instead`; masks that touch or overlap become one."""
    shown, position = "", -1
    for start, end in sorted(spans):
        if start > position:
            shown += text[max(position, 0) : start] + instead
        position = max(position, end)
    return shown + text[max(position, 0) :]
