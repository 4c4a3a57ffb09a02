"""Every cheat is refused by its own check, and passes where that check is missing.

The cheats know all they could know, the control ballots too where their cheat needs luck.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import Json, canonical, read
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.records import Pile, pile_of
from consultations.votes.sealed.steps import Step
from tests.consultations.votes.sealed.broken import OURS, Copy, without
from tests.consultations.votes.sealed.people import Cheat, Vote, announced, key, signed, some_choices


@dataclass
class Published:
    """The files as values, as anybody reads them, and ballots as they were cast."""

    steps: list[Json]
    controls: Json
    ballots: list[bytes]

    def accept(self, code: Copy) -> None:
        """All that `check` and `count` do. Refused where something is wrong."""
        chain = code.checking.chain_of(code.steps.read_step(read(canonical(one))) for one in self.steps)
        controls = code.controls.read_controls(read(canonical(self.controls)), chain.last.manifest)
        code.checking.check_controls(chain, controls)
        if chain.at(0):
            code.checking.check_ballots(chain, self.ballots, controls)
            code.checking.check_close(chain, self.ballots, controls)
        if not chain.missing:
            code.counts.counted_choices(chain, controls)


def published(vote: Vote) -> Published:
    return Published([one.value for one in vote.steps], vote.controls.value, list(vote.cast))


def cheating(step: int, cheat: Cheat, last: int = 3) -> Published:
    """The files of a vote whose opener of this step cheats, up to the file of step `last`."""
    vote = Vote(cheats={step: cheat})
    while vote.steps[-1].number < last:
        vote.advance()
    return published(vote)


def drops(vote: Vote, step: Step) -> Step:
    gone = vote.real(step)[0]
    return signed(step, [one for one in step.contents if one != gone])


def adds(vote: Vote, step: Step) -> Step:
    return signed(step, sorted([*step.contents, vote.own(step)]))


def swaps_a_control_ballot(vote: Vote, step: Step) -> Step:
    return _swapped(vote, step, min(vote.controls.at(step.number)))


def _swapped(vote: Vote, step: Step, gone: bytes) -> Step:
    return signed(step, sorted([*(one for one in step.contents if one != gone), vote.own(step)]))


def calls_a_control_ballot_bad(vote: Vote, step: Step) -> Step:
    return _called_bad(vote, step, vote.controls.boxes[0])


def _called_bad(vote: Vote, step: Step, boxes: list[bytes]) -> Step:
    """One more named as invalid, and no other in its place."""
    before, gone = boxes[step.number - 1], boxes[step.number]
    named = [{"box": before.hex(), "reason": "sealed"}]
    return signed(step, [one for one in step.contents if one != gone], invalid=named)


def names_a_box_that_never_was(vote: Vote, step: Step) -> Step:
    gone = vote.real(step)[0]
    named = [{"box": bytes(vote.manifest.size(step.number - 1)).hex(), "reason": "sealed"}]
    return signed(step, [one for one in step.contents if one != gone], invalid=named)


def names_a_copy_that_never_was(vote: Vote, step: Step) -> Step:
    gone = vote.real(step)[0]
    named = [{"box": bytes(vote.manifest.size(step.number)).hex(), "times": 2}]
    return signed(step, [one for one in step.contents if one != gone], doubled=named)


def keeps_the_order(vote: Vote, step: Step) -> Step:
    return signed(step, list(reversed(step.contents)))


def doubles(vote: Vote, step: Step) -> Step:
    gone, kept = vote.real(step)[:2]
    return signed(step, sorted([*(one for one in step.contents if one != gone), kept]))


def truncates(vote: Vote, step: Step) -> Step:
    gone = vote.real(step)[0]
    return signed(step, sorted([*(one for one in step.contents if one != gone), gone[:-1]]))


def forgets_what_came_before(vote: Vote, step: Step) -> Step:
    return signed(step, previous="00" * 32)


def says_that_other_boxes_came_in(vote: Vote, step: Step) -> Step:
    return signed(step, before=Pile(step.records[-1].before.count, "11" * 32))


def lets_another_sign(vote: Vote, step: Step) -> Step:
    return signed(step, by=2 if step.records[-1].opener == 1 else 1)


def goes_out_of_turn(vote: Vote, step: Step) -> Step:
    return signed(step, by=2, opener=2)


def gives_away_another_key(vote: Vote, step: Step) -> Step:
    return signed(step, secret=key(2).closing.hex())


def publishes_other_choices(vote: Vote, step: Step) -> Step:
    real = list(step.contents)
    real.remove(b'[["o04"]]')
    return signed(step, sorted([*real, b'[["o01"],["o02"]]']))


def changes_the_boxes_but_not_the_hash(vote: Vote, step: Step) -> Step:
    return replace(step, contents=_swapped(vote, step, vote.real(step)[0]).contents)


def two_stories() -> Published:
    """Step 1 is shown in one way to the second opener, in another to everybody else."""
    vote = Vote().run()
    shown = _called_bad(vote, vote.steps[1], vote.ballots[0])
    whole = published(vote)
    return replace(whole, steps=[one.value if one.number != 1 else shown.value for one in vote.steps])


def another_votes_file() -> Published:
    vote = Vote()
    whole = published(vote)
    vote.advance()
    other = replace(vote.manifest, source=vote.manifest.source | {"salt": "ab" * 32})
    changed = announced(replace(vote.steps[0], manifest=other))
    return replace(whole, steps=[changed.value, vote.steps[1].value])


def another_batch(**changed: object) -> Published:
    """The close announces something else than what it mixes."""
    vote = Vote()
    vote.steps = [announced(vote.steps[0], **changed)]
    return published(vote.run())


def a_voter_left_out() -> Published:
    """The keeper puts a ballot of his own in the place of one, and announces that."""
    vote = Vote()
    cast = vote.cast
    vote.close([vote.manifest.covered(vote.own(vote.steps[0]), vote.random), *cast[1:]])
    return replace(published(vote.run()), ballots=cast)


def a_ballot_called_bad_at_the_close() -> Published:
    """The keeper says of a good ballot that nothing lies under its cover."""
    vote = Vote()
    gone, cast = vote.ballots[0][0], vote.cast
    vote.close(cast[1:])
    first = vote.steps[0]
    named = [{"box": cast[0].hex(), "reason": "sealed"}]
    vote.steps = [announced(first, cast=pile_of(sorted(cast)), invalid=named)]
    assert gone not in first.contents
    return replace(published(vote.run()), ballots=cast)


def another_cover() -> Published:
    """The keeper shows a key that opens no cover, and so gives no account of any ballot."""
    vote = Vote()
    controls = replace(vote.controls, cover=bytes(range(32)))
    vote.steps = [announced(vote.steps[0], controls=Pile(12, controls.hash))]
    return replace(published(vote.run()), controls=controls.value, ballots=[])


def somebody_elses_close() -> Published:
    vote = Vote()
    first = vote.steps[0]
    batch = first.batch.signed(key(1).signing, vote.manifest)
    vote.steps = [replace(first, batch=batch)]
    return published(vote.run())


def controls_of_another_vote() -> Published:
    whole = published(Vote().run())
    return replace(whole, controls=whole.controls | {"vote": "00" * 32})


def too_many_announced() -> Published:
    """More ballots are announced than there are boxes, so that nine look like ten."""
    vote = Vote()
    first = vote.steps[0]
    many = announced(first, ballots=Pile(30, first.batch.ballots.hash), cast=Pile(30, first.batch.cast.hash))
    return replace(published(vote), steps=[many.value])


ATTACKS: Final[dict[str, tuple[Callable[[], Published], list[str]]]] = {
    "drops a ballot": (lambda: cheating(1, drops), ["sealed.counts"]),
    "adds a ballot": (lambda: cheating(2, adds), ["sealed.counts"]),
    "swaps in step 1": (lambda: cheating(1, swaps_a_control_ballot), ["sealed.swapped"]),
    "swaps in step 2": (lambda: cheating(2, swaps_a_control_ballot), ["sealed.swapped"]),
    "calls a control ballot bad": (lambda: cheating(2, calls_a_control_ballot_bad), ["sealed.swapped"]),
    "names a box that never was": (lambda: cheating(1, names_a_box_that_never_was), ["sealed.evidence"]),
    "names a copy that never was": (lambda: cheating(2, names_a_copy_that_never_was), ["sealed.evidence"]),
    "keeps the order": (lambda: cheating(2, keeps_the_order), ["sealed.order"]),
    "a box twice": (lambda: cheating(2, doubles, 2), ["sealed.order"]),
    "a truncated box": (lambda: cheating(2, truncates, 2), ["sealed.length"]),
    "forgets what came before": (lambda: cheating(2, forgets_what_came_before), ["sealed.chain"]),
    "says that others came in": (lambda: cheating(2, says_that_other_boxes_came_in), ["sealed.chain"]),
    "lets another sign": (lambda: cheating(1, lets_another_sign), ["sealed.signature"]),
    "goes out of turn": (lambda: cheating(1, goes_out_of_turn), ["sealed.turn"]),
    "gives away another key": (lambda: cheating(3, gives_away_another_key), ["sealed.closing"]),
    "publishes other choices": (lambda: cheating(3, publishes_other_choices), ["sealed.closing"]),
    "changes the boxes but not the hash": (lambda: cheating(1, changes_the_boxes_but_not_the_hash, 1), ["sealed.hash"]),
    "tells two stories": (two_stories, ["sealed.fork"]),
    "another vote's file": (another_votes_file, ["sealed.vote", "sealed.fork"]),
    "control ballots of another vote": (controls_of_another_vote, ["sealed.vote", "sealed.controls"]),
    "another secret announced": (
        lambda: another_batch(controls=Pile(12, "22" * 32)), ["sealed.controls"]),
    "other ballots announced": (lambda: another_batch(ballots=Pile(12, "22" * 32)), ["sealed.ballots"]),
    "a voter left out": (a_voter_left_out, ["sealed.missing"]),
    "a ballot called bad at the close": (a_ballot_called_bad_at_the_close, ["sealed.missing", "sealed.ballots"]),
    "another cover": (another_cover, ["sealed.cover"]),
    "somebody else's close": (somebody_elses_close, ["sealed.signature"]),
    "fewer came in than were cast": (lambda: another_batch(cast=Pile(13, "22" * 32)), ["sealed.counts"]),
    "too many announced": (too_many_announced, ["sealed.counts", "sealed.ballots"]),
}  # fmt: skip


def test_the_honest_vote_is_accepted() -> None:
    published(Vote().run()).accept(OURS)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_its_check_and_passes_without_it(attack: str, tmp_path: Path) -> None:
    make, checks = ATTACKS[attack]
    files = make()
    with pytest.raises(Refused) as refused:
        files.accept(OURS)
    assert refused.value.check == checks[0]
    files.accept(without(checks, tmp_path))


def test_the_opener_of_a_missing_control_ballot_is_named() -> None:
    with pytest.raises(Refused, match="step 2: 鈴木"):
        cheating(2, swaps_a_control_ballot).accept(OURS)


def test_a_swap_that_meets_no_control_ballot_is_not_found() -> None:
    """The limit that every output prints: this cheat is accepted."""
    cheating(2, lambda vote, step: _swapped(vote, step, vote.real(step)[0])).accept(OURS)


def test_as_many_control_ballots_as_ballots_find_one_swap_in_two() -> None:
    """Every box of a file swapped once by somebody who cannot tell them apart."""
    found = 0
    vote = Vote()
    vote.advance()
    step = vote.steps[1]
    for gone in step.contents:
        files = published(vote)
        files.steps[1] = _swapped(vote, step, gone).value
        found += is_swap_found(files)
    assert (found, len(step.contents)) == (12, 24)


def is_swap_found(files: Published) -> bool:
    try:
        files.accept(OURS)
    except Refused as refused:
        return refused.check == "sealed.swapped"
    return False


def test_fewer_than_ten_ballots_are_opened_only_where_the_check_is_missing(tmp_path: Path) -> None:
    copy = without(["sealed.few"], tmp_path)
    sealing = copy.manifest.read_manifest(Vote().manifest.source)
    boxes = [sealing.seal(choice, stream("test", bytes([n]))) for n, choice in enumerate(some_choices(9))]
    controls = copy.controls.Controls(sealing, 12, bytes(32), key(0).box)
    first = copy.steps.close_vote(boxes, controls, key(0).signing)
    after = copy.steps.open_layer(first, key(1).box, key(1).signing)
    assert after.number == 1
    with pytest.raises(Refused, match="few"):
        OURS.steps.close_vote(boxes, Vote().controls, key(0).signing)
    with pytest.raises(Refused, match="few"):
        OURS.steps.open_layer(OURS.steps.read_step(first.value), key(1).box, key(1).signing)


def mutations(content: bytes, rounds: int, drawn: random.Random) -> Iterator[bytes]:
    for _ in range(rounds):
        place = drawn.randrange(len(content))
        other = drawn.choice([one for one in b'0123456789abcdef"[]{}:, ' if one != content[place]])
        yield content[:place] + bytes([other]) + content[place + 1 :]


@pytest.mark.parametrize("number", range(4))
def test_no_changed_byte_in_any_step_file_is_survived(number: int) -> None:
    whole = published(Vote().run())
    drawn, content = random.Random(number), canonical(whole.steps[number])
    for changed in mutations(content, 40, drawn):
        with pytest.raises(Refused):
            replace(whole, steps=[*whole.steps[:number], read(changed), *whole.steps[number + 1 :]]).accept(OURS)


EVIL: Final[list[Json]] = [None, True, 0, 1, -1, 2**64, "", "00", "00" * 32, [], {}, [[]], "\u0000"]


def places(value: Json) -> Iterator[tuple[Json, Json]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for one, inner in inside:
        yield value, one
        yield from places(inner)


def test_any_value_anywhere_is_refused_in_peace() -> None:
    vote, drawn = Vote().run(), random.Random(5)
    for _ in range(80):
        whole = published(vote)
        target = read(canonical(whole.steps[drawn.randrange(4)]))
        container, place = drawn.choice(list(places(target)))
        before, container[place] = container[place], drawn.choice(EVIL)
        if container[place] == before and type(container[place]) is type(before):
            continue
        with pytest.raises(Refused):
            replace(whole, steps=[target, *whole.steps]).accept(OURS)


def test_the_pile_hash_says_where_one_box_ends() -> None:
    assert pile_of([b"ab", b"c"]).hash != pile_of([b"a", b"bc"]).hash
