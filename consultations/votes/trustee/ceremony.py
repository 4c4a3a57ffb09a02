"""The key ceremony, one call after the other: each does what this trustee can do now, and says who is awaited.

The steps are Gennaro and others' and Pedersen's (Feldman's commitments, their hashes exchanged before). Whatever is sent
is computed from the key file's seed, so that an interrupted call, repeated, sends the same; and before anything secret is
sent the key file remembers with whom (`roster`), so that a folder with other people in it gets nothing.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from nacl.public import Box

from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import ORDER, times_base
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import Commitment, Polynomial, expected_point
from consultations.votes.trustee import drawing, messages
from consultations.votes.trustee.keyfile import KeyFile
from consultations.votes.trustee.keys import Key
from consultations.votes.trustee.meeting import Meeting
from consultations.votes.trustee.messages import Joined, Plan, Step
from consultations.votes.trustee.public import Outcome

T = TypeVar("T")

OTHER_CEREMONY: Final = Said(
    "この鍵ファイルは、別の投票の鍵づくりで使われています。keygen で新しい鍵ファイルを作ってください。",
    "This key file belongs to the ceremony of another vote. Make a new one with keygen.",
)
FULL: Final = Said(
    "開票立会人は {trustees} 人で、もうそろっています。", "All {trustees} seats of the trustees are taken."
)
SAME_NAME: Final = Said(
    "「{name}」という開票立会人がもういます。区別できる名前を付けてください。",
    "There is a trustee called {name} already. Choose a name that tells you apart.",
)
SAME_KEY: Final = Said(
    "{number}番と{other}番が同じ鍵を使っています。1人が1つずつ、自分の鍵ファイルを作ってください。",
    "Trustees {number} and {other} use the same key. Everybody makes a key file of their own.",
)
BAD_FILE: Final = Said(
    "{number}番 {name} のファイル {path} が正しくありません。書きかえられたか、別の鍵づくりのものです。先に進まず、"
    "{name} に確かめて、空のフォルダーで初めからやり直してください。",
    "The file {path} of trustee {number}, {name}, is not right. It was changed or belongs to another ceremony."
    " Do not go on; ask {name}, and start again in an empty folder.",
)
WRONG_SHARE: Final = Said(
    "{number}番 {name} から届いた鍵の部分が、{name} の公表した値と合いません。鍵は作れません。"
    "{name} に確かめて、空のフォルダーで初めからやり直してください。",
    "The secret share from trustee {number}, {name}, does not fit what {name} has published. No key can be made."
    " Ask {name}, and start again in an empty folder.",
)
ROSTER_CHANGED: Final = Said(
    "最初に見たあとで、だれかの 1-hash のファイルが入れかえられました。先に進まず、ほかの開票立会人に知らせてください。",
    "A 1-hash file was replaced after you first saw it. Do not go on; tell the other trustees.",
)
UNUSABLE: Final = Said(
    "鍵の和が使えない値になりました。偶然には起きません。空のフォルダーで初めからやり直してください。",
    "The keys add up to a useless one, which does not happen by chance. Start again in an empty folder.",
)
OTHER_OUTCOME: Final = Said(
    "{number}番 {name} の計算した鍵が、あなたの計算と違います。先に進まないでください。",
    "Trustee {number}, {name}, has computed another key than you. Do not go on.",
)


@dataclass(frozen=True)
class Progress:
    """How far this trustee came: steps newly done, and those whose files are missing for the next."""

    plan: Plan
    names: Mapping[int, str]
    key: Key
    done: Sequence[Step]
    waiting_for: Sequence[int] = ()
    step: Step | None = None  # the step that is awaited of them
    outcome: Outcome | None = None


class Waiting(Exception):
    """Others come first."""

    def __init__(self, step: Step, numbers: Sequence[int]) -> None:
        super().__init__(step)
        self.step, self.numbers = step, numbers


def advance(meeting: Meeting, file: KeyFile, name: str) -> Progress:
    """Do all that can be done now. Declined, and nothing more sent, where another's file is wrong."""
    seat = Seat(meeting, meeting.plan(), file)
    try:
        seat.join(name)
        outcome = seat.go_on()
    except Waiting as waiting:
        return Progress(seat.plan, seat.names, file.key, seat.done, waiting.numbers, waiting.step)
    meeting.finish(outcome)
    return Progress(seat.plan, seat.names, file.key, seat.done, outcome=outcome)


@dataclass
class Seat:
    """This trustee at the meeting."""

    meeting: Meeting
    plan: Plan
    file: KeyFile
    names: dict[int, str] = field(default_factory=dict)
    done: list[Step] = field(default_factory=list)

    @property
    def polynomial(self) -> Polynomial:
        key = self.file.key
        return drawing.polynomial(key.seed, key.ceremony, key.number, self.plan.threshold)

    def join(self, name: str) -> None:
        """Take the first free seat; the key file knows it before the folder does."""
        key = self.file.key
        if key.ceremony not in {"", self.plan.id}:
            raise Declined(OTHER_CEREMONY)
        if not key.number:
            free = [number for number in self.plan.numbers if self.meeting.read(Step.HASH, number) is None]
            if not free:
                raise Declined(FULL, trustees=self.plan.trustees)
            self._refuse_twice(name, free[0])
            self.file.save(replace(key, ceremony=self.plan.id, number=free[0], name=name))
        self._publish(Step.HASH, messages.hash_body(
            self.plan, self.file.key.name, drawing.box_key(key.seed), drawing.signing_key(key.seed), self._commitment
        ))  # fmt: skip

    def _refuse_twice(self, name: str, number: int) -> None:
        """Neither this key nor this name has a seat yet."""
        own = drawing.signing_key(self.file.key.seed).public
        for one in self._joined(present_only=True).values():
            if one.key == own:
                raise Declined(SAME_KEY, number=one.number, other=number)
            if one.name == name:
                raise Declined(SAME_NAME, name=name)

    def go_on(self) -> Outcome:
        """The steps after joining, each once the one before is complete. Waiting while it is not."""
        joined = self._joined()
        roster = self._fix_roster()
        self._publish(Step.COMMITMENT, messages.commitment_body(roster, self._commitment))
        committed = self._read_all(
            Step.COMMITMENT, lambda value, one: messages.read_committed(value, self.plan, joined[one], roster)
        )
        outcome = Outcome(self.plan.id, self.plan.threshold, list(self.names.values()), list(committed.values()))
        if not outcome.is_usable:
            raise Declined(UNUSABLE)
        self._publish(Step.SHARES, {"roster": roster, "sealed": self._sealed(joined, roster)})
        self._keep(self._received(joined, roster, committed), outcome)
        self._confirm(joined, roster, outcome)
        return outcome

    @property
    def _commitment(self) -> Commitment:
        key = self.file.key
        random = stream("trustee-key-proof", key.seed, key.ceremony, key.number, self.plan.threshold)
        return self.polynomial.commitment(key.ceremony, key.number, random)

    def _publish(self, step: Step, body: Mapping[str, Json]) -> None:
        key = self.file.key
        value = messages.signed(drawing.signing_key(key.seed), step, key.number, body)
        if self.meeting.publish(step, key.number, value):
            self.done.append(step)

    def _joined(self, *, present_only: bool = False) -> dict[int, Joined]:
        """Everybody who took a seat, no two alike."""
        joined = self._read_all(
            Step.HASH, lambda value, one: messages.read_joined(value, self.plan, one), present_only=present_only
        )
        self._refuse_alike(list(joined.values()))
        self.names = {number: one.name for number, one in joined.items()}
        return joined

    @staticmethod
    def _refuse_alike(joined: Sequence[Joined]) -> None:
        for one, other in itertools.combinations(joined, 2):
            if {one.key, one.box} & {other.key, other.box}:
                raise Declined(SAME_KEY, number=one.number, other=other.number)
            if one.name == other.name:
                raise Declined(SAME_NAME, name=one.name)

    def _fix_roster(self) -> str:
        roster = messages.roster_of([self.meeting.read(Step.HASH, number) for number in self.plan.numbers])
        key = self.file.key
        if key.roster not in {"", roster}:
            raise Declined(ROSTER_CHANGED)
        if not key.roster:
            self.file.save(replace(key, roster=roster))
        return roster

    def _sealed(self, joined: Mapping[int, Joined], roster: str) -> list[Json]:
        key, box = self.file.key, drawing.box_key(self.file.key.seed)
        return [
            messages.sealed_share(
                self.plan, roster, key.number, one, self.polynomial.at(number), box,
                stream("trustee-nonce", key.seed, key.ceremony, roster, number)(Box.NONCE_SIZE),
            )
            for number, one in joined.items()
            if number != key.number
        ]  # fmt: skip

    def _received(self, joined: Mapping[int, Joined], roster: str, committed: Mapping[int, Commitment]) -> int:
        """The sum of all shares for this trustee, each fitting its sender's commitments."""
        own, box = self.file.key.number, drawing.box_key(self.file.key.seed)

        def read_share(value: Json, sender: int) -> int:
            if sender == own:
                return self.polynomial.at(own)
            share = messages.read_sealed_share(value, self.plan, roster, joined[sender], own, box)
            if times_base(share) != expected_point(committed[sender], own):
                raise Declined(WRONG_SHARE, number=sender, name=self.names[sender])
            return share

        return sum(self._read_all(Step.SHARES, read_share).values()) % ORDER

    def _keep(self, secret: int, outcome: Outcome) -> None:
        """The share of the vote's key is in the key file before anybody is told so."""
        self.file.save(replace(self.file.key, secret=secret, public=outcome.digest))

    def _confirm(self, joined: Mapping[int, Joined], roster: str, outcome: Outcome) -> None:
        self._publish(Step.CONFIRMATION, {"public": outcome.digest, "roster": roster})

        def read_confirmation(value: Json, sender: int) -> None:
            found = messages.read_signed(value, Step.CONFIRMATION, sender, joined[sender].key)
            if (found["public"], found["roster"]) != (outcome.digest, roster):
                raise Declined(OTHER_OUTCOME, number=sender, name=self.names[sender])

        self._read_all(Step.CONFIRMATION, read_confirmation)

    def _read_all(self, step: Step, read_one: Callable[[Json, int], T], *, present_only: bool = False) -> dict[int, T]:
        """One file of every trustee, in order. Declined with the sender of a wrong one; Waiting where one is missing."""
        found: dict[int, T] = {}
        missing: list[int] = []
        for number in self.plan.numbers:
            value = self.meeting.read(step, number)
            if value is None:
                missing.append(number)
                continue
            try:
                found[number] = read_one(value, number)
            except Refused:
                path = str(self.meeting.path(step, number))
                raise Declined(BAD_FILE, number=number, name=self.names.get(number, "?"), path=path) from None
        if missing and not present_only:
            own = self.file.key.number
            raise Waiting(step, sorted(missing, key=lambda number: (number - own) % self.plan.trustees))
        return found
