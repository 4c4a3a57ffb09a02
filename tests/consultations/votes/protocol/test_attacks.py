"""Every attack is refused by the rule made against it, and would pass where that rule is taken away."""

import importlib
from pathlib import Path
from typing import Final

import pytest

from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.refusals import Refused
from tests.consultations.votes.protocol.broken import without
from tests.factories.attacks import ATTACKS, Attack

# Rules that stand behind the first one and refuse the same file.
ANOTHER_VOTE: Final = ["board.signature", "rehearsal", "board.chain"]  # a changed manifest is another vote
PROOFS: Final = ["ballot.sum"]
BEHIND: Final = {
    "an_older_ballot_called_the_next": ["ballot.bit", "ballot.sum"],
    "a_ballot_moved_on_in_its_own_chain": PROOFS,
    "anothers_ballot_signed_for_oneself": PROOFS,
    "anothers_ballot_randomised_anew": PROOFS,
    "a_ballot_of_another_vote": PROOFS,
    "a_thousand_votes_in_one": PROOFS,
    "the_identity_as_a_point": ["ballot.bit", "ballot.sum"],
    "ten_thousand_options": ["question", *ANOTHER_VOTE],
    "a_title_of_a_megabyte": ANOTHER_VOTE,
    "a_decryption_below_the_threshold": ["result"],
    "an_opening_without_a_rehearsal": ["rehearsal"],
    "a_trustee_with_anothers_verifying_share": ANOTHER_VOTE,
    "a_trustee_who_does_not_know_the_key": ANOTHER_VOTE,
    "a_joint_key_that_somebody_knows_alone": ANOTHER_VOTE,
    "a_question_reworded_after_the_vote_opened": ["board.signature", "rehearsal"],
    "a_question_reworded_and_all_hashed_anew": ["rehearsal"],
    "an_entry_taken_away": ["board.signature"],
    "two_entries_in_another_order": ["board.signature"],
    "two_heads_for_one_number": [],
}
# Where the rule is gone, Python or libsodium stops at what it cannot work with.
STOPPED_ANYHOW: Final = {
    "a_point_of_small_order", "a_point_with_a_small_order_component", "a_point_spelled_in_another_way",
    "a_number_as_a_fraction", "a_number_as_text", "a_number_above_all_numbers", "a_negative_number",
    "brackets_without_end", "a_result_of_fewer_than_ten_ballots",
}  # fmt: skip
BY_NAME: Final = {attack.name: attack for attack in ATTACKS}


@pytest.mark.parametrize("attack", ATTACKS, ids=BY_NAME)
def test_the_board_refuses_it_by_its_rule(attack: Attack) -> None:
    with pytest.raises(Refused) as refused:
        read_published(read(attack.make()))
    assert refused.value.check == attack.check


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.name not in STOPPED_ANYHOW], ids=lambda one: one.name)
def test_without_the_rule_it_would_be_accepted(attack: Attack, tmp_path: Path) -> None:
    board = without([attack.check, *BEHIND.get(attack.name, [])], tmp_path)
    encoding = importlib.import_module(board.__name__.replace(".board", ".encoding"))
    board.read_published(encoding.read(attack.make()))


@pytest.mark.parametrize("name", sorted(STOPPED_ANYHOW))
def test_without_the_rule_something_else_would_break(name: str, tmp_path: Path) -> None:
    board = without([BY_NAME[name].check], tmp_path)
    encoding = importlib.import_module(board.__name__.replace(".board", ".encoding"))
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever breaks: libsodium's error, a type, a later rule
        board.read_published(encoding.read(BY_NAME[name].make()))
