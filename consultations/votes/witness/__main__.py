"""`python -m consultations.votes.witness`: cosign what continues what was seen, and nothing else."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from consultations.votes.offline import files
from consultations.votes.offline.commands import Parser, run, voice_of
from consultations.votes.offline.progress import counting
from consultations.votes.offline.sentences import Declined, Voice
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.encoding import Json, canonical
from consultations.votes.witness import state, words
from consultations.votes.witness.cosigning import attached, cosigned, is_cosignature


def main(arguments: Sequence[str]) -> int:
    """Run one command: 0 done, 1 refused with a sentence, 2 misuse."""
    voice = voice_of(arguments)
    options = parser(voice).parse_args(arguments)
    return run(lambda: options.act(options, voice), voice)


def parser(voice: Voice) -> argparse.ArgumentParser:
    made = Parser(
        voice=voice, prog="python -m consultations.votes.witness", description=voice.text(words.DESCRIPTION),
        epilog=voice.text(words.EXAMPLE),
    )  # fmt: skip
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    init = commands.add_parser("init", voice=voice, help=voice.text(words.INIT_HELP))
    init.add_argument("--name", required=True, help=voice.text(words.NAME_HELP))
    _state(init, voice)
    _out(init, "WITNESS.json", voice.text(words.WITNESS_OUT_HELP))
    init.set_defaults(act=_init)
    cosign = commands.add_parser("cosign", voice=voice, help=voice.text(words.COSIGN_HELP))
    cosign.add_argument("board", type=Path, metavar="BOARD.json", help=voice.text(words.BOARD_HELP))
    _state(cosign, voice)
    _out(cosign, "COSIGNATURE.json", voice.text(words.COSIGNATURE_OUT_HELP))
    cosign.set_defaults(act=_cosign)
    attach = commands.add_parser("attach", voice=voice, help=voice.text(words.ATTACH_HELP))
    attach.add_argument("board", type=Path, metavar="BOARD.json", help=voice.text(words.BOARD_HELP))
    attach.add_argument("cosignature", type=Path, metavar="COSIGNATURE.json", help=voice.text(words.COSIGNATURE_HELP))
    _out(attach, "BOARD-2.json", voice.text(words.BOARD_OUT_HELP))
    attach.set_defaults(act=_attach)
    return made


def _state(command: argparse.ArgumentParser, voice: Voice) -> None:
    command.add_argument("--state", type=Path, required=True, metavar="STATE.json", help=voice.text(words.STATE_HELP))


def _out(command: argparse.ArgumentParser, name: str, told: str) -> None:
    command.add_argument("--out", type=Path, required=True, metavar=name, help=told)


def _init(options: argparse.Namespace, voice: Voice) -> None:
    made = state.create(options.state, options.name)
    files.write_value(options.out, {"key": made.key.public.hex(), "name": made.name})
    voice.say(words.MADE, name=made.name, out=str(options.out), state=str(options.state))


def _cosign(options: argparse.Namespace, voice: Voice) -> None:
    with state.opened(options.state) as file:
        published = read_published(files.read_value(options.board), counting(voice))
        value = cosigned(file, published, voice)
        _write_cosignature(options.out, value)
    title = voice.pick(dict(published.board.manifest.title))
    voice.say(words.COSIGNED, title=title, n=value["n"], out=str(options.out))


def _write_cosignature(path: Path, value: Json) -> None:
    """An earlier cosignature may be replaced, so that every round uses the same name; nothing else is."""
    if path.exists() and not is_cosignature(path.read_bytes()):
        raise Declined(files.EXISTS, path=str(path))
    files.replace(path, canonical(value), files.PUBLIC)


def _attach(options: argparse.Namespace, voice: Voice) -> None:
    cosignature = files.read_value(options.cosignature)
    files.write_value(options.out, attached(files.read_value(options.board), cosignature))
    voice.say(words.ATTACHED, witness=cosignature["witness"], out=str(options.out))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
