"""A command line in two languages: argparse, with its own words translated, and one way to end."""

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from consultations.votes.offline.checks import sentence
from consultations.votes.offline.sentences import LANGUAGES, Declined, Said, Voice
from consultations.votes.protocol.refusals import Refused

LANGUAGE_HELP: Final = Said(
    "表示の言葉: ja 日本語、en 英語(初期値 ja)", "language: ja Japanese, en English (default ja)"
)
HELP_HELP: Final = Said("この説明を出して終わる", "show this help and stop")
USAGE: Final = Said("使い方: ", "usage: ")
POSITIONALS: Final = Said("引数", "arguments")
OPTIONS: Final = Said("オプション", "options")
STOPPED: Final = Said("中止しました。", "Stopped.")
FILE_TROUBLE: Final = Said("{path} を扱えません: {why}", "{path} cannot be used: {why}")
MISUSE: Final[Sequence[tuple[str, Said]]] = (
    (r"the following arguments are required: (.+)", Said("次の指定が要ります: {0}", "{0} must be given")),
    (r"unrecognized arguments: (.+)", Said("知らない指定です: {0}", "{0} is not known")),
    (r"argument (\S+): expected one argument", Said("{0} の後に値が要ります", "{0} needs a value")),
    (r"argument (\S+): expected at least one argument", Said("{0} の後に値が要ります", "{0} needs a value")),
    (r"argument (\S+): invalid choice: (\S+) .*", Said("{0} に {1} は選べません", "{1} is no choice of {0}")),
    (r"argument (\S+): invalid \w+ value: (.+)", Said("{0} に {1} は使えません", "{1} cannot be used for {0}")),
)


class Parser(argparse.ArgumentParser):
    """A parser whose every word is in the language of its voice."""

    def __init__(self, *, voice: Voice, **options: object) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options  # type: ignore[arg-type]
        )  # fmt: skip
        self.voice = voice
        self._positionals.title, self._optionals.title = voice.text(POSITIONALS), voice.text(OPTIONS)
        self.add_argument("-h", "--help", action="help", help=voice.text(HELP_HELP))
        self.add_argument(
            "--language", choices=LANGUAGES, default=argparse.SUPPRESS, help=voice.text(LANGUAGE_HELP)
        )  # read before all else by `voice_of`

    def format_usage(self) -> str:
        return self._in_language(super().format_usage())

    def format_help(self) -> str:
        return self._in_language(super().format_help())

    def _in_language(self, text: str) -> str:
        return re.sub(r"^usage: ", self.voice.text(USAGE), text)

    def error(self, message: str) -> NoReturn:
        for pattern, said in MISUSE:
            if found := re.fullmatch(pattern, message, re.S):
                message = getattr(said, self.voice.language).format(*found.groups())
                break
        self.exit(2, f"{self.format_usage()}{self.prog}: {message}\n")


def voice_of(arguments: Sequence[str]) -> Voice:
    """The language asked for anywhere on the line; a wrong one is left to the parser to refuse."""
    language = LANGUAGES[0]
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        asked = following if argument == "--language" else argument.removeprefix("--language=")
        language = asked if asked in LANGUAGES and argument.startswith("--language") else language
    return Voice(language)


def run(act: Callable[[], None], voice: Voice) -> int:
    """0 done, 1 refused with a sentence, 130 stopped by the keyboard."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        act()
    except Declined as declined:
        voice.warn(declined.said, **declined.values)
        return 1
    except Refused as refused:
        print(sentence(refused, voice), file=sys.stderr)
        return 1
    except OSError as error:
        voice.warn(FILE_TROUBLE, path=str(error.filename or ""), why=error.strerror or str(error))
        return 1
    except (KeyboardInterrupt, EOFError):
        voice.warn(STOPPED)
        return 130
    return 0
