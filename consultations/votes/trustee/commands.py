"""What each command of the trustees' program does."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from consultations.votes.offline import files, keyfiles, passphrases
from consultations.votes.offline.progress import counting
from consultations.votes.offline.sentences import Declined, Said, Voice, filled
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.manifest import PEOPLE
from consultations.votes.protocol.refusals import Refused
from consultations.votes.trustee import backup, decrypting, inspecting, keyfile, page, words
from consultations.votes.trustee.ceremony import Progress, advance
from consultations.votes.trustee.meeting import OUTCOME, Meeting
from consultations.votes.trustee.messages import Step
from consultations.votes.trustee.public import comparison_number, read_outcome


def keygen(options: argparse.Namespace, voice: Voice) -> None:
    if options.out.exists():
        raise Declined(files.EXISTS, path=str(options.out))  # before a passphrase is thought of
    keyfile.create(options.out, passphrases.new(options.passphrase_file, voice))
    voice.say(words.KEY_MADE, path=str(options.out))


def ceremony(options: argparse.Namespace, voice: Voice) -> None:
    meeting = Meeting(options.folder)
    if options.begin:
        _begin(meeting, options, voice)
    meeting.plan()  # there is one, before a passphrase is asked for
    with keyfile.opened(options.key, passphrases.known(options.passphrase_file, voice)) as file:
        name = "" if file.key.number else options.name or _name(meeting, options, voice)
        progress = advance(meeting, file, name)
    _tell(progress, options.folder, voice)


def _begin(meeting: Meeting, options: argparse.Namespace, voice: Voice) -> None:
    trustees, threshold = options.trustees, options.threshold
    if not 1 <= threshold <= trustees <= PEOPLE:
        raise Declined(words.BAD_THRESHOLD)
    if threshold == trustees > 1:
        voice.warn(words.ALL_NEEDED)
    if threshold == 1:
        voice.warn(words.ONE_SUFFICES)
    meeting.begin(options.title or options.folder.name, trustees, threshold)


def _name(meeting: Meeting, options: argparse.Namespace, voice: Voice) -> str:
    """Asked for at a terminal; a script gets a number for a name."""
    if not options.passphrase_file and sys.stdin.isatty():
        while True:
            if typed := input(voice.text(words.ASK_NAME)).strip():
                return typed
    taken = sum(meeting.read(Step.HASH, number) is not None for number in meeting.plan().numbers)
    return voice.text(words.DEFAULT_NAME, number=taken + 1)


def _tell(progress: Progress, folder: Path, voice: Voice) -> None:
    plan, key = progress.plan, progress.key
    voice.say(
        words.SEAT, title=plan.title, number=key.number, name=key.name, trustees=plan.trustees, threshold=plan.threshold
    )
    for step in progress.done:
        voice.say(words.STEPS[step])
    if key.public:
        voice.say(words.DIGITS, digits=comparison_number(key.public))
    if progress.outcome:
        voice.say(words.FINISHED, path=str(folder / OUTCOME))
        return
    if not progress.done:
        voice.say(words.NOTHING_NEW)
    if progress.step is Step.HASH:
        voice.say(words.NEXT_SEAT, count=len(progress.waiting_for))
        return
    people: list[Said | str] = [
        filled(words.PERSON, number=number, name=progress.names[number]) for number in progress.waiting_for
    ]
    voice.say(words.NEXT_PERSON, next=people[0], all=voice.list(people))


def make_backup(options: argparse.Namespace, voice: Voice) -> None:
    with keyfile.opened(options.key, passphrases.known(options.passphrase_file, voice)) as file:
        lines, key = backup.printed(file.key), file.key
    if options.out is None:
        print(page.plain(key, lines, voice))
        return
    make = page.plain if options.out.suffix == ".txt" else page.page
    files.write_new(options.out, make(key, lines, voice).encode(), files.PRIVATE)
    voice.say(words.BACKED_UP, path=str(options.out))


def restore(options: argparse.Namespace, voice: Voice) -> None:
    if options.out.exists():
        raise Declined(files.EXISTS, path=str(options.out))
    outcome = read_outcome(files.read_value(options.public))
    parts = list(_lines_of(options.words) if options.words else _typed(voice))
    key = backup.restored(parts, outcome, str(options.public))
    keyfile.create(options.out, passphrases.new(options.passphrase_file, voice), key)
    voice.say(words.RESTORED, number=key.number, name=key.name, path=str(options.out))


def _lines_of(path: Path) -> Iterator[bytes]:
    lines = backup.numbered(files.read_bytes(path, keyfiles.LARGEST).decode(errors="replace"))
    if len(lines) != backup.LINES:
        raise Declined(words.WRONG_LINES, path=str(path), lines=len(lines))
    return (backup.read_line(place, line) for place, line in enumerate(lines, 1))


def _typed(voice: Voice) -> Iterator[bytes]:
    """Line by line; a mistyped one is asked for again."""
    for line in range(1, backup.LINES + 1):
        while True:
            try:
                yield backup.read_line(line, input(voice.text(words.ASK_LINE, line=line)))
                break
            except Declined as declined:
                voice.warn(declined.said, **declined.values)


def rehearse(options: argparse.Namespace, voice: Voice) -> None:
    value = files.read_value(options.manifest)
    with keyfile.opened(options.key, passphrases.known(options.passphrase_file, voice)) as file:
        manifest, share = decrypting.rehearsed(file.key, value)
        files.write_value(options.out, share.rehearsal)
        number, name = file.key.number, file.key.name
    title, vote = inspecting.said(manifest.title), manifest.vote.hex()
    voice.say(words.REHEARSED, title=title, number=number, name=name, out=str(options.out), vote=vote)


def decrypt(options: argparse.Namespace, voice: Voice) -> None:
    value = files.read_value(options.board)
    with keyfile.opened(options.key, passphrases.known(options.passphrase_file, voice)) as file:
        if file.key.restored:
            voice.warn(words.FROM_PAPER)
        voice.say(words.VERIFYING)
        try:
            published = read_published(value, counting(voice))
        except Refused:
            voice.warn(words.NOT_VALID)
            raise
        board = published.board
        again = board.manifest.vote.hex() in file.key.opened
        share = decrypting.decrypted(file, published)
        files.write_value(options.out, share.body)
    title = inspecting.said(board.manifest.title)
    voice.say(words.DECRYPTED, title=title, ballots=len(board.counted), out=str(options.out))
    if again:
        voice.say(words.AGAIN)


def inspect(options: argparse.Namespace, voice: Voice) -> None:
    inspecting.tell(inspecting.described(options.file, options.against), voice)
