"""Attacks by what stands in one ballot."""

from consultations.votes.protocol.elgamal import (
    Ciphertext,
    added,
    encrypt,
)
from consultations.votes.protocol.group import (
    BASE,
    IDENTITY,
    ORDER,
    SMALL_ORDER,
    plus,
    random_scalar,
)
from tests.factories.attacking import NON_CANONICAL, attack, forged, opened, unsigned, with_first_alpha
from tests.factories.boards import approval, make_poll, single, slot


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
