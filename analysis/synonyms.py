"""Words of one meaning among those of a corpus: the synonym groups of Sudachi's dictionary (川, 河川)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

MARK = "≡"
"""What a synonym stands for begins with it; no word of a text does, since it is neither letter nor digit."""


def shared_meanings(texts: Iterable[Sequence[str]], groups_of: Callable[[str], Sequence[int]]) -> dict[str, str]:
    """What to count beside a word, for those that share a synonym group with another word of these texts.

    `groups_of` gives the numbers of a word's groups. Of several shared ones a word stands for that in the most texts
    (of equals the lowest number): a word of many senses (ホール, バス) is taken as these writers mostly mean it.
    """
    found_in = Counter(word for words in texts for word in set(words))
    members: dict[int, list[str]] = defaultdict(list)
    groups = {word: groups_of(word) for word in found_in}
    for word, numbers in groups.items():
        for number in numbers:
            members[number].append(word)
    texts_with = {number: sum(found_in[word] for word in words) for number, words in members.items() if len(words) > 1}
    shared = {word: [number for number in numbers if number in texts_with] for word, numbers in groups.items()}
    return {
        word: f"{MARK}{max(numbers, key=lambda number: (texts_with[number], -number))}"
        for word, numbers in shared.items()
        if numbers
    }


def with_meanings(words: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    """The words, each followed by what it stands for, if anything."""
    return [item for word in words for item in ((word, meanings[word]) if word in meanings else (word,))]


def meaning_like(nouns: Collection[str], meanings: Mapping[str, str]) -> frozenset[str]:
    """What one of the `nouns` stands for: it is a noun as well."""
    return frozenset(meanings[noun] for noun in nouns if noun in meanings)
