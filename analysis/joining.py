"""New comments beside a finished run: they join its topics or are listed as new, without a new run.

A profile holds what is needed: the words of every topic's core, and how alike comments of the topic are to them. It
holds no comment, but rare words of comments: it is kept like the comments themselves. `analysis.profiling` makes it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import Any, Literal

from analysis.lexicon import Lexicon, lexicon
from analysis.reading import read
from analysis.text import Comment

_DRIFT_ALLOWED = 0.1
_TELLING = 30
"""Fewer new comments than this tell nothing of a drift."""


class ProfileRefused(ValueError):
    """The file is no profile of a run."""


@dataclass(frozen=True)
class Profile:
    """Per topic its words with weights (unit length) and the least likeness (cosine, 0–1) of its members.

    `rarity` is the inverse document frequency of every word in two texts or more, `rarest` that of any other: a comment
    of words the run did not have is like no topic. `outside` is the share of the run's own texts that would be listed
    as new.
    """

    language: str
    rarity: Mapping[str, float]
    rarest: float
    topics: Mapping[str, Mapping[str, float]]
    least: Mapping[str, float]
    outside: float


@dataclass(frozen=True)
class Joined:
    """One new comment. Only `joined` has a topic; `unassigned` has no word at all; `likeness` is 0–1."""

    id: str
    topic: str | None
    place: Literal["joined", "new", "unassigned"]
    likeness: float


@dataclass(frozen=True)
class Joining:
    """`drift` is how much larger the share of new ones is than among the run's own texts, 0–1.

    `run_anew`: the drift is above .1, and enough comments have come to tell.
    """

    comments: tuple[Joined, ...]
    drift: float
    run_anew: bool


def join(profile: Profile, comments: Iterable[Comment]) -> Joining:
    """Place new comments in the topics of a run, in their order, each by itself."""
    words = lexicon(profile.language)
    joined = tuple(_joined(comment, words, profile) for comment in comments)
    worded = [each for each in joined if each.place != "unassigned"]
    new = sum(each.place == "new" for each in worded) / max(len(worded), 1)
    drift = max(0.0, new - profile.outside) if worded else 0.0
    return Joining(joined, drift, drift > _DRIFT_ALLOWED and len(worded) >= _TELLING)


def _joined(comment: Comment, words: Lexicon, profile: Profile) -> Joined:
    forms = read(comment, words, named=False).words
    if not forms:
        return Joined(comment.id, None, "unassigned", 0.0)
    topic, likeness = _nearest(_vector(forms, profile.rarity, profile.rarest), profile)
    return Joined(comment.id, topic, "new" if topic is None else "joined", likeness)


def _vector(words: Sequence[str], rarity: Mapping[str, float], rarest: float) -> dict[str, float]:
    """Sublinear TF-IDF scaled to length 1; of words that only this text has nothing but their length is left."""
    weights = {word: (1 + log(count)) * rarity.get(word, rarest) for word, count in Counter(words).items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items() if word in rarity} if length else {}


def _likeness(vector: Mapping[str, float], words: Mapping[str, float]) -> float:
    return round(sum(weight * words.get(word, 0.0) for word, weight in vector.items()), 9)


def _nearest(vector: Mapping[str, float], profile: Profile) -> tuple[str | None, float]:
    """The topic a comment is most like and how much; no topic where it is less like it than members are."""
    found = max(
        ((_likeness(vector, words), -int(topic), topic) for topic, words in profile.topics.items()),
        default=(0.0, 0, ""),
    )
    likeness, _, topic = found
    return (topic if topic and likeness > 0 and likeness >= profile.least[topic] else None), likeness


def profile_json(profile: Profile) -> str:
    """The profile as JSON text."""
    return json.dumps({"version": 1, **profile.__dict__}, ensure_ascii=False) + "\n"


def read_profile(content: str) -> Profile:
    """Raises ProfileRefused."""
    try:
        found: dict[str, Any] = json.loads(content)
        if found.pop("version") != 1:
            raise ProfileRefused("The profile has another version.")
        read_back = Profile(**found)
        lexicon(read_back.language)
        complete = set(read_back.topics) == set(read_back.least) and all(map(str.isdecimal, read_back.topics))
        complete = complete and all(map(_are_numbers, _numbers_of(read_back)))
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RecursionError) as error:
        raise ProfileRefused("This is not the profile of a run.") from error
    if not complete:
        raise ProfileRefused("The profile is not complete.")
    return read_back


def _numbers_of(profile: Profile) -> list[Mapping[str, float]]:
    return [profile.rarity, profile.least, *profile.topics.values(), {"": profile.rarest, " ": profile.outside}]


def _are_numbers(found: Mapping[str, float]) -> bool:
    return all(type(each) in (int, float) and isfinite(each) for each in found.values())
