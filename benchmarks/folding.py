"""Copies among 100,000 invented comments: how many of each kind are found, how many pairs are right, how fast.

The floor is the exact comparison key. Copies are made of comments of three or more sentences: retyped (other widths,
spaces, marks), with a greeting added, with a sentence dropped, with 8 % of the characters changed; and campaigns, whose
variants carry a sentence and a name of their own.
"""

import random
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import comb
from pathlib import Path

from analysis.folding import FoldIndex
from analysis.text import comparison_key, normalise
from benchmarks.masking import real_comments
from benchmarks.measuring import Measured

TEXTS = 100_000
COPIED = 2_500  # originals of each kind of copy: one text in ten has a copy
CAMPAIGNS = 5
VARIANTS = 2_000
ADDED = 300
SEED = 20_262
GOALS = {"retyped": 0.99, "greeting": 0.99, "dropped": 0.99, "edited": 0.88}
PRECISION = 0.997
MAX_SECONDS = 8
MAX_ADDING = 0.05

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {"。": "｡", "、": ","})

Written = tuple[str, int, str]
"""A text, the number of its original, and how it was made from it."""


def comment(draw: random.Random, least: int = 1) -> str:
    said = [_sentence(draw) for _ in range(draw.randint(least, max(least, draw.choice([1, 2, 3, 4, 6]))))]
    return "".join(said) + (draw.choice(_WORDS["closings"]) if draw.random() < 0.3 else "")


def _sentence(draw: random.Random) -> str:
    """Words of an invented vocabulary, the first ones often and the last ones seldom, between places and endings."""
    reason, place, subject, state = (draw.choice(_WORDS[part]) for part in ("reasons", "places", "subjects", "states"))
    words = [
        _VOCABULARY[int(len(_VOCABULARY) * draw.random() ** 3)] + draw.choice("のがをにでは、")
        for _ in range(draw.randint(2, 7))
    ]
    return "".join(
        [draw.choice([reason, ""]), draw.choice([place + "の", ""]), *words, draw.choice([subject, ""]), state, "。"]
    )


def _vocabulary(count: int) -> list[str]:
    draw = random.Random(SEED)
    return ["".join(draw.choice(_WORDS["letters"]) for _ in range(draw.randint(2, 5))) for _ in range(count)]


_VOCABULARY = _vocabulary(20_000)


def retyped(draw: random.Random, text: str) -> str:
    wide = text.translate(_WIDE) if draw.random() < 0.5 else text.rstrip("。")
    return "".join(letter + (draw.choice(" \n　") if draw.random() < 0.03 else "") for letter in wide)


def greeting(draw: random.Random, text: str) -> str:
    return draw.choice(_WORDS["greetings"]) + text


def dropped(draw: random.Random, text: str) -> str:
    """Without its shortest sentence."""
    parts = [part + "。" for part in text.split("。") if part]
    shortest = min(range(len(parts)), key=lambda place: len(parts[place]))
    parts.pop(shortest)
    return "".join(parts)


def edited(draw: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(round(0.08 * len(text))):
        place, letter = draw.randrange(len(letters)), draw.choice(_WORDS["letters"])
        letters[place : place + 1] = draw.choice([[letter], [letter], [], [letters[place], letter]])
    return "".join(letters)


KINDS: dict[str, Callable[[random.Random, str], str]] = {
    "retyped": retyped,
    "greeting": greeting,
    "dropped": dropped,
    "edited": edited,
}


def written(
    seed: int, count: int, copied: int, originals: Sequence[str] = (), variants: int = VARIANTS
) -> list[Written]:
    """`count` texts in random order. `originals` are copied first, invented ones else."""
    draw = random.Random(seed)
    texts: list[Written] = []
    number = 0
    for kind, change in KINDS.items():
        for _ in range(copied):
            text = originals[number] if number < len(originals) else comment(draw, 3)
            texts += [(text, number, "original"), (change(draw, text), number, kind)]
            number += 1
    for _ in range(CAMPAIGNS if not originals else 0):
        body = comment(draw, 4)
        for _ in range(variants):
            own = draw.choice(["", _sentence(draw)])
            texts.append((f"{draw.choice(_WORDS['greetings'])}{body}{own}", number, "campaign"))
        number += 1
    for text in originals[number:]:
        texts.append((text, number, "alone"))
        number += 1
    while len(texts) < count:
        texts.append((comment(draw), number, "alone"))
        number += 1
    draw.shuffle(texts)
    return texts


def scored(texts: Sequence[Written], groups: Sequence[Sequence[int]]) -> tuple[dict[str, float], float]:
    """Recall by kind (a copy lies with its original), and the share of folded pairs that have one original.

    Texts that are equal by chance have one original, too. Campaigns, which would be most of the pairs, do not count.
    """
    same: dict[str, int] = {}
    origin = [same.setdefault(comparison_key(normalise(text).text), number) for text, number, _ in texts]
    first = {number: origin[row] for row, (_, number, kind) in enumerate(texts) if kind in {"original", "alone"}}
    of = [first.get(number, number) if kind != "campaign" else number for _, number, kind in texts]
    group_of = {row: place for place, group in enumerate(groups) for row in group}
    where = {number: group_of[row] for row, (_, number, kind) in enumerate(texts) if kind == "original"}
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for row, (_, number, kind) in enumerate(texts):
        if kind in KINDS:
            found[kind].append(group_of[row] == where[number])
    groups = [[row for row in group if texts[row][2] != "campaign"] for group in groups]
    pairs = sum(comb(len(group), 2) for group in groups)
    right = sum(comb(count, 2) for group in groups for count in Counter(of[row] for row in group).values())
    return {kind: sum(hits) / len(hits) for kind, hits in found.items()}, right / max(pairs, 1)


def by_key(texts: Sequence[str]) -> list[list[int]]:
    """The floor: equal comparison keys."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        rows[comparison_key(text)].append(row)
    return list(rows.values())


def measure(data: Path | None) -> Iterator[Measured]:
    yield from _measured("invented", written(SEED, TEXTS, COPIED), with_speed=True)
    if data is not None:
        # Of several sentences, so that one can be dropped. Among them are copies nobody planted: precision is not judged.
        real = [text for text in real_comments(data) if len(text) >= 60 and text.count("。") >= 3]
        yield from _measured("real comments copied", written(SEED, 0, len(real) // len(KINDS), real), with_speed=False)


def _measured(title: str, texts: Sequence[Written], with_speed: bool) -> Iterator[Measured]:
    normalised = [normalise(text).text for text, _, _ in texts]
    start = time.process_time()
    index = FoldIndex(normalised)
    folds = index.folds()
    seconds = time.process_time() - start
    recall, precision = scored(texts, [each.members for each in folds])
    floor, _ = scored(texts, by_key(normalised))
    yield Measured(
        f"folding, {title}",
        seconds,
        0,
        MAX_SECONDS,
        note=f"{len(texts)} texts; "
        + "; ".join(f"{kind} {recall[kind]:.3f} (floor {floor[kind]:.2f}, goal {GOALS[kind]})" for kind in KINDS)
        + f"; pair precision {precision:.4f} ({f'goal {PRECISION}' if with_speed else 'not judged'})",
        well=(not with_speed or precision >= PRECISION) and all(recall[kind] >= GOALS[kind] for kind in KINDS),
    )
    if with_speed:
        draw = random.Random(SEED + 1)
        times = []
        for _ in range(ADDED):
            text = normalise(draw.choice([comment(draw), edited(draw, draw.choice(texts)[0])])).text
            start = time.process_time()
            index.add(text)
            times.append(time.process_time() - start)
        times.sort()
        yield Measured(
            "adding one comment",
            times[int(0.99 * len(times))],
            0,
            MAX_ADDING,
            note=f"99th of 100 to {len(texts)}; middle {1_000 * times[len(times) // 2]:.1f}, longest {1_000 * times[-1]:.0f} ms",
            well=True,
        )
