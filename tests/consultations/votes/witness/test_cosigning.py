"""A witness cosigns what continues what was seen, and nothing else."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined
from consultations.votes.protocol.board import close_of, read_published
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.witness import state, words
from consultations.votes.witness.__main__ import main
from tests.factories.attacks import ATTACKS
from tests.factories.boards import NOON, WITNESS, WITNESS_KEY, Poll, make_poll


class Office:
    """The witness's desk: a state file with the key the test votes name, and boards coming in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state, self.out = folder, folder / "state.json", folder / "cosignature.json"
        files.write_new(self.state, canonical(state.State(WITNESS, WITNESS_KEY.seed).value), 0o600)

    def write(self, poll: Poll, name: str = "board.json") -> Path:
        path = self.folder / name
        path.write_bytes(poll.file)
        return path

    def cosign(self, poll: Poll, name: str = "board.json") -> int:
        line = ["cosign", str(self.write(poll, name)), "--state", str(self.state), "--out", str(self.out)]
        return main(line)

    @property
    def seen(self) -> dict[str, int]:
        with state.opened(self.state) as file:
            return {vote: one.n for vote, one in file.state.seen.items()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def opened(voters: int = 12) -> Poll:
    poll = make_poll(voters=voters)
    poll.open()
    poll.cast(1, [1, 0, 0])
    poll.checkpoint(cosigned=False)
    return poll


def copied(poll: Poll) -> Poll:
    """Another board that says the same so far."""
    other = Poll(poll.manifest, poll.secrets, poll.random, poll.slots)
    for body in poll.bodies:
        other.board.append(body)
    other.bodies, other.checkpoints = list(poll.bodies), list(poll.checkpoints)
    return other


def test_init_makes_a_private_record_and_a_public_key(tmp_path: Path) -> None:
    line = ["init", "--name", "となり市", "--state", str(tmp_path / "s.json"), "--out", str(tmp_path / "w.json")]
    assert main(line) == 0
    public = files.read_value(tmp_path / "w.json")
    assert public["name"] == "となり市"
    assert stat.S_IMODE((tmp_path / "s.json").stat().st_mode) == 0o600
    with state.opened(tmp_path / "s.json") as file:
        assert file.state.key.public.hex() == public["key"]
        assert file.state.seed.hex() not in (tmp_path / "w.json").read_text()
    before = (tmp_path / "s.json").read_bytes()
    assert main(line) == 1
    assert (tmp_path / "s.json").read_bytes() == before


def test_a_board_that_grows_is_cosigned_again_and_again(office: Office) -> None:
    poll = opened()
    for number in range(2, 6):
        assert office.cosign(poll) == 0
        assert list(office.seen.values()) == [poll.board.length]
        poll.cast(number, [1, 0, 0])
        poll.checkpoint(NOON + timedelta(minutes=10 * number), cosigned=False)


def test_a_cosignature_attached_is_what_the_trustees_wait_for(office: Office) -> None:
    poll = opened()
    for number in range(2, 13):
        poll.cast(number, [1, 0, 0])
    poll.post(close_of(poll.board)[0])
    poll.checkpoint(cosigned=False)
    assert office.cosign(poll) == 0
    out = office.folder / "attached.json"
    assert main(["attach", str(office.folder / "board.json"), str(office.out), "--out", str(out)]) == 0
    assert not read_published(files.read_value(office.folder / "board.json")).cosigned_close
    assert read_published(files.read_value(out)).cosigned_close


def test_the_same_checkpoint_gives_the_same_cosignature(office: Office) -> None:
    poll = opened()
    assert office.cosign(poll) == 0
    before = office.out.read_bytes()
    assert office.cosign(poll) == 0
    assert office.out.read_bytes() == before


def test_a_fork_is_refused_and_both_signed_heads_are_shown(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    fork = copied(poll)
    poll.cast(2, [1, 0, 0])
    poll.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    assert office.cosign(poll) == 0
    before = office.out.read_bytes()
    fork.cast(3, [1, 0, 0])
    fork.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    assert office.cosign(fork, "fork.json") == 1
    said = capsys.readouterr().err
    assert "書きかえられています" in said
    for one in (poll.checkpoints[-1], fork.checkpoints[-1]):
        assert one.signature in said
        assert one.hash.hex() in said
    assert office.out.read_bytes() == before
    assert office.cosign(poll) == 0


def test_a_longer_fork_is_a_fork(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    fork = copied(poll)
    poll.cast(2, [1, 0, 0])
    poll.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    assert office.cosign(poll) == 0
    for number in (4, 5, 6):
        fork.cast(number, [1, 0, 0])
    fork.checkpoint(NOON + timedelta(minutes=20), cosigned=False)
    assert office.cosign(fork) == 1
    assert "書きかえられています" in capsys.readouterr().err


def test_a_board_shorter_than_seen(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    before = copied(poll)
    poll.cast(2, [1, 0, 0])
    poll.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    assert office.cosign(poll) == 0
    assert office.cosign(before) == 1
    said = capsys.readouterr().err
    assert "前に 3 番まであったのに" in said
    assert poll.checkpoints[-1].signature in said


def test_an_older_checkpoint_of_a_longer_board(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    poll.cast(2, [1, 0, 0])
    poll.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    assert office.cosign(poll) == 0
    poll.cast(3, [1, 0, 0])
    del poll.checkpoints[-1]
    assert office.cosign(poll) == 1
    assert "今の確認点は 2 番まで" in capsys.readouterr().err


def test_a_checkpoint_from_before_in_time(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    assert office.cosign(poll) == 0
    poll.checkpoints.clear()
    poll.checkpoint(NOON - timedelta(hours=1), cosigned=False)
    assert office.cosign(poll) == 1
    assert "時刻が、前に見たものより前です" in capsys.readouterr().err


def test_a_board_without_a_checkpoint(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    poll = opened()
    poll.checkpoints.clear()
    assert office.cosign(poll) == 1
    assert "確認点がまだありません" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["name", "key"])
def test_a_vote_that_names_another_witness(office: Office, capsys: pytest.CaptureFixture[str], how: str) -> None:
    office.state.unlink()
    changed = state.State("別の市", WITNESS_KEY.seed) if how == "name" else state.State(WITNESS, bytes(32))
    files.write_new(office.state, canonical(changed.value))
    assert office.cosign(opened()) == 1
    assert "この鍵で載っていません" in capsys.readouterr().err
    assert not office.out.exists()


def test_two_votes_are_seen_apart(office: Office) -> None:
    long, short = opened(), make_poll(salt="ab" * 32)
    long.cast(2, [1, 0, 0])
    long.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    short.open()
    short.checkpoint(cosigned=False)
    assert office.cosign(long) == office.cosign(short) == 0
    assert sorted(office.seen.values()) == [1, 3]


@pytest.mark.parametrize("name", ["an_old_ballot_put_back_after_a_revote", "a_wrong_result"])
def test_a_board_that_breaks_a_rule_is_not_cosigned(
    office: Office, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    found = next(one for one in ATTACKS if one.name == name)
    (office.folder / "bad.json").write_bytes(found.make())
    line = ["cosign", str(office.folder / "bad.json"), "--state", str(office.state), "--out", str(office.out)]
    assert main(line) == 1
    assert f"[{found.check}]" in capsys.readouterr().err
    assert not office.seen


def test_nothing_but_a_cosignature_is_written_over(office: Office) -> None:
    poll = opened()
    board = office.write(poll)
    line = ["cosign", str(board), "--state", str(office.state), "--out"]
    for path in (office.state, board):
        before = path.read_bytes()
        assert main([*line, str(path)]) == 1
        assert path.read_bytes() == before or path == office.state
    with state.opened(office.state) as file:
        assert file.state.name == WITNESS


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"version": 2}, {"seen": {"x": 1}}, {"seen": []}, {"seed": "00"}, {"more": 1}, {"name": ""}],
)
def test_a_record_that_is_damaged(
    office: Office, capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    office.state.write_bytes(canonical(read(office.state.read_bytes()) | change))
    assert office.cosign(opened()) == 1
    assert "壊れています" in capsys.readouterr().err


def test_a_record_in_use(office: Office) -> None:
    with state.opened(office.state), pytest.raises(Declined) as declined, state.opened(office.state):
        pass
    assert declined.value.said is files.BUSY


@pytest.mark.parametrize("change", [{"n": 1}, {"time": "2026-11-29T13:00Z"}, {"hash": "00" * 32}, {"vote": "00" * 32}])
def test_a_cosignature_of_another_head_is_not_attached(
    office: Office, capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    office.cosign(opened())
    office.out.write_bytes(canonical(read(office.out.read_bytes()) | change))
    line = ["attach", str(office.folder / "board.json"), str(office.out), "--out", str(office.folder / "x.json")]
    assert main(line) == 1
    assert words.NO_SUCH_HEAD.ja in capsys.readouterr().err
    assert not (office.folder / "x.json").exists()


def test_a_nameless_cosignature_beside_another_is_a_sentence(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    poll = opened()
    office.cosign(poll)
    poll.checkpoints.clear()
    poll.checkpoint()
    board = office.write(poll)
    office.out.write_bytes(canonical(read(office.out.read_bytes()) | {"witness": 7}))
    assert main(["attach", str(board), str(office.out), "--out", str(office.folder / "x.json")]) == 1
    assert "[shape]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change", [{"signature": "00" * 64}, {"witness": "別の市"}, {"witness": 7}, {"signature": None}, {"more": 1}]
)
def test_a_cosignature_that_is_none_is_not_attached(
    office: Office, capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    office.cosign(opened())
    office.out.write_bytes(canonical(read(office.out.read_bytes()) | change))
    line = ["attach", str(office.folder / "board.json"), str(office.out), "--out", str(office.folder / "x.json")]
    assert main(line) == 1
    assert "正しくありません" in capsys.readouterr().err
    assert not (office.folder / "x.json").exists()
