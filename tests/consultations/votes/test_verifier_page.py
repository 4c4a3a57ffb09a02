"""The verifier's page as a file: made the same way every time, with all its words, from a library nobody touched."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from consultations.votes.verifier_js import build

WORDS = {
    language: json.loads((build.HERE / "words" / f"{language}.json").read_text("utf-8")) for language in build.LANGUAGES
}
SOURCES = {name: (build.HERE / "src" / f"{name}.js").read_text("utf-8") for name in build.MODULES}
FIELD = re.compile(r"%\((\w+)\)s")
RUBY = re.compile(r"\{[^{}/]+/[ぁ-ゖー]+\}")
KANJI = re.compile(r"[々一-鿿]")
REFUSAL = re.compile(r"(?<!function )\b(demand|refuse)\(")
REASON = re.compile(r'"(\w+)"(?= :|$)|(?<=: )"(\w+)"')


def test_the_same_sources_make_the_same_page() -> None:
    assert build.page() == build.page.__wrapped__()


def test_the_page_names_no_address_but_in_comments_and_asks_for_nothing() -> None:
    page = build.page()
    assert not re.search(r'(?:src|href|action)="(?!#)', page)
    assert "default-src 'none'" in page
    assert page.count("<script") == 1
    assert "@import" not in page
    assert "url(" not in page


def test_the_library_is_the_one_its_note_describes() -> None:
    note = (build.HERE / "vendor" / "README.md").read_text("utf-8")
    lock = json.loads((build.HERE / "vendor" / "package-lock.json").read_text("utf-8"))["packages"]
    assert hashlib.sha256(build.VENDORED.read_bytes()).hexdigest() in note
    for package in ("@noble/curves", "@noble/hashes"):
        assert lock[f"node_modules/{package}"]["version"] == "2.4.0"
        assert lock[f"node_modules/{package}"]["integrity"] in note
    assert "MIT License" in build.VENDORED.read_text("utf-8")
    assert "Permission is hereby granted" in (build.HERE / "vendor" / "LICENSE").read_text("utf-8")


def test_the_three_languages_say_the_same() -> None:
    for words in WORDS.values():
        assert words.keys() == WORDS["en"].keys()
        assert [set(FIELD.findall(text)) for text in words.values()] == [
            set(FIELD.findall(WORDS["en"][key])) for key in words
        ]


@pytest.mark.parametrize("key", WORDS["ja-easy"])
def test_easy_japanese_has_furigana_and_short_sentences(key: str) -> None:
    text = WORDS["ja-easy"][key]
    assert not KANJI.search(RUBY.sub("", text))
    plain = FIELD.sub("1", re.sub(r"\{([^{}/]+)/[^{}]+\}", r"\1", text)).replace(" ", "")
    assert max(len(sentence) for sentence in plain.split("。")) <= 30


def reasons() -> Iterator[str]:
    """Every reason the sources give for a refusal: the second argument of `demand`, the first of `refuse`."""
    for source in SOURCES.values():
        for call in REFUSAL.finditer(source):
            argument = list(arguments(source[call.end() :]))[call[1] == "demand"]
            yield from ("".join(found) for found in REASON.findall(argument))


def arguments(text: str) -> Iterator[str]:
    """The arguments of a call whose bracket has just opened."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0 or (sign == "," and depth == 0):
            yield text[start:place].strip()
            start = place + 1
        if depth < 0:
            return


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    shared = dict(re.findall(r'(\w+): "(\w+)"', SOURCES["words"].split("SENTENCES = {")[1].split("};")[0]))
    sentences = {key.removeprefix("refused.") for key in WORDS["ja"] if key.startswith("refused.")}
    named = {shared.get(reason, reason) for reason in (*reasons(), "paper_unknown")}
    assert named | {"unexpected"} == sentences


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        (
            {"one": 'import { two } from "./two.js";\n', "two": "export const two = 2;\n"},
            "one.js imports two, which must come before it",
        ),
        ({"one": "function same() {}\n", "two": "export function same() {}\n"}, "two modules name same"),
        ({"one": "export default 1;\n"}, "one.js imports or exports in a way"),
        ({"one": 'import * as all from "./two.js";\n'}, "one.js imports or exports in a way"),
        ({"one": 'const end = "</script>";\n'}, "would end its own script element"),
        ({"one": "// <!-- \n"}, "would end its own script element"),
    ],
)
def test_sources_that_cannot_stand_in_one_page_are_refused(sources: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        build.program_of(sources)


def test_the_command_writes_the_page_and_says_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["build", str(tmp_path / "verifier.html")])
    build.main()
    assert capsys.readouterr().out.strip() == hashlib.sha256((tmp_path / "verifier.html").read_bytes()).hexdigest()
