"""A dry run: the whole vote on made-up data, by the commands a trustee and a witness would give."""

import argparse
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from nacl.utils import random

from consultations.votes.offline import files
from consultations.votes.offline.practice import Practice, manifest_of
from consultations.votes.offline.sentences import Declined, Said, Voice
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.inspecting import said

BALLOTS: Final = 12
NAMES: Final = (Said("佐藤", "Sato"), Said("鈴木", "Suzuki"), Said("高橋", "Takahashi"))
ROUNDS: Final = (1, 2, 3, 1, 2, 3, 1, 2, 3)

START: Final = Said(
    "練習を始めます。鍵も票も作り物です。パスフレーズは {passphrase} にあります。",
    "A dry run. Keys and ballots are made up; the passphrase is in {passphrase}.",
)
KEYS: Final = Said("\n■ 1 めいめいが鍵ファイルを作ります", "\n# 1 Everybody makes a key file")
ROUND: Final = Said("\n■ 2 フォルダーを順に回して、鍵を作ります", "\n# 2 The folder goes round: the key ceremony")
PAPER: Final = Said("\n■ 3 控えを印刷します", "\n# 3 The backup is printed")
REHEARSE: Final = Said("\n■ 4 予行開票をします", "\n# 4 The rehearsal")
VOTE: Final = Said(
    "\n■ 5 {ballots} 人が投票し、締め切り、確認立会が連署します",
    "\n# 5 {ballots} people vote; close; the witness cosigns",
)
LOST: Final = Said(
    "\n■ 6 {name}さんが鍵をなくしました。残りの2人で開票します", "\n# 6 {name} has lost the key. The other two decrypt"
)
RESULT: Final = Said("\n■ 7 結果", "\n# 7 The result")
LINE: Final = Said("  {option}: {total} 票", "  {option}: {total}")
BLANK: Final = Said("白票", "blank")
EXPECTED: Final = Said(
    "掲示板を初めから検証し、結果が入れた票と合うことを確かめました。練習は終わりです。\n{folder} は消してかまいません。",
    "The board was verified from its first entry, and the result is what was voted. The dry run is over.\n"
    "{folder} may be deleted.",
)
NOT_NEW: Final = Said(
    "{folder} はもうあります。まだないフォルダーの名前を指定してください。", "{folder} exists. Name a new folder."
)
FAILED: Final = Said("練習が途中で止まりました: {command}", "The dry run stopped at: {command}")


class Stage:
    """Runs the commands in the practice folder, each shown before."""

    def __init__(self, folder: Path, voice: Voice) -> None:
        self.folder, self.voice = folder, voice
        self.passphrase = folder / "passphrase.txt"

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def trustee(self, *arguments: str) -> None:
        from consultations.votes.trustee.__main__ import main  # which imports this module

        self._run("trustee", main, [*arguments, "--passphrase-file", str(self.passphrase)])

    def witness(self, *arguments: str) -> None:
        from consultations.votes.witness.__main__ import main

        self._run("witness", main, list(arguments))

    def _run(self, program: str, main: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> None:
        line = shlex.join(["python", "-m", f"consultations.votes.{program}", *arguments])
        print(f"$ {line}", flush=True)
        if main([*arguments, "--language", self.voice.language]) != 0:
            raise Declined(FAILED, command=line)


def dry_run(options: argparse.Namespace, voice: Voice) -> None:
    """Ceremony of three, rehearsal, 12 ballots, close, a lost key, count by two, all verified."""
    folder: Path = options.folder
    if folder.exists():
        raise Declined(NOT_NEW, folder=str(folder))
    folder.mkdir(parents=True)
    stage = Stage(folder, voice)
    stage.passphrase.write_text("only-for-practice\n")
    voice.say(START, passphrase=str(stage.passphrase))
    _make_keys(stage)
    server = _open(stage)
    choices = [[[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]][number % 4] for number in range(BALLOTS)]
    _vote(stage, server, choices)
    _count(stage, server)
    _check(stage, server, choices)


def _make_keys(stage: Stage) -> None:
    voice = stage.voice
    voice.say(KEYS)
    for number in (1, 2, 3):
        made = stage.path(f"key-{number}.json")
        print(f"$ python -m consultations.votes.trustee keygen --out {shlex.quote(made)}")
        keyfile.create(Path(made), "only-for-practice", cost=keyfile.PRACTICE)
    voice.say(ROUND)
    for turn, number in enumerate(ROUNDS):
        first = ["--begin", "--title", voice.text(Said("練習", "practice"))] if turn == 0 else []
        name = ["--name", voice.text(NAMES[number - 1])] if turn < len(NAMES) else []
        stage.trustee("ceremony", stage.path("stick"), "--key", stage.path(f"key-{number}.json"), *name, *first)
    voice.say(PAPER)
    stage.trustee("backup", "--key", stage.path("key-1.json"), "--out", stage.path("backup-1.html"))


def _open(stage: Stage) -> Practice:
    """What the city's server does: a manifest for these keys, and the opening once two have rehearsed."""
    stage.voice.say(REHEARSE)
    stage.witness("init", "--name", "Witness", "--state", stage.path("state.json"), "--out", stage.path("witness.json"))
    outcome = files.read_value(Path(stage.path("stick/ceremony.json")))
    witness = files.read_value(Path(stage.path("witness.json")))
    slots = sorted(random(16).hex() for _ in range(BALLOTS))
    board_key, salt = SigningKey(random(32)), random(32).hex()
    manifest = manifest_of(outcome, slots, board_key, {witness["name"]: witness["key"]}, salt)
    files.write_value(Path(stage.path("manifest.json")), manifest.source)
    for number in (1, 2, 3):
        out = stage.path(f"rehearsal-{number}.json")
        stage.trustee("rehearse", stage.path("manifest.json"), "--key", stage.path(f"key-{number}.json"), "--out", out)
    server = Practice(manifest, slots, board_key, random)
    server.open(files.read_value(Path(stage.path(f"rehearsal-{number}.json"))) for number in (1, 2, 3))
    return server


def _vote(stage: Stage, server: Practice, choices: Sequence[Sequence[int]]) -> None:
    stage.voice.say(VOTE, ballots=BALLOTS)
    for slot, choice in zip(server.slots, choices, strict=True):
        server.cast(slot, choice)
    server.close()
    files.write_value(Path(stage.path("openings.json")), server.openings)
    files.write_value(Path(stage.path("closed.json")), server.value)
    cosignature, board = stage.path("cosignature.json"), stage.path("board.json")
    stage.witness("cosign", stage.path("closed.json"), "--state", stage.path("state.json"), "--out", cosignature)
    stage.witness("attach", stage.path("closed.json"), cosignature, "--out", board)


def _count(stage: Stage, server: Practice) -> None:
    stage.voice.say(LOST, name=NAMES[1])
    Path(stage.path("key-2.json")).unlink()
    published = read_published(files.read_value(Path(stage.path("board.json"))))
    server.checkpoints = list(published.checkpoints)
    for number in (1, 3):
        out = stage.path(f"share-{number}.json")
        stage.trustee("decrypt", stage.path("board.json"), "--key", stage.path(f"key-{number}.json"), "--out", out)
        server.post(files.read_value(Path(out)))


def _check(stage: Stage, server: Practice, choices: Sequence[Sequence[int]]) -> None:
    voice = stage.voice
    voice.say(RESULT)
    totals = server.result()
    files.write_value(Path(stage.path("counted.json")), server.value)
    counted = read_published(files.read_value(Path(stage.path("counted.json")))).board
    question = server.manifest.questions[0]
    options = [*(said(option.text) for option in question.options), BLANK]
    for option, total in zip(options, counted.totals[0], strict=True):
        voice.say(LINE, option=option, total=total)
    if totals != [[sum(column) for column in zip(*choices, strict=True)]]:
        raise Declined(FAILED, command="result")
    voice.say(EXPECTED, folder=str(stage.folder))
