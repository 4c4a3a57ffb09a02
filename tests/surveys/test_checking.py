import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.checking import check_document, missing_texts
from surveys.questionnaire import from_json

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.json"))

PLACES = {
    "bad_code": "/sections/1/questions/1/code",
    "bad_condition": "/sections/1/questions/0/show_if",
    "bad_limit": "/sections/1/questions/1/min",
    "contradictory": "/sections/1/questions/0/show_if",
    "cycle": "/sections/1/questions/0/show_if",
    "dangling_reference": "/sections/1/questions/0/show_if",
    "duplicate_code": "/sections/1/questions/1/code",
    "forward_reference": "/sections/1/questions/0/show_if",
    "limits_crossed": "/sections/1/questions/1/min",
    "misplaced_exclusive": "/sections/0/questions/0/options/1",
    "misplaced_limit": "/sections/0/questions/0/max",
    "missing_part": "/sections/1/questions/1",
    "no_ja_text": "/sections/1/questions/1/text",
    "no_options": "/sections/1/questions/0/options",
    "no_rows": "/sections/1/questions/1/rows",
    "op_not_allowed": "/sections/1/questions/0/show_if",
    "reserved_code": "/sections/1/questions/1/code",
    "several_other": "/sections/1/questions/0/options/1",
    "too_many_demanded": "/sections/1/questions/0/min",
    "unknown_part": "/sections/1/questions/1",
    "unknown_type": "/sections/1/questions/1/type",
    "unreachable": "/sections/1/questions/1/show_if",
    "value_not_an_option": "/sections/1/questions/0/show_if",
}


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "broken" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sound() -> dict[str, Any]:
    """A questionnaire without fault: the broken ones differ from it in one thing."""
    mended = document("limits_crossed")
    mended["sections"][1]["questions"][1].update(min=0, max=120)
    return mended


def test_the_sound_questionnaire_is_accepted() -> None:
    assert check_document(sound()).problems == ()


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_broken_questionnaire_is_refused_for_its_own_reason_at_its_place(path: Path) -> None:
    first, *others = check_document(json.loads(path.read_text(encoding="utf-8"))).problems
    assert {problem.kind for problem in (first, *others)} == {path.stem}
    assert first.pointer == PLACES[path.stem]
    assert (first.section, first.question) != (None, None)
    assert str(first.message).endswith(".")


def test_there_is_a_broken_questionnaire_for_each_place() -> None:
    assert {path.stem for path in BROKEN} == set(PLACES)


def test_all_problems_are_listed_at_once() -> None:
    broken = sound()
    broken["title"] = {"ja": ""}
    broken["languages"] = ["en"]
    broken["sections"][0]["questions"][0]["options"] = []
    broken["sections"][1]["questions"][1].update(min=5, max=1)
    broken["sections"].append({"code": "empty", "title": {"ja": ""}, "questions": []})
    kinds = [problem.kind for problem in check_document(broken).problems]
    assert kinds == [
        "ja_not_listed",
        "empty_section",
        "no_ja_text",
        "no_options",
        "limits_crossed",
        "value_not_an_option",
    ]


OPTION = {"code": "a", "text": {"ja": "あ"}}


@pytest.mark.parametrize(("kind", "place", "change"), [
    ("duplicate_code", "/sections/1", {"code": "use"}),
    ("misplaced_options", "/sections/1/questions/1", {"options": [OPTION]}),
    ("misplaced_rows", "/sections/1/questions/1", {"rows": [OPTION]}),
    ("misplaced_other", "/sections/1/questions/1", {"type": "scale", "options": [{**OPTION, "other": True}]}),
    ("value_not_an_option", "/sections/1/questions/0",
     {"show_if": {"all": [{"question": "visits", "op": "eq", "value": ["often"]}]}}),
    ("value_not_an_option", "/sections/1/questions/0",
     {"show_if": {"all": [{"question": "visits", "op": "in", "value": "often"}]}}),
    ("too_large", "/sections/1/questions/1", {"help": {"ja": "あ" * 4001}}),
])  # fmt: skip
def test_a_part_that_does_not_belong_is_refused_where_it_stands(kind: str, place: str, change: dict[str, Any]) -> None:
    broken = sound()
    here: Any = broken
    for name in place.split("/")[1:]:
        here = here[int(name) if name.isdigit() else name]
    if "options" in change and "type" in change:
        del here["min"], here["max"]
    here.update(change)
    (problem,) = check_document(broken).problems
    assert problem.kind == kind
    assert problem.pointer.startswith(place)


def test_a_cycle_names_every_question_in_it() -> None:
    problems = check_document(document("cycle")).problems
    assert [problem.question for problem in problems] == ["branches", "age"]
    assert all("branches, age" in str(problem.message) for problem in problems)


def test_what_rests_on_a_refused_question_is_not_refused_too() -> None:
    broken = document("contradictory")
    condition = {"all": [{"question": "branches", "op": "answered"}]}
    broken["sections"][1]["questions"][1]["show_if"] = condition
    assert [problem.question for problem in check_document(broken).problems] == ["branches"]


@pytest.mark.parametrize("condition", [
    {"not": [{"question": "visits", "op": "answered"}]},  # visits is required
    {"all": [{"question": "branches", "op": "contains", "value": "east"},
             {"not": [{"question": "visits", "op": "in", "value": ["often"]}]}]},
])  # fmt: skip
def test_a_question_no_way_leads_to_is_unreachable(condition: dict[str, Any]) -> None:
    broken = sound()
    broken["sections"][1]["questions"][1]["show_if"] = condition
    assert [problem.kind for problem in check_document(broken).problems] == ["unreachable"]


def test_a_text_still_to_be_written_hides_no_other_problem_of_the_question() -> None:
    broken = document("unreachable")
    broken["sections"][1]["questions"][1]["text"] = {"ja": ""}
    assert [problem.kind for problem in check_document(broken).problems] == ["no_ja_text", "unreachable"]


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, float("inf"), "", "x", "q.a", "2026-99-99", [], [1], {}, {"ja": 1}, [[]]]
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(PLACES)), st.data())
def test_no_document_breaks_the_checker(name: str, data: st.DataObject) -> None:
    """Any part replaced by anything: an answer, never an exception."""
    broken = document(name)
    here: Any = broken
    while isinstance(here, dict | list) and here:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not here[key] or not isinstance(here[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            here[key] = data.draw(JUNK)
            break
        here = here[key]
    checked = check_document(broken)
    assert checked.questionnaire is not None or checked.problems


@pytest.mark.parametrize("name", ["a list", "a number", "nothing", "another version"])
def test_what_is_not_a_questionnaire_is_refused_with_one_sentence(name: str) -> None:
    given = {"a list": [], "a number": 7, "nothing": None, "another version": {**sound(), "version": 2}}[name]
    (problem,) = check_document(given).problems
    assert problem.kind in ("not_a_questionnaire", "unknown_version")


def test_a_condition_of_a_thousand_levels_is_refused_and_exhausts_nothing() -> None:
    broken = sound()
    condition: dict[str, Any] = {"question": "visits", "op": "answered"}
    for _ in range(1000):
        condition = {"not": [condition]}
    broken["sections"][1]["questions"][1]["show_if"] = condition
    assert [problem.kind for problem in check_document(broken).problems] == ["too_deep"]


def test_not_a_number_is_no_limit() -> None:
    broken = sound()
    broken["sections"][1]["questions"][1]["max"] = float("nan")
    assert [problem.kind for problem in check_document(broken).problems] == ["bad_limit"]


def test_missing_translations_are_listed_with_their_places() -> None:
    questionnaire = from_json(sound())
    missing = missing_texts(questionnaire, "en")
    assert missing[0].pointer == "/title"
    assert "/sections/0/questions/0/options/1/text" in [problem.pointer for problem in missing]
    assert missing_texts(questionnaire, "ja") == ()
