"""What was answered off the path tells an earlier answer: how many did not is hidden like that answer."""

from collections import Counter

from analysis.disclosure import release
from surveys.questionnaire import QuestionType, from_json
from surveys.results import datasets, tallies
from tests.factories.surveys import ONE_QUESTION

BARRIER_ASKED = {
    **ONE_QUESTION,
    "sections": [
        *ONE_QUESTION["sections"],
        {
            "code": "why",
            "title": ONE_QUESTION["title"],
            "questions": [
                {
                    "code": "why",
                    "type": QuestionType.LONG_TEXT.value,
                    "text": ONE_QUESTION["title"],
                    "options": [],
                    "show_if": {"all": [{"question": "enough", "op": "eq", "value": "yes"}]},
                }
            ],
        },
    ],
}


def counted(yes: int, no: int, off_path: int) -> Counter[tallies.Key]:
    """Tallies of `yes` and `no`; so many of those who said no answered all the same why they said yes."""
    found: Counter[tallies.Key] = Counter()
    for number in range(yes + no):
        answers = {"enough": {"options": ["yes" if number < yes else "no"]}}
        if number >= yes + no - off_path:
            found.update(tallies.counts(answers | {"why": {"text": "…"}}, off_path={"why"}))
        else:
            found.update(tallies.counts(answers))
    return found


def test_no_small_answer_follows_from_how_many_answered_off_the_path() -> None:
    tables = datasets.tables(from_json(BARRIER_ASKED), counted(3, 97, 96), {"web": 100}, ["web"])
    released = {table.name: {place[0]: cell.count for place, cell in table.cells.items()} for table in release(tables)}
    assert released["enough"] == {"yes": None, "no": None, None: 100}
    assert released["why:off_path"] == {None: None}  # 96 of 100 would say that at most four said yes


def test_an_answer_off_the_path_that_tells_nobodys_is_counted_openly() -> None:
    tables = datasets.tables(from_json(BARRIER_ASKED), counted(40, 60, 30), {"web": 100}, ["web"])
    released = {table.name: {place[0]: cell.count for place, cell in table.cells.items()} for table in release(tables)}
    assert released["why:off_path"] == {None: 30}
