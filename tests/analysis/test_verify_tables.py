"""`verify` and `verify-tables`: sentences about people, waves and tables are held against the files that commands write."""

import json

import pytest

from analysis.cli import main
from analysis.evidence import Facts, Source, Table, computed
from analysis.evidence.tables import tables_of
from analysis.output import to_json
from analysis.tabular import write_csv
from analysis.text import Comment
from analysis.topics import analyse
from tests.analysis.comments import JAPANESE

COUNTS = {"車": 30, "バス": 12, "徒歩": 2}
LATER = {"車": 60, "バス": 40, "徒歩": 20}


def released(counts, hidden=(), **more):
    """A release of one question, as `disclosure` writes it."""
    shown = {(category,): None if category in hidden else count for category, count in counts.items()}
    whole = None if "total" in hidden else sum(counts.values())
    cells = [
        {"place": list(place), "count": count, "share": None, "suppressed": count is None}
        for place, count in {**shown, (None,): whole}.items()
    ]
    axes = [{"variable": "手段", "categories": list(counts)}]
    base = sum(counts.values())
    return {
        "version": 1,
        "base": base,
        "policy": {},
        "tables": [{"name": "手段", "axes": axes, "base": base, "cells": cells, "figures": {}, **more}],
    }


def waves(**changed):
    """What `waves --json` writes of one answer."""
    line = {
        "question": "q",
        "category": "いいえ",
        "before_count": 9,
        "before_base": 12,
        "after_count": 5,
        "after_base": 9,
    }
    return {"version": 1, "before": "a", "after": "b", "changes": [line | changed]}


def plain(sentence):
    return {
        "sentence": sentence.sentence,
        "kind": sentence.kind,
        "sources": list(sentence.sources),
        "query": sentence.query,
    }


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def put(name, content):
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
        return name

    return put


def verified(capsys, *arguments):
    code = main(["verify-tables", *arguments, "--json"])
    told = json.loads(capsys.readouterr().out)
    return code, [one["supported"] for one in told["stated"]], [one["failures"] for one in told["stated"]]


def test_sentences_about_a_release_hold_or_are_named(desk, capsys):
    desk("may.json", released(COUNTS, hidden=["徒歩"]))
    true = {"手段": Table(COUNTS, 44)}
    asked = [{"claim": "share", "table": "手段", "cell": "車"}, {"claim": "count", "table": "手段", "cell": "バス"}]
    said = [plain(computed(query, {}, "ja", true)) for query in asked]
    hidden = plain(computed({"claim": "count", "table": "手段", "cell": "徒歩"}, {}, "ja", true))
    stated = {"sentence": "車は30人です。", "sources": ["手段"], "claims": [asked[0]]}
    desk("said.json", [*said, stated])
    assert verified(capsys, "may.json", "--sentences", "said.json") == (0, [True] * 3, [[]] * 3)
    wrong = {**said[0], "sentence": said[0]["sentence"].replace("30", "31")}
    desk("said.json", {"summary": [wrong, hidden, {**stated, "sentence": "車は31人です。"}, {"kind": "computed"}]})
    code, _, failures = verified(capsys, "may.json", "--sentences", "said.json")
    assert (code, [one["fault"] for [one] in failures]) == (
        1,
        ["wrong figure", "no figure", "unsupported number", "malformed"],
    )
    assert [one["index"] for [one] in failures] == [0, 1, 2, 3]
    assert main(["verify-tables", "may.json", "--sentences", "said.json"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 from elsewhere: 4 do not hold."


def test_two_releases_are_told_apart_by_their_labels(desk, capsys):
    desk("may.json", released(COUNTS))
    desk("june.json", released(LATER))
    query = {"claim": "change", "cell": "車", "before": "手段 (5月)", "after": "手段 (6月)"}
    tables = {"手段 (5月)": Table(COUNTS, 44), "手段 (6月)": Table(LATER, 120)}
    desk("said.json", [plain(computed(query, {}, "en", tables))])
    files = ["5月=may.json", "6月=june.json"]
    assert verified(capsys, *files, "--sentences", "said.json")[0] == 0
    assert verified(capsys, "6月=may.json", "5月=june.json", "--sentences", "said.json")[0] == 1
    assert main(["verify-tables", "may.json", "june.json", "--sentences", "said.json"]) == 1
    assert "june.json has a table 手段, as a file before it. Name the files apart" in capsys.readouterr().err


def test_a_comparison_of_waves_bears_out_a_change(desk, capsys, tmp_path):
    for name, counts in (("may", COUNTS), ("june", LATER)):
        rows = [[category] for category, count in counts.items() for _ in range(count)]
        (tmp_path / f"{name}.csv").write_bytes(b"".join(write_csv(["手段"], rows)))
    assert main(["waves", "may.csv", "june.csv", "--question", "手段", "--json", "--out", "waves.json"]) == 0
    query = {"claim": "change", "cell": "車", "before": "手段 (may)", "after": "手段 (june)"}
    tables = {"手段 (may)": Table(COUNTS, 44), "手段 (june)": Table(LATER, 120)}
    said = plain(computed(query, {}, "ja", tables))
    desk("said.json", [said])
    assert verified(capsys, "waves.json", "--sentences", "said.json")[0] == 0
    desk("said.json", [{**said, "sentence": said["sentence"].replace("44", "45")}])
    assert verified(capsys, "waves.json", "--sentences", "said.json")[0] == 1


def test_a_row_of_a_cross_tab_is_a_table_of_those_who_gave_that_answer():
    counts = {
        ("若", "車"): 3,
        ("若", "徒歩"): None,
        ("若", None): 9,
        ("老", "車"): 5,
        ("老", "徒歩"): 7,
        ("老", None): 12,
    }
    totals = {(None, "車"): 8, (None, "徒歩"): 13, (None, None): 21}
    cells = [
        {"place": list(place), "count": count, "share": None, "suppressed": count is None}
        for place, count in (counts | totals).items()
    ]
    axes = [{"variable": "年代", "categories": ["若", "老"]}, {"variable": "手段", "categories": ["車", "徒歩"]}]
    release = {"name": "年代×手段", "axes": axes, "base": 21, "cells": cells, "figures": {}}
    assert tables_of({"version": 1, "base": 21, "tables": [release]}) == {
        "年代×手段": Table({"車": 8, "徒歩": 13}, 21),
        "年代×手段, 若": Table({"車": 3, "徒歩": None}, 9),
        "年代×手段, 老": Table({"車": 5, "徒歩": 7}, 12),
    }


def test_no_share_follows_from_a_table_whose_total_is_hidden(desk, capsys):
    desk("may.json", released(COUNTS, hidden=["徒歩", "total"]))
    tables = {"手段": Table(COUNTS, 44)}
    asked = [{"claim": claim, "table": "手段", "cell": "車"} for claim in ("count", "share")]
    desk("said.json", [plain(computed(query, {}, "ja", tables)) for query in asked])
    code, held, failures = verified(capsys, "may.json", "--sentences", "said.json")
    assert (code, held) == (1, [True, False])
    assert "The number of people who answered in table 手段 is suppressed." in failures[1][0]["reason"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([], "It is neither a release of disclosure nor what waves --json writes."),
        ({"version": 2}, "it has no base"),
        (released(COUNTS, rounding=5), "Table 手段 is rounded to 5: no exact sentence follows from it."),
        (released({"車": 9.5}), "base: 9.5 is not of type"),
        (released({"車": -1, "徒歩": 3}), "tables/0/cells/0/count: -1 is less than the minimum of 0."),
        ({"version": 1, "before": "a", "after": "a", "changes": []}, "two waves have one name"),
        ({"version": 1, "before": "a", "after": "b", "changes": [{}]}, "it lacks 'question'"),
        (waves(before_count="9"), "いいえ has 9, which is no number of people."),
        (waves(before_base=3), "いいえ has 9 of 3 people."),
        (released(COUNTS, cells=[]), "Table 手段 has no cell"),
    ],
)
def test_a_file_without_usable_tables_is_refused(desk, capsys, content, reason):
    desk("tables.json", content)
    desk("said.json", [])
    assert main(["verify-tables", "tables.json", "--sentences", "said.json"]) == 1
    said = capsys.readouterr().err
    assert reason in said
    assert said.startswith("tables.json: ")


def test_a_statutory_table_counts_other_things_than_people():
    assert tables_of(released(COUNTS, statutory=True)) == {}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A run of two rounds in which every person wrote twice, with its file."""
    folder = tmp_path_factory.mktemp("collected")
    texts = JAPANESE[:24]
    rows = [[f"r{number}", text, f"p{number // 2}", str(2025 + number % 2)] for number, text in enumerate(texts)]
    (folder / "answers.csv").write_bytes(b"".join(write_csv(["番号", "意見", "会員", "年"], rows)))
    run = analyse([Comment(row[0], row[1]) for row in rows], "ja", topics=2)
    (folder / "run.json").write_text(to_json(run), "utf-8")
    return folder, rows, {each.id: each.topic for each in run.assignments}


def test_people_and_waves_of_comments_are_columns_of_the_file(collected, desk, capsys):
    folder, rows, topics = collected
    comments = {row[0]: Source(row[1], (), topics[row[0]], row[2], row[3]) for row in rows}
    change = computed({"claim": "change", "topic": "1", "before": "2025", "after": "2026"}, Facts(comments), "ja")
    quote = {"kind": "quote", "sentence": rows[0][1], "sources": ["r0"], "spans": [["r0", 0, len(rows[0][1])]]}
    desk("said.json", [{"sentence": "1人が書きました。", "sources": ["r0", "r1"]}, plain(change), quote])
    line = ["verify", str(folder / "run.json"), str(folder / "answers.csv"), "--text", "意見", "--id", "番号"]
    assert main([*line, "--sentences", "said.json", "--author", "会員", "--wave", "年"]) == 0
    assert ", 3 from elsewhere: all hold." in capsys.readouterr().out
    assert main([*line, "--sentences", "said.json"]) == 1
    assert ": 2 do not hold." in capsys.readouterr().out
    assert main([*line, "--wave", "月"]) == 1
    assert "has no column 月" in capsys.readouterr().err


def test_a_quote_beside_a_run_may_not_show_what_masking_finds_now(desk, capsys, tmp_path):
    text = "電話は0776-00-1234です。"
    (tmp_path / "answers.csv").write_bytes(b"".join(write_csv(["意見"], [[text]])))
    found = json.loads(to_json(analyse([Comment("1", text)], "ja"))) | {"masked": []}
    desk("run.json", found)
    desk("said.json", [{"kind": "quote", "sentence": text, "sources": ["1"], "spans": [["1", 0, len(text)]]}])
    line = ["verify", "run.json", "answers.csv", "--text", "意見", "--sentences", "said.json"]
    assert main(line) == 1
    assert "sentence 1 from elsewhere, wrong: It shows personal data of comment 1" in capsys.readouterr().out


def test_a_table_may_not_have_the_name_of_a_comment(collected, desk, capsys):
    folder, *_ = collected
    desk("may.json", released(COUNTS) | {"tables": [released(COUNTS)["tables"][0] | {"name": "r0"}]})
    line = ["verify", str(folder / "run.json"), str(folder / "answers.csv"), "--text", "意見", "--id", "番号"]
    assert main([*line, "--tables", "may.json"]) == 1
    assert "r0 is the id of a comment and of a table. Give the tables another label" in capsys.readouterr().err
    assert main([*line, "--tables", "5月=may.json"]) == 0
