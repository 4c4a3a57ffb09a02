"""What may follow what on a board, beyond the attacks: whole boards written by a server that signs whatever it likes."""

from typing import Any

from consultations.votes.verifier.board import check_board
from tests.consultations.votes.verify.boards import INDEX, checks_of, refused_for, vector
from tests.factories.boards import NOON, Poll, make_counted, make_poll, single


def opened(**changed: Any) -> Poll:
    poll = make_poll(seed="order", **changed)
    poll.open()
    return poll


def test_every_valid_vector_is_valid_with_its_totals() -> None:
    for name, expected in INDEX["valid"].items():
        report = check_board(vector(name))
        assert report.findings == []
        assert (report.vote, report.totals) == (expected["vote"], expected["totals"])
        stage = report.stage if report.stage not in {"no_quorum", "too_few"} else "closed"
        assert stage == expected["stage"]


def test_one_option_without_votes_and_one_with_all_are_counted() -> None:
    poll = make_poll(single(2, blank=False), seed="all for one")
    poll.open()
    for number in range(1, 11):
        poll.cast(number, [0, 1])
    poll.count(2, 3)
    assert check_board(poll.file).totals == [[0, 10]]


def test_shares_without_a_result_are_opened_by_the_verifier_itself() -> None:
    poll = make_counted()
    poll.bodies.pop()
    poll.checkpoints.pop()
    report = check_board(poll.file)
    assert (report.findings, report.stage, report.totals) == ([], "closed", [[9, 0, 2]])


def test_too_few_shares_open_nothing() -> None:
    poll = make_counted()
    del poll.bodies[-2:]
    poll.checkpoints.pop()
    report = check_board(poll.file)
    assert (report.findings, report.totals) == ([], [])


def test_the_slot_of_a_paper_vote_does_not_count() -> None:
    poll = opened()
    for number in range(1, 12):
        poll.cast(number, [1, 0, 0])
    poll.void(11)
    poll.void(12, "roll")
    poll.count(1, 2)
    report = check_board(poll.file)
    assert report.findings == []
    assert report.totals == [[10, 0, 0]]
    assert {key: report.counts[key] for key in ("counted", "paper", "struck")} == {
        "counted": 10,
        "paper": 1,
        "struck": 1,
    }


def test_a_void_is_allowed_where_ballots_are_final() -> None:
    poll = opened(revote=False)
    poll.cast(1, [1, 0, 0])
    poll.void(1)
    assert refused_for(poll.file) == set()


def test_two_openings_two_closes_two_results_are_refused() -> None:
    poll = make_counted()
    for body in (poll.bodies[0], next(one for one in poll.bodies if one["type"] == "close"), poll.bodies[-1]):
        again = make_counted()
        again.force({key: value for key, value in body.items() if key != "signature"})
        assert refused_for(again.file) == {"order"}


def test_one_audit_twice_is_refused() -> None:
    poll = opened()
    poll.audit("A" * 24)
    poll.force({"confirmation": "A" * 24, "type": "audit"})
    assert refused_for(poll.file) == {"audited"}


def test_checkpoints_rise_and_never_go_back_in_time() -> None:
    poll = opened()
    for number in (1, 2):
        poll.cast(number, [1, 0, 0])
        poll.checkpoint(NOON.replace(hour=14 - number))
    assert refused_for(poll.file) == {"checkpoint"}
    poll.checkpoints.reverse()
    assert refused_for(poll.file) == {"checkpoint"}


def test_a_checkpoint_named_twice_is_refused() -> None:
    poll = opened()
    poll.checkpoint()
    poll.checkpoint()
    assert refused_for(poll.file) == {"checkpoint"}


def test_every_fault_of_a_file_is_named_with_its_entry() -> None:
    poll = opened()
    for number in (1, 2, 3):
        poll.cast(number, [1, 0, 0])
    poll.bodies[3]["signature"] = poll.bodies[2]["signature"]
    poll.force({"confirmation": "A" * 24, "type": "audit"})
    poll.force({"confirmation": "A" * 24, "type": "audit"})
    report = check_board(poll.file)
    assert checks_of(report) == {"entry_signature", "audited"}
    assert sorted(finding.entry for finding in report.findings) == [4, 6]
