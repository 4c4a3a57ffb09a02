"""Topics against known labels: adjusted mutual information at the true k, beside TF-IDF + k-means.

Each set in its own process (`python -m benchmarks.topic_quality FILE LANGUAGE` prints the figures as JSON), on all its
texts or a seeded sample of 2,000. The seconds are of the clock, reading included, for three seeds.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from analysis.text import Comment
from analysis.tokens import tokeniser
from analysis.topics import analyse
from benchmarks.measuring import Measured, run

NEEDS_DATA = True
SETS = {  # language, what the trials reached, the goal
    "ja_sib200": ("ja", 0.368, 0.39),
    "ja_xsid": ("ja", 0.605, 0.63),
    "en_banking77": ("en", 0.570, 0.62),
    "en_clinc_dom10": ("en", 0.389, 0.41),
}
SEEDS = (0, 1, 2)
SAMPLE = 2_000
MAX_SECONDS = 300
MAX_MEGABYTES = 1_500
PINS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure(data: Path) -> Iterator[Measured]:
    for name, (language, reached, goal) in SETS.items():
        file = data / "labelled-topics" / f"{name}.csv"
        if not file.exists():
            print(f"topic_quality: {name} left out, there is no {file}", file=sys.stderr)
            continue
        ran = run([sys.executable, "-m", "benchmarks.topic_quality", str(file), language], PINS)
        found = json.loads(ran.output) if ran.exit_code == 0 else {"ours": 0.0, "floor": 0.0}
        yield Measured(
            f"AMI {name}",
            ran.seconds,
            ran.megabytes,
            MAX_SECONDS,
            MAX_MEGABYTES,
            note=f"ours {found['ours']:.3f}, floor {found['floor']:.3f}, reached before {reached}, goal {goal}",
            well=found["ours"] > found["floor"],
        )


def scores(file: Path, language: str) -> dict[str, float]:
    """The mean over the seeds of ours and of the floor's adjusted mutual information, copies counted."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if len(rows) > SAMPLE:
        rows = [rows[place] for place in np.sort(np.random.default_rng(0).permutation(len(rows))[:SAMPLE])]
    truth = [row["label"] for row in rows]
    comments = [Comment(row["id"], row["text"]) for row in rows]
    ours = [_ours(comments, truth, language, seed) for seed in SEEDS]
    floor = [_floor(comments, truth, language, seed) for seed in SEEDS]
    return {"ours": mean(ours), "floor": mean(floor)}


def _ours(comments: list[Comment], truth: list[str], language: str, seed: int) -> float:
    """The residual, and the texts without a word, count as one topic each: what a reader of the run sees."""
    found = analyse(comments, language, len(set(truth)), seed)
    return float(adjusted_mutual_info_score(truth, [each.topic or "" for each in found.assignments]))


def _floor(comments: list[Comment], truth: list[str], language: str, seed: int) -> float:
    tokenise = tokeniser(language)
    vectors = TfidfVectorizer(analyzer=lambda text: [token.form for token in tokenise(text)]).fit_transform(
        [comment.text for comment in comments]
    )
    means = KMeans(len(set(truth)), random_state=seed).fit_predict(vectors)
    return float(adjusted_mutual_info_score(truth, means))


if __name__ == "__main__":
    print(json.dumps(scores(Path(sys.argv[1]), sys.argv[2])))
