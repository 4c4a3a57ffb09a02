"""What each command of the sealed mode's program does."""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from nacl.utils import random

from consultations.votes.counting.errors import CountRefused, SeedMissing
from consultations.votes.counting.methods import METHODS
from consultations.votes.offline import files, keyfiles, passphrases
from consultations.votes.offline.sentences import Declined, Said, Voice, filled
from consultations.votes.protocol.encoding import Json, canonical, fields, number, raw
from consultations.votes.protocol.questions import Option
from consultations.votes.sealed import counts, keys, words
from consultations.votes.sealed.checking import Chain, chain_of, check_ballots, check_close, check_controls, is_all_cast
from consultations.votes.sealed.controls import MOST, Controls, read_controls
from consultations.votes.sealed.manifest import Manifest, manifest_value, read_manifest
from consultations.votes.sealed.records import Batch, Record, copies, opener_of, read_boxes
from consultations.votes.sealed.rules import RankedRules, Rules, TextRules, read_rules
from consultations.votes.sealed.steps import Step, read_step
from consultations.votes.sealed.turns import take_in, take_turn

LEAST_CONTROLS: Final = 10


def keygen(options: argparse.Namespace, voice: Voice) -> None:
    for path in (options.out, options.public):
        if path.exists():
            raise Declined(files.EXISTS, path=str(path))  # before a passphrase is thought of
    passphrase = passphrases.new(options.passphrase_file, voice)
    made = keys.create(options.out, passphrase, options.name, random, keyfiles.COST)
    files.write_value(options.public, made.key.public)
    voice.say(words.KEY_MADE, name=options.name, path=str(options.out), public=str(options.public))
    voice.say(words.LIMITS)


def prepare(options: argparse.Namespace, voice: Voice) -> None:
    keeper, openers = files.read_value(options.keeper), [files.read_value(path) for path in options.openers]
    value = manifest_value({"ja": options.title}, _rules(options), keeper, openers, random)
    manifest = read_manifest(value)
    files.write_value(options.out, value)
    names = voice.list([one.name for one in manifest.openers])
    vote = manifest.vote.hex()
    voice.say(words.PREPARED, path=str(options.out), keeper=manifest.keeper.name, names=names, vote=vote)
    voice.say(words.LIMITS)


def _rules(options: argparse.Namespace) -> Rules:
    """The rules as they will be read again. Refused("limits") for numbers out of range."""
    if (options.text is None) == (options.candidates is None):
        raise Declined(words.ONE_KIND)
    if options.text is not None:
        if options.ties or options.most is not None:
            raise Declined(words.ONLY_RANKED)
        return read_rules(TextRules(options.least, options.text).value)
    candidates = [Option(f"o{place:02}", {"ja": text}) for place, text in enumerate(options.candidates, 1)]
    most = len(candidates) if options.most is None else options.most
    return read_rules(RankedRules(candidates, options.least, most, options.ties).value)


def seal(options: argparse.Namespace, voice: Voice) -> None:
    manifest = read_manifest(files.read_value(options.manifest))
    choices = _choices(options.choices)
    for place, choice in enumerate(choices, 1):
        if not manifest.rules.allows(choice):
            raise Declined(words.BAD_CHOICE, path=str(options.choices), number=place)
    boxes = [manifest.seal(choice, random).hex() for choice in choices]
    files.write_value(options.out, {"boxes": boxes, "version": 1, "vote": manifest.vote.hex()})
    voice.say(words.SEALED, count=len(boxes), path=str(options.out), size=manifest.cast_size)
    voice.say(words.LIMITS)


def _choices(path: Path) -> Sequence[Json]:
    """A list written by hand, spaces and all."""
    try:
        choices = json.loads(files.read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Declined(words.NOT_JSON, path=str(path)) from None
    if not isinstance(choices, list):
        raise Declined(words.NOT_JSON, path=str(path))
    return choices


def close(options: argparse.Namespace, voice: Voice) -> None:
    for path in (options.keep, options.out):
        if path.exists():
            raise Declined(files.EXISTS, path=str(path))  # neither without the other
    manifest = read_manifest(files.read_value(options.manifest))
    boxes = [box for path in options.ballots for box in _ballots(path, manifest)]
    wanted = max(len(set(boxes)), LEAST_CONTROLS) if options.controls is None else options.controls
    wanted = number(wanted, 0, MOST, "--controls")
    with keyfiles.opened(options.key, passphrases.known(options.passphrase_file, voice), keys.SORT) as file:
        step, controls = take_in(file, manifest, boxes, wanted, random)
    files.write_new(options.keep, canonical(controls.value), files.PRIVATE)
    files.write_value(options.out, step.value)
    voice.say(
        words.CLOSED, ballots=step.batch.ballots.count, controls=controls.count, path=str(options.out),
        first=manifest.openers[0].name, keep=str(options.keep), chance=chance(step.batch),
    )  # fmt: skip
    _warn(step.batch, voice)
    voice.say(words.LIMITS)


def _warn(record: Batch | Record, voice: Voice) -> None:
    """Of what was taken out."""
    if record.invalid:
        voice.warn(words.INVALID, count=len(record.invalid))
    if doubled := copies(record.doubled):
        voice.warn(words.DOUBLED, count=doubled)


def _ballots(path: Path, manifest: Manifest) -> list[bytes]:
    """The boxes of a file, all of this vote and of its length."""
    found = fields(files.read_value(path), "boxes version vote", "ballots")
    number(found["version"], 1, 1, "version")
    if raw(found["vote"], 32, "vote") != manifest.vote:
        raise Declined(words.OTHER_VOTE, path=str(path))
    boxes = read_boxes(found["boxes"], "ballots")
    for place, box in enumerate(boxes, 1):
        if len(box) != manifest.cast_size:
            raise Declined(words.WRONG_LENGTH, path=str(path), number=place)
    return boxes


def chance(batch: Batch) -> str:
    """That one swapped box is none of the control ballots, in per cent, never rounded down."""
    return f"{-(-100 * batch.ballots.count // batch.boxes.count)} %"


def open_step(options: argparse.Namespace, voice: Voice) -> None:
    step = read_step(files.read_value(options.step))
    with keyfiles.opened(options.key, passphrases.known(options.passphrase_file, voice), keys.SORT) as file:
        after = take_turn(file, step)
        files.write_value(options.out, after.value)
    record = after.records[-1]
    voice.say(
        words.OPENED, step=after.number, before=record.before.count, after=record.after.count, path=str(options.out),
        next=voice.text(words.ALL_OPEN) if after.is_open else voice.text(words.GIVE_TO, name=_next(after)),
    )  # fmt: skip
    _warn(record, voice)
    voice.say(words.LIMITS)


def _next(step: Step) -> str:
    return step.manifest.openers[opener_of(step.manifest, step.number) - 1].name


def check(options: argparse.Namespace, voice: Voice) -> None:
    chain = _chain(options.steps)
    voice.say(words.CHAIN_RIGHT, title=voice.pick(dict(chain.last.manifest.title)), steps=len(chain.steps))
    if chain.is_closing_checked:
        voice.say(words.CLOSING_RIGHT)
    paths, is_close_checked = options.ballots or (), False
    if options.controls:
        controls = _controls(options.controls, chain)
        check_controls(chain, controls)
        voice.say(words.CONTROLS_RIGHT, controls=controls.count, chance=chance(chain.last.batch))
        is_close_checked = _check_cast(chain, controls, paths, voice)
    elif is_all_cast(chain, [box for path in paths for box in _ballots(path, chain.last.manifest)]):
        voice.say(words.ALL_ANNOUNCED)
    if left := _left(chain, options, is_close_checked=is_close_checked):
        voice.warn(words.NOT_CHECKED, what=voice.list(left))
    voice.say(words.LIMITS)


def _check_cast(chain: Chain, controls: Controls, paths: Sequence[Path], voice: Voice) -> bool:
    """Whether the files hold every ballot that was cast, so that the whole close was made again."""
    cast: list[bytes] = []
    for path in paths:
        boxes = _ballots(path, chain.last.manifest)
        check_ballots(chain, boxes, controls)
        voice.say(words.BALLOTS_RIGHT, path=str(path), count=len(boxes))
        cast += boxes
    is_whole = check_close(chain, cast, controls)
    if is_whole:
        voice.say(words.CLOSE_RIGHT)
    return is_whole


def _left(chain: Chain, options: argparse.Namespace, *, is_close_checked: bool) -> list[Said | str]:
    """What could not be checked, so that nobody takes silence for a yes."""
    numbers = ", ".join(map(str, chain.missing))
    left: list[Said | str] = [filled(words.STEPS_MISSING, numbers=numbers)] if numbers else []
    left += [] if chain.is_closing_checked else [words.WITHOUT_CLOSING]
    left += [] if options.controls else [words.WITHOUT_CONTROLS]
    return left if is_close_checked else [*left, words.WITHOUT_CAST]


def _chain(paths: Sequence[Path]) -> Chain:
    return chain_of(read_step(files.read_value(path)) for path in paths)


def _controls(path: Path, chain: Chain) -> Controls:
    return read_controls(files.read_value(path), chain.last.manifest)


def count(options: argparse.Namespace, voice: Voice) -> None:
    chain = _chain(options.steps)
    manifest = chain.last.manifest
    choices = counts.counted_choices(chain, _controls(options.controls, chain))
    result = _result(manifest, choices, options)
    value = counts.result_value(chain, choices, result)
    files.write_value(options.out, value)
    voice.say(
        words.COUNTED, title=voice.pick(dict(manifest.title)), cast=value["cast"], counted=value["counted"],
        doubled=value["doubled"], invalid=sum(value["invalid"].values()), path=str(options.out),
    )  # fmt: skip
    if isinstance(result, dict):
        voice.say(words.ELECTED, method=options.method, names=_listed(manifest, result["elected"]))
    else:
        voice.say(words.LISTED)
    voice.say(words.LIMITS)


def _result(manifest: Manifest, choices: Sequence[Json], options: argparse.Namespace) -> Json:
    """None for free text. Declined where the method is missing, does not fit, or meets a tie without a seed."""
    methods = counts.methods_for(manifest)
    if not methods:
        if options.method:
            raise Declined(words.NO_METHOD)
        return None
    if not options.method:
        raise Declined(words.METHOD_NEEDED, methods=", ".join(methods))
    try:
        return counts.count(manifest, choices, options.method, options.seats, options.seed)
    except SeedMissing as missing:
        raise Declined(words.TIED, options=_listed(manifest, missing.among)) from None
    except CountRefused as refused:
        raise Declined(words.CANNOT_COUNT, why=str(refused)) from None


def _listed(manifest: Manifest, codes: Iterable[str]) -> str:
    """The candidates as the manifest calls them."""
    rules = manifest.rules
    assert isinstance(rules, RankedRules)
    texts = {one.code: one.text["ja"] for one in rules.candidates}
    return "、".join(texts[code] for code in codes)


METHOD_NAMES: Final = sorted(name for name, method in METHODS.items() if method.ballot in counts.RANKINGS)
