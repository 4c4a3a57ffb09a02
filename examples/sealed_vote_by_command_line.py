"""A sealed vote by the command line: `python examples/sealed_vote_by_command_line.py [BALLOTS] [--folder FOLDER]`.

People rank four proposals. A keeper closes; two openers take the seals off in turn, each sorting what is left; everybody
checks; the rankings are counted by STV for two seats and by Schulze for one. Then the second opener swaps ballots, and is found.
Everything but the swap is done by the program's commands, which are shown. The keys are made up: their passphrase is
cheap to try, and the key files are made here with less work than `keygen` does.
"""

import argparse
import json
import os
import random
import shlex
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from consultations.votes.offline.keyfiles import PRACTICE, opened  # noqa: E402
from consultations.votes.protocol.encoding import canonical, read  # noqa: E402
from consultations.votes.protocol.manifest import MINIMUM  # noqa: E402
from consultations.votes.sealed import keys  # noqa: E402
from consultations.votes.sealed.__main__ import main as sealed  # noqa: E402
from consultations.votes.sealed.boxes import nested  # noqa: E402
from consultations.votes.sealed.records import pile_of  # noqa: E402
from consultations.votes.sealed.steps import Step, read_step  # noqa: E402

NAMES = ("Tanaka", "Sato", "Suzuki")  # the keeper, then the openers
PROPOSALS = ("Library", "Park", "Pool", "Theatre")
CODES = ("o01", "o02", "o03", "o04")
PASSPHRASE = "four unrelated words for this example"
SEED = "the lottery numbers of the day after"


class Vote:
    """The folder, from now on the current one, and what the people chose (which no file tells before the end)."""

    def __init__(self, folder: Path, ballots: int) -> None:
        drawn = random.Random(2026)  # noqa: S311 the same made-up people in every run
        self.choices = [ranking(drawn) for _ in range(ballots)]
        os.chdir(folder)
        self.path("passphrase.txt").write_text(PASSPHRASE + "\n")

    def path(self, name: str) -> Path:
        return Path(name)

    def run(self, command: str, *arguments: object, expected: int = 0) -> None:
        """One command, shown with what it says; its exit code is the one expected."""
        line = [command, *map(str, arguments)]
        print(f"\n$ python -m consultations.votes.sealed {shlex.join(line)}", flush=True)
        if sealed([*line, "--language", "en"]) != expected:
            sys.exit(f"exit code other than {expected}")

    def open(self, before: str, opener: int, after: str) -> None:
        key, words = self.path(f"key-{opener}.json"), self.path("passphrase.txt")
        self.run("open", self.path(before), "--key", key, "--passphrase-file", words, "--out", self.path(after))


def ranking(drawn: random.Random) -> list[list[str]]:
    """Two to four proposals, the first ones more often first."""
    left, ranks = list(CODES), drawn.randint(2, 4)
    picked = []
    for _ in range(ranks):
        code = drawn.choices(left, weights=[1 / (2 + CODES.index(one)) for one in left])[0]
        left.remove(code)
        picked.append([code])
    return picked


def prepare(vote: Vote) -> None:
    title("The keeper and two openers make a key file each; rules and people are fixed in a manifest")
    for number, name in enumerate(NAMES):
        key, public = vote.path(f"key-{number}.json"), vote.path(f"opener-{number}.json")
        print(f"$ python -m consultations.votes.sealed keygen --name {name} --out {key} --public {public}")
        made = keys.create(key, PASSPHRASE, name, os.urandom, PRACTICE)
        public.write_bytes(canonical(made.key.public))
    openers = [vote.path(f"opener-{number}.json") for number in (1, 2)]
    more = ("--title", "New places", "--candidates", *PROPOSALS, "--least", 1, "--out", vote.path("manifest.json"))
    vote.run("prepare", *openers, "--keeper", vote.path("opener-0.json"), *more)


def cast(vote: Vote) -> None:
    title(f"{len(vote.choices)} people rank the proposals; the vote closes")
    vote.path("choices.json").write_text(json.dumps(vote.choices))
    vote.run("seal", vote.path("manifest.json"), vote.path("choices.json"), "--out", vote.path("ballots.json"))
    key = ("--key", vote.path("key-0.json"), "--passphrase-file", vote.path("passphrase.txt"))
    kept = ("--keep", vote.path("controls.json"), "--out", vote.path("step-0.json"))
    vote.run("close", vote.path("manifest.json"), vote.path("ballots.json"), *key, *kept)


def open_all(vote: Vote) -> list[Path]:
    title("The openers in turn; the closing layer is the first one's again, and its key is published")
    for step, opener in enumerate((1, 2, 1)):
        vote.open(f"step-{step}.json", opener, f"step-{step + 1}.json")
    return [vote.path(f"step-{step}.json") for step in range(4)]


def count(vote: Vote, steps: list[Path]) -> None:
    title("Anybody checks and counts")
    controls = vote.path("controls.json")
    vote.run("check", *steps, "--controls", controls, "--ballots", vote.path("ballots.json"))
    for method, seats in (("wigm", 2), ("schulze", 1)):
        out = vote.path(f"result-{method}.json")
        more = ("--method", method, "--seats", seats, "--seed", SEED, "--out", out)
        vote.run("count", *steps, "--controls", controls, *more)
        result: Any = read(out.read_bytes())
        same = Counter(map(json.dumps, result["choices"])) == Counter(map(json.dumps, vote.choices))
        print(f"  the {len(vote.choices)} rankings are {'the same' if same else 'DIFFERENT'} as were cast")
        if not same:
            sys.exit(1)


def swap(vote: Vote) -> None:
    title("Suzuki puts ballots of his own in the place of half of all, and signs; the control ballots tell")
    honest = read_step(read(vote.path("step-2.json").read_bytes()))
    with opened(vote.path("key-2.json"), PASSPHRASE, keys.SORT) as file:
        forged = swapped(honest, file.key)
    vote.path("forged-2.json").write_bytes(canonical(forged.value))
    files = [vote.path("step-0.json"), vote.path("step-1.json"), vote.path("forged-2.json")]
    vote.run("check", *files)
    vote.run("check", *files, "--controls", vote.path("controls.json"), expected=1)


def swapped(step: Step, key: keys.OpenerKey) -> Step:
    """The second opener's file with half of its boxes replaced, all numbers and signatures right."""
    manifest, half = step.manifest, len(step.contents) // 2
    own = [nested([["o04"]], manifest.rules, manifest.vote, manifest.keys[2:], os.urandom)[0] for _ in range(half)]
    contents = sorted([*step.contents[half:], *own])
    record = replace(step.records[-1], after=pile_of(contents)).signed(key.signing, manifest)
    return replace(step, records=[*step.records[:-1], record], contents=contents)


def title(text: str) -> None:
    print(f"\n{'=' * 100}\n{text}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ballots", type=int, nargs="?", default=60, metavar="BALLOTS", help="default 60, at least 10")
    parser.add_argument("--folder", type=Path, help="a new folder to keep (default: one that is deleted at the end)")
    options = parser.parse_args()
    if options.ballots < MINIMUM:
        parser.error("at least 10 ballots: fewer are never opened")
    if options.folder:
        options.folder.mkdir(parents=True)
        play(options.folder.resolve(), options.ballots)
        return
    with tempfile.TemporaryDirectory() as folder:
        play(Path(folder), options.ballots)
        os.chdir(ROOT)


def play(folder: Path, ballots: int) -> None:
    began, vote = time.process_time(), Vote(folder, ballots)
    prepare(vote)
    cast(vote)
    steps = open_all(vote)
    count(vote, steps)
    swap(vote)
    size = vote.path("step-0.json").stat().st_size
    print(
        f"\n{json.dumps({'ballots': ballots, 'step-0': f'{size:,} bytes', 'CPU s': round(time.process_time() - began, 2)})}"
    )


if __name__ == "__main__":
    main()
