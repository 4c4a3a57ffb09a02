"""`python -m analysis verify`: a run holds against its comments, and whatever is changed in either is named."""

import copy
import inspect
import json
from types import ModuleType

import pytest

from analysis.cli import main
from analysis.evidence import Fault, runs
from analysis.evidence.runs import verify_run
from analysis.output import document
from analysis.published import NotARun
from analysis.tabular import write_csv
from analysis.text import Comment
from analysis.topics import analyse
from tests.analysis.comments import JAPANESE

NAMED = "図書館の佐藤さんに電話(0776-00-1234)で聞きました。図書館の自習席を増やしてください。"
TEXTS = [*JAPANESE, NAMED]


@pytest.fixture(scope="module")
def comments():
    return [Comment(f"r{number}", text) for number, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def true_run(comments):
    return json.loads(json.dumps(document(analyse(comments, "ja", seed=1))))


@pytest.fixture
def run(true_run):
    """To be changed at will; `share` rounded as the file has it."""
    changed = copy.deepcopy(true_run)
    for topic in changed["topics"]:
        topic["share"] = round(topic["share"], 6)
    return changed


def topic_of(run):
    return next(topic for topic in run["topics"] if any(one["kind"] == "quote" for one in topic["summary"]))


def quote_of(run):
    return next(one for one in topic_of(run)["summary"] if one["kind"] == "quote")


def other_member(run):
    return next(each for each in run["assignments"] if each["topic"] == topic_of(run)["id"])


def show_the_name(run):
    topic = next(each["topic"] for each in run["assignments"] if each["id"] == f"r{len(JAPANESE)}")
    run["masked"] = []
    said = {"sentence": NAMED[:7], "kind": "quote", "sources": [f"r{len(JAPANESE)}"], "query": None, "wordings": None}
    place = next(one for one in run["topics"] if one["id"] == topic)
    place["summary"].append({**said, "spans": [[f"r{len(JAPANESE)}", 0, 7]]})


CHANGES = {
    "a comment moved to another topic": (
        lambda run: other_member(run).update(topic="2" if topic_of(run)["id"] == "1" else "1"),
        Fault.WRONG_FIGURE,
    ),
    "a comment left out": (lambda run: run["assignments"].pop(), Fault.MISSING_SOURCE),
    "a comment nobody wrote": (
        lambda run: run["assignments"].append({"id": "zzz", "topic": None, "place": "unassigned"}),
        Fault.MISSING_SOURCE,
    ),
    "a comment placed twice": (lambda run: run["assignments"].append(run["assignments"][-1]), Fault.MALFORMED),
    "another number of comments": (lambda run: run.update(documents=9), Fault.WRONG_FIGURE),
    "another size": (lambda run: topic_of(run).update(size=99), Fault.WRONG_FIGURE),
    "another share": (lambda run: topic_of(run).update(share=0.5), Fault.WRONG_FIGURE),
    "a changed word": (lambda run: quote_of(run).update(sentence="図書館は要りません。"), Fault.NOT_EXACT),
    "a summary under another topic": (
        lambda run: run["topics"][0].update(summary=run["topics"][1]["summary"]),
        Fault.OTHER_TOPIC,
    ),
    "a quote from another topic": (
        lambda run: run["topics"][0].update(
            summary=[one for one in run["topics"][1]["summary"] if one["kind"] == "quote"]
        ),
        Fault.OTHER_TOPIC,
    ),
    "another count of empty comments": (lambda run: run["parameters"].update(empty=1), Fault.WRONG_FIGURE),
    "another share in the core": (lambda run: run["coverage"].update(assigned_share=0.5), Fault.WRONG_FIGURE),
    "a comment of the core said to be of the fringe": (
        lambda run: next(each for each in run["assignments"] if each["place"] == "core").update(place="fringe"),
        Fault.WRONG_FIGURE,
    ),
    "a representative of another topic": (
        lambda run: run["topics"][0].update(representatives=run["topics"][1]["representatives"]),
        Fault.OTHER_TOPIC,
    ),
    "a minority nobody wrote": (lambda run: run.update(minority=["zzz"]), Fault.MISSING_SOURCE),
    "a copy nobody wrote": (
        lambda run: run["duplicates"].append({"representative": "zzz", "members": ["zzz"], "kind": "exact"}),
        Fault.MISSING_SOURCE,
    ),
    "a copy that is none of the copies": (
        lambda run: run["duplicates"].append({"representative": "r0", "members": ["r1", "r2"], "kind": "exact"}),
        Fault.MALFORMED,
    ),
    "a mask outside its comment": (lambda run: run["masked"][0]["spans"].append([0, 999]), Fault.NOT_EXACT),
    "a name the run does not mask": (show_the_name, Fault.MASKED),
}


def test_a_run_holds_against_its_own_comments(run, comments):
    assert verify_run(run, comments) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_run_does_not(change, run, comments):
    alter, fault = CHANGES[change]
    alter(run)
    found = verify_run(run, comments)
    assert fault in {failure.fault for failure in found}
    assert all(failure.reason.endswith(".") for failure in found)


def test_a_changed_comment_is_found_by_the_sentences_that_rest_on_it(run, comments):
    ref = quote_of(run)["sources"][0]
    changed = [Comment(one.id, one.text.replace("。", "!") if one.id == ref else one.text) for one in comments]
    assert {failure.fault for failure in verify_run(run, changed)} == {Fault.NOT_EXACT}


RULES = {
    "counts no comments": ('if run["documents"] != len(comments):', "if False:", "another number of comments"),
    "believes the size": ('if topic["size"] != size:', "if False:", "another size"),
    "believes the share": ('elif topic["share"] != share:', "elif False:", "another share"),
    "misses who is not placed": ("for one in sorted(given - set(placed)):", "for one in ():", "a comment left out"),
    "misses who is placed unasked": (
        "for one in sorted(set(placed) - given):",
        "for one in ():",
        "a comment nobody wrote",
    ),
    "misses who is placed twice": ("if len(set(placed)) < len(placed):", "if False:", "a comment placed twice"),
    "believes the masks": (
        "why = why or _why_personal(sentence, facts, words)",
        "pass",
        "a name the run does not mask",
    ),
    "does not look where a figure stands": (
        'sentence.query.get("topic") != topic["id"] or',
        "",
        "a summary under another topic",
    ),
    "does not look where a quote stands": (
        'elif any(facts.comments[one].topic not in {topic["id"], *parts} for one in sentence.sources):',
        "elif False:",
        "a quote from another topic",
    ),
    "counts no empty comments": (
        'if run["parameters"]["empty"] != empty:',
        "if False:",
        "another count of empty comments",
    ),
    "counts no core": (
        "if round(said, _DIGITS) != share:",
        "if False:",
        "a comment of the core said to be of the fringe",
    ),
    "does not look who represents": (
        'if one not in facts.comments or facts.comments[one].topic not in {topic["id"], *parts}:',
        "if False:",
        "a representative of another topic",
    ),
    "knows no lists": ("    yield from _lists(run, facts)\n", "", "a minority nobody wrote"),
}


@pytest.mark.parametrize("name", RULES)
def test_a_check_of_runs_without_one_rule_lets_a_change_pass(name, run, comments):
    rule, without, change = RULES[name]
    source = inspect.getsource(runs)
    assert source.count(rule) == 1, rule
    copied = ModuleType("analysis.evidence.runs")
    exec(compile(source.replace(rule, without), copied.__name__, "exec"), copied.__dict__)
    alter, fault = CHANGES[change]
    alter(run)
    whole = [one.fault for one in verify_run(run, comments)]
    assert [one.fault for one in copied.verify_run(run, comments)].count(fault) < whole.count(fault)


@pytest.mark.parametrize(
    "wrong", [{}, [], "run", {"version": 1}, {"version": 2}, {"version": 1, "language": "ja", "assignments": 3}]
)
def test_what_is_no_run_is_refused(wrong, comments):
    with pytest.raises(NotARun):
        verify_run(wrong, comments)


@pytest.fixture
def files(tmp_path, run, comments):
    """A run and its file, as the commands read them."""
    (tmp_path / "run.json").write_text(json.dumps(run), "utf-8")
    rows = [[one.id, one.text] for one in comments]
    (tmp_path / "answers.csv").write_bytes(b"".join(write_csv(["番号", "意見"], rows)))
    return tmp_path


def command(files, *options):
    where = [str(files / "run.json"), str(files / "answers.csv")]
    return main(["verify", *where, "--text", "意見", "--id", "番号", *map(str, options)])


def test_a_run_that_holds_is_exit_0(files, capsys):
    assert command(files) == 0
    assert capsys.readouterr().out.endswith(" sentences of the run: all hold.\n")


def test_a_run_that_does_not_hold_is_exit_1_and_names_each_failure(files, run, capsys):
    quote_of(run).update(sentence="図書館は要りません。")
    topic_of(run)["summary"][0].update(sentence="この話題の意見は99件です。")
    (files / "run.json").write_text(json.dumps(run), "utf-8")
    assert command(files) == 1
    told = capsys.readouterr().out
    assert f"topic {topic_of(run)['id']}, sentence 1: Its figures are not what its query gives.\n" in told
    assert "Its words are not those of comment" in told
    assert told.endswith(": 2 do not hold.\n")


def test_what_is_wrong_with_every_comment_is_said_ten_times_and_counted(files, run, capsys):
    where = [str(files / "run.json"), str(files / "answers.csv")]
    assert main(["verify", *where, "--text", "意見"]) == 1  # --id forgotten
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("run:")]
    assert len(lines) == 11
    assert "more of these. Were the files, --text and --id" in lines[-1]


def test_sentences_from_elsewhere_are_judged_beside_the_run(files, run, capsys):
    said = [
        {"sentence": "1件の意見です。", "sources": ["r0"]},
        {"sentence": "2件の意見です。", "sources": ["r0"]},
        {"sentence": "出典がありません。"},
    ]
    (files / "said.json").write_text(json.dumps({"sentences": said}), "utf-8")
    assert command(files, "--sentences", files / "said.json", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["failures"] == []
    assert [one["supported"] for one in told["stated"]] == [True, False, False]
    assert [one["failures"][0]["fault"] for one in told["stated"][1:]] == ["unsupported number", "malformed"]
    (files / "said.json").write_text(json.dumps(said[:1]), "utf-8")
    assert command(files, "--sentences", files / "said.json") == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"{}", "is not what topics writes (version 1)"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_run_is_refused_with_a_sentence(files, capsys, content, reason):
    (files / "run.json").unlink()
    if content is not None:
        (files / "run.json").write_bytes(content)
    assert command(files) == 1
    told = capsys.readouterr().err
    assert reason in told
    assert "Traceback" not in told


def test_a_file_without_sentences_is_refused(files, capsys):
    (files / "said.json").write_text("{}", "utf-8")
    assert command(files, "--sentences", files / "said.json") == 1
    assert "holds no list of sentences." in capsys.readouterr().err
