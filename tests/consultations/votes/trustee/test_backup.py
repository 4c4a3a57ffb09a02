"""The printed backup: words that name a mistyped line, and a key that comes back."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.votes.offline.sentences import Declined
from consultations.votes.protocol.encoding import canonical
from consultations.votes.trustee import backup, proquints
from consultations.votes.trustee.public import read_outcome
from tests.factories.trustees import Trustees, closed


@pytest.fixture
def lines(met: Trustees) -> list[str]:
    return backup.printed(met.key(1))


def typed(met: Trustees, text: str) -> Path:
    path = met.folder / "words.txt"
    path.write_text(text, encoding="utf-8")
    return path


def restore(met: Trustees, words: Path, public: Path | None = None) -> int:
    public = public or met.stick / "ceremony.json"
    return met.run("restore", "--public", public, "--words", words, "--out", met.file(8))


@given(st.binary(min_size=2, max_size=40).filter(lambda content: len(content) % 2 == 0))
def test_words_and_bytes_are_one_to_one(content: bytes) -> None:
    assert proquints.content(proquints.words(content)) == content


@pytest.mark.parametrize(("address", "words"), [("7f000001", "lusab babad"), ("3f54dcc1", "gutih tugad")])
def test_the_words_are_those_of_the_published_examples(address: str, words: str) -> None:
    assert " ".join(proquints.words(bytes.fromhex(address))) == words


@pytest.mark.parametrize("word", ["babab!", "baba", "aabab", "babac", "bebab", ""])
def test_what_is_no_word(word: str) -> None:
    assert proquints.number(word) is None


def test_five_lines_bring_the_key_back(met: Trustees, lines: list[str]) -> None:
    assert restore(met, typed(met, "\n".join(lines))) == 0
    assert (met.key(8).secret, met.key(8).number) == (met.key(1).secret, 1)
    assert met.key(8).restored


def test_a_restored_key_decrypts_the_same_and_says_what_it_forgot(
    met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    board = met.write(closed(met.poll()))
    assert met.decrypt(board, 1, "first.json") == 0
    restore(met, typed(met, "\n".join(lines)))
    assert met.decrypt(board, 8, "second.json") == 0
    assert (met.folder / "first.json").read_bytes() == (met.folder / "second.json").read_bytes()
    assert "前の開票を覚えていません" in capsys.readouterr().err


@pytest.mark.parametrize("public", ["manifest", "board"])
def test_a_manifest_or_a_board_serves_as_well(met: Trustees, lines: list[str], public: str) -> None:
    poll = met.poll()
    path = met.folder / "public.json"
    path.write_bytes(canonical(poll.manifest.source) if public == "manifest" else poll.file)
    assert restore(met, typed(met, "\n".join(lines)), path) == 0


def test_it_does_not_matter_how_it_is_typed(met: Trustees, lines: list[str]) -> None:
    sloppy = "\n\n".join(f"  {place}. {line.upper().replace('-', '　')}" for place, line in enumerate(lines, 1))
    wide = sloppy.translate({code: code + 0xFEE0 for code in range(ord("A"), ord("Z") + 1)})
    assert restore(met, typed(met, wide)) == 0


def test_every_single_wrong_letter_names_its_line(lines: list[str]) -> None:
    wrong = 0
    for line, text in enumerate(lines, 1):
        for place, letter in enumerate(text):
            if letter == "-":
                continue
            other = "i" if letter == "a" else "a" if letter in "iou" else "b" if letter != "b" else "d"
            with pytest.raises(Declined) as declined:
                backup.read_line(line, text[:place] + other + text[place + 1 :])
            assert (declined.value.said, declined.value.values["line"]) == (backup.WRONG_LINE, line)
            wrong += 1
    assert wrong == 5 * 25


def test_lines_in_another_order_are_named(met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines[1], lines[2] = lines[2], lines[1]
    assert restore(met, typed(met, "\n".join(lines))) == 1
    assert "2行目に打ちまちがい" in capsys.readouterr().err


def test_words_left_out_or_lines(met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert restore(met, typed(met, "\n".join(lines[:4]))) == 1
    assert "4 行あります" in capsys.readouterr().err
    assert restore(met, typed(met, "\n".join([*lines[:4], lines[4][:-6]]))) == 1
    assert "5行目は 4 語です" in capsys.readouterr().err


def test_the_backup_of_another_vote(met: Trustees, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").mkdir()
    other = Trustees(tmp_path / "other").meet()
    words = typed(met, "\n".join(backup.printed(other.key(1))))
    assert restore(met, words) == 1
    assert "投票のものではありません" in capsys.readouterr().err
    assert not met.file(8).exists()


def test_words_that_fit_themselves_but_not_the_published_share(met: Trustees) -> None:
    """Line checksums can be computed by anybody; the share's point cannot be deceived."""
    outcome = read_outcome(met.outcome)
    parts = [backup.read_line(place, line) for place, line in enumerate(backup.printed(met.key(1)), 1)]
    parts[0] = bytes([1, 2]) + parts[0][2:]
    with pytest.raises(Declined) as declined:
        backup.restored(parts, outcome, "ceremony.json")
    assert declined.value.said is backup.OTHER_OUTCOME


@pytest.mark.parametrize("change", [{"threshold": 1}, {"key": "58" + "66" * 31}])
def test_a_public_file_that_does_not_add_up(
    met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    path = met.folder / "public.json"
    path.write_bytes(canonical(met.outcome | change))
    assert restore(met, typed(met, "\n".join(lines)), path) == 1
    assert "正しくありません" in capsys.readouterr().err


@pytest.mark.parametrize("value", [{}, [], 7, {"manifest": {}}, {"manifest": []}, {"key": "x"}])
def test_a_public_file_that_is_something_else(
    met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str], value: object
) -> None:
    (met.folder / "public.json").write_bytes(canonical(value))
    assert restore(met, typed(met, "\n".join(lines)), met.folder / "public.json") == 1
    assert "[shape]" in capsys.readouterr().err


def test_a_public_file_with_a_proof_that_is_none(
    met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    value = met.outcome
    value["trustees"][1]["proof"].reverse()
    (met.folder / "public.json").write_bytes(canonical(value))
    assert restore(met, typed(met, "\n".join(lines)), met.folder / "public.json") == 1
    assert "[manifest.proof]" in capsys.readouterr().err


def test_restoring_overwrites_no_key(met: Trustees, lines: list[str]) -> None:
    before = met.file(2).read_bytes()
    line = ("restore", "--public", met.stick / "ceremony.json", "--words", typed(met, "\n".join(lines)))
    assert met.run(*line, "--out", met.file(2)) == 1
    assert met.file(2).read_bytes() == before


def test_a_mistyped_line_is_asked_for_again(
    met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: Iterator[str] = iter([lines[0], "babab", lines[2], *lines[1:]])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    assert met.run("restore", "--public", met.stick / "ceremony.json", "--out", met.file(8)) == 0
    said = capsys.readouterr().err
    assert "2行目は 1 語です" in said
    assert "2行目に打ちまちがい" in said
    assert met.key(8).secret == met.key(1).secret


def test_the_page_to_print_is_whole_and_the_owners_alone(met: Trustees, lines: list[str]) -> None:
    out = met.folder / "backup.html"
    assert met.run("backup", "--key", met.file(1), "--out", out) == 0
    page = out.read_text("utf-8")
    assert all(f"<li>{line}</li>" in page for line in lines)
    assert re.search(r'<svg [^>]*viewBox="0 0 (\d+) \1"', page)  # without it the style would cut the code off
    assert "金庫" in page
    assert not re.search(r"(src|href)=", page)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_name_cannot_write_into_the_page(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path, 1).keygen()
    line = ("ceremony", trustees.stick, "--key", trustees.file(1), "--begin", "--trustees", "1", "--threshold", "1")
    assert trustees.run(*line, "--name", "<script>") == 0
    assert trustees.run("backup", "--key", trustees.file(1), "--out", tmp_path / "b.html") == 0
    assert "<script>" not in (tmp_path / "b.html").read_text("utf-8")


def test_text_on_the_screen_or_in_a_file(met: Trustees, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert met.run("backup", "--key", met.file(1)) == 0
    said = capsys.readouterr().out
    assert all(line in said for line in lines)
    assert met.run("backup", "--key", met.file(1), "--out", met.folder / "b.txt", "--language", "en") == 0
    assert "  5. " + lines[4] in (met.folder / "b.txt").read_text("utf-8")


def test_nothing_to_print_before_the_ceremony(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    met.run("keygen", "--out", met.file(9))
    assert met.run("backup", "--key", met.file(9)) == 1
    assert "まだ終わっていません" in capsys.readouterr().err
