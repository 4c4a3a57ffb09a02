"""The keeper's turn and the openers': is this key the one, has it opened another file before, and then the work."""

from collections.abc import Iterable

from consultations.votes.protocol.group import Random
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.controls import Controls
from consultations.votes.sealed.keys import KeyFile, OpenerKey
from consultations.votes.sealed.manifest import Manifest
from consultations.votes.sealed.records import link_of, opener_of
from consultations.votes.sealed.steps import Step, close_vote, open_layer


def take_turn(file: KeyFile, step: Step) -> Step:
    """The next file. The key file remembers, durably, which file it opened before anything is returned.

    The same file gives the same again. Refused("sealed.done" | "sealed.stranger" | "sealed.turn" | "sealed.other_vote" |
    "sealed.again" | "sealed.few").
    """
    if step.is_open:
        raise Refused("sealed.done")
    key, place = file.key, step.number
    _refuse_other_key(key, step)
    vote, link = step.manifest.vote.hex(), link_of(step.batch, step.records)
    key = key.bound_to(vote)
    if key.opened.get(str(place), link) != link:
        raise Refused("sealed.again")
    secret = key.closing if place + 1 == step.manifest.layers else key.box
    after = open_layer(step, secret, key.signing)
    file.save(key.remembering(vote, place, link))
    return after


def take_in(
    file: KeyFile, manifest: Manifest, cast: Iterable[bytes], count: int, random: Random
) -> tuple[Step, Controls]:
    """The close, by the keeper: step 0, and the control ballots mixed into it.

    Refused("sealed.stranger" | "sealed.other_vote" | "sealed.length" | "sealed.few").
    """
    key = file.key
    if manifest.keeper.source != key.public:
        raise Refused("sealed.keeper", manifest.keeper.name)
    key = key.bound_to(manifest.vote.hex())
    controls = Controls(manifest, count, random(32), key.box)
    step = close_vote(cast, controls, key.signing)
    file.save(key)
    return step, controls


def _refuse_other_key(key: OpenerKey, step: Step) -> None:
    openers, turn = step.manifest.openers, opener_of(step.manifest, step.number)
    if key.public not in [one.source for one in openers]:
        raise Refused("sealed.stranger")
    if openers[turn - 1].source != key.public:
        raise Refused("sealed.turn", f"step {step.number + 1}: {openers[turn - 1].name}")
