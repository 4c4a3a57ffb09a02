"""Topics against known labels: adjusted mutual information at the true k, beside TF-IDF + k-means.

Each set in its own process (`python -m benchmarks.topic_quality FILE LANGUAGE` prints the figures as JSON), on all its
texts or a seeded sample of 2,000. The seconds are of the clock, reading included, for three seeds. Without data a set is
invented, whose texts have a few words of their subject among many of all subjects: it shows that both run, not how well.
"""

import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from analysis.text import Comment
from analysis.tokens import tokeniser
from analysis.topics import analyse
from benchmarks.measuring import Measured, run

SETS = {  # language, what the trials reached, the goal
    "ja_sib200": ("ja", 0.368, 0.39),
    "ja_xsid": ("ja", 0.605, 0.63),
    "en_banking77": ("en", 0.570, 0.62),
    "en_clinc_dom10": ("en", 0.389, 0.41),
}
SEEDS = (0, 1, 2)
SAMPLE = 2_000
INVENTED, SUBJECTS, OF_ITS_SUBJECT, COMMON, SEED = 1_000, 20, 3, 5, 20_262
MAX_SECONDS = 300
MAX_MEGABYTES = 1_500
PINS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure(data: Path | None) -> Iterator[Measured]:
    if data is None:
        with TemporaryDirectory() as made:
            yield _measured("invented", _invented(Path(made) / "invented.csv"), "en", "no goal")
        return
    for name, (language, reached, goal) in SETS.items():
        file = data / "labelled-topics" / f"{name}.csv"
        if file.exists():
            yield _measured(name, file, language, f"reached before {reached}, goal {goal}")
        else:
            print(f"topic_quality: {name} left out, there is no {file}", file=sys.stderr)


def _measured(name: str, file: Path, language: str, beside: str) -> Measured:
    ran = run([sys.executable, "-m", "benchmarks.topic_quality", str(file), language], PINS)
    found = json.loads(ran.output) if ran.exit_code == 0 else {"ours": 0.0, "floor": 0.0}
    return Measured(
        f"AMI {name}",
        ran.seconds,
        ran.megabytes,
        MAX_SECONDS,
        MAX_MEGABYTES,
        note=f"ours {found['ours']:.3f}, floor {found['floor']:.3f}, {beside}",
        well=found["ours"] > found["floor"],
    )


def _invented(file: Path) -> Path:
    draw = random.Random(SEED)
    words = ["".join(draw.choice("aeiou") + draw.choice("bdgklmnprt") for _ in range(4)) for _ in range(600)]
    own = [words[100 + 25 * subject : 125 + 25 * subject] for subject in range(SUBJECTS)]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id", "text", "label"])
        for number in range(INVENTED):
            subject = number % SUBJECTS
            said = draw.choices(own[subject], k=OF_ITS_SUBJECT) + draw.choices(words[:100], k=COMMON)
            writer.writerow([number, " ".join(draw.sample(said, len(said))), subject])
    return file


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
