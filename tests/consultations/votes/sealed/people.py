"""A sealed vote in memory: a keeper, two or three openers, ballots, and every file from the close to the choices.

All randomness is drawn from names, so that a story is the same in every run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.questions import Option
from consultations.votes.sealed.boxes import nested
from consultations.votes.sealed.controls import Controls
from consultations.votes.sealed.keys import OpenerKey
from consultations.votes.sealed.manifest import Manifest, manifest_value, read_manifest
from consultations.votes.sealed.records import opener_of, pile_of
from consultations.votes.sealed.rules import Choice, RankedRules, Rules, TextRules
from consultations.votes.sealed.steps import Step, close_vote, open_layer

NAMES: Final = ("田中", "佐藤", "鈴木", "高橋")  # the keeper, then the openers
CODES: Final = ("o01", "o02", "o03", "o04")
RANKED: Final = RankedRules([Option(code, {"ja": f"案{code}"}) for code in CODES], 0, 4, ties=False)
WEAK: Final = replace(RANKED, ties=True)
TEXT: Final = TextRules(0, 40)

Cheat = Callable[["Vote", Step], Step]


def key(number: int) -> OpenerKey:
    """An opener's key; that of number 0 is the keeper's."""
    return OpenerKey(NAMES[number], stream("test-opener", bytes([number]))(32))


def manifest(rules: Rules = RANKED, openers: int = 2, salt: str = "") -> Manifest:
    public = [key(number).public for number in range(1, openers + 1)]
    random = stream("test-salt", salt.encode())
    return read_manifest(manifest_value({"ja": "新しい施設"}, rules, key(0).public, public, random))


def some_choices(count: int = 12) -> list[Choice]:
    """Rankings, several of them alike."""
    return [[[code] for code in CODES[number % 4 :]] for number in range(count)]


@dataclass
class Vote:
    """What was cast and every file that comes of it; `cheats` change an opener's step, which is then signed anew."""

    manifest: Manifest = field(default_factory=manifest)
    choices: Sequence[Choice] = field(default_factory=some_choices)
    count: int = 12
    name: str = ""
    cheats: Mapping[int, Cheat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = stream("test-vote", self.name.encode())
        self.ballots = [self.manifest.boxes(choice, self.random) for choice in self.choices]
        self.steps: list[Step] = []
        self.close([self.manifest.covered(boxes[0], self.random) for boxes in self.ballots])

    def close(self, cast: Sequence[bytes]) -> None:
        """With control ballots of its own."""
        self.cast = list(cast)
        self.controls = Controls(self.manifest, self.count, self.random(32), key(0).box)
        self.steps = [close_vote(cast, self.controls, key(0).signing)]

    def run(self) -> "Vote":
        """All openers in turn."""
        while not self.steps[-1].is_open:
            self.advance()
        return self

    def advance(self) -> Step:
        before = self.steps[-1]
        opener = key(opener_of(self.manifest, before.number))
        secret = opener.closing if before.number + 1 == self.manifest.layers else opener.box
        after = open_layer(before, secret, opener.signing)
        self.steps.append(self.cheats[after.number](self, after) if after.number in self.cheats else after)
        return self.steps[-1]

    def real(self, step: Step) -> list[bytes]:
        """The residents' boxes of a step, which a cheat who knows the control ballots would touch."""
        known = self.controls.at(step.number)
        return [one for one in step.contents if one not in known]

    def own(self, step: Step, name: str = "own") -> bytes:
        """A good box of the cheat's for this step."""
        keys = self.manifest.keys[step.number :]
        return nested([["o04"]], self.manifest.rules, self.manifest.vote, keys, stream("test-own", name.encode()))[0]


def signed(step: Step, contents: Sequence[bytes] | None = None, by: int | None = None, **changed: Any) -> Step:
    """The step with other contents or another record, hash and signature made to fit."""
    contents = step.contents if contents is None else contents
    record = replace(step.records[-1], after=pile_of(contents), **changed)
    opener = key(by or opener_of(step.manifest, step.number - 1))
    return replace(step, contents=contents, records=[*step.records[:-1], record.signed(opener.signing, step.manifest)])


def announced(step: Step, **changed: Any) -> Step:
    """The file of the close with another announcement, signed."""
    batch = replace(step.batch, **changed).signed(key(0).signing, step.manifest)
    return replace(step, batch=batch)


def opened_choices(vote: Vote) -> list[Choice]:
    """All choices in the last file, the control ballots' among them."""
    return [vote.manifest.rules.choice(one) for one in vote.steps[-1].contents]
