"""Attacks by the order, the ends and the spelling of a board."""

from consultations.votes.protocol import ballots
from consultations.votes.protocol.board import void_of
from consultations.votes.protocol.checkpoints import sign_checkpoint
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.manifest import read_manifest
from tests.factories.attacking import STRANGER, attack, changed_manifest, opened, unsigned, voted
from tests.factories.boards import BOARD_KEY, NOON, confirmation_of, make_poll, slot


@attack("board.sequence")
def an_old_ballot_put_back_after_a_revote() -> bytes:
    poll = opened()
    poll.cast(1, [1, 0, 0])
    old = unsigned(poll.bodies[-1])
    poll.cast(1, [0, 1, 0])
    poll.force(old)
    return poll.file


@attack("board.sequence")
def an_older_ballot_called_the_next() -> bytes:
    poll = opened()
    poll.cast(1, [1, 0, 0])
    first = unsigned(poll.bodies[-1])
    poll.cast(1, [0, 1, 0])
    poll.force(first | {"seq": 3})
    return poll.file


@attack("board.roll")
def a_slot_that_is_not_on_the_roll() -> bytes:
    poll = opened()
    poll.force(poll.seal(99, [1, 0, 0]).body)
    return poll.file


@attack("board.signature")
def an_abstainers_slot_without_the_boards_signature() -> bytes:
    poll = opened()
    poll.force(poll.seal(12, [1, 0, 0]).body, STRANGER)
    return poll.file


@attack("canonical")
def a_key_given_twice() -> bytes:
    return voted().file.replace(b'"seq":1,', b'"seq":1,"seq":1,', 1)


@attack("canonical")
def a_number_as_a_fraction() -> bytes:
    return voted().file.replace(b'"seq":1,', b'"seq":1.0,', 1)


@attack("canonical")
def brackets_without_end() -> bytes:
    return b"[" * 100_000 + b"]" * 100_000


@attack("limits")
def ten_thousand_options() -> bytes:
    value = opened().value
    value["manifest"]["questions"][0]["options"] *= 5_000
    return canonical(value)


@attack("limits")
def a_title_of_a_megabyte() -> bytes:
    value = opened().value
    value["manifest"]["title"]["ja"] = "あ" * 350_000
    return canonical(value)


@attack("board.chain")
def an_entry_taken_away() -> bytes:
    value = voted().value
    del value["entries"][5]
    return canonical(value)


@attack("board.chain")
def two_entries_in_another_order() -> bytes:
    value = voted().value
    value["entries"][4], value["entries"][5] = value["entries"][5], value["entries"][4]
    return canonical(value)


@attack("board.signature")
def an_entry_taken_away_and_all_hashed_anew() -> bytes:
    """By somebody who holds the database and not the key."""
    poll = voted()
    del poll.bodies[5]
    return poll.file


@attack("checkpoint")
def an_entry_taken_away_and_all_signed_anew() -> bytes:
    """By the server itself, after a head of it was kept outside."""
    poll = voted()
    poll.checkpoint()
    left = [unsigned(body) for body in poll.bodies if body is not poll.bodies[5]]
    poll.bodies.clear()
    for body in left:
        poll.force(body)
    return poll.file


@attack("checkpoint")
def two_heads_for_one_number() -> bytes:
    poll, other = voted(), voted()
    other.bodies.pop()
    other.force(other.seal(12, [0, 1, 0]).body | {"prev": "", "seq": 1})
    poll.checkpoints.append(
        sign_checkpoint(BOARD_KEY, other.manifest, 13, bytes.fromhex(other.value["entries"][-1]["hash"]), NOON)
    )
    return poll.file


@attack("checkpoint")
def a_cosignature_of_nobody_named() -> bytes:
    poll = voted()
    poll.checkpoint()
    value = poll.value
    value["checkpoints"][0]["cosignatures"][0]["witness"] = "遠い市"
    return canonical(value)


@attack("roll")
def a_roll_longer_than_it_was_frozen() -> bytes:
    value = voted().value
    value["slots"] = sorted([*value["slots"], slot(99)])
    return canonical(value)


@attack("board.order")
def a_ballot_after_the_close() -> bytes:
    poll = voted()
    late = poll.seal(1, [0, 1, 0]).body
    poll.close()
    poll.force(late)
    return poll.file


@attack("board.order")
def a_ballot_before_the_opening() -> bytes:
    poll = make_poll(seed="attacked")
    poll.force(poll.seal(1, [1, 0, 0]).body)
    return poll.file


@attack("board.void")
def a_ballot_after_the_paper_vote() -> bytes:
    poll = opened()
    poll.void(1)
    place = poll.board.places[slot(1)]
    poll.force(ballots.seal(poll.manifest, [[1, 0, 0]], slot(1), place.seq + 1, place.hash, poll.random).body)
    return poll.file


@attack("board.sequence")
def a_paper_vote_that_skips_a_ballot() -> bytes:
    poll = voted()
    poll.force(void_of(poll.board, slot(1), "paper") | {"seq": 7})
    return poll.file


@attack("board.revote")
def a_second_ballot_where_the_first_is_final() -> bytes:
    poll = opened(revote=False)
    poll.cast(1, [1, 0, 0])
    poll.force(poll.seal(1, [0, 1, 0]).body)
    return poll.file


@attack("board.audited")
def a_cast_of_an_audited_ballot() -> bytes:
    poll = opened()
    sealed = poll.seal(1, [1, 0, 0])
    poll.audit(confirmation_of(sealed))
    poll.force(sealed.body)
    return poll.file


@attack("board.audited")
def an_audit_of_a_cast_ballot() -> bytes:
    poll = opened()
    receipt = poll.cast(1, [1, 0, 0])
    poll.force({"confirmation": receipt.confirmation, "type": "audit"})
    return poll.file


@attack("board.chain")
def a_question_reworded_after_the_vote_opened() -> bytes:
    return changed_manifest(title={"ja": "別の問い"})


@attack("board.signature")
def a_question_reworded_and_all_hashed_anew() -> bytes:
    poll = opened()
    poll.manifest = read_manifest(poll.manifest.source | {"title": {"ja": "別の問い"}})
    return poll.file
