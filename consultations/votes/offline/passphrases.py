"""Asking for a passphrase, or reading it from a file for scripts."""

import getpass
from pathlib import Path
from typing import Final

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined, Said, Voice

SHORTEST: Final = 12
LARGEST_FILE: Final = 10_000

ASK: Final = Said("パスフレーズ: ", "Passphrase: ")
ASK_NEW: Final = Said("新しいパスフレーズ(12文字以上): ", "New passphrase (12 characters or more): ")
ASK_AGAIN: Final = Said("もう一度: ", "Once more: ")
TOO_SHORT: Final = Said("12文字以上にしてください。関係のない言葉を4つ並べると、長くて覚えやすくなります。",
                        "Use 12 characters or more. Four unrelated words are long and easy to remember.")  # fmt: skip
DIFFERENT: Final = Said("2回の入力が違います。もう一度どうぞ。", "The two are not the same. Try again.")
EMPTY: Final = Said("{path} にパスフレーズがありません。", "There is no passphrase in {path}.")
NOT_TEXT: Final = Said("{path} を文字として読めません。", "{path} is not text.")


def known(file: Path | None, voice: Voice) -> str:
    """The passphrase of a key file that is there."""
    return from_file(file) if file else getpass.getpass(voice.text(ASK))


def new(file: Path | None, voice: Voice) -> str:
    """The passphrase for a new key file, typed twice."""
    if file:
        return from_file(file)
    while True:
        typed = getpass.getpass(voice.text(ASK_NEW))
        if len(typed) < SHORTEST:
            voice.warn(TOO_SHORT)
        elif typed != getpass.getpass(voice.text(ASK_AGAIN)):
            voice.warn(DIFFERENT)
        else:
            return typed


def from_file(path: Path) -> str:
    """The first line of the file."""
    try:
        lines = files.read_bytes(path, LARGEST_FILE).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Declined(NOT_TEXT, path=str(path)) from None
    if not lines or not lines[0]:
        raise Declined(EMPTY, path=str(path))
    return lines[0]
