"""The catalogue lint sees each fault it is there for."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.lint import catalogues
from tests.lint.catalogues import Used, clashes, faults_of_room

SENTENCE = "Choose %(item)s"


def a_catalogue(locale: str, *messages: tuple[str, str], fuzzy: bool = False) -> Catalog:
    found = Catalog(locale=locale)
    for message_id, string in messages:
        found.add(message_id, string, flags=["fuzzy"] if fuzzy else [])
    return found


def faults(
    ja: Iterable[tuple[str, str]] = ((SENTENCE, "%(item)sを選ぶ"),),
    easy: Iterable[tuple[str, str]] = ((SENTENCE, "%(item)sを {選/えら}ぶ"),),
    resident: bool = True,
    fuzzy: bool = False,
) -> list[str]:
    used = {SENTENCE: Used(SENTENCE, resident, "x.html:1")}
    return list(faults_of_room(used, a_catalogue("ja", *ja, fuzzy=fuzzy), a_catalogue("ja@easy", *easy)))


def test_complete_catalogues_pass() -> None:
    assert faults() == []


def test_the_frame_itself_is_complete() -> None:
    frame = re.compile(r"civic/web/templates/(layouts|macros|web)/")
    assert [fault for fault in catalogues.faults() if frame.search(fault)] == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"ja": []}, "ja: missing"),
        ({"easy": []}, "ja@easy: missing"),
        ({"fuzzy": True}, "fuzzy"),
        ({"ja": [(SENTENCE, "")]}, "no words"),
        ({"ja": [(SENTENCE, "選ぶ")]}, "other places"),
        ({"easy": [(SENTENCE, "%(thing)sを {選/えら}ぶ")]}, "other places"),
        ({"easy": [(SENTENCE, "%(item)sを選ぶ")]}, "kanji outside braces"),
        ({"easy": [(SENTENCE, "%(item)sを {選/選}ぶ")]}, "not hiragana"),
        ({"ja": [(SENTENCE, "%(item)sを選ぶ"), ("Gone", "ない")]}, "not used any more"),
    ],
)
def test_each_fault_is_seen(broken: dict[str, object], sentence: str) -> None:
    assert any(sentence in fault for fault in faults(**broken))  # type: ignore[arg-type]  # each case breaks one argument


def test_a_message_of_staff_may_be_missing_in_plain_japanese() -> None:
    assert faults(easy=[], resident=False) == []


def test_plain_japanese_that_only_adds_furigana_is_seen() -> None:
    texts = {f"Sentence {number}": f"これは{number}番目の、少し長い文章です" for number in range(10)}
    used = {key: Used(key, True, "x.html:1") for key in texts}
    ja = a_catalogue("ja", *texts.items())
    readings = {"番目": "ばんめ", "少": "すこ", "長": "なが", "文章": "ぶんしょう"}
    pattern = "|".join(readings)
    furigana = [
        (key, re.sub(pattern, lambda kanji: f"{{{kanji[0]}/{readings[kanji[0]]}}}", words))
        for key, words in texts.items()
    ]
    simpler = [(key, f"{number}{{番目/ばんめ}}の やさしい {{文/ぶん}}") for number, key in enumerate(texts)]
    assert any(
        "日本語 again" in fault
        for fault in faults_of_room(used, ja, a_catalogue("ja@easy", *furigana[:4], *simpler[4:]))
    )
    assert list(faults_of_room(used, ja, a_catalogue("ja@easy", *furigana[:3], *simpler[3:]))) == []


@pytest.mark.parametrize(
    ("file", "resident"),
    [
        ("templates/surveys/answer.html", True),
        ("templates/surveys/staff/edit.html", False),
        ("web/templates/layouts/council.html", False),
        ("web/templates/layouts/resident.html", True),
        ("views.py", True),
        ("staff.py", False),
        ("refusals.py", False),
    ],
)
def test_who_reads_a_message_is_told_by_where_it_stands(file: str, resident: bool) -> None:
    assert catalogues.is_resident(Path(file)) is resident


def test_a_page_of_staff_is_known_by_its_layout_and_a_part_by_the_pages_beside_it(tmp_path: Path) -> None:
    editing = tmp_path / "templates/surveys/editing"
    editing.mkdir(parents=True)
    (editing / "frame.html").write_text('{% extends "layouts/staff.html" %}')
    (editing / "page.html").write_text('{% extends "surveys/editing/frame.html" %}')
    (editing / "part.html").write_text("<p>")
    (editing.parent / "answer.html").write_text('{% extends "layouts/resident.html" %}')
    (editing.parent / "part.html").write_text("<p>")
    staff = [catalogues.is_resident(editing / name) for name in ("frame.html", "page.html", "part.html")]
    residents = [catalogues.is_resident(editing.parent / name) for name in ("answer.html", "part.html")]
    assert (staff, residents) == ([False] * 3, [True] * 2)


def test_messages_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text('{{ _("In a page.") }}{{ ngettext("%(num)s day", "%(num)s days", n) }}')
    (tmp_path / "staff.py").write_text('a = _l("For staff.")\nb = N_("Marked.")\n')
    found = catalogues.messages_of(tmp_path)
    assert {key: one.resident for key, one in found.items()} == {
        "In a page.": True, "%(num)s day": True, "For staff.": False, "Marked.": False,
    }  # fmt: skip


def test_the_command_fails_and_then_update_writes_empty_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "babel.cfg").write_text((catalogues.ROOT / "babel.cfg").read_text(encoding="utf-8"))
    (tmp_path / "room/templates").mkdir(parents=True)
    (tmp_path / "room/templates/a.html").write_text('{{ _("In a page.") }}')
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "ROOMS", {"room": "room/locales"})
    assert catalogues.main([]) == 1
    assert "room/locales: ja: missing (room/templates/a.html:1): In a page." in capsys.readouterr().out
    assert catalogues.main(["--update"]) == 1
    assert "has no words" in capsys.readouterr().out
    for path in catalogues.paths(tmp_path / "room/locales"):
        path.write_text(path.read_text(encoding="utf-8").replace('msgstr ""', 'msgstr "ことば"'), encoding="utf-8")
    assert catalogues.main([]) == 0


def test_a_message_that_two_rooms_say_in_two_ways_is_a_fault() -> None:
    here, there = Catalog(locale="ja"), Catalog(locale="ja")
    here.add("Period", "期間")
    there.add("Period", "期間")
    assert list(clashes({"one": here, "other": there})) == []
    there["Period"].string = "受付期間"
    assert list(clashes({"one": here, "other": there})) == ["two wordings, in one and other: Period"]
