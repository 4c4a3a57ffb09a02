"""A complete vote by the command line: `python examples/vote_by_command_line.py [BALLOTS] [--folder FOLDER]`.

Three trustees make a key that any two can use. People cast, cast again, check a ballot instead of casting it, or vote on
paper. A witness cosigns the board. One trustee loses the key; the other two count. Everything trustees and witness do is
done by their own programs, as commands that are shown; only the board's server is played by this script.
"""

import argparse
import importlib.util
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from consultations.votes.offline.practice import Practice, manifest_of  # noqa: E402
from consultations.votes.protocol.board import read_published  # noqa: E402
from consultations.votes.protocol.encoding import canonical, read  # noqa: E402
from consultations.votes.protocol.signing import SigningKey  # noqa: E402

NAMES = ("Sato", "Suzuki", "Takahashi")
VERIFIER = "consultations.votes.verify"
LEAST = 12


class Vote:
    """The folder everything happens in, and what the people chose (which the board never tells)."""

    def __init__(self, folder: Path, ballots: int) -> None:
        self.folder, self.ballots = folder, ballots
        self.drawn = random.Random(2026)  # noqa: S311 the same made-up people in every run
        self.chosen: dict[str, list[int]] = {}
        self.counts = {"cast again": 0, "checked": 0, "on paper": 0, "abstained": 0}
        (folder / "passphrase.txt").write_text("four unrelated words for this example\n")

    def path(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> Any:
        return read(self.path(name).read_bytes())

    def write(self, name: str, value: Any) -> Path:
        self.path(name).write_bytes(canonical(value))
        return self.path(name)

    def run(self, program: str, *arguments: object, expected: int = 0) -> None:
        """One command, shown with what it says; its exit code is the one expected."""
        line = ["-m", f"consultations.votes.{program}", *map(str, arguments)]
        print(f"\n$ python {shlex.join(line).replace(str(self.folder) + '/', '')}", flush=True)
        done = subprocess.run([sys.executable, *line], cwd=ROOT, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).replace(str(self.folder) + "/", "")
        print("\n".join("  " + text for text in said.splitlines()))
        if done.returncode != expected:
            sys.exit(f"exit code {done.returncode} instead of {expected}")

    def trustee(self, command: str, *arguments: object, expected: int = 0) -> None:
        more = ("--passphrase-file", self.path("passphrase.txt"), "--language", "en")
        self.run("trustee", command, *arguments, *more, expected=expected)

    def witness(self, command: str, *arguments: object, expected: int = 0) -> None:
        self.run("witness", command, *arguments, "--language", "en", expected=expected)


def make_keys(vote: Vote) -> None:
    title("Three trustees make a key together")
    for number in (1, 2, 3):
        vote.trustee("keygen", "--out", vote.path(f"key-{number}.json"))
    for turn in range(9):
        number = turn % 3 + 1
        name = ("--name", NAMES[number - 1]) if turn < 3 else ()
        begin = ("--begin", "--title", "Civic hall") if turn == 0 else ()
        vote.trustee("ceremony", vote.path("stick"), "--key", vote.path(f"key-{number}.json"), *name, *begin)
    vote.trustee("backup", "--key", vote.path("key-1.json"), "--out", vote.path("backup-1.html"))


def open_vote(vote: Vote) -> Practice:
    title("A manifest, a rehearsal, the opening")
    vote.witness("init", "--name", "Next City", "--state", vote.path("state.json"), "--out", vote.path("witness.json"))
    slots = sorted(vote.drawn.randbytes(16).hex() for _ in range(vote.ballots + vote.ballots // 10))
    witness, board_key = vote.read("witness.json"), SigningKey(os.urandom(32))
    outcome, named = vote.read("stick/ceremony.json"), {witness["name"]: witness["key"]}
    manifest = manifest_of(outcome, slots, board_key, named, os.urandom(32).hex())
    vote.write("manifest.json", manifest.source)
    for number in (1, 2):
        key, out = vote.path(f"key-{number}.json"), vote.path(f"rehearsal-{number}.json")
        vote.trustee("rehearse", vote.path("manifest.json"), "--key", key, "--out", out)
    server = Practice(manifest, slots, board_key, os.urandom)
    server.open([vote.read("rehearsal-1.json"), vote.read("rehearsal-2.json")])
    return server


def let_vote(vote: Vote, server: Practice) -> None:
    """Nine in ten cast; of them some check a ballot first, some cast again, some come to the polling place after all."""
    title(f"{vote.ballots} of {len(server.slots)} people vote")
    began = time.process_time()
    voters = vote.drawn.sample(list(server.slots), vote.ballots)
    for place, slot in enumerate(voters):
        if place % 20 == 7:
            vote.write("audited.json", server.audit(slot, choice(vote)))
            vote.counts["checked"] += 1
        cast(vote, server, slot)
        if place == vote.ballots // 2:
            server.checkpoint()
            cosign(vote, server, "half-time.json")
    for slot in voters[3::15]:
        cast(vote, server, slot)
        vote.counts["cast again"] += 1
    for slot in voters[5::40]:
        server.void(slot)
        vote.chosen.pop(slot)
        vote.counts["on paper"] += 1
    vote.counts["abstained"] = len(server.slots) - vote.ballots
    told = ", ".join(f"{number} {what}" for what, number in vote.counts.items())
    print(f"\n{told}; {server.board.length} entries, {time.process_time() - began:.1f} s of CPU")


def cast(vote: Vote, server: Practice, slot: str) -> None:
    vote.chosen[slot] = choice(vote)
    receipt = server.cast(slot, vote.chosen[slot])
    vote.write("receipt.json", receipt.body)


def choice(vote: Vote) -> list[int]:
    return vote.drawn.choices([[1, 0, 0], [0, 1, 0], [0, 0, 1]], weights=[5, 4, 1])[0]


def cosign(vote: Vote, server: Practice, name: str) -> None:
    """The server sends its board, and takes the cosignature in."""
    vote.write(name, server.value)
    out = vote.path("cosignature.json")
    vote.witness("cosign", vote.path(name), "--state", vote.path("state.json"), "--out", out)
    attached = vote.path("cosigned-" + name)
    vote.witness("attach", vote.path(name), out, "--out", attached)
    server.checkpoints = list(read_published(read(attached.read_bytes())).checkpoints)


def close(vote: Vote, server: Practice) -> None:
    title("The close: no trustee decrypts before the witness has seen it")
    before = list(server.bodies)
    server.close()
    key = vote.path("key-1.json")
    vote.write("unseen.json", server.value)
    vote.trustee("decrypt", vote.path("unseen.json"), "--key", key, "--out", vote.path("early.json"), expected=1)
    title(
        "The city shows a board that goes another way before half-time: the witness refuses and shows both signatures"
    )
    fork = Practice(server.manifest, server.slots, server.key, os.urandom)
    for body in before[: vote.ballots // 2]:
        fork.board.append(body)
        fork.bodies.append(body)
    for slot in server.slots[:LEAST]:
        fork.cast(slot, [1, 0, 0])
    fork.close()
    vote.write("fork.json", fork.value)
    line = (vote.path("fork.json"), "--state", vote.path("state.json"), "--out", vote.path("forked.json"))
    vote.witness("cosign", *line, expected=1)
    title("The witness cosigns the honest close")
    cosign(vote, server, "closed.json")


def count(vote: Vote, server: Practice) -> None:
    title("Suzuki has lost the key. Sato and Takahashi count")
    vote.path("key-2.json").unlink()
    for number in (1, 3):
        out = vote.path(f"share-{number}.json")
        line = (vote.path("cosigned-closed.json"), "--key", vote.path(f"key-{number}.json"), "--out", out)
        vote.trustee("decrypt", *line)
        server.post(read(out.read_bytes()))
    totals = server.result()
    server.checkpoint()
    vote.write("board.json", server.value)
    expected = [sum(column) for column in zip(*vote.chosen.values(), strict=True)]
    print(f"\nresult {totals[0]}, voted {expected}: {'the same' if totals == [expected] else 'DIFFERENT'}")
    if totals != [expected]:
        sys.exit(1)


def verify(vote: Vote) -> None:
    title("Anybody verifies")
    vote.run("trustee", "inspect", vote.path("board.json"), "--language", "en")
    if importlib.util.find_spec(VERIFIER) is None:
        print(f"\n({VERIFIER} is not here; whoever has it runs it now)")
        return
    more = ("--receipt", vote.path("receipt.json"), "--audited", vote.path("audited.json"))
    vote.run("verify", vote.path("board.json"), *more)


def title(text: str) -> None:
    print(f"\n{'=' * 100}\n{text}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "ballots", type=int, nargs="?", default=1000, metavar="BALLOTS", help="default 1000, at least 12"
    )
    parser.add_argument("--folder", type=Path, help="a new folder to keep (default: one that is deleted at the end)")
    options = parser.parse_args()
    if options.ballots < LEAST:
        parser.error(f"at least {LEAST} ballots: fewer than ten to count are never decrypted")
    if options.folder:
        options.folder.mkdir(parents=True)
        play(options.folder.resolve(), options.ballots)
        return
    with tempfile.TemporaryDirectory() as folder:
        play(Path(folder), options.ballots)


def play(folder: Path, ballots: int) -> None:
    began, vote = time.monotonic(), Vote(folder, ballots)
    make_keys(vote)
    server = open_vote(vote)
    let_vote(vote, server)
    close(vote, server)
    count(vote, server)
    verify(vote)
    size = vote.path("board.json").stat().st_size
    facts = {
        "entries": server.board.length,
        "board": f"{size / 1e6:.1f} MB",
        "seconds": round(time.monotonic() - began),
    }
    print(f"\n{json.dumps(facts)}")


if __name__ == "__main__":
    main()
