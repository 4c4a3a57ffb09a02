"""What sentences are held against: the comments and tables, indexed once so that many sentences are cheap to check."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from analysis.evidence.records import Comments, Source, Tables

_NO_TABLES: Tables = {}


def unmasked(source: Source) -> str:
    """The text with every masked code point replaced by a NUL, which no word holds."""
    return covered(source, "\0")


def covered(source: Source, cover: str) -> str:
    """The text with every masked code point replaced by `cover`, one character; its length does not change."""
    characters = list(source.text)
    for start, end in source.masks:
        characters[start:end] = cover * len(characters[start:end])
    return "".join(characters)


def fold(text: str) -> str:
    """The form in which words are sought: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


class Facts:
    """The comments and tables behind a summary. Raises ValueError when a table has the id of a comment.

    What it derives is kept, so `comments` and `tables` must not change while it is used.
    """

    def __init__(self, comments: Comments, tables: Tables = _NO_TABLES) -> None:
        if both := comments.keys() & tables.keys():
            raise ValueError(f"{min(both)} is the id of a comment and of a table.")
        self.comments = comments
        self.tables = tables
        self._folded: dict[str, str] = {}
        self._members: dict[frozenset[str], tuple[str, ...]] = {}

    def __contains__(self, source_id: str) -> bool:
        return source_id in self.comments or source_id in self.tables

    @cached_property
    def _by_topic(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for place, (comment_id, source) in enumerate(self.comments.items()):
            if source.topic is not None:
                found.setdefault(source.topic, []).append((place, comment_id))
        return found

    @cached_property
    def written(self) -> Counter[str | None]:
        """Comments with text per wave; the total stands under None."""
        counts: Counter[str | None] = Counter()
        for source in self.comments.values():
            if source.text.strip():
                counts[None] += 1
                if source.wave is not None:
                    counts[source.wave] += 1
        return counts

    def has_topic(self, topic: str) -> bool:
        """Whether a comment lies in it."""
        return topic in self._by_topic

    def members(self, topics: Iterable[str]) -> tuple[str, ...]:
        """The comments of these topics, in the order of `comments`."""
        wanted = frozenset(topics)
        if wanted not in self._members:
            found = [placed for topic in wanted for placed in self._by_topic.get(topic, ())]
            self._members[wanted] = tuple(comment_id for _, comment_id in sorted(found))
        return self._members[wanted]

    def folded(self, comment_id: str) -> str:
        """The comment outside its masks, as words are sought in it."""
        if comment_id not in self._folded:
            self._folded[comment_id] = fold(unmasked(self.comments[comment_id]))
        return self._folded[comment_id]


def facts_of(comments: Comments | Facts, tables: Tables = _NO_TABLES) -> Facts:
    """`comments` as facts; facts are themselves."""
    return comments if isinstance(comments, Facts) else Facts(comments, tables)
