"""`python -m consultations.votes.belenios`: a practice vote as an archive of Belenios, for belenios-tool to verify."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nacl.utils import random

from consultations.votes.belenios import words
from consultations.votes.belenios.archive import archived
from consultations.votes.belenios.building import held
from consultations.votes.belenios.opened import read_opened
from consultations.votes.offline import files
from consultations.votes.offline.commands import Parser, run, voice_of
from consultations.votes.offline.sentences import Declined, Voice


def main(arguments: Sequence[str]) -> int:
    """0 written, 1 refused with a sentence, 2 misuse."""
    voice = voice_of(arguments)
    options = parser(voice).parse_args(arguments)
    return run(lambda: export(options.board, options.openings, options.out, voice), voice)


def parser(voice: Voice) -> argparse.ArgumentParser:
    made = Parser(
        voice=voice, prog="python -m consultations.votes.belenios", description=voice.text(words.DESCRIPTION),
        epilog=voice.text(words.EXAMPLE),
    )  # fmt: skip
    made.add_argument("board", type=Path, metavar="BOARD.json", help=voice.text(words.BOARD_HELP))
    for name, metavar, told in (
        ("--openings", "OPENINGS.json", words.OPENINGS_HELP),
        ("--out", "FOLDER", words.OUT_HELP),
    ):
        made.add_argument(name, type=Path, required=True, metavar=metavar, help=voice.text(told))
    return made


def export(board: Path, openings: Path, out: Path, voice: Voice) -> None:
    """Write the archive into a new folder."""
    if out.exists():
        raise Declined(words.NOT_NEW, folder=str(out))
    vote = read_opened(files.read_value(board), files.read_value(openings))
    made = held(vote, random)
    out.mkdir(parents=True)
    path = out / f"{made.uuid}.bel"
    files.write_new(path, archived(made))
    voice.say(words.MADE, ballots=len(made.ballots), path=str(path), folder=str(out))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
