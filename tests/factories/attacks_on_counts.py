"""Attacks on the keys, the close and the count."""

import json

from consultations.votes.protocol.board import close_of
from consultations.votes.protocol.elgamal import (
    Ciphertext,
)
from consultations.votes.protocol.group import (
    BASE,
    plus,
    scalar_hex,
    times,
    times_base,
)
from consultations.votes.protocol.tally import decrypt_share, purpose_of_share
from tests.factories.attacking import attack, changed_manifest, opened, unsigned, voted
from tests.factories.boards import make_poll


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
