"""Changing a questionnaire under an author's hands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import outline
from surveys.questionnaire import Comparison, Op, Questionnaire, QuestionType, from_json, to_json

EMPTY = Questionnaire("park", {"ja": "公園"}, ("ja",), ())


def with_questions(*kinds: QuestionType) -> Questionnaire:
    questionnaire = EMPTY
    for kind in kinds:
        last = questionnaire.questions[-1].code if questionnaire.questions else None
        questionnaire, _ = outline.add_question(questionnaire, kind, after=last)
    return questionnaire


def codes(questionnaire: Questionnaire) -> list[list[str]]:
    return [[question.code for question in section.questions] for section in questionnaire.sections]


THREE = with_questions(QuestionType.SINGLE, QuestionType.MATRIX, QuestionType.LONG_TEXT)


def test_a_new_question_starts_on_a_page_of_its_own() -> None:
    assert codes(THREE) == [["q1"], ["q2"], ["q3"]]


def test_short_questions_can_share_a_page_and_part_again() -> None:
    joined = outline.join_previous(THREE, "s2")
    assert codes(joined) == [["q1", "q2"], ["q3"]]
    assert codes(outline.split_section(joined, "q2")) == [["q1"], ["q2"], ["q3"]]


def test_a_question_moves_over_the_edge_of_its_page_and_alone_takes_the_page_along() -> None:
    joined = outline.join_previous(THREE, "s2")
    assert codes(outline.move_question(joined, "q3", -1)) == [["q3"], ["q1", "q2"]]
    assert codes(outline.move_question(joined, "q2", 1)) == [["q1"], ["q2", "q3"]]
    assert codes(outline.move_question(joined, "q1", -1)) == codes(joined)


def test_conditions_inside_a_copied_section_point_into_the_copy() -> None:
    joined = outline.join_previous(THREE, "s2")
    second = joined.question("q2")
    linked = outline.replace_question(
        joined, "q2", type(second)(**{**vars(second), "show_if": Comparison("q1", Op.EQ, "o1")})
    )
    copied, home = outline.copy_section(linked, "s1")
    copy = outline.section(copied, home).questions
    assert [question.code for question in copy] == ["q4", "q5"]
    assert copy[1].show_if == Comparison("q4", Op.EQ, "o1")
    assert [question.code for question in outline.dependants(copied, "q4")] == ["q5"]


def test_removing_the_last_question_of_a_page_removes_the_page() -> None:
    assert codes(outline.remove_question(THREE, "q2")) == [["q1"], ["q3"]]


def test_a_correction_of_words_keeps_the_structure_and_a_new_option_does_not() -> None:
    first = THREE.question("q1")
    reworded = type(first)(**{**vars(first), "text": {"ja": "よく行く場所"}})
    assert outline.same_structure(THREE, outline.replace_question(THREE, "q1", reworded))
    shorter = type(first)(**{**vars(first), "options": first.options[:1]})
    assert not outline.same_structure(THREE, outline.replace_question(THREE, "q1", shorter))


@given(
    st.lists(st.tuples(st.sampled_from(["up", "down", "copy", "remove", "join", "split", "add"]), st.integers(0, 20)))
)
def test_whatever_an_author_does_no_code_doubles_and_nothing_else_changes(acts: list[tuple[str, int]]) -> None:
    questionnaire = THREE
    for act, number in acts:
        if not questionnaire.questions or act == "add":
            questionnaire, _ = outline.add_question(questionnaire, QuestionType.DATE)
            continue
        code = questionnaire.questions[number % len(questionnaire.questions)].code
        before = len(questionnaire.questions)
        match act:
            case "up" | "down":
                questionnaire = outline.move_question(questionnaire, code, -1 if act == "up" else 1)
            case "copy":
                questionnaire, _ = outline.copy_question(questionnaire, code)
                before += 1
            case "remove":
                questionnaire = outline.remove_question(questionnaire, code)
                before -= 1
            case "join":
                questionnaire = outline.join_previous(questionnaire, outline.section_of(questionnaire, code).code)
            case "split":
                questionnaire = outline.split_section(questionnaire, code)
        assert len(questionnaire.questions) == before
        all_codes = [question.code for question in questionnaire.questions]
        assert len(set(all_codes)) == len(all_codes)
        assert all(section.questions for section in questionnaire.sections)
        assert from_json(to_json(questionnaire)) == questionnaire


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        outline.section_of(THREE, "q9")
