"""Receipts, audited ballots and checkpoints that somebody kept."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import pytest
from nacl.signing import SigningKey

from consultations.votes.verifier.board import Report, check_board
from consultations.votes.verifier.canonical import canonical
from consultations.votes.verifier.group import frame, u64
from consultations.votes.verifier.kept import KeptFile
from consultations.votes.verifier.report import as_text
from tests.consultations.votes.verify.boards import broken, checks_of, vector
from tests.factories.boards import NOON, Poll, make_counted, make_poll

COUNTED: Final = vector("valid/counted.json")
RECEIPT: Final = json.loads(vector("valid/counted.receipt.json"))
AUDITED: Final = json.loads(vector("valid/counted.audited.json"))
CHECKPOINT: Final = json.loads(COUNTED)["checkpoints"][0]
KEY: Final = SigningKey(hashlib.sha256(b"board").digest())  # the board's, of the factories


def look(kind: str, value: Any, board: bytes = COUNTED) -> Report:
    return check_board(board, [KeptFile(kind, "kept.json", value if isinstance(value, bytes) else canonical(value))])


def status(kind: str, value: Any, board: bytes = COUNTED) -> str:
    """The status; the report is valid exactly if it is a good one."""
    report = look(kind, value, board)
    assert report.valid == (report.answers[0].status in {"included", "not_yet", "right", "same"})
    return report.answers[0].status


def signed(name: str, *parts: bytes | str) -> str:
    return KEY.sign(frame(f"machikoe.vote.1/{name}", *parts)).signature.hex()


def receipt(**changed: Any) -> dict[str, Any]:
    """The receipt with other contents, signed by the board."""
    value = RECEIPT | changed
    vote, head = bytes.fromhex(value["vote"]), bytes.fromhex(value["hash"])
    return value | {"signature": signed("receipt", vote, u64(value["entry"]), head, value["confirmation"])}


def test_a_ballot_is_included() -> None:
    assert status("receipt", RECEIPT) == "included"


def test_a_ballot_above_the_last_checkpoint_is_not_yet_in_one() -> None:
    poll = make_poll(seed="kept")
    poll.open()
    first = poll.cast(1, [1, 0, 0])
    poll.checkpoint()
    second = poll.cast(2, [1, 0, 0])
    assert status("receipt", first.body, poll.file) == "included"
    assert status("receipt", second.body, poll.file) == "not_yet"


@pytest.mark.parametrize(
    "changed",
    [{"entry": 7}, {"entry": 10**15}, {"hash": "0" * 64}, {"confirmation": "A" * 24}],
    ids=["another entry", "an entry beyond", "another content", "another ballot"],
)
def test_a_ballot_the_board_signed_and_does_not_show_is_missing(changed: dict[str, Any]) -> None:
    assert status("receipt", receipt(**changed)) == "missing"


def test_an_end_cut_off_behind_the_last_checkpoint_is_missing_to_who_holds_a_receipt(tmp_path: Path) -> None:
    """What is left is valid by itself: only the receipt tells, and would not with its check cut out."""
    poll = make_poll(seed="kept")
    poll.open()
    poll.checkpoint()
    poll.cast(1, [1, 0, 0])
    taken = poll.cast(2, [1, 0, 0])
    poll.cast(3, [1, 0, 0])
    del poll.bodies[2:]
    held = KeptFile("receipt", "kept.json", canonical(taken.body))
    assert check_board(poll.file).valid
    assert checks_of(check_board(poll.file, [held])) == {"missing"}
    assert broken({"missing"}, tmp_path)(poll.file, [held]).valid


def test_a_receipt_of_an_audit_entry_is_missing() -> None:
    entries = json.loads(COUNTED)["entries"]
    n, entry = next((n, one) for n, one in enumerate(entries, 1) if one["body"]["type"] == "audit")
    changed = receipt(entry=n, hash=entry["hash"], confirmation=entry["body"]["confirmation"])
    assert status("receipt", changed) == "missing"


def test_a_receipt_the_board_did_not_sign_proves_nothing() -> None:
    assert status("receipt", json.loads(vector("valid/counted.receipt-altered.json"))) == "receipt_signature"


def test_a_receipt_of_another_vote_is_told() -> None:
    assert status("receipt", RECEIPT, vector("valid/open.json")) == "other_vote"


@pytest.mark.parametrize("kind", ["receipt", "audited", "checkpoint"])
@pytest.mark.parametrize("data", [b"", b"null", b"{}", b"[" * 99_999, b"\xff", b'{"vote":1.5}', COUNTED])
def test_any_bytes_as_a_kept_file_are_a_verdict(kind: str, data: bytes) -> None:
    report = look(kind, data)
    assert checks_of(report) <= {"canonical", "depth", "shape"}
    assert not report.valid


def test_an_audited_ballot_holds_what_was_chosen() -> None:
    assert status("audited", AUDITED) == "right"


def test_an_audited_ballot_that_holds_another_choice_is_told() -> None:
    assert status("audited", json.loads(vector("valid/counted.audited-untrue.json"))) == "encryption"


@pytest.mark.parametrize(
    ("changed", "check"),
    [
        ({"choices": [[0, 1, 1]]}, "encryption"),
        ({"choices": [[0, 2, 0]]}, "limit"),
        ({"choices": [[0, 1]]}, "shape"),
        ({"choices": [[0, True, 0]]}, "shape"),
        ({"randomness": [["0" * 64] * 3]}, "scalar"),
        ({"randomness": [["f" * 64] * 3]}, "scalar"),
        ({"randomness": [AUDITED["randomness"][0][::-1]]}, "encryption"),
        ({"vote": "0" * 64}, "other_vote"),
        ({"version": 2}, "shape"),
        ({"ballot": AUDITED["ballot"] | {"seq": 9}}, "bit"),
        ({"ballot": AUDITED["ballot"] | {"signature": "0" * 128}}, "shape"),
    ],
)
def test_an_audited_ballot_is_refused(changed: dict[str, Any], check: str) -> None:
    assert status("audited", AUDITED | changed) == check


def test_an_audit_that_the_board_does_not_show_is_told() -> None:
    poll = make_counted()
    poll.bodies = poll.bodies[:5]
    poll.checkpoints = []
    assert status("audited", AUDITED, poll.file) == "unaudited"


def test_a_kept_checkpoint_agrees() -> None:
    assert status("checkpoint", CHECKPOINT) == "same"


def checkpoint(**changed: Any) -> dict[str, Any]:
    """A checkpoint of the counted vote with other contents, signed by the board."""
    value = CHECKPOINT | {"cosignatures": []} | changed
    vote, head = bytes.fromhex(RECEIPT["vote"]), bytes.fromhex(value["hash"])
    return value | {"signature": signed("checkpoint", vote, u64(value["n"]), head, value["time"])}


@pytest.mark.parametrize("n", [CHECKPOINT["n"], 1, 21])
def test_two_heads_for_one_number_are_shown_with_both_signatures(n: int) -> None:
    kept = checkpoint(hash="0" * 64, n=n)
    report = look("checkpoint", kept)
    own = next(one for one in json.loads(COUNTED)["checkpoints"] if one["n"] >= n)
    assert checks_of(report) == {"fork"}
    text = as_text(report, "en")
    assert kept["signature"] in text
    assert own["signature"] in text


def test_a_fork_would_pass_where_heads_are_not_compared(tmp_path: Path) -> None:
    held = KeptFile("checkpoint", "kept.json", canonical(checkpoint(hash="0" * 64)))
    assert checks_of(check_board(COUNTED, [held])) == {"fork"}
    assert broken({"fork"}, tmp_path)(COUNTED, [held]).valid


def test_a_board_shorter_than_a_kept_checkpoint_is_told() -> None:
    assert status("checkpoint", checkpoint(n=22)) == "shortened"


def test_a_kept_checkpoint_the_board_did_not_sign_proves_nothing() -> None:
    assert status("checkpoint", CHECKPOINT | {"hash": "0" * 64}) == "checkpoint_signature"


def test_a_kept_checkpoint_with_a_wrong_cosignature_is_told() -> None:
    wrong = [{"signature": CHECKPOINT["signature"], "witness": "隣の市"}]
    assert status("checkpoint", checkpoint() | {"cosignatures": wrong}) == "cosignature"


def two_heads() -> Poll:
    """A board that carries two checkpoints of one number."""
    poll = make_poll(seed="kept")
    poll.open()
    poll.cast(1, [1, 0, 0])
    poll.checkpoint()
    other = make_poll(seed="kept")
    other.open()
    other.cast(2, [1, 0, 0])
    poll.checkpoints.append(other.checkpoint(NOON.replace(hour=13)))
    return poll


def test_two_heads_on_the_board_itself_are_a_fork() -> None:
    poll = two_heads()
    report = check_board(poll.file)
    assert checks_of(report) == {"fork", "checkpoint"}
    for one in poll.value["checkpoints"]:
        assert one["signature"] in as_text(report, "ja")
