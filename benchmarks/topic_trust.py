"""How far the topics of the survey's questions may be trusted: cores of two samples, label words, nearness of quotes.

- Cores: the texts that are in a topic's core in both of two runs on samples of 80 %, by adjusted Rand index.
- Words: the comments of a topic's core (and of the whole topic) that have one of its first five keywords.
- Quotes: the comments near one of thirty representatives, chosen by facility location among those of the run. Near is
  as like as a third of the comments are to one of thirty texts by chance, so that chance reaches .33 by definition.
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

from analysis.arrangement import Arrangement, arrange, default_topics
from analysis.corpus import Corpus, read_corpus
from analysis.description import Described, describe
from analysis.evidence import Source
from analysis.features import Matrix
from analysis.lexicon import lexicon
from analysis.reading import read
from analysis.representatives import representatives
from analysis.text import Comment
from analysis.tokens import tokeniser
from analysis.topics import analyse
from benchmarks.measuring import Measured, run

NEEDS_DATA = True
SMALL, MIDDLE, LARGE = "不便さの内容", "推奨項目", "満足度(商品・サービス)の理由"
FEW = 450
CORES = (  # question, at most so many texts, goal of the agreement, goal of the share in a core
    (SMALL, FEW, 0.80, 0.40),
    (LARGE, None, 0.85, 0.45),
)
WORDS_GOAL = 0.72
QUOTES = 30
QUOTES_GOAL = 0.55
SMALL_GOAL = 0.30
CHANCE = 0.33
CHANCES = 20
WORDS = 5
SHARE = 0.8
SEEDS = (0, 1)
MAX_SECONDS = 300
MAX_MEGABYTES = 1_500
PINS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure(data: Path) -> Iterator[Measured]:
    for task in ("cores", "words"):
        ran = run([sys.executable, "-m", "benchmarks.topic_trust", str(data), task], PINS)
        notes = json.loads(ran.output) if ran.exit_code == 0 else [f"exit {ran.exit_code}"]
        yield Measured(
            f"trust in topics: {task}",
            ran.seconds,
            ran.megabytes,
            MAX_SECONDS,
            MAX_MEGABYTES,
            note="; ".join(notes),
            well=ran.exit_code == 0,
        )


def cores(data: Path) -> Iterator[str]:
    for question, most, goal, least in CORES:
        comments = answers(data, question)
        if most is not None:
            comments = [comments[row] for row in _some(len(comments), most, seed=0)]
        found = [_agreement(comments, seed) for seed in SEEDS]
        agreement, share = (mean(column) for column in zip(*found, strict=True))
        floor = mean(_floor(comments, seed) for seed in SEEDS)
        reached = f"{agreement:.2f} covering {share:.2f}, floor {floor:.2f} covering all"
        yield f"{question}, {len(comments)} comments: {reached}, goal {goal} at {least}"


def words(data: Path) -> Iterator[str]:
    for question in (SMALL, MIDDLE):
        corpus, arrangement, described = _described(answers(data, question), seed=0)
        in_core, in_all = recall(corpus, arrangement, described)
        yield f"{question}, words: core {in_core:.2f}, with fringe {in_all:.2f}, goal {WORDS_GOAL}"
        near, small = nearness(corpus, arrangement, described)
        yield f"near one of {QUOTES} quotes: {near:.2f}, goal {QUOTES_GOAL}; in small topics {small:.2f}, goal {SMALL_GOAL}"


def answers(data: Path, question: str) -> list[Comment]:
    rows: list[str] = []
    for file in sorted((data / "fukui-tourism-survey").glob("responses-*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows += [row[question] for row in csv.DictReader(lines)]
    return [Comment(str(number), text) for number, text in enumerate(rows, start=1) if text.strip()]


def recall(corpus: Corpus, arrangement: Arrangement, described: Described) -> tuple[float, float]:
    """The comments with a leading word of their topic: of those in a core, and of all in a topic."""
    found: dict[bool, list[tuple[bool, float]]] = {True: [], False: []}
    for row, unit in enumerate(corpus.texts):
        topic = described.topics[int(arrangement.group_of[row])]
        if not topic.residual:
            text = unit.text.casefold()
            has = any(word.casefold() in text for word in topic.keywords[:WORDS])
            found[bool(arrangement.core[row])].append((has, float(corpus.weights[row])))
    return _share(found[True]), _share(found[True] + found[False])


def nearness(corpus: Corpus, arrangement: Arrangement, described: Described) -> tuple[float, float]:
    """The comments near one of thirty representatives: of all, and of the smaller half of the topics."""
    points, weights, every = arrangement.points, corpus.weights, np.arange(len(corpus.texts))
    chosen = representatives(points, weights, every, np.array(described.representatives), QUOTES)
    chances = [_likeness(points, _some(len(every), QUOTES, seed)) for seed in range(CHANCES)]
    near = _likeness(points, chosen) >= np.quantile(np.concatenate(chances), 1 - CHANCE)
    topics = sorted((topic.size, int(topic.id) - 1) for topic in described.topics if not topic.residual)
    small = np.isin(arrangement.group_of, [place for _, place in topics[: len(topics) // 2]])
    return float(weights[near].sum() / weights.sum()), float(weights[near & small].sum() / weights[small].sum())


def _likeness(points: Matrix, chosen: Sequence[int]) -> Matrix:
    """Of every text to the nearest of `chosen`; a quote is near itself, here and by chance."""
    likeness: Matrix = np.asarray(points @ points[list(chosen)].T, dtype=float).max(axis=1)
    return likeness


def _agreement(comments: Sequence[Comment], seed: int) -> tuple[float, float]:
    """The adjusted Rand index of the comments in both cores, and the mean share of the comments in a core."""
    places: list[dict[str, str | None]] = []
    shares = []
    for sample in _samples(comments, seed):
        analysed = analyse(sample, "ja", seed=seed)
        topics = {topic.id: topic.parent or topic.id for topic in analysed.topics if not topic.residual}
        cored = [each for each in analysed.assignments if each.place == "core" and each.topic in topics]
        places.append({each.id: topics[each.topic] for each in cored if each.topic is not None})
        shares.append(analysed.assigned_share)
    both = sorted(places[0].keys() & places[1].keys())
    return float(adjusted_rand_score(*([one[ref] for ref in both] for one in places))), mean(shares)


def _floor(comments: Sequence[Comment], seed: int) -> float:
    """The same of TF-IDF + k-means with as many topics, which puts every comment into one."""
    places: list[dict[str, int]] = []
    for sample in _samples(comments, seed):
        vectors = TfidfVectorizer(analyzer=_forms).fit_transform([comment.text for comment in sample])
        means = KMeans(default_topics(len(sample)), random_state=seed).fit_predict(vectors)
        places.append({comment.id: int(place) for comment, place in zip(sample, means, strict=True)})
    both = sorted(places[0].keys() & places[1].keys())
    return float(adjusted_rand_score(*([one[ref] for ref in both] for one in places)))


def _forms(text: str) -> list[str]:
    return [token.form for token in tokeniser("ja")(text)]


def _samples(comments: Sequence[Comment], seed: int) -> list[list[Comment]]:
    """Two of 80 %."""
    size = round(SHARE * len(comments))
    return [[comments[row] for row in _some(len(comments), size, seed * 2 + number)] for number in (0, 1)]


def _described(comments: Sequence[Comment], seed: int) -> tuple[Corpus, Arrangement, Described]:
    words_of = lexicon("ja")
    corpus = read_corpus([read(comment, words_of) for comment in comments], words_of)
    arrangement = arrange(corpus, None, seed, lambda step: None)
    topic_of = {
        reading.comment.id: str(int(arrangement.group_of[row]) + 1)
        for row, unit in enumerate(corpus.texts)
        for reading in unit.members
    }
    evidence = {
        reading.comment.id: Source(
            reading.comment.text, tuple(mask.span for mask in reading.masks), topic_of.get(reading.comment.id)
        )
        for reading in corpus.readings
    }
    return corpus, arrangement, describe(corpus, arrangement, evidence, len(comments))


def _share(found: Sequence[tuple[bool, float]]) -> float:
    return sum(weight for has, weight in found if has) / sum(weight for _, weight in found)


def _some(n: int, count: int, seed: int) -> list[int]:
    rows: list[int] = np.sort(np.random.default_rng(seed).permutation(n)[:count]).tolist()
    return rows


if __name__ == "__main__":
    print(json.dumps(list({"cores": cores, "words": words}[sys.argv[2]](Path(sys.argv[1]))), ensure_ascii=False))
