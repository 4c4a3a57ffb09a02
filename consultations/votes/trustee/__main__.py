"""`python -m consultations.votes.trustee`: make a key together, keep it, rehearse, decrypt."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from consultations.votes.offline.commands import Parser, run, voice_of
from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.trustee import commands, dryrun, words

Act: TypeAlias = Callable[[argparse.Namespace, Voice], None]


def main(arguments: Sequence[str]) -> int:
    """Run one command: 0 done, 1 refused with a sentence, 2 misuse."""
    voice = voice_of(arguments)
    options = parser(voice).parse_args(arguments)
    return run(lambda: options.act(options, voice), voice)


def parser(voice: Voice) -> argparse.ArgumentParser:
    made = Parser(
        voice=voice, prog="python -m consultations.votes.trustee", description=voice.text(words.DESCRIPTION),
        epilog=voice.text(words.EXAMPLE),
    )  # fmt: skip
    adding = made.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, told: Said, act: Act) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = adding.add_parser(
            name, voice=voice, help=voice.text(told), description=voice.text(told)
        )
        one.set_defaults(act=act)
        return one

    keygen = command("keygen", words.KEYGEN_HELP, commands.keygen)
    _path(keygen, "--out", "KEY.json", words.KEY_OUT_HELP, voice)
    _passphrase(keygen, voice)

    ceremony = command("ceremony", words.CEREMONY_HELP, commands.ceremony)
    _path(ceremony, "folder", "FOLDER", words.FOLDER_HELP, voice)
    _key(ceremony, voice)
    ceremony.add_argument("--name", metavar="NAME", help=voice.text(words.NAME_HELP))
    ceremony.add_argument("--begin", action="store_true", help=voice.text(words.BEGIN_HELP))
    ceremony.add_argument("--title", metavar="TITLE", help=voice.text(words.TITLE_HELP))
    ceremony.add_argument("--trustees", type=int, default=3, metavar="N", help=voice.text(words.TRUSTEES_HELP))
    ceremony.add_argument("--threshold", type=int, default=2, metavar="T", help=voice.text(words.THRESHOLD_HELP))

    backup = command("backup", words.BACKUP_HELP, commands.make_backup)
    _key(backup, voice)
    backup.add_argument("--out", type=Path, metavar="BACKUP.html", help=voice.text(words.BACKUP_OUT_HELP))

    restore = command("restore", words.RESTORE_HELP, commands.restore)
    _path(restore, "--public", "CEREMONY.json", words.PUBLIC_HELP, voice)
    _path(restore, "--out", "KEY.json", words.KEY_OUT_HELP, voice)
    restore.add_argument("--words", type=Path, metavar="WORDS.txt", help=voice.text(words.WORDS_HELP))
    _passphrase(restore, voice)

    rehearse = command("rehearse", words.REHEARSE_HELP, commands.rehearse)
    _path(rehearse, "manifest", "MANIFEST.json", words.MANIFEST_HELP, voice)
    _key(rehearse, voice)
    _path(rehearse, "--out", "REHEARSAL.json", words.REHEARSAL_OUT_HELP, voice)

    decrypt = command("decrypt", words.DECRYPT_HELP, commands.decrypt)
    _path(decrypt, "board", "BOARD.json", words.BOARD_HELP, voice)
    _key(decrypt, voice)
    _path(decrypt, "--out", "SHARE.json", words.SHARE_OUT_HELP, voice)

    inspect = command("inspect", words.INSPECT_HELP, commands.inspect)
    _path(inspect, "file", "FILE", words.INSPECTED_HELP, voice)
    inspect.add_argument("--against", type=Path, metavar="FILE", help=voice.text(words.AGAINST_HELP))

    practice = command("dry-run", words.DRY_RUN_HELP, dryrun.dry_run)
    _path(practice, "folder", "FOLDER", words.PRACTICE_HELP, voice)
    return made


def _path(command: argparse.ArgumentParser, name: str, metavar: str, told: Said, voice: Voice) -> None:
    """A path that has to be given."""
    if name.startswith("-"):
        command.add_argument(name, type=Path, required=True, metavar=metavar, help=voice.text(told))
    else:
        command.add_argument(name, type=Path, metavar=metavar, help=voice.text(told))


def _key(command: argparse.ArgumentParser, voice: Voice) -> None:
    _path(command, "--key", "KEY.json", words.KEY_HELP, voice)
    _passphrase(command, voice)


def _passphrase(command: argparse.ArgumentParser, voice: Voice) -> None:
    command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=voice.text(words.PASSPHRASE_HELP))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
