"""Which sentences of its comments speak for a topic: those that together stand nearest to all of them.

Facility location: the worth of a choice is, summed over the comments, the similarity of each to its nearest chosen
sentence. It is monotone and submodular, so that taking the greatest gain again and again reaches at least 1 - 1/e (63 %)
of the best choice of that many (Nemhauser, Wolsey & Fisher 1978), and at least 1/2 where no author may come twice
(Fisher, Nemhauser & Wolsey 1978: a partition matroid). A sentence that repeats a chosen one gains nothing and is not taken.
"""

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.evidence.facts import fold, unmasked
from analysis.evidence.records import Comments, Sentence, quote
from analysis.lexicon import Lexicon
from analysis.text import Span, lexicon_of, sentences

GOOD_LENGTH = range(15, 121)
READABLE_LENGTH = range(6, 161)
LESS_READABLE = 0.8
"""What a sentence of another length is worth: it is chosen where it covers so much more than every one of good length."""
MOST_COMMENTS = 2_000
MOST_QUOTED = 400

Floats = NDArray[np.float64]

_WORD = re.compile(r"[a-z][a-z'’]+")
_SCRIPT = re.compile(r"[\u3005\u3041-\u309f\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]+")


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be quoted. `good` says that its length is one that reads well."""

    comment_id: str
    span: Span
    good: bool


def candidates(comment_ids: Sequence[str], comments: Comments, words: Lexicon) -> list[Candidate]:
    """The sentences of readable length (6 to 160 characters, good from 15 to 120) that touch no mask, in order.

    Each comment is cut by its own language; `words`, the run's, where no script tells.
    """
    found = []
    for comment_id in comment_ids:
        source = comments[comment_id]
        for start, end in sentences(source.text, lexicon_of(source.text, words)):
            hidden = any(start < mask_end and mask_start < end for mask_start, mask_end in source.masks)
            if end - start in READABLE_LENGTH and not hidden:
                found.append(Candidate(comment_id, (start, end), end - start in GOOD_LENGTH))
    return found


def choose_quotes(
    members: Mapping[str, float],
    quotable: Sequence[str],
    comments: Comments,
    words: Lexicon,
    count: int,
    meaning: Mapping[str, Floats] | None = None,
) -> list[Sentence]:
    """Up to `count` sentences of the comments `quotable` that cover the comments `members` (id to weight) best.

    A sentence is near a comment by the words they share and, where `meaning` gives every comment a vector (of length 1 or
    0), as much again by the meaning of the comment it stands in. At most one of a comment and one of an author. Nearness
    to a sentence of another than good length counts 0.8. Ties go to the earlier of `quotable`, then to the
    earlier sentence. Above 2,000 members every second, third … stands for all, and of `quotable` the first 400 are read.
    """
    found = candidates(quotable[:MOST_QUOTED], comments, words)
    step = -(-len(members) // MOST_COMMENTS) or 1
    covered = list(members)[::step]
    weights = np.array([members[one] for one in covered])
    nearness = similarity(
        [unmasked(comments[one]) for one in covered],
        [comments[one.comment_id].text[slice(*one.span)] for one in found],
        words,
    )
    if meaning and found:
        left, right = (np.array([meaning[one] for one in ids]) for ids in (covered, [one.comment_id for one in found]))
        nearness = (nearness + np.maximum(left @ right.T, 0)) / 2
    worth = np.array([1.0 if one.good else LESS_READABLE for one in found])
    owners = [_owner(one.comment_id, comments) for one in found]
    chosen = cover(nearness * worth, weights, owners, count)
    return [quote(found[row].comment_id, comments[found[row].comment_id].text, found[row].span) for row in chosen]


def _owner(comment_id: str, comments: Comments) -> Hashable:
    author = comments[comment_id].author
    return ("comment", comment_id) if author is None else ("author", author)


def cover(nearness: Floats, weights: Floats, owners: Sequence[Hashable], count: int) -> list[int]:
    """Up to `count` columns of `nearness` (rows × columns, 0 to 1), each adding most to the weighted sum of row maxima.

    No two columns of one owner. Gains are rounded to 9 decimals; ties go to the earlier column.
    """
    nearest = np.zeros(nearness.shape[0])
    chosen: list[int] = []
    columns = list(range(nearness.shape[1]))
    while len(chosen) < count and columns:
        gains = np.round(weights @ np.maximum(nearness[:, columns] - nearest[:, None], 0), 9)
        best = columns[int(np.argmax(gains))]
        if gains.max() <= 0:
            break
        chosen.append(best)
        nearest = np.maximum(nearest, nearness[:, best])
        columns = [column for column in columns if owners[column] != owners[best]]
    return chosen


def similarity(texts: Sequence[str], said: Sequence[str], words: Lexicon) -> Floats:
    """Cosine of every text (rows) with every sentence (columns) over the parts of words, rarer ones weighing more.

    `words` say what means nothing where no script tells a text's own language.
    """
    parts = [_parts(text, words) for text in texts]
    spread = Counter(part for text in parts for part in text)
    known = {part: place for place, part in enumerate(sorted(spread))}
    rarity = np.array([np.log((1 + len(texts)) / spread[part]) for part in known])
    left = _vectors(parts, known, rarity)
    right = _vectors([_parts(one, words) & known.keys() for one in said], known, rarity)
    found: Floats = (left @ right.T).toarray()
    return found


def _parts(text: str, words: Lexicon) -> set[str]:
    """English words that carry meaning, and pairs of Japanese characters that are not both hiragana."""
    folded = fold(text)
    spoken = lexicon_of(text, words)
    written = {word for word in _WORD.findall(folded) if not spoken.stops(word)}
    runs = _SCRIPT.findall(folded)
    pairs = {run[place : place + 2] for run in runs for place in range(len(run) - 1)}
    return written | {pair for pair in pairs if not _HIRAGANA.fullmatch(pair)}


def _vectors(parts: Sequence[set[str]], known: Mapping[str, int], rarity: Floats) -> csr_array:
    columns = [sorted(known[part] for part in each) for each in parts]
    pointers = np.concatenate([[0], np.cumsum([len(each) for each in columns], dtype=np.int64)])
    indices = np.array([column for each in columns for column in each], dtype=np.int64)
    matrix = csr_array((rarity[indices], indices, pointers), shape=(len(parts), len(known)))
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return csr_array(matrix.multiply(scale[:, None]))
