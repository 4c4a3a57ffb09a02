"""What a topics run found, as frozen records; `analysis.output` writes them in the published format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.constraints import Unmet
from analysis.evidence import Sentence
from analysis.masking import Mask

Place = Literal["core", "fringe", "unassigned"]


@dataclass(frozen=True)
class Topic:
    """A cluster of comments; a residual one hangs together too little and is shown as その他.

    `size` counts comments, `distinct` folds copies; `share` is of the comments with text, `stability` 0–1.
    """

    id: str
    parent: str | None
    residual: bool
    label: str
    keywords: tuple[str, ...]
    size: int
    distinct: int
    share: float
    stability: float
    representatives: tuple[str, ...]
    summary: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where one comment lies. Only an unassigned comment has no topic; `strength` is 0–1."""

    id: str
    topic: str | None
    place: Place
    strength: float


@dataclass(frozen=True)
class Duplicates:
    """Copies of one text, by comment id; `representative` is one of `members`."""

    representative: str
    members: tuple[str, ...]
    kind: Literal["exact", "near"]


@dataclass(frozen=True)
class Run:
    """One run. `documents` counts comments, `distinct` folds copies; `assignments` follow the input's order."""

    language: str
    seed: int
    documents: int
    distinct: int
    parameters: Mapping[str, Any]
    topics: tuple[Topic, ...]
    assignments: tuple[Assignment, ...]
    duplicates: tuple[Duplicates, ...]
    minority: tuple[str, ...]
    masks: Mapping[str, tuple[Mask, ...]]
    assigned_share: float
    represented_share: float
    unmet: tuple[Unmet, ...] | None = None
    """What of people's constraints could not be respected; None for a run without any."""
