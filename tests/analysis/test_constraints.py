"""What people decided holds in the next run, and what could not hold is said."""

import json

import jsonschema
import pytest

from analysis.cli import main
from analysis.constraints import Constraints, ConstraintsRefused, Pinned, Unmet, read_constraints
from analysis.output import document
from analysis.tabular import write_csv
from analysis.topics import analyse
from tests.analysis.comments import JAPANESE
from tests.analysis.test_topics import SCHEMA, numbered

LIBRARY, WASTE, SNOW = "1", "13", "37"
SILENT = str(JAPANESE.index("なし") + 1)


def run_with(**decided):
    run = analyse(numbered(JAPANESE), "ja", topics=5, constraints=Constraints(**decided))
    return run, {each.id: each.topic for each in run.assignments}


@pytest.fixture(scope="module")
def decided():
    """Comments on the library and on snow kept together, two on waste kept apart, and a topic with a name."""
    pair = ("14", "18")  # 「ごみの収集の曜日を増やしてほしい。」 and 「ごみの集積所に網をかけてほしい。」
    return run_with(must_link=((LIBRARY, SNOW),), cannot_link=(pair,), topics=(Pinned("子育て", ("25", "26")),))


def test_comments_kept_together_share_a_topic_however_unlike_they_are(decided):
    run, topic_of = decided
    free = {each.id: each.topic for each in analyse(numbered(JAPANESE), "ja", topics=5).assignments}
    assert free[LIBRARY] != free[SNOW]
    assert topic_of[LIBRARY] == topic_of[SNOW]
    assert run.unmet == ()


def test_comments_kept_apart_are_in_two_topics(decided):
    _, topic_of = decided
    assert topic_of["14"] != topic_of["18"]


def test_a_pinned_topic_keeps_its_name_and_its_comments(decided):
    run, topic_of = decided
    named = next(topic for topic in run.topics if topic.label == "子育て")
    assert not named.residual
    assert topic_of["25"] == topic_of["26"] == named.id
    assert [topic.label for topic in run.topics].count("子育て") == 1


def test_what_cannot_be_respected_is_said_with_its_reason():
    run, topic_of = run_with(
        must_link=((LIBRARY, "2"), (WASTE, "nobody"), (WASTE, SILENT)), cannot_link=((LIBRARY, "2"),)
    )
    assert set(run.unmet) == {
        Unmet(("nobody",), "unknown"),
        Unmet((SILENT,), "no words"),
        Unmet((LIBRARY, "2"), "contradiction"),
    }
    assert topic_of[LIBRARY] == topic_of["2"]


def test_more_comments_apart_than_there_are_topics_are_told_of():
    pairs = tuple((one, other) for one in ("1", "13", "25") for other in ("1", "13", "25") if one < other)
    run = analyse(numbered(JAPANESE), "ja", topics=2, constraints=Constraints(cannot_link=pairs))
    assert {each.problem for each in run.unmet} == {"no place"}


def test_copies_cannot_be_kept_apart():
    comments = numbered([*JAPANESE[:6], JAPANESE[0]])
    run = analyse(comments, "ja", topics=2, constraints=Constraints(cannot_link=(("1", "7"),)))
    assert run.unmet == (Unmet(("1", "7"), "copies"),)


def test_only_a_run_with_constraints_says_what_is_unmet(decided):
    jsonschema.validate(json.loads(json.dumps(document(decided[0]))), SCHEMA)
    assert document(decided[0])["unmet"] == []
    assert "unmet" not in document(analyse(numbered(JAPANESE[:4]), "ja"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("no", "not JSON"),
        ("[]", '"version": 1'),
        ('{"version": 2}', '"version": 1'),
        ('{"version": 1, "links": []}', "unknown part: links"),
        ('{"version": 1, "must_link": 3}', "must_link is not a list"),
        ('{"version": 1, "must_link": [["1", "2"], ["3"]]}', "must_link, entry 2"),
        ('{"version": 1, "must_link": [["1", "1"]]}', "must_link, entry 1"),
        ('{"version": 1, "cannot_link": [["1", 2]]}', "cannot_link, entry 1"),
        ('{"version": 1, "cannot_link": [["1", "2", "3"]]}', "two ids"),
        ('{"version": 1, "topics": [{"name": " ", "comments": ["1"]}]}', "the name is empty"),
        ('{"version": 1, "topics": [{"name": "a"}]}', "a name and comments"),
        (
            '{"version": 1, "topics": [{"name": "a", "comments": ["1"]}, {"name": "a", "comments": ["2"]}]}',
            "the same name",
        ),
    ],
)
def test_a_file_that_is_no_constraints_is_refused_with_the_entry(content, reason):
    with pytest.raises(ConstraintsRefused, match=reason):
        read_constraints(content)


def test_the_command_refuses_broken_constraints_and_writes_nothing(tmp_path, capsys):
    answers, constraints, out = tmp_path / "a.csv", tmp_path / "c.json", tmp_path / "out.json"
    answers.write_bytes(b"".join(write_csv(["text"], [["席"]])))
    constraints.write_text("{}", "utf-8")
    line = ["topics", str(answers), "--text", "text", "--constraints", str(constraints), "--out", str(out)]
    assert main(line) == 1
    assert "version" in capsys.readouterr().err
    assert not out.exists()
