"""After a run: new comments join it or are listed as new, and two runs are laid beside each other."""

import json
from dataclasses import replace
from math import hypot, log

import pytest

from analysis.cli import main
from analysis.comparison import Match, Moved, compare
from analysis.joining import Profile, ProfileRefused, join, profile_json, read_profile
from analysis.output import comparison_json, document, joining_json
from analysis.tabular import write_csv
from analysis.text import Comment
from analysis.topics import analyse_with_profile
from tests.analysis.comments import JAPANESE
from tests.analysis.test_topics import numbered


@pytest.fixture(scope="module")
def analysed():
    run, make_profile = analyse_with_profile(numbered(JAPANESE), "ja", topics=5)
    return run, make_profile()


def test_a_comment_on_a_known_subject_joins_the_topic_of_its_neighbours(analysed):
    run, known = analysed
    joined = join(known, [Comment("n", "保育園の定員をもっと増やしてください。")]).comments[0]
    topics = {each.id: each.topic for each in run.assignments}
    assert joined.place == "joined"
    assert joined.topic == topics[str(JAPANESE.index("保育園の定員を増やしてください。") + 1)]


def test_a_comment_on_a_new_subject_is_listed_as_new_and_one_without_words_as_unassigned(analysed):
    found = join(analysed[1], [Comment("a", "空港へ向かう船が揺れました。"), Comment("b", "。。。"), Comment("c", "")])
    assert [(each.id, each.topic, each.place) for each in found.comments] == [
        ("a", None, "new"),
        ("b", None, "unassigned"),
        ("c", None, "unassigned"),
    ]


def test_each_new_comment_is_placed_by_itself_in_any_order(analysed):
    comments = [Comment(str(number), text) for number, text in enumerate(JAPANESE)]
    forward, backward = join(analysed[1], comments), join(analysed[1], comments[::-1])
    assert forward.comments == backward.comments[::-1]
    assert forward.drift == backward.drift


def test_the_same_comments_again_are_no_drift_and_forty_on_new_subjects_are(analysed):
    again = join(analysed[1], numbered(JAPANESE))
    assert (again.drift, again.run_anew) == (0.0, False)
    other = [Comment(str(number), f"空港の{number}番の船が揺れました。") for number in range(40)]
    moved = join(analysed[1], other)
    assert moved.drift > 0.5
    assert moved.run_anew
    assert not join(analysed[1], other[:20]).run_anew  # too few to tell


def test_a_profile_comes_back_from_its_file_as_it_was(analysed):
    assert read_profile(profile_json(analysed[1])) == analysed[1]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "language": "ja"}'])
def test_what_is_no_profile_is_refused(content):
    with pytest.raises(ProfileRefused):
        read_profile(content)


def test_a_profile_that_lost_a_threshold_is_refused(analysed):
    with pytest.raises(ProfileRefused, match="not complete"):
        read_profile(profile_json(replace(analysed[1], least={})))


def test_a_run_beside_itself_has_not_moved(analysed):
    run = document(analysed[0])
    same = compare(run, run)
    assert same.moved == same.only_first == same.only_second == ()
    assert same.stayed == len(JAPANESE)
    assert same.agreement == 1
    assert all(match.first == match.second and match.jaccard == 1 for match in same.topics)


def small_run(**topic_of):
    """A published run of comments named by letters; None for an unassigned one."""
    topics = sorted({topic for topic in topic_of.values() if topic})
    return {
        "topics": [{"id": topic, "parent": None} for topic in topics],
        "assignments": [
            {"id": comment, "topic": topic, "place": "core" if topic else "unassigned"}
            for comment, topic in topic_of.items()
        ],
    }


def test_topics_are_matched_by_overlap_and_only_who_left_its_topic_has_moved():
    first = small_run(a="1", b="1", c="1", d="2", e="2", f=None, g="3")
    second = small_run(a="2", b="2", c="1", d="1", e="1", f="1", h="3")
    found = compare(first, second)
    assert found.topics == (
        Match("1", "2", 2, 2 / 3),
        Match("2", "1", 2, 0.5),
        Match("3", None, 0, 0.0),
        Match(None, "3", 0, 0.0),
    )
    assert found.moved == (Moved("c", "1", "1", ("core", "core")), Moved("f", None, "1", ("unassigned", "core")))
    assert (found.stayed, found.only_first, found.only_second) == (4, ("g",), ("h",))


def test_the_part_of_a_topic_counts_as_the_topic():
    first = small_run(a="1", b="1", c="2")
    second = small_run(a="1", b="3", c="2")
    second["topics"][2]["parent"] = "1"
    assert compare(first, second).moved == ()


def test_runs_without_a_common_comment_have_nothing_to_compare():
    found = compare(small_run(a="1"), small_run(b="1"))
    assert (found.moved, found.stayed) == ((), 0)
    assert [(match.first, match.second) for match in found.topics] == [("1", None), (None, "1")]


def test_the_commands_hand_over_from_one_to_the_next(tmp_path, capsys):
    answers, later = tmp_path / "answers.csv", tmp_path / "later.csv"
    run, known, joined, changes = (tmp_path / f"{name}.json" for name in ("run", "profile", "joined", "changes"))
    answers.write_bytes(b"".join(write_csv(["text"], [[text] for text in JAPANESE[:30]])))
    later.write_bytes(b"".join(write_csv(["text"], [["図書館の自習席を増やしてほしいです。"]])))
    topics = ["topics", str(answers), "--text", "text", "--topics", "3"]
    assert main([*topics, "--profile", str(known), "--out", str(run)]) == 0
    assert main(["join", str(known), str(later), "--text", "text", "--out", str(joined)]) == 0
    assert json.loads(joined.read_text("utf-8"))["comments"][0]["place"] == "joined"
    assert main(["compare", str(run), str(run), "--out", str(changes)]) == 0
    assert json.loads(changes.read_text("utf-8"))["moved"] == []
    capsys.readouterr()
    assert main(["compare", str(run), str(known), "--out", str(tmp_path / "no.json")]) == 1
    assert main(["join", str(run), str(later), "--text", "text", "--out", str(tmp_path / "no.json")]) == 1
    assert capsys.readouterr().err.count("\n") == 2
    assert not (tmp_path / "no.json").exists()


def test_the_files_say_what_was_found(analysed):
    found = join(analysed[1], [Comment("n", "。。。")])
    assert json.loads(joining_json(found)) == {
        "version": 1,
        "comments": [{"id": "n", "topic": None, "place": "unassigned", "likeness": 0.0}],
        "drift": 0.0,
        "run_anew": False,
    }
    run = small_run(a="1")
    assert set(json.loads(comparison_json(compare(run, run)))) == {
        "version", "topics", "moved", "stayed", "agreement", "only_first", "only_second",
    }  # fmt: skip


def test_the_likeness_is_the_cosine_of_sublinear_tf_idf():
    profile = Profile(
        "en",
        {"pool": 2.0, "cold": 1.5},
        3.0,
        {"1": {"pool": 0.6, "cold": 0.8}, "2": {"cold": 1.0}},
        {"1": 0.7, "2": 1.0},
        0.0,
    )
    pool, cold, new = (1 + log(2)) * 2, 1.5, 3.0
    joined = join(profile, [Comment("a", "pool pool cold"), Comment("b", "pool zebra"), Comment("c", "!")]).comments
    assert joined[0].likeness == pytest.approx((0.6 * pool + 0.8 * cold) / hypot(pool, cold))
    assert joined[1].likeness == pytest.approx(0.6 * 2 / hypot(2, new))
    assert [(one.topic, one.place) for one in joined] == [("1", "joined"), (None, "new"), (None, "unassigned")]


def test_a_run_is_to_be_made_anew_from_thirty_comments_on_of_which_more_than_a_tenth_are_too_many():
    profile = Profile("en", {"pool": 1.0}, 3.0, {"1": {"pool": 1.0}}, {"1": 0.5}, 0.1)

    def after(known, new):
        texts = ["pool"] * known + ["zebra"] * new
        return join(profile, [Comment(str(number), text) for number, text in enumerate(texts)])

    assert after(24, 6).drift == pytest.approx(0.1)
    assert not after(24, 6).run_anew
    assert after(23, 7).run_anew
    assert not after(22, 7).run_anew  # 29 tell nothing
    assert after(30, 0).drift == 0
