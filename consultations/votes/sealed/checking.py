"""What anybody can check once files are published (SPEC.md, section 8): the chain, the control ballots, one's own ballot."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.boxes import public_of
from consultations.votes.sealed.controls import Controls
from consultations.votes.sealed.records import OPENING, Pile, pile_of
from consultations.votes.sealed.steps import Step, opened, uncovered


@dataclass(frozen=True)
class Chain:
    """The files of one vote, from the lowest step; some may be missing."""

    steps: Sequence[Step]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def missing(self) -> list[int]:
        """Steps whose files are not there."""
        there = {step.number for step in self.steps}
        return [number for number in range(self.last.manifest.layers + 1) if number not in there]

    @property
    def is_closing_checked(self) -> bool:
        """Both files of the closing layer are there, so that `chain_of` has opened it again."""
        return self.last.is_open and self.at(self.last.number - 1) is not None

    def at(self, number: int) -> Step | None:
        return next((step for step in self.steps if step.number == number), None)


def chain_of(steps: Iterable[Step]) -> Chain:
    """Files that tell one story. Refused("sealed.vote" | "sealed.fork" | "sealed.evidence" | "sealed.closing")."""
    chain = Chain(sorted(steps, key=lambda step: step.number))
    last = chain.last
    for step in chain.steps:
        if step.manifest.vote != last.manifest.vote:
            raise Refused("sealed.vote", f"step {step.number}")
        if step.batch != last.batch or list(step.records) != list(last.records[: step.number]):
            raise Refused("sealed.fork", f"step {step.number}")
    for place in range(1, last.number + 1):
        _check_evidence(chain, place)
    if last.is_open and (before := chain.at(last.number - 1)):
        _check_closing(before, last)
    return chain


def _check_evidence(chain: Chain, place: int) -> None:
    """Boxes that were taken out stood in the file before, copies stay once in the file after."""
    record = chain.last.records[place - 1]
    for step, named in ((chain.at(place - 1), record.invalid), (chain.at(place), record.doubled)):
        if step and not {bytes.fromhex(one["box"]) for one in named} <= set(step.contents):
            raise Refused("sealed.evidence", f"step {place}")


def _check_closing(before: Step, last: Step) -> None:
    """The closing layer is opened again with the key that its record gives away."""
    record = last.records[-1]
    contents, invalid, _ = opened(before, bytes.fromhex(record.secret), is_closing=True)
    if contents != list(last.contents) or invalid != list(record.invalid):
        raise Refused("sealed.closing", f"step {last.number}")


def check_controls(chain: Chain, controls: Controls) -> None:
    """Every control ballot lies in every file. Refused("sealed.controls" | "sealed.ballots" | "sealed.swapped").

    A missing one is the proof that the opener of that step took it out or put another in its place.
    """
    batch = chain.last.batch
    if Pile(controls.count, controls.hash) != batch.controls:
        raise Refused("sealed.controls")
    if public_of(controls.cover) != chain.last.manifest.keeper.box:
        raise Refused("sealed.cover")
    first = chain.at(0)
    if first and pile_of(real_ballots(first, controls)) != batch.ballots:
        raise Refused("sealed.ballots", "step 0")
    for step in chain.steps:
        if step.records and not step.is_open and not controls.at(step.number) <= set(step.contents):
            raise Refused("sealed.swapped", _named(step))


def _named(step: Step) -> str:
    """The step, with the name of the opener whose work it is."""
    return f"step {step.number}: {step.manifest.openers[step.records[-1].opener - 1].name}"


def real_ballots(step: Step, controls: Controls) -> list[bytes]:
    """The boxes of a file without the control ballots'."""
    known = controls.at(step.number)
    return [one for one in step.contents if one not in known]


def check_ballots(chain: Chain, cast: Sequence[bytes], controls: Controls) -> None:
    """These ballots, as they were cast, lie in the file of step 0, or are named for a reason that holds.

    Refused("sealed.missing") with the first that does not, Refused("sealed.incomplete") without that file.
    """
    step = chain.at(0)
    if step is None:
        raise Refused("sealed.incomplete", "step 0")
    there, named = set(step.contents), {one["box"]: one["reason"] for one in step.batch.invalid}
    for place, covered in enumerate(cast, 1):
        if not _is_accounted_for(covered, controls, there, named.get(covered.hex())):
            raise Refused("sealed.missing", f"ballot {place}")


def _is_accounted_for(covered: bytes, controls: Controls, there: Set[bytes], told: str | None) -> bool:
    """What lies under the cover is there; or nothing does, as the keeper has `told`."""
    boxes, invalid = uncovered([covered], controls)
    if told in OPENING:
        return [one["reason"] for one in invalid] == [told]
    return bool(boxes) and boxes[0] in there


def is_all_cast(chain: Chain, cast: Iterable[bytes]) -> bool:
    """Whether these are the ballots that the keeper announced, no more and no fewer. That is known from the close on."""
    return pile_of(sorted(set(cast))) == chain.last.batch.cast


def check_close(chain: Chain, cast: Iterable[bytes], controls: Controls) -> bool:
    """Whether these are all ballots that were cast; then the close is made again from them. Refused("sealed.ballots")."""
    batch, once = chain.last.batch, sorted(set(cast))
    if not is_all_cast(chain, once):
        return False
    ballots, invalid = uncovered(once, controls)
    if pile_of(ballots) != batch.ballots or invalid != list(batch.invalid):
        raise Refused("sealed.ballots", "step 0")
    return True
