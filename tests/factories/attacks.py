"""Every attack that a board, or a server that wrote it, could try: each a board file and the check that must refuse it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from consultations.votes.protocol import ballots
from consultations.votes.protocol.ballots import branches_of, context_of
from consultations.votes.protocol.board import close_of, void_of
from consultations.votes.protocol.checkpoints import sign_checkpoint
from consultations.votes.protocol.elgamal import (
    Ciphertext,
    Opening,
    Statement,
    added,
    encrypt,
    proof_json,
    prove_one_of,
)
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.group import (
    BASE,
    IDENTITY,
    ORDER,
    SMALL_ORDER,
    plus,
    random_scalar,
    scalar_hex,
    times,
    times_base,
)
from consultations.votes.protocol.manifest import read_manifest
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.protocol.tally import decrypt_share, purpose_of_share
from tests.factories.boards import BOARD_KEY, NOON, Poll, approval, confirmation_of, make_poll, single, slot

STRANGER: Final = SigningKey(bytes(range(32)))
NON_CANONICAL: Final = (2**255 - 19 + 3).to_bytes(32, "little")  # y = 3, spelled as p + 3


@dataclass(frozen=True)
class Attack:
    name: str
    check: str  # the rule that refuses it
    make: Callable[[], bytes]


ATTACKS: Final[list[Attack]] = []


def attack(check: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a board file into the table, under its function's name."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        ATTACKS.append(Attack(make.__name__, check, make))
        return make

    return enter


def opened(*questions: dict[str, Any], **changed: Any) -> Poll:
    poll = make_poll(*questions, seed="attacked", **changed)
    poll.open()
    return poll


def voted(*questions: dict[str, Any], **changed: Any) -> Poll:
    """Twelve votes for the first option."""
    poll = opened(*questions, **changed)
    for number in range(1, 13):
        poll.cast(number, [1, 0, 0])
    return poll


def forged(poll: Poll, number: int, values: list[int], sums: bool = True) -> dict[str, Any]:
    """A ballot of any values: the proofs that can be made are right, the others are made for a permitted value."""
    question, key, random = poll.manifest.questions[0], poll.manifest.key, poll.random
    openings = [Opening(value, random_scalar(random)) for value in values]
    sealed = [encrypt(one.value, one.randomness, key) for one in openings]
    ciphertexts = [[one.hex for one in sealed]]
    context = context_of(poll.manifest, slot(number), 1, "", ciphertexts)
    bits = []
    for position, (one, known) in enumerate(zip(sealed, openings, strict=True)):
        pretended = known if known.value in {0, 1} else Opening(0, known.randomness)
        branches = [ballots.Branch(one, 0), ballots.Branch(one, 1)]
        proofs = prove_one_of(Statement("bit", context, 0, position, key), branches, [pretended] * 2, random)
        bits.append([proof_json(proof) for proof in proofs])
    branches = branches_of(question, sealed)
    known = ballots.sums_opened(question, openings, len(branches))
    if not any(branch.value == one.value for branch, one in zip(branches, known, strict=True)):
        known = [Opening(branches[0].value, one.randomness) for one in known]
    statement = Statement("sum", context, 0, question.positions, key)
    proved = [proof_json(one) for one in prove_one_of(statement, branches, known, random)]
    return {
        "ciphertexts": ciphertexts, "prev": "", "proofs": [{"bits": bits, "sum": proved}], "seq": 1,
        "slot": slot(number), "type": "cast",
    }  # fmt: skip


def unsigned(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "signature"}


def with_first_alpha(point: bytes) -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    body["ciphertexts"][0][0][0] = point.hex()
    poll.force(body)
    return poll.file


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


@attack("ballot.bit")
def a_ballot_moved_on_in_its_own_chain() -> bytes:
    poll = opened()
    poll.cast(1, [1, 0, 0])
    first = unsigned(poll.bodies[-1])
    place = poll.board.places[slot(1)]
    poll.force(first | {"seq": place.seq + 1, "prev": place.hash})
    return poll.file


@attack("ballot.bit")
def anothers_ballot_signed_for_oneself() -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    poll.force(body | {"slot": slot(2)})
    return poll.file


@attack("ballot.bit")
def anothers_ballot_randomised_anew() -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    rows = [Ciphertext(*(bytes.fromhex(part) for part in pair)) for pair in body["ciphertexts"][0]]
    anew = [added([one, encrypt(0, random_scalar(poll.random), poll.manifest.key)]).hex for one in rows]
    poll.force(body | {"ciphertexts": [anew], "slot": slot(2)})
    return poll.file


@attack("ballot.bit")
def a_ballot_of_another_vote() -> bytes:
    other, poll = make_poll(single(), seed="attacked", salt="ab" * 32), opened()
    poll.force(other.seal(1, [1, 0, 0]).body)
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


@attack("ballot.bit")
def two_votes_for_one_and_one_taken_from_another() -> bytes:
    poll = opened()
    poll.force(forged(poll, 1, [2, -1, 0]))
    return poll.file


@attack("ballot.bit")
def a_thousand_votes_in_one() -> bytes:
    poll = opened()
    poll.force(forged(poll, 1, [1000, 0, 0]))
    return poll.file


@attack("ballot.sum")
def more_choices_than_allowed() -> bytes:
    poll = opened(approval(4, 1, 2))
    poll.force(forged(poll, 1, [1, 1, 1, 0, 0]))
    return poll.file


@attack("ballot.sum")
def a_choice_and_the_blank_vote_at_once() -> bytes:
    poll = opened(approval(4, 1, 2))
    poll.force(forged(poll, 1, [1, 0, 0, 0, 1]))
    return poll.file


@attack("ballot.sum")
def two_of_a_single_choice() -> bytes:
    poll = opened()
    poll.force(forged(poll, 1, [1, 1, 0]))
    return poll.file


@attack("point")
def a_point_of_small_order() -> bytes:
    return with_first_alpha(SMALL_ORDER)


@attack("point")
def a_point_with_a_small_order_component() -> bytes:
    return with_first_alpha(plus(BASE, SMALL_ORDER))


@attack("point")
def the_identity_as_a_point() -> bytes:
    return with_first_alpha(IDENTITY)


@attack("point")
def a_point_spelled_in_another_way() -> bytes:
    return with_first_alpha(NON_CANONICAL)


@attack("scalar")
def a_response_with_the_groups_order_added() -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    proof = body["proofs"][0]["bits"][0][0]
    raised = int.from_bytes(bytes.fromhex(proof[1]), "little") + ORDER
    proof[1] = raised.to_bytes(32, "little").hex()
    poll.force(body)
    return poll.file


@attack("shape")
def a_number_with_leading_zeros() -> bytes:
    poll = opened()
    body = poll.seal(1, [1, 0, 0]).body
    body["proofs"][0]["bits"][0][0][1] += "00"
    poll.force(body)
    return poll.file


@attack("shape")
def a_key_too_many() -> bytes:
    poll = opened()
    poll.force(poll.seal(1, [1, 0, 0]).body | {"note": "x"})
    return poll.file


@attack("canonical")
def a_key_given_twice() -> bytes:
    return voted().file.replace(b'"seq":1,', b'"seq":1,"seq":1,', 1)


@attack("canonical")
def a_number_as_a_fraction() -> bytes:
    return voted().file.replace(b'"seq":1,', b'"seq":1.0,', 1)


@attack("shape")
def a_number_as_text() -> bytes:
    poll = opened()
    poll.force(poll.seal(1, [1, 0, 0]).body | {"seq": "1"})
    return poll.file


@attack("limits")
def a_number_above_all_numbers() -> bytes:
    poll = opened()
    poll.force(poll.seal(1, [1, 0, 0]).body | {"seq": 2**64})
    return poll.file


@attack("limits")
def a_negative_number() -> bytes:
    poll = opened()
    poll.force(poll.seal(1, [1, 0, 0]).body | {"seq": -1})
    return poll.file


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


@attack("board.close")
def a_close_that_leaves_a_ballot_out() -> bytes:
    poll = voted()
    body, _ = close_of(poll.board)
    poll.force(body | {"ballots": 11})
    return poll.file


@attack("board.close")
def a_close_with_a_sum_of_its_own() -> bytes:
    poll = voted()
    body, aggregate = close_of(poll.board)
    pair = aggregate[0][1]
    body["aggregate"][0][1] = Ciphertext(pair.alpha, plus(pair.beta, times_base(5))).hex
    poll.force(body)
    return poll.file


@attack("board.close")
def a_count_although_the_quorum_was_not_met() -> bytes:
    poll = opened(quorum={"denominator": 1, "numerator": 1})
    for number in range(1, 12):
        poll.cast(number, [1, 0, 0])
    free = voted()
    body = close_of(poll.board)[0] | {"outcome": "count", "aggregate": close_of(free.board)[0]["aggregate"]}
    poll.force(body)
    return poll.file


@attack("share.proof")
def a_decryption_factor_shifted_by_one() -> bytes:
    """Weak Fiat-Shamir would accept it: the proof is right for its own commitment, not for the statement."""
    poll = voted()
    poll.close()
    aggregate = poll.board.aggregate
    body = decrypt_share(purpose_of_share(poll.manifest, aggregate, 1), aggregate, poll.secrets[1], poll.random).body
    body["shares"][0][0] = plus(bytes.fromhex(body["shares"][0][0]), BASE).hex()
    poll.force(body)
    return poll.file


@attack("share.proof")
def a_share_made_with_another_key() -> bytes:
    poll = voted()
    poll.close()
    aggregate = poll.board.aggregate
    poll.force(decrypt_share(purpose_of_share(poll.manifest, aggregate, 1), aggregate, 12345, poll.random).body)
    return poll.file


@attack("share.trustee")
def one_trustee_twice() -> bytes:
    poll = voted()
    poll.close()
    poll.share(1)
    poll.force(unsigned(poll.bodies[-1]))
    return poll.file


@attack("share.witnesses")
def a_decryption_that_no_witness_saw_the_close_of() -> bytes:
    poll = voted()
    poll.post(close_of(poll.board)[0])
    poll.checkpoint(cosigned=False)
    poll.share(1)
    return poll.file


@attack("board.not_counted")
def a_result_of_fewer_than_ten_ballots() -> bytes:
    poll = opened()
    for number in range(1, 10):
        poll.cast(number, [1, 0, 0])
    poll.close()
    poll.force({"totals": [[9, 0, 0]], "trustees": [1, 2], "type": "result"})
    return poll.file


@attack("result")
def a_wrong_result() -> bytes:
    poll = voted()
    poll.close()
    poll.share(1)
    poll.share(2)
    poll.force({"totals": [[11, 1, 0]], "trustees": [1, 2], "type": "result"})
    return poll.file


@attack("limits")
def a_decryption_below_the_threshold() -> bytes:
    poll = voted()
    poll.close()
    poll.share(1)
    poll.force({"totals": [[12, 0, 0]], "trustees": [1], "type": "result"})
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


@attack("limits")
def an_opening_without_a_rehearsal() -> bytes:
    poll = make_poll(seed="attacked")
    poll.force({"rehearsal": poll.rehearsal([1]), "type": "open"})
    return poll.file


@attack("rehearsal")
def a_rehearsal_with_a_key_that_is_not_there() -> bytes:
    poll = make_poll(seed="attacked")
    poll.secrets[2] += 1
    poll.force({"rehearsal": poll.rehearsal([1, 2]), "type": "open"})
    return poll.file


def changed_manifest(**changed: Any) -> bytes:
    value = opened().value
    value["manifest"] |= changed
    return canonical(value)


@attack("manifest.share")
def a_trustee_with_anothers_verifying_share() -> bytes:
    trustees = json.loads(json.dumps(opened().manifest.source["trustees"]))
    trustees[0]["share"], trustees[1]["share"] = trustees[1]["share"], trustees[0]["share"]
    return changed_manifest(trustees=trustees)


@attack("manifest.proof")
def a_trustee_who_does_not_know_the_key() -> bytes:
    trustees = json.loads(json.dumps(opened().manifest.source["trustees"]))
    trustees[2]["proof"][1] = scalar_hex(1)
    return changed_manifest(trustees=trustees)


@attack("manifest.key")
def a_joint_key_that_somebody_knows_alone() -> bytes:
    return changed_manifest(key=times(7, BASE).hex())


@attack("board.chain")
def a_question_reworded_after_the_vote_opened() -> bytes:
    return changed_manifest(title={"ja": "別の問い"})


@attack("board.signature")
def a_question_reworded_and_all_hashed_anew() -> bytes:
    poll = opened()
    poll.manifest = read_manifest(poll.manifest.source | {"title": {"ja": "別の問い"}})
    return poll.file


def files() -> Iterator[tuple[str, str, bytes]]:
    """Name, check and board file of every attack."""
    return ((one.name, one.check, one.make()) for one in ATTACKS)
