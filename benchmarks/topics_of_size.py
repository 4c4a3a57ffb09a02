"""`python -m analysis topics` on 1,000, 10,000 and 100,000 texts, and 1,000 more joining: each in its own process.

Texts are two of the labelled English requests after each other, drawn with a seed, so that no two are copies; without
`--data` two invented Japanese sentences.
"""

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.folding import comment
from benchmarks.measuring import Measured, run

SIZES = {1_000: 2, 10_000: 10, 100_000: 30}  # texts: seconds
MAX_MEGABYTES = 1_500
LATER = 1_000
INVENTED = 10_000


def measure(data: Path | None) -> Iterator[Measured]:
    pool, language = (_pool(data), "en") if data else (_invented(), "ja")
    with TemporaryDirectory() as made:
        folder = Path(made)
        for size, seconds in SIZES.items():
            answers = _write(folder / f"{size}.csv", pool, size, seed=0)
            written = ["--profile", str(folder / "profile.json"), "--out", str(folder / "run.json")]
            command = [
                sys.executable,
                "-m",
                "analysis",
                "topics",
                str(answers),
                "--text",
                "text",
                "--language",
                language,
            ]
            ran = run([*command, *written])
            yield Measured(
                f"topics of {size:,}", ran.seconds, ran.megabytes, seconds, MAX_MEGABYTES, well=not ran.exit_code
            )
        later = _write(folder / "later.csv", pool, LATER, seed=1)
        command = [sys.executable, "-m", "analysis", "join", str(folder / "profile.json"), str(later), "--text", "text"]
        ran = run([*command, "--out", str(folder / "joined.json")])
        yield Measured(
            f"{LATER:,} join {max(SIZES):,}",
            ran.seconds,
            ran.megabytes,
            1,
            MAX_MEGABYTES,
            note="start of the process included",
            well=not ran.exit_code,
        )


def _pool(data: Path) -> list[str]:
    texts = []
    for name in ("en_banking77", "en_clinc_dom10"):
        with (data / "labelled-topics" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
            texts += [row["text"] for row in csv.DictReader(lines)]
    return texts


def _invented() -> list[str]:
    draw = random.Random(0)
    return [comment(draw).split("。")[0] + "。" for _ in range(INVENTED)]


def _write(path: Path, pool: list[str], size: int, seed: int) -> Path:
    pairs = np.random.default_rng(seed).integers(len(pool), size=(size, 2))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text"])
        writer.writerows([f"{pool[one]} {pool[other]}"] for one, other in pairs)
    return path
