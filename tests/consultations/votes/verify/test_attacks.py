"""Every attack is refused by the checks named here and no other, and a copy of the verifier without them accepts it."""

from pathlib import Path
from typing import Final

import pytest

from tests.consultations.votes.verify.boards import INDEX, broken, checks_of, refused_for, vector
from tests.factories.attacks import ATTACKS

# A changed manifest is another vote: nothing that was signed for the old one holds.
ANOTHER_VOTE: Final = {"chain", "entry_signature", "rehearsal"}
PROOFS: Final = {"bit", "sum"}
REFUSED: Final[dict[str, set[str]]] = {
    "a_ballot_after_the_close": {"order"},
    "a_ballot_after_the_paper_vote": {"voided"},
    "a_ballot_before_the_opening": {"order"},
    "a_ballot_moved_on_in_its_own_chain": PROOFS,
    "a_ballot_of_another_vote": PROOFS,
    "a_cast_of_an_audited_ballot": {"audited"},
    "a_choice_and_the_blank_vote_at_once": {"sum"},
    "a_close_that_leaves_a_ballot_out": {"close"},
    "a_close_with_a_sum_of_its_own": {"aggregate"},
    "a_cosignature_of_nobody_named": {"cosignature"},
    "a_count_although_the_quorum_was_not_met": {"aggregate", "close"},
    "a_decryption_below_the_threshold": {"threshold"},
    "a_decryption_factor_shifted_by_one": {"share"},
    "a_decryption_that_no_witness_saw_the_close_of": {"unwitnessed"},
    "a_joint_key_that_somebody_knows_alone": {"trustee_keys", *ANOTHER_VOTE},
    "a_key_given_twice": {"canonical"},
    "a_key_too_many": {"shape"},
    "a_negative_number": {"canonical"},
    "a_number_above_all_numbers": {"canonical"},
    "a_number_as_a_fraction": {"canonical"},
    "a_number_as_text": {"shape"},
    "a_number_with_leading_zeros": {"shape"},
    "a_paper_vote_that_skips_a_ballot": {"sequence"},
    "a_point_of_small_order": {"point"},
    "a_point_spelled_in_another_way": {"point"},
    "a_point_with_a_small_order_component": {"point"},
    "a_question_reworded_after_the_vote_opened": ANOTHER_VOTE,
    "a_question_reworded_and_all_hashed_anew": ANOTHER_VOTE - {"chain"},
    "a_rehearsal_with_a_key_that_is_not_there": {"rehearsal"},
    "a_response_with_the_groups_order_added": {"scalar"},
    "a_result_of_fewer_than_ten_ballots": {"order"},
    "a_roll_longer_than_it_was_frozen": {"register"},
    "a_second_ballot_where_the_first_is_final": {"revote"},
    "a_share_made_with_another_key": {"share"},
    "a_slot_that_is_not_on_the_roll": {"roll"},
    "a_thousand_votes_in_one": PROOFS,
    "a_title_of_a_megabyte": {"limit"},
    "a_trustee_who_does_not_know_the_key": {"trustee_proof", *ANOTHER_VOTE},
    "a_trustee_with_anothers_verifying_share": {"trustee_keys", *ANOTHER_VOTE},
    "a_wrong_result": {"result"},
    "an_abstainers_slot_without_the_boards_signature": {"entry_signature"},
    "an_audit_of_a_cast_ballot": {"audited"},
    "an_entry_taken_away": {"chain", "entry_signature"},
    "an_entry_taken_away_and_all_hashed_anew": {"entry_signature"},
    "an_entry_taken_away_and_all_signed_anew": {"checkpoint"},
    "an_old_ballot_put_back_after_a_revote": {"sequence"},
    "an_older_ballot_called_the_next": {"sequence", *PROOFS},
    "an_opening_without_a_rehearsal": {"rehearsal"},
    "anothers_ballot_randomised_anew": PROOFS,
    "anothers_ballot_signed_for_oneself": PROOFS,
    "brackets_without_end": {"depth"},
    "more_choices_than_allowed": {"sum"},
    "one_trustee_twice": {"share"},
    "ten_thousand_options": {"limit"},
    "the_identity_as_a_point": {"point"},
    "two_entries_in_another_order": {"chain", "entry_signature"},
    "two_heads_for_one_number": {"checkpoint"},
    "two_of_a_single_choice": {"sum"},
    "two_votes_for_one_and_one_taken_from_another": {"bit"},
}
# Checks that stand behind those, and would refuse in their stead.
BEHIND: Final[dict[str, set[str]]] = {
    "a_ballot_after_the_close": {"aggregate", "close"},
    "a_ballot_after_the_paper_vote": {"sequence"},
    "a_point_of_small_order": PROOFS,
    "a_point_spelled_in_another_way": PROOFS,
    "a_point_with_a_small_order_component": PROOFS,
    "the_identity_as_a_point": PROOFS,
    "a_title_of_a_megabyte": ANOTHER_VOTE,
    "ten_thousand_options": {"question", *ANOTHER_VOTE},
    "a_decryption_below_the_threshold": {"result"},
}
# Without the check Python itself stops: at a number that is none, at brackets without end, at sums that are not there.
STOPPED_ANYHOW: Final = {
    "a_number_as_text", "a_number_above_all_numbers", "a_negative_number", "brackets_without_end",
    "a_result_of_fewer_than_ten_ballots",
}  # fmt: skip
MADE: Final = {attack.name: attack.make for attack in ATTACKS}


def attack_file(name: str) -> bytes:
    kept = f"refused/{name}.json"
    return vector(kept) if kept in INDEX["refused"] else MADE[name]()


def test_every_attack_of_the_table_is_named_here() -> None:
    assert MADE.keys() == REFUSED.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_these_checks(name: str) -> None:
    assert refused_for(attack_file(name)) == REFUSED[name]


@pytest.mark.parametrize("name", sorted(REFUSED.keys() - STOPPED_ANYHOW))
def test_a_verifier_without_them_accepts_it(name: str, tmp_path: Path) -> None:
    check_board = broken(REFUSED[name] | BEHIND.get(name, set()), tmp_path)
    assert checks_of(check_board(attack_file(name))) == set()
