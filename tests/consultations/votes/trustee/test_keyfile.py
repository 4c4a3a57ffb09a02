"""The key file: what it is to lose a byte or a passphrase."""

import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from consultations.votes.offline import files, keyfiles
from consultations.votes.offline.sentences import Declined
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.refusals import Refused
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.__main__ import main
from consultations.votes.trustee.keys import Key, read_key
from tests.factories.trustees import PASSPHRASE, Trustees


def opened(path: Path, passphrase: str = PASSPHRASE) -> Key:
    with keyfile.opened(path, passphrase) as file:
        return file.key


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    keyfile.create(path, PASSPHRASE)
    return path


def test_a_key_file_opens_with_its_passphrase_and_is_the_owners_alone(key: Path) -> None:
    assert len(opened(key).seed) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert opened(key).seed.hex() not in key.read_text()


def test_what_is_typed_in_full_width_is_the_same_passphrase(tmp_path: Path) -> None:
    keyfile.create(tmp_path / "key.json", "abc 123 がっこう")
    assert opened(tmp_path / "key.json", "ａｂｃ　１２３ がっこう")


def test_a_wrong_passphrase_is_told_apart_from_damage(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Declined) as declined:
        opened(key, "another")
    assert declined.value.said is keyfiles.WRONG_PASSPHRASE


def test_no_single_wrong_byte_is_survived(key: Path) -> None:
    content, drawn = key.read_bytes(), random.Random(7)
    for place in {*range(0, len(content), 7), len(content) - 1}:
        changed = bytearray(content)
        changed[place] = drawn.choice([one for one in range(256) if one != content[place]])
        key.write_bytes(bytes(changed))
        with pytest.raises(Declined) as declined:
            opened(key)
        assert declined.value.said in {keyfile.DAMAGED, keyfiles.NOT_A_KEY}, place


def test_a_header_rewritten_with_a_fitting_checksum_still_does_not_open(key: Path) -> None:
    """The header is bound to what is sealed: a label cannot be put on another's key."""
    value = read(key.read_bytes())
    value["label"]["name"] = "別の人"
    value.pop("checksum")
    key.write_bytes(canonical(value | {"checksum": keyfiles.checksum(value)}))
    with pytest.raises(Declined) as declined:
        opened(key)
    assert declined.value.said is keyfiles.WRONG_PASSPHRASE


@pytest.mark.parametrize(
    "changed",
    [{"memory": 2**50}, {"operations": 10**6}, {"cipher": "none"}, {"version": 2}, {"salt": "00"}, {"nonce": "00"}],
)
def test_a_header_out_of_bounds_is_damage_and_costs_nothing(key: Path, changed: dict[str, object]) -> None:
    value = read(key.read_bytes()) | changed
    value.pop("checksum")
    key.write_bytes(canonical(value | {"checksum": keyfiles.checksum(value)}))
    with pytest.raises(Declined) as declined:
        opened(key)
    assert declined.value.said is keyfile.DAMAGED


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"kind":1}', b"\xff\xfe", b"hello"])
def test_what_is_no_key_file_is_called_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(Declined) as declined:
        opened(tmp_path / "x")
    assert declined.value.said is keyfiles.NOT_A_KEY


def test_a_key_file_is_never_overwritten(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, trustees = key.read_bytes(), Trustees(key.parent)
    assert trustees.run("keygen", "--out", key) == 1
    assert "上書きはしません" in capsys.readouterr().err
    with pytest.raises(Declined):
        keyfile.create(key, PASSPHRASE)
    assert key.read_bytes() == before


def test_a_name_taken_while_the_file_is_written_stays_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, link = tmp_path / "key.json", os.link

    def slow(source: Path, target: Path) -> None:
        path.write_bytes(b"another's")
        link(source, target)

    monkeypatch.setattr(os, "link", slow)
    with pytest.raises(Declined) as declined:
        keyfile.create(path, PASSPHRASE)
    assert declined.value.said is files.EXISTS
    assert path.read_bytes() == b"another's"


def test_a_stick_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    keyfile.create(tmp_path / "key.json", PASSPHRASE)
    assert opened(tmp_path / "key.json")
    with pytest.raises(Declined):
        files.write_new(tmp_path / "key.json", b"other")


def test_a_key_file_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Declined) as declined:
        opened(tmp_path / "key.json")
    assert declined.value.said is files.MISSING
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(Declined) as declined:
        files.write_new(tmp_path, b"x")
    assert declined.value.said is files.EXISTS


def test_a_saved_key_is_there_when_opened_again_and_sealed_anew(key: Path) -> None:
    before = json.loads(key.read_bytes())
    with keyfile.opened(key, PASSPHRASE) as file:
        file.save(file.key.remembering("ab" * 32, "cd" * 32))
    assert opened(key).opened == {"ab" * 32: "cd" * 32}
    assert json.loads(key.read_bytes())["nonce"] != before["nonce"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="locks are the same there, the second process is not")
def test_a_key_in_use_is_not_used_twice_at_once(key: Path) -> None:
    with keyfile.opened(key, PASSPHRASE), pytest.raises(Declined) as declined, keyfile.opened(key, PASSPHRASE):
        pass
    assert declined.value.said is files.BUSY


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "ありません"), (b"\n", "ありません"), (b"\xff\xff", "読めません"), (b"a" * 10_001, "大きすぎます")],
)
def test_a_passphrase_file_without_a_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (tmp_path / "p").write_bytes(content)
    assert main(["keygen", "--out", str(tmp_path / "k.json"), "--passphrase-file", str(tmp_path / "p")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "k.json").exists()


def test_a_real_key_costs_a_guesser_a_quarter_of_a_gibibyte(tmp_path: Path) -> None:
    (tmp_path / "p").write_text(PASSPHRASE)
    line = [
        "-m",
        "consultations.votes.trustee",
        "keygen",
        "--out",
        tmp_path / "k.json",
        "--passphrase-file",
        tmp_path / "p",
    ]
    subprocess.run([sys.executable, *line], check=True, capture_output=True)
    header = keyfile.read_header(tmp_path / "k.json")
    assert (header["operations"], header["memory"]) == (3, 256 * 2**20)
    assert opened(tmp_path / "k.json").seed


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are set as Linux does")
def test_a_machine_without_memory_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "p").write_text(PASSPHRASE)
    script = (
        "import resource, sys\nfrom consultations.votes.trustee.__main__ import main\n"
        "resource.setrlimit(resource.RLIMIT_AS, (250 * 2**20,) * 2)\n"
        f"sys.exit(main(['keygen', '--out', {str(tmp_path / 'k')!r}, '--passphrase-file', {str(tmp_path / 'p')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "記憶領域(256 MiB)が足りません" in done.stderr
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize("change", [{"opened": []}, {"opened": {"x": "y"}}, {"secret": "ff" * 32}, {"number": 10}])
def test_a_sealed_key_is_read_strictly_too(change: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read_key(Key(bytes(32)).value | change)
