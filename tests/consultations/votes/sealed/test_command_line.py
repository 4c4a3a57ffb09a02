"""The openers' program as a clerk meets it: commands, sentences, exit codes."""

import json
import re
import shutil
import stat
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from consultations.votes.offline import checks, keyfiles
from consultations.votes.offline.sentences import Said
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.sealed import keys, words
from consultations.votes.sealed.manifest import LIMITS
from tests.consultations.votes.sealed.broken import OURS, Copy, without

PASSPHRASE = "four unrelated words 鍵"
ROOT = Path(__file__).resolve().parents[4]
NAMES = ("田中", "佐藤", "鈴木")
PLACES = ("図書館", "公園", "プール", "劇場")
CHOICES: list[Any] = [*[[["o01"], ["o02"]]] * 5, *[[["o02"], ["o03"]]] * 4, *[[["o04"]]] * 3]


class Office:
    """One folder with everybody's files in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keeper = folder, "key-0.json"
        self.path("passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")

    def path(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> Any:
        return read(self.path(name).read_bytes())

    def write(self, name: str, value: Any) -> Path:
        self.path(name).write_bytes(canonical(value))
        return self.path(name)

    def run(self, *arguments: object, code: Copy = OURS) -> int:
        return int(code.__main__.main([str(one) for one in arguments]))

    def keygen(self, number: int, name: str) -> int:
        key, public = self.path(f"key-{number}.json"), self.path(f"opener-{number}.json")
        words_file = self.path("passphrase.txt")
        return self.run("keygen", "--name", name, "--out", key, "--public", public, "--passphrase-file", words_file)

    def prepare(self, *more: object, out: str = "manifest.json") -> int:
        rules = more or ("--candidates", *PLACES, "--least", 1)
        people = [self.path("opener-1.json"), self.path("opener-2.json"), "--keeper", self.path("opener-0.json")]
        return self.run("prepare", *people, "--title", "新しい施設", *rules, "--out", self.path(out))

    def seal(self, choices: object, out: str = "ballots.json", manifest: str = "manifest.json") -> int:
        self.path("choices.json").write_text(json.dumps(choices), encoding="utf-8")
        return self.run("seal", self.path(manifest), self.path("choices.json"), "--out", self.path(out))

    def close(self, *ballots: str, out: str = "step-0.json", keep: str = "controls.json", code: Copy = OURS) -> int:
        given = [self.path(name) for name in ballots or ("ballots.json",)]
        kept = ("--keep", self.path(keep), "--out", self.path(out))
        key = ("--key", self.path(self.keeper), "--passphrase-file", self.path("passphrase.txt"))
        return self.run("close", self.path("manifest.json"), *given, *key, *kept, code=code)

    def open(self, step: str, number: int, out: str, code: Copy = OURS, passphrase: str = "passphrase.txt") -> int:
        key = ("--key", self.path(f"key-{number}.json"), "--passphrase-file", self.path(passphrase))
        return self.run("open", self.path(step), *key, "--out", self.path(out), code=code)

    def count(self, *more: object, out: str = "result.json") -> int:
        controls = ("--controls", self.path("controls.json"), "--out", self.path(out))
        return self.run("count", *self.steps, *controls, *more)

    @property
    def steps(self) -> list[Path]:
        return [self.path(f"step-{number}.json") for number in range(4)]


@pytest.fixture(scope="module")
def done_once(tmp_path_factory: pytest.TempPathFactory, cheap_passphrases: None) -> Path:
    """A whole vote of twelve ballots; not to be written in. `fresh-….json` are the key files before they opened anything."""
    office = Office(tmp_path_factory.mktemp("office"))
    assert [office.keygen(number, name) for number, name in enumerate(NAMES)] == [0, 0, 0]
    for number in range(3):
        shutil.copy(office.path(f"key-{number}.json"), office.path(f"fresh-{number}.json"))
    assert [office.prepare(), office.seal(CHOICES), office.close()] == [0, 0, 0]
    for step, number in enumerate((1, 2, 1)):
        assert office.open(f"step-{step}.json", number, f"step-{step + 1}.json") == 0
    return office.folder


@pytest.fixture
def office(done_once: Path, tmp_path: Path) -> Office:
    shutil.copytree(done_once, tmp_path / "office")
    return Office(tmp_path / "office")


@pytest.fixture
def fresh(office: Office) -> Office:
    """Closed, and nobody has opened anything."""
    for number in range(3):
        shutil.copy(office.path(f"fresh-{number}.json"), office.path(f"key-{number}.json"))
    for number in (1, 2, 3):
        office.path(f"step-{number}.json").unlink()
    return office


def refused(capsys: pytest.CaptureFixture[str], said: str, *absent: Path) -> None:
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not any(path.exists() for path in absent)


def test_rankings_are_counted_by_stv_and_by_schulze(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.count("--method", "wigm", "--seats", 2, "--seed", "7") == 0
    assert "図書館、公園" in capsys.readouterr().out
    result = office.read("result.json")
    assert sorted(map(canonical, result["choices"])) == sorted(map(canonical, CHOICES))
    assert (result["cast"], result["counted"], result["doubled"], result["invalid"]) == (12, 12, 0, {})
    assert office.count("--method", "schulze", "--seed", "7", out="schulze.json") == 0
    assert office.read("schulze.json")["result"]["elected"] == ["o01"]


def test_anybody_checks_and_hears_what_was_not_checked(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    controls, ballots = office.path("controls.json"), office.path("ballots.json")
    assert office.run("check", *office.steps, "--controls", controls, "--ballots", ballots) == 0
    whole = capsys.readouterr()
    assert "照合票 12 票は、どの段にもあります" in whole.out
    assert "12 票は、締め切りのファイルにあります" in whole.out
    assert "見込みは、50 %" in whole.out
    assert "これで投じられた票のすべてです" in whole.out
    assert "確かめていないこと" not in whole.err
    assert office.run("check", office.steps[1], office.steps[3]) == 0
    assert (
        "第0, 2段のファイル、最後の封、照合票(--controls がないので、すりかえは見つかりません)、締め切り"
        in capsys.readouterr().err
    )


def test_from_the_close_on_anybody_sees_that_all_ballots_were_taken_in(
    fresh: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is open yet, and the control ballots are the keeper's secret."""
    assert fresh.run("check", fresh.steps[0], "--ballots", fresh.path("ballots.json")) == 0
    assert "公表された票のすべてです" in capsys.readouterr().out
    assert fresh.seal(CHOICES[:1], "more.json") == 0
    for other in (["more.json"], ["ballots.json", "more.json"]):
        assert fresh.run("check", fresh.steps[0], "--ballots", *map(fresh.path, other)) == 0
        said = capsys.readouterr()
        assert "公表された票のすべてです" not in said.out
        assert "確かめていないこと" in said.err


def test_the_limits_stand_on_every_output(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    acts: list[Callable[[], int]] = [
        lambda: fresh.keygen(3, "高橋"),
        lambda: fresh.prepare(out="other.json"),
        lambda: fresh.seal(CHOICES, "more.json"),
        lambda: fresh.close(out="other-0.json", keep="other-controls.json"),
        lambda: fresh.open("step-0.json", 1, "step-1.json"),
        lambda: fresh.open("step-1.json", 2, "step-2.json"),
        lambda: fresh.open("step-2.json", 1, "step-3.json"),
        lambda: fresh.run("check", fresh.path("step-0.json")),
        lambda: fresh.count("--method", "borda", "--seed", "1"),
    ]
    for act in acts:
        assert act() == 0
        assert LIMITS["ja"] in capsys.readouterr().out
    assert fresh.read("result.json")["limits"] == LIMITS
    for name in ("step-0.json", "step-1.json", "step-2.json", "step-3.json"):
        assert fresh.read(name)["manifest"]["limits"] == LIMITS


def test_free_text_is_listed_and_not_counted(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    texts = [f"意見 {number}" for number in range(10, 20)]
    for number, name in enumerate(NAMES):
        for one in (f"key-{number}.json", f"opener-{number}.json"):
            office.path(one).unlink()
        assert office.keygen(number, name) == 0
    for name in ("manifest.json", "ballots.json", "controls.json", *(path.name for path in office.steps)):
        office.path(name).unlink()
    assert [office.prepare("--text", 30), office.seal(texts), office.close()] == [0, 0, 0]
    assert [office.open(f"step-{n}.json", who, f"step-{n + 1}.json") for n, who in enumerate((1, 2, 1))] == [0, 0, 0]
    assert office.count("--method", "borda") == 1
    refused(capsys, "自由記述は数えません", office.path("result.json"))
    assert office.count() == 0
    result = office.read("result.json")
    assert (result["choices"], result["result"]) == (texts, None)


def test_the_same_file_opened_again_gives_the_same(office: Office) -> None:
    assert office.open("step-0.json", 1, "again.json") == 0
    assert office.path("again.json").read_bytes() == office.path("step-1.json").read_bytes()


def test_a_second_and_different_file_of_one_step_is_refused(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With two files that differ by one ballot, the difference is that ballot."""
    assert office.seal([[["o03"]]], "one-more.json") == 0
    assert office.close("ballots.json", "one-more.json", out="other.json", keep="other-controls.json") == 0
    assert office.open("other.json", 1, "next.json") == 1
    refused(capsys, "別のファイルを、もう開けています", office.path("next.json"))
    assert office.open("other.json", 1, "next.json", without(["sealed.again"], tmp_path)) == 0


def test_whose_turn_it_is(fresh: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert fresh.open("step-0.json", 2, "step-1.json") == 1
    refused(capsys, "順番が違います(第1段、佐藤)", fresh.path("step-1.json"))
    assert fresh.open("step-0.json", 2, "step-1.json", without(["sealed.turn"], tmp_path)) == 0


def test_what_is_all_open_is_not_opened(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.open("step-3.json", 1, "step-4.json") == 1
    refused(capsys, "もう最後まで開いています", office.path("step-4.json"))


def test_a_key_of_another_vote_is_refused(fresh: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert fresh.keygen(3, "高橋") == 0
    assert fresh.open("step-0.json", 3, "step-1.json") == 1
    refused(capsys, "この投票の開封立会人のものではありません", fresh.path("step-1.json"))
    copy = without(["sealed.stranger", "sealed.turn"], tmp_path)
    assert fresh.open("step-0.json", 3, "step-1.json", copy) == 0


def test_the_keeper_closes_and_nobody_else(fresh: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fresh.keeper = "key-1.json"
    assert fresh.close(out="other-0.json", keep="other.json") == 1
    refused(
        capsys, "この投票の票の係の鍵ファイルではありません(田中)", fresh.path("other-0.json"), fresh.path("other.json")
    )
    copy = without(["sealed.keeper", "sealed.few"], tmp_path)
    assert fresh.close(out="other-0.json", keep="other.json", code=copy) == 0
    fresh.keeper = "key-0.json"
    assert fresh.open("step-0.json", 0, "step-1.json") == 1
    refused(capsys, "この投票の開封立会人のものではありません", fresh.path("step-1.json"))


def test_a_key_file_serves_one_vote(office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert office.prepare("--candidates", *PLACES, "--most", 2, out="second.json") == 0
    assert office.seal([[["o01"]]] * 10, "second-ballots.json", "second.json") == 0
    office.path("manifest.json").unlink()
    office.path("second.json").rename(office.path("manifest.json"))
    assert office.close("second-ballots.json", out="second-0.json", keep="second-controls.json") == 1
    refused(capsys, "別の投票を開けています", office.path("second-0.json"))
    copy = without(["sealed.other_vote", "sealed.again"], tmp_path)
    assert office.close("second-ballots.json", out="second-0.json", keep="second-controls.json", code=copy) == 0
    assert office.open("second-0.json", 1, "second-1.json") == 1
    refused(capsys, "別の投票を開けています", office.path("second-1.json"))
    assert office.open("second-0.json", 1, "second-1.json", copy) == 0


def test_a_wrong_passphrase_opens_nothing(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    fresh.path("wrong.txt").write_text("another passphrase\n")
    assert fresh.open("step-0.json", 1, "step-1.json", passphrase="wrong.txt") == 1
    refused(capsys, "パスフレーズが違います", fresh.path("step-1.json"))


def test_a_key_file_with_one_wrong_byte_opens_nothing(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    content = fresh.path("key-1.json").read_bytes()
    fresh.path("key-1.json").write_bytes(content[:-9] + (b"0" if content[-9:-8] != b"0" else b"1") + content[-8:])
    assert fresh.open("step-0.json", 1, "step-1.json") == 1
    refused(capsys, "壊れています", fresh.path("step-1.json"))


def test_a_key_file_is_private_and_tells_nothing(office: Office) -> None:
    path = office.path("key-1.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.path("controls.json").stat().st_mode) == 0o600
    with keyfiles.opened(path, PASSPHRASE, keys.SORT) as file:
        secrets = (file.key.seed, file.key.box, file.key.closing, file.key.signing.seed)
        assert sorted(file.key.opened) == ["0", "2"]
        assert not any(one.hex() in repr(file.key) for one in secrets)
    public = [one.read_text(encoding="utf-8") for one in office.folder.glob("*.json") if one.name != "step-3.json"]
    assert not any(one.hex() in text for one in secrets for text in public)
    assert [one.hex() in office.path("step-3.json").read_text() for one in secrets] == [False, False, True, False]


def test_a_trustees_key_file_is_no_openers(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    value = fresh.read("key-1.json") | {"kind": "machikoe-trustee-key"}
    fresh.write("key-1.json", value)
    assert fresh.open("step-0.json", 1, "step-1.json") == 1
    refused(capsys, "鍵ファイルではありません", fresh.path("step-1.json"))


def test_copies_are_named_at_the_close(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(fresh.path("ballots.json"), fresh.path("same.json"))
    assert fresh.close("ballots.json", "same.json", out="twice.json", keep="twice-controls.json") == 0
    assert "12 票を除きました" in capsys.readouterr().err
    assert fresh.read("twice.json")["batch"]["ballots"]["count"] == 12


@pytest.mark.parametrize(("change", "said"), [
    (lambda value: value | {"boxes": [value["boxes"][0][:-2], *value["boxes"][1:]]}, "1 番目の票は長さが違います"),
    (lambda value: value | {"vote": "00" * 32}, "別の投票のもの"),
    (lambda value: value | {"boxes": [7]}, "決まりと違います"),
    (lambda value: value | {"boxes": value["boxes"][:9]}, "10票より少ない"),
])  # fmt: skip
def test_ballots_that_cannot_be_closed(
    fresh: Office, capsys: pytest.CaptureFixture[str], change: Any, said: str
) -> None:
    fresh.write("bad.json", change(fresh.read("ballots.json")))
    assert fresh.close("bad.json", out="bad-0.json", keep="bad-controls.json") == 1
    refused(capsys, said, fresh.path("bad-0.json"), fresh.path("bad-controls.json"))


def test_a_truncated_file_is_refused(fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
    content = fresh.path("step-0.json").read_bytes()
    fresh.path("step-0.json").write_bytes(content[:-1])
    assert fresh.open("step-0.json", 1, "step-1.json") == 1
    refused(capsys, "途中で切れているか", fresh.path("step-1.json"))


@pytest.mark.parametrize(("choices", "said"), [
    ([[["o01"]], [["o09"]]], "2 番目の選択は、決まりに合いません"), ([[]], "1 番目"), ({"a": 1}, "JSON として読めません"),
])  # fmt: skip
def test_a_choice_against_the_rules_seals_nothing(
    office: Office, capsys: pytest.CaptureFixture[str], choices: object, said: str
) -> None:
    assert office.seal(choices, "bad.json") == 1
    refused(capsys, said, office.path("bad.json"))


@pytest.mark.parametrize(("rules", "said"), [
    (("--text", 10, "--candidates", "a", "b"), "どちらか1つ"), (("--least", 1), "どちらか1つ"),
    (("--text", 3000), "決まりの範囲"), (("--text", 10, "--ties"), "順位を付ける票"), (("--candidates", "a"), "範囲"),
    (("--candidates", "a", "b", "--most", 3), "範囲"),
])  # fmt: skip
def test_rules_that_make_no_sense_are_not_published(
    office: Office, capsys: pytest.CaptureFixture[str], rules: tuple[object, ...], said: str
) -> None:
    assert office.prepare(*rules, out="bad.json") == 1
    refused(capsys, said, office.path("bad.json"))


def test_one_opener_alone_or_twice_is_refused(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one, keeper = office.path("opener-1.json"), office.path("opener-0.json")
    more = ("--keeper", keeper, "--title", "x", "--text", 9, "--out", office.path("bad.json"))
    assert office.run("prepare", one, *more) == 1
    refused(capsys, "決まりの範囲", office.path("bad.json"))
    assert office.run("prepare", one, one, *more) == 1
    refused(capsys, "同じ名前か同じ鍵", office.path("bad.json"))
    assert office.run("prepare", one, keeper, *more) == 1
    refused(capsys, "同じ名前か同じ鍵", office.path("bad.json"))
    assert office.run("prepare", one, one, *more, code=without(["sealed.alike"], tmp_path)) == 0


def test_an_openers_file_that_was_changed_is_refused(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Somebody on the way puts a key of his own in the place of an opener's."""
    other = office.read("opener-2.json")["box"]
    office.write(
        "opener-1.json", office.read("opener-1.json") | {"box": other[:-1] + ("1" if other[-1] != "1" else "2")}
    )
    assert office.prepare("--text", 9, out="bad.json") == 1
    refused(capsys, "署名が合いません", office.path("bad.json"))
    line = ("--keeper", office.path("opener-0.json"), "--title", "x", "--text", 9, "--out", office.path("bad.json"))
    openers = (office.path("opener-1.json"), office.path("opener-2.json"))
    assert office.run("prepare", *openers, *line, code=without(["sealed.opener"], tmp_path)) == 0


def test_a_manifest_without_its_limits_is_refused(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    office.write("manifest.json", office.read("manifest.json") | {"limits": {"en": "Safe.", "ja": "安全です。"}})
    assert office.seal(CHOICES, "bad.json") == 1
    refused(capsys, "限界の説明が書きかえられています", office.path("bad.json"))
    line = (office.path("manifest.json"), office.path("choices.json"), "--out", office.path("bad.json"))
    assert office.run("seal", *line, code=without(["sealed.limits"], tmp_path)) == 0


def test_a_tie_asks_for_a_public_seed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.seal([*[[["o01"]]] * 5, *[[["o02"]]] * 5], "level.json") == 0
    assert office.close("level.json", out="level-0.json", keep="controls-2.json") == 0
    for number in (1, 2):
        shutil.copy(office.path(f"fresh-{number}.json"), office.path(f"key-{number}.json"))
    for step, number in enumerate((1, 2, 1)):
        assert office.open(f"level-{step}.json", number, f"level-{step + 1}.json") == 0
    steps = [office.path(f"level-{number}.json") for number in range(4)]
    line = ("count", *steps, "--controls", office.path("controls-2.json"), "--out", office.path("r.json"))
    assert office.run(*line, "--method", "irv") == 1
    refused(capsys, "プール、劇場 が同点です", office.path("r.json"))
    assert office.run(*line, "--method", "irv", "--seed", "宝くじ") == 0
    assert office.run(*line, "--method", "wigm", "--seats", 9) == 1
    refused(capsys, "数えられません")
    assert office.run(*line) == 1
    refused(capsys, "borda, irv, meek, schulze, wigm")


def test_nothing_is_counted_with_a_file_missing(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = (
        "--controls",
        office.path("controls.json"),
        "--method",
        "irv",
        "--seed",
        "1",
        "--out",
        office.path("r.json"),
    )
    some = [path for path in office.steps if path.name != "step-1.json"]
    assert office.run("count", *some, *line) == 1
    refused(capsys, "ファイルがそろっていません(第1段)", office.path("r.json"))
    assert office.run("count", *some, *line, code=without(["sealed.incomplete"], tmp_path)) == 0


def test_a_ballot_that_was_left_out_is_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.seal([[["o01"]]], "mine.json") == 0
    ballots = ("--ballots", office.path("mine.json"), "--controls", office.path("controls.json"))
    assert office.run("check", office.steps[0], *ballots) == 1
    refused(capsys, "締め切りのファイルに入っていません")


def test_no_file_is_ever_overwritten(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in office.folder.glob("*.json")}
    assert office.keygen(1, "佐藤") == 1
    assert office.prepare() == 1
    assert office.close() == 1
    assert office.open("step-0.json", 1, "ballots.json") == 1
    assert capsys.readouterr().err.count("上書きはしません") == 4
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert changed <= {office.path("key-1.json"), office.path("key-0.json")}


def test_the_key_file_remembers_before_anything_is_let_out(fresh: Office) -> None:
    """Where the next file cannot be written, the key knows all the same what it opened."""
    assert fresh.open("step-0.json", 1, "ballots.json") == 1
    with keyfiles.opened(fresh.path("key-1.json"), PASSPHRASE, keys.SORT) as file:
        assert list(file.key.opened) == ["0"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_shows_the_whole_vote_and_the_limits(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        OURS.__main__.main(["--help", "--language", language])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("keygen", "prepare", "seal", "close", "open", "check", "count"):
        assert f"consultations.votes.sealed {command}" in said
    assert LIMITS[language] in said
    assert bool(re.search("[ぁ-ん]", said)) is (language == "ja")


def test_misuse_is_exit_code_2() -> None:
    with pytest.raises(SystemExit) as ended:
        OURS.__main__.main(["open"])
    assert ended.value.code == 2


def sentences() -> Iterator[Said]:
    for module in (keys, words, keyfiles):
        yield from (one for one in vars(module).values() if isinstance(one, Said))
    yield from (one for name, one in checks.REASONS.items() if name.startswith("sealed."))


def test_every_sentence_is_there_in_both_languages_and_asks_for_the_same_names() -> None:
    found = list(sentences())
    assert len(found) > 90
    for one in found:
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name is not None} for text in one]
        assert names[0] == names[1], one
        assert one.ja
        assert not any("぀" <= letter <= "鿿" for letter in one.en), one


def test_every_check_has_its_sentence() -> None:
    package = ROOT / "consultations/votes/sealed"
    named = {name for path in package.glob("*.py") for name in re.findall(r'Refused\("([a-z._]+)"', path.read_text())}
    assert named <= set(checks.REASONS)
    assert {name for name in checks.REASONS if name.startswith("sealed.")} <= named


def test_the_program_runs_by_its_name() -> None:
    line = [sys.executable, "-m", "consultations.votes.sealed", "check", "nowhere.json"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nowhere.json が見つかりません" in done.stderr


def test_the_example_goes_from_the_first_key_to_two_results_and_a_swap() -> None:
    line = [sys.executable, "examples/sealed_vote_by_command_line.py"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stdout.count("the 60 rankings are the same as were cast") == 2
    assert "elected by wigm" in done.stdout
    assert "elected by schulze" in done.stdout
    assert "(step 2, Suzuki) [sealed.swapped]" in done.stderr
