"""Tallies: kept up in the transaction that counts a response, so that no page ever reads responses to count them.

A question is counted by what was answered: each chosen option, the number or the day as text, each matrix row's option.
The value "" counts the respondents of the question, and of each matrix row. A written text counts only there.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveys.answers import Answer, Answers
from surveys.models import Tally

Key = tuple[str, str, str, bool]
"""question, matrix row or "", value or "" for the respondents, off_path"""

ROWS_PER_STATEMENT = 1_000


def counts(answers: Answers, off_path: Collection[str] = ()) -> Counter[Key]:
    """What one response adds to the tallies. Answers in `off_path` are counted beside the others, never with them."""
    return Counter(
        (question, row, value, question in off_path)
        for question, answer in answers.items()
        for row, value in _values(answer)
    )


def _values(answer: Answer) -> Iterator[tuple[str, str]]:
    """(row, value) of everything one answer counts for."""
    yield "", ""
    for option in answer.get("options", ()):
        yield "", option
    for row, option in answer.get("rows", {}).items():
        yield row, ""
        yield row, option
    for kind in ("number", "date"):
        if kind in answer:
            yield "", answer[kind]


def add(session: Session, survey_id: int, changes: Mapping[Key, int]) -> None:
    """Add `changes` to the survey's tallies, in one statement in key order, so that two submissions cannot deadlock.

    Very many keys (an import's numbers) go in several statements, still in key order.
    """
    rows = [
        {"survey_id": survey_id, "question": question, "row": row, "value": value, "off_path": off_path, "count": by}
        for (question, row, value, off_path), by in sorted(changes.items())
        if by
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        statement = insert(Tally).values(rows[start : start + ROWS_PER_STATEMENT])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["survey_id", "question", "row", "value", "off_path"],
                set_={"count": Tally.count + statement.excluded.count},
            )
        )


def stored(session: Session, survey_id: int) -> Counter[Key]:
    """The survey's tallies as they stand."""
    rows = session.execute(
        sa.select(Tally.question, Tally.row, Tally.value, Tally.off_path, Tally.count).where(
            Tally.survey_id == survey_id
        )
    )
    return Counter({(question, row, value, off_path): count for question, row, value, off_path, count in rows})
