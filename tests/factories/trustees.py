"""Trustees who met: their key files, made by the program itself in a folder, and votes with these keys."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consultations.votes.offline import files
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.manifest import read_manifest
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.__main__ import main
from consultations.votes.trustee.keys import Key
from tests.factories.boards import NOON, Poll, make_poll, single

PASSPHRASE = "four unrelated words 鍵"
NAMES = ("佐藤", "鈴木", "高橋", "田中", "伊藤")


@dataclass
class Trustees:
    """`key-1.json` … in one folder, and the stick they pass round."""

    folder: Path
    count: int = 3

    @property
    def stick(self) -> Path:
        return self.folder / "stick"

    @property
    def passphrase(self) -> Path:
        path = self.folder / "passphrase.txt"
        path.write_text(PASSPHRASE + "\n", encoding="utf-8")
        return path

    def file(self, number: int) -> Path:
        return self.folder / f"key-{number}.json"

    def run(self, *arguments: object, passphrase: bool = True) -> int:
        line = [str(one) for one in arguments]
        return main([*line, "--passphrase-file", str(self.passphrase)] if passphrase else line)

    def keygen(self) -> "Trustees":
        for number in range(1, self.count + 1):
            assert self.run("keygen", "--out", self.file(number)) == 0
        return self

    def turn(self, number: int, *more: object) -> int:
        """One call of one trustee, who has a name since the first."""
        return self.run("ceremony", self.stick, "--key", self.file(number), "--name", NAMES[number - 1], *more)

    def begin(self, threshold: int = 2) -> "Trustees":
        assert self.turn(1, "--begin", "--trustees", self.count, "--threshold", threshold, "--title", "市民会館") == 0
        return self

    def meet(self, threshold: int = 2) -> "Trustees":
        """The whole ceremony."""
        self.keygen().begin(threshold)
        numbers = itertools.islice(itertools.cycle(range(1, self.count + 1)), 1, 4 * self.count)
        while not (self.stick / "ceremony.json").exists():
            assert self.turn(next(numbers)) == 0
        return self

    def key(self, number: int) -> Key:
        with keyfile.opened(self.file(number), PASSPHRASE) as file:
            return file.key

    def change(self, number: int, key: Key) -> None:
        with keyfile.opened(self.file(number), PASSPHRASE) as file:
            file.save(key)

    @property
    def outcome(self) -> dict[str, Any]:
        value: dict[str, Any] = files.read_value(self.stick / "ceremony.json")
        return value

    def poll(self, voters: int = 12, **changed: Any) -> Poll:
        """A vote with these trustees' keys."""
        made = make_poll(single(), voters=voters)
        secrets = {number: self.key(number).secret for number in range(1, self.count + 1)}
        return Poll(read_manifest(made.manifest.source | self.outcome | changed), secrets, made.random, made.slots)

    def write(self, poll: Poll, name: str = "board.json") -> Path:
        path = self.folder / name
        path.write_bytes(poll.file)
        return path

    def decrypt(self, board: Path, number: int = 1, out: str = "share.json") -> int:
        return self.run("decrypt", board, "--key", self.file(number), "--out", self.folder / out)

    def rehearse(self, poll: Poll, number: int = 1, out: str = "rehearsal.json") -> int:
        manifest = self.folder / "manifest.json"
        manifest.write_bytes(canonical(poll.manifest.source))
        return self.run("rehearse", manifest, "--key", self.file(number), "--out", self.folder / out)


def closed(poll: Poll, *, ballots: int = 12, choice: tuple[int, ...] = (1, 0, 0), cosigned: bool = True) -> Poll:
    """Opened, voted and closed."""
    from consultations.votes.protocol.board import close_of

    poll.open()
    for number in range(1, ballots + 1):
        poll.cast(number, list(choice))
    poll.post(close_of(poll.board)[0])
    poll.checkpoint(NOON, cosigned=cosigned)
    return poll
