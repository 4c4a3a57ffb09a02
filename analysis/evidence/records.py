"""What a summary consists of and what it rests on, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from analysis.text import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A comment as evidence: its text as received, what must stay hidden, and the topic it lies in.

    `author` is any mark that is equal for one person's comments, None where nobody knows; `wave` names the round of a
    repeated survey.
    """

    text: str
    masks: tuple[Span, ...]
    topic: str | None
    author: str | None = None
    wave: str | None = None


@dataclass(frozen=True)
class Table:
    """Answers to one question: people per answer, None where suppressed, of `base` people who answered.

    The counts of a multiple choice may add up to more than `base`. Raises ValueError on a count outside 0 to `base`, and on
    one that is no whole number.
    """

    counts: Mapping[str, int | None]
    base: int | None

    def __post_init__(self) -> None:
        for cell, count in [*self.counts.items(), ("the total", self.base)]:
            if count is not None and type(count) is not int:
                raise ValueError(f"{cell} has {count}, which is no number of people.")
            if count is not None and (count < 0 or (self.base is not None and count > self.base)):
                raise ValueError(f"{cell} has {count} of {self.base} people.")


Comments = Mapping[str, Source]
Tables = Mapping[str, Table]
Query = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a summary.

    A quote has one span `(id, start, end)` and no query. A computed sentence has a query, which names its claim, and
    rests on `sources`; `sentence` is its wording in the run's language, `wordings` has all of them. A stated sentence
    was written elsewhere: it has `sources`, and `claims` (queries) that its numbers follow from.
    """

    sentence: str
    kind: Literal["quote", "computed", "stated"]
    sources: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...] = ()
    query: Query | None = None
    wordings: Mapping[str, str] | None = None
    claims: tuple[Query, ...] = ()


def quote(comment_id: str, text: str, span: Span) -> Sentence:
    """The words of one comment, exactly."""
    return Sentence(text[span[0] : span[1]], "quote", (comment_id,), ((comment_id, *span),))


class Fault(StrEnum):
    """What kind of thing is wrong with a sentence."""

    MALFORMED = "malformed"
    NO_SOURCE = "no source"
    MISSING_SOURCE = "missing source"
    OTHER_SOURCES = "other sources"
    NOT_EXACT = "not exact"
    MASKED = "masked"
    UNKNOWN_CLAIM = "unknown claim"
    LOOSE_QUERY = "loose query"
    NO_FIGURE = "no figure"
    WRONG_FIGURE = "wrong figure"
    UNSUPPORTED_NUMBER = "unsupported number"
    UNSUPPORTED_QUOTE = "unsupported quote"
    OTHER_TOPIC = "other topic"


@dataclass(frozen=True)
class Failure:
    """Sentence number `index` (from 0) does not hold: the kind of fault, and why, as a sentence for a person.

    `topic` says in which topic's summary it stands where a whole run is checked; there `index` is None for what is wrong
    outside the sentences.
    """

    index: int | None
    fault: Fault
    reason: str
    topic: str | None = None


Why = tuple[Fault, str] | None
"""What is wrong with one sentence, None when it holds."""
