"""The check of a report: 200 sentences of every kind over 10,000 comments, beside one plain reading of the same comments."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from analysis.evidence import Comments, Facts, Sentence, Source, Table, computed, quote, verify
from analysis.evidence.facts import fold, unmasked
from benchmarks.measuring import Measured, megabytes

COMMENTS = 10_000
SENTENCES = 200
TOPICS = 40
MAX_SECONDS = 1
WORDS = [
    "図書館",
    "駐車場",
    "保育園",
    "除雪",
    "ごみ",
    "バス",
    "道路",
    "公園",
    "学校",
    "病院",
    "が",
    "の",
    "を",
    "狭い",
    "遅い",
    "足りない",
    "増やしてほしい",
    "。",
]
TABLES = {
    wave: Table({"満足": 400, "普通": 350, "不満": 250}, 1_000) for wave in ("2024年度の満足度", "2025年度の満足度")
}


def measure(data: Path | None) -> Iterator[Measured]:
    comments = town()
    summary = report(comments)
    start = time.process_time()
    failures = verify(summary, comments, TABLES)
    seconds = time.process_time() - start
    start = time.process_time()
    for source in comments.values():
        fold(unmasked(source))
    bare = time.process_time() - start
    yield Measured(
        f"check of {SENTENCES} sentences",
        seconds,
        megabytes([os.getpid()]),
        MAX_SECONDS,
        yardstick=bare,
        note=f"{COMMENTS} comments, CPU time; bare: each comment normalised once",
        well=len(summary) == SENTENCES and not failures,
    )


def town() -> Comments:
    """Comments of 40 to 120 characters in topics and two waves, every tenth with a mask."""
    draw = random.Random(6)
    return {
        str(number): Source(
            "".join(draw.choices(WORDS, k=30)),
            ((0, 2),) if number % 10 == 0 else (),
            str(number % TOPICS + 1),
            f"author {number}",
            draw.choice(["2024", "2025"]),
        )
        for number in range(COMMENTS)
    }


def report(comments: Comments) -> list[Sentence]:
    """Five sentences of each topic, quotes among them, and statements with claims from elsewhere."""
    facts = Facts(comments, TABLES)
    found: list[Sentence] = []
    for topic in range(1, TOPICS + 1):
        about = {"topic": str(topic)} | ({"parts": [str(topic + 1), str(topic + 2)]} if topic < TOPICS - 1 else {})
        ref = str(topic - 1)
        found.append(computed({"claim": "share", **about}, facts, "ja"))
        found.append(computed({"claim": "top", **about, "words": WORDS[:10], "n": 3}, facts, "ja"))
        found.append(quote(ref, comments[ref].text, (2, 30)))
        found.append(computed({"claim": "change", **about, "before": "2024", "after": "2025"}, facts, "ja"))
        share = computed({"claim": "share", "topic": str(topic)}, facts, "ja")
        text = f"{len(share.sources)}件(2.5%)が触れ、「{comments[ref].text[2:12]}」という声もありました。"
        found.append(Sentence(text, "stated", share.sources, claims=(share.query or {},)))
    return found
