"""`python -m consultations.votes.sealed`: keys, seals, the close, one opener after the other, the count."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from consultations.votes.offline.commands import Parser, run, voice_of
from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.sealed import commands, words

Act: TypeAlias = Callable[[argparse.Namespace, Voice], None]


def main(arguments: Sequence[str]) -> int:
    """Run one command: 0 done, 1 refused with a sentence, 2 misuse."""
    voice = voice_of(arguments)
    options = parser(voice).parse_args(arguments)
    return run(lambda: options.act(options, voice), voice)


def parser(voice: Voice) -> argparse.ArgumentParser:
    made = Parser(
        voice=voice, prog="python -m consultations.votes.sealed", description=voice.text(words.DESCRIPTION),
        epilog=voice.text(words.EXAMPLE) + "\n\n" + voice.text(words.LIMITS),
    )  # fmt: skip
    adding = made.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, told: Said, act: Act) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = adding.add_parser(
            name, voice=voice, help=voice.text(told), description=voice.text(told)
        )
        one.set_defaults(act=act)
        return one

    keygen = command("keygen", words.KEYGEN_HELP, commands.keygen)
    keygen.add_argument("--name", required=True, metavar="NAME", help=voice.text(words.NAME_HELP))
    _path(keygen, "--out", "KEY.json", words.KEY_OUT_HELP, voice)
    _path(keygen, "--public", "OPENER.json", words.PUBLIC_OUT_HELP, voice)
    _passphrase(keygen, voice)

    _add_rules(command("prepare", words.PREPARE_HELP, commands.prepare), voice)

    seal = command("seal", words.SEAL_HELP, commands.seal)
    _path(seal, "manifest", "MANIFEST.json", words.MANIFEST_HELP, voice)
    _path(seal, "choices", "CHOICES.json", words.CHOICES_HELP, voice)
    _path(seal, "--out", "BALLOTS.json", words.BALLOTS_OUT_HELP, voice)

    close = command("close", words.CLOSE_HELP, commands.close)
    _path(close, "manifest", "MANIFEST.json", words.MANIFEST_HELP, voice)
    _paths(close, "ballots", "BALLOTS.json", words.BALLOTS_HELP, voice)
    _path(close, "--key", "KEY.json", words.KEY_HELP, voice)
    _passphrase(close, voice)
    close.add_argument("--controls", type=int, metavar="N", help=voice.text(words.CONTROLS_NUMBER_HELP))
    _path(close, "--keep", "CONTROLS.json", words.KEEP_HELP, voice)
    _path(close, "--out", "STEP-0.json", words.STEP_OUT_HELP, voice)

    opening = command("open", words.OPEN_HELP, commands.open_step)
    _path(opening, "step", "STEP.json", words.STEP_HELP, voice)
    _path(opening, "--key", "KEY.json", words.KEY_HELP, voice)
    _passphrase(opening, voice)
    _path(opening, "--out", "STEP.json", words.STEP_OUT_HELP, voice)

    check = command("check", words.CHECK_HELP, commands.check)
    _paths(check, "steps", "STEP.json", words.STEPS_HELP, voice)
    check.add_argument("--controls", type=Path, metavar="CONTROLS.json", help=voice.text(words.CONTROLS_HELP))
    check.add_argument(
        "--ballots", type=Path, nargs="+", metavar="BALLOTS.json", help=voice.text(words.BALLOTS_HELP)
    )  # fmt: skip

    count = command("count", words.COUNT_HELP, commands.count)
    _paths(count, "steps", "STEP.json", words.STEPS_HELP, voice)
    _path(count, "--controls", "CONTROLS.json", words.CONTROLS_HELP, voice)
    count.add_argument("--method", choices=commands.METHOD_NAMES, help=voice.text(words.METHOD_HELP))
    count.add_argument("--seats", type=int, default=1, metavar="N", help=voice.text(words.SEATS_HELP))
    count.add_argument("--seed", metavar="SEED", help=voice.text(words.SEED_HELP))
    _path(count, "--out", "RESULT.json", words.RESULT_OUT_HELP, voice)
    return made


def _add_rules(command: argparse.ArgumentParser, voice: Voice) -> None:
    """What `prepare` fixes."""
    _paths(command, "openers", "OPENER.json", words.OPENERS_HELP, voice)
    _path(command, "--keeper", "KEEPER.json", words.KEEPER_HELP, voice)
    command.add_argument("--title", required=True, metavar="TITLE", help=voice.text(words.TITLE_HELP))
    command.add_argument("--candidates", nargs="+", metavar="TEXT", help=voice.text(words.CANDIDATES_HELP))
    command.add_argument("--text", type=int, metavar="N", help=voice.text(words.TEXT_HELP))
    command.add_argument("--least", type=int, default=0, metavar="N", help=voice.text(words.LEAST_HELP))
    command.add_argument("--most", type=int, metavar="N", help=voice.text(words.MOST_HELP))
    command.add_argument("--ties", action="store_true", help=voice.text(words.TIES_HELP))
    _path(command, "--out", "MANIFEST.json", words.MANIFEST_OUT_HELP, voice)


def _path(command: argparse.ArgumentParser, name: str, metavar: str, told: Said, voice: Voice) -> None:
    """A path that has to be given."""
    if name.startswith("-"):
        command.add_argument(name, type=Path, required=True, metavar=metavar, help=voice.text(told))
    else:
        command.add_argument(name, type=Path, metavar=metavar, help=voice.text(told))


def _paths(command: argparse.ArgumentParser, name: str, metavar: str, told: Said, voice: Voice) -> None:
    command.add_argument(name, type=Path, nargs="+", metavar=metavar, help=voice.text(told))


def _passphrase(command: argparse.ArgumentParser, voice: Voice) -> None:
    command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=voice.text(words.PASSPHRASE_HELP))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
