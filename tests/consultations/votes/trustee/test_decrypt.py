"""Rehearsing and decrypting, and every reason not to."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from consultations.votes.offline import files
from consultations.votes.protocol.board import close_of
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.tally import (
    aggregate_of,
    check_rehearsal,
    is_share,
    purpose_of_share,
    read_share,
    rehearsal_of,
)
from consultations.votes.trustee import decrypting
from consultations.votes.trustee.drawing import nonces_of
from tests.factories import attacking, attacks
from tests.factories.boards import Poll
from tests.factories.trustees import Trustees, closed


def refused(capsys: pytest.CaptureFixture[str], said: str, out: Path) -> None:
    """The sentence was said and nothing written."""
    assert said in capsys.readouterr().err
    assert not out.exists()


def copied(poll: Poll) -> Poll:
    """The same vote before anything happened."""
    return Poll(poll.manifest, poll.secrets, poll.random, poll.slots)


def test_the_shares_of_any_two_count_the_vote(met: Trustees) -> None:
    poll = closed(met.poll())
    board = met.write(poll)
    for number in (1, 3):
        assert met.decrypt(board, number, f"share-{number}.json") == 0
        poll.post(files.read_value(met.folder / f"share-{number}.json"))
    assert poll.result(1, 3) == [[12, 0, 0]]


def test_a_share_is_what_the_board_holds(met: Trustees) -> None:
    poll = closed(met.poll())
    assert met.decrypt(met.write(poll)) == 0
    share = read_share(read((met.folder / "share.json").read_bytes()), poll.board.aggregate)
    purpose = purpose_of_share(poll.manifest, poll.board.aggregate, 1)
    trustee = poll.manifest.trustee(1)
    assert trustee
    assert is_share(purpose, poll.board.aggregate, share, trustee.share)


def test_two_rehearsals_open_the_vote(met: Trustees) -> None:
    poll = met.poll()
    values = []
    for number in (1, 2):
        assert met.rehearse(poll, number, f"r{number}.json") == 0
        values.append(files.read_value(met.folder / f"r{number}.json"))
    check_rehearsal(values, poll.manifest)


def test_asked_again_the_same_bytes_come_out_also_from_a_restored_key(met: Trustees) -> None:
    poll = closed(met.poll())
    board = met.write(poll)
    assert met.decrypt(board, 1, "first.json") == met.decrypt(board, 1, "second.json") == 0
    met.change(1, replace(met.key(1), seed=bytes(32), opened={}, restored=True))
    assert met.decrypt(board, 1, "third.json") == 0
    assert len({(met.folder / f"{one}.json").read_bytes() for one in ("first", "second", "third")}) == 1


def test_after_the_count_the_same_share_still(met: Trustees) -> None:
    poll = closed(met.poll())
    assert met.decrypt(met.write(poll), 1, "first.json") == 0
    poll.share(2)
    poll.share(3)
    poll.result(2, 3)
    assert met.decrypt(met.write(poll, "counted.json"), 1, "second.json") == 0
    assert (met.folder / "first.json").read_bytes() == (met.folder / "second.json").read_bytes()


def test_no_nonce_serves_two_statements(met: Trustees) -> None:
    """One nonce under two challenges gives the key away."""
    poll, secret = met.poll(), met.key(1).secret
    one, other = closed(copied(poll)), closed(copied(poll), choice=(0, 1, 0))
    drawn = set()
    for number in (1, 2):
        for board in (one.board, other.board):
            purpose = purpose_of_share(poll.manifest, board.aggregate, number)
            drawn.add(nonces_of(secret, purpose, board.aggregate)(64))
    purpose = decrypting.purpose_of_rehearsal(poll.manifest, 1)
    drawn.add(nonces_of(secret, purpose, rehearsal_of(poll.manifest))(64))
    random = nonces_of(secret, purpose, rehearsal_of(poll.manifest))
    drawn |= {random(64), random(64)}
    assert len(drawn) == 6


def test_a_second_and_different_aggregate_of_one_vote(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    """With two sums that differ by one ballot, the difference is that ballot."""
    poll = met.poll(voters=13)
    first, second = closed(copied(poll), ballots=12), closed(copied(poll), ballots=13)
    assert met.decrypt(met.write(first)) == 0
    assert met.decrypt(met.write(second, "second.json"), out="other.json") == 1
    refused(capsys, "別の集計を、もう開票しています", met.folder / "other.json")
    assert met.decrypt(met.write(first), out="again.json") == 0


def test_another_vote_with_the_same_keys_is_another_vote(met: Trustees) -> None:
    assert met.decrypt(met.write(closed(met.poll())), out="one.json") == 0
    assert met.decrypt(met.write(closed(met.poll(salt="ab" * 32)), "b2.json"), out="two.json") == 0
    assert len(met.key(1).opened) == 2


def test_two_boards_at_the_same_moment_get_one_share(met: Trustees) -> None:
    """The key file is locked from the first look to the last write."""
    poll = met.poll(voters=13)
    boards = [met.write(closed(copied(poll), ballots=count), f"board-{count}.json") for count in (12, 13)]
    line = [sys.executable, "-m", "tests.consultations.votes.killed", "0", "trustee", "decrypt"]
    running = [
        subprocess.Popen(
            [*line, board, "--key", met.file(1), "--passphrase-file", met.passphrase, "--out", board.with_suffix(".s")],
            stderr=subprocess.PIPE,
        )
        for board in boards
    ]
    for one in running:
        one.communicate()
    assert sorted(one.returncode for one in running) == [0, 1]
    assert sum(board.with_suffix(".s").exists() for board in boards) == 1


def test_a_vote_that_is_not_closed(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll()
    poll.open()
    poll.cast(1, [1, 0, 0])
    poll.checkpoint()
    assert met.decrypt(met.write(poll)) == 1
    refused(capsys, "まだ締め切られていません", met.folder / "share.json")


def test_a_close_that_no_witness_has_seen(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    assert met.decrypt(met.write(closed(met.poll(), cosigned=False))) == 1
    refused(capsys, "足りないのは 隣の市", met.folder / "share.json")
    assert not met.key(1).opened


def test_cosignatures_of_an_earlier_checkpoint_do_not_count(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll()
    poll.open()
    for number in range(1, 13):
        poll.cast(number, [1, 0, 0])
    poll.checkpoint()
    poll.post(close_of(poll.board)[0])
    assert met.decrypt(met.write(poll)) == 1
    refused(capsys, "すべての確認立会の連署がありません", met.folder / "share.json")
    poll.checkpoint(cosigned=False)
    assert met.decrypt(met.write(poll)) == 1
    refused(capsys, "すべての確認立会の連署がありません", met.folder / "share.json")


def test_one_of_two_witnesses_is_not_enough(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    witnesses = met.poll().manifest.source["witnesses"]
    more = sorted([*witnesses, {"key": attacking.STRANGER.public.hex(), "name": "県"}], key=lambda one: one["name"])
    assert met.decrypt(met.write(closed(met.poll(witnesses=more)))) == 1
    refused(capsys, "足りないのは 県", met.folder / "share.json")


def test_fewer_than_ten_ballots(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    assert met.decrypt(met.write(closed(met.poll(), ballots=9))) == 1
    refused(capsys, "10 票より少ない", met.folder / "share.json")


def test_nine_ballots_that_the_close_says_to_count(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll()
    poll.open()
    for number in range(1, 10):
        poll.cast(number, [1, 0, 0])
    aggregate = [[one.hex for one in row] for row in aggregate_of(poll.manifest, poll.board.counted)]
    poll.force({"aggregate": aggregate, "ballots": 9, "outcome": "count", "paper": 0, "type": "close"})
    assert met.decrypt(met.write(poll)) == 1
    refused(capsys, "締め切りの記載が、数え直した結果と違います", met.folder / "share.json")


def test_a_quorum_that_was_not_met(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll(voters=30, quorum={"denominator": 2, "numerator": 1})
    assert met.decrypt(met.write(closed(poll))) == 1
    refused(capsys, "成立要件を満たしていない", met.folder / "share.json")


@pytest.mark.parametrize("name", ["a_ballot_of_another_vote", "anothers_ballot_randomised_anew", "a_wrong_result"])
def test_a_board_that_does_not_verify(met: Trustees, capsys: pytest.CaptureFixture[str], name: str) -> None:
    found = next(one for one in attacks.ATTACKS if one.name == name)
    (met.folder / "board.json").write_bytes(found.make())
    assert met.decrypt(met.folder / "board.json") == 1
    said = capsys.readouterr().err
    assert "掲示板の検証に失敗しました。開票していません" in said
    assert f"[{found.check}]" in said
    assert "掲示板の" in said


def test_a_board_with_one_ballot_removed(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = closed(met.poll())
    value = poll.value
    del value["entries"][3]
    (met.folder / "board.json").write_bytes(canonical(value))
    assert met.decrypt(met.folder / "board.json") == 1
    refused(capsys, "開票していません", met.folder / "share.json")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1,2]", b'{ "spaces": 1}', b'{"a":1,"a":2}', b"\x00" * 9])
def test_a_board_that_is_none(met: Trustees, content: bytes) -> None:
    (met.folder / "board.json").write_bytes(content)
    assert met.decrypt(met.folder / "board.json") == 1
    assert not (met.folder / "share.json").exists()


def test_a_key_file_of_another_vote(met: Trustees, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    strangers = Trustees(other).meet()
    poll = closed(met.poll())
    assert strangers.decrypt(met.write(poll)) == 1
    refused(capsys, "別の投票のものです", other / "share.json")
    assert strangers.rehearse(poll) == 1
    refused(capsys, "別の投票のものです", other / "rehearsal.json")


def test_a_manifest_with_other_trustees_than_one_met(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    trustees = [dict(one) for one in met.outcome["trustees"]]
    trustees[2]["name"] = "知らない人"
    poll = met.poll(trustees=trustees)
    assert met.rehearse(poll) == 1
    refused(capsys, "鍵づくりで確かめたものと違います", met.folder / "rehearsal.json")
    assert met.decrypt(met.write(closed(poll))) == 1
    refused(capsys, "鍵づくりで確かめたものと違います", met.folder / "share.json")


def test_a_key_before_its_ceremony(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll()
    assert met.run("keygen", "--out", met.file(9)) == 0
    assert met.rehearse(poll, 9) == 1
    refused(capsys, "まだ終わっていません", met.folder / "rehearsal.json")


def test_a_key_that_went_wrong_shows_nothing(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    """A share made with a wrong key could tell something of the right one."""
    met.change(1, replace(met.key(1), secret=met.key(1).secret + 1))
    poll = met.poll()
    poll.secrets[1] -= 1
    assert met.decrypt(met.write(closed(poll))) == 1
    refused(capsys, "公開された確認用の値と合いません", met.folder / "share.json")
    assert not met.key(1).opened


def test_a_wrong_passphrase(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    board = met.write(closed(met.poll()))
    wrong = met.folder / "wrong.txt"
    wrong.write_text("not it")
    line = ("decrypt", board, "--key", met.file(1), "--out", met.folder / "share.json", "--passphrase-file", wrong)
    assert met.run(*line, passphrase=False) == 1
    refused(capsys, "パスフレーズが違います", met.folder / "share.json")


def test_a_share_of_another_board_in_the_way_is_not_overwritten(met: Trustees) -> None:
    (met.folder / "share.json").write_bytes(b"{}")
    assert met.decrypt(met.write(closed(met.poll()))) == 1
    assert (met.folder / "share.json").read_bytes() == b"{}"


def test_killed_anywhere_no_share_is_out_that_the_key_does_not_remember(met: Trustees) -> None:
    poll = met.poll(voters=13)
    board = met.write(closed(copied(poll), ballots=12))
    second = met.write(closed(copied(poll), ballots=13), "second.json")
    fresh, share = met.file(1).read_bytes(), met.folder / "share.json"
    assert met.decrypt(board, out="expected.json") == 0
    expected = (met.folder / "expected.json").read_bytes()
    kills = 0
    for acts in range(1, 60):
        met.file(1).write_bytes(fresh)
        share.unlink(missing_ok=True)
        line = [board, "--key", met.file(1), "--out", share, "--passphrase-file", met.passphrase]
        killed = [sys.executable, "-m", "tests.consultations.votes.killed", str(acts), "trustee", "decrypt"]
        done = subprocess.run([*killed, *line], capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -9
        kills += 1
        key = met.key(1)
        assert not share.exists() or key.opened
        assert not share.exists() or share.read_bytes() == expected
        if key.opened:
            assert met.decrypt(second, out="second-share.json") == 1
        assert met.decrypt(board) == 0
        assert share.read_bytes() == expected
    assert done.returncode == 0
    assert kills > 20
