"""Reactions of participants to statements: agree (1), disagree (-1) or pass (0), and nothing where nobody was asked.

Kept as a compressed matrix, as most people see few statements: 100,000 people with 25 reactions each take 13 MB.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analysis.tabular import RowStream

AGREE, PASS, DISAGREE = 1, 0, -1
_VALUES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "+1": 1}
_LONG = ("participant", "statement", "reaction")
_ABOUT_PEOPLE = {"participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
_NAMED = 10
_OUT = ("-1", "-1.0")


class ReactionsRefused(ValueError):
    """The reactions cannot be read; the message says which row and what to do."""


@dataclass(frozen=True)
class Reactions:
    """Participant `p` reacted to statements `columns[starts[p]:starts[p + 1]]` (rising) with the `values` there.

    `moderated` are the places of statements that were taken out: they count as seen, and nobody's reaction to them does.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]
    moderated: frozenset[int] = frozenset()

    @property
    def votes(self) -> NDArray[np.int64]:
        """How many statements each participant reacted to."""
        return np.diff(self.starts)


def reactions_from(
    participants: Sequence[str],
    statements: Sequence[str],
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.integer],
    moderated: Iterable[str] = (),
) -> Reactions:
    """Reactions one by one, as places of participant and statement with a value of -1, 0 or 1.

    Of several reactions of one participant to one statement the last is kept. Statements are put in the order of their
    ids (2 before 10), so that no order of the input can matter. ReactionsRefused for an id that comes twice; a moderated
    id that is no statement is ignored. Arrays of one length; not changed.
    """
    _refuse_doubled(participants, "participants")
    _refuse_doubled(statements, "statements")
    sorted_places = sorted(range(len(statements)), key=lambda place: (len(statements[place]), statements[place]))
    rank = np.empty(len(statements), dtype=np.int64)
    rank[sorted_places] = np.arange(len(statements))
    statements = [statements[place] for place in sorted_places]
    columns = rank[columns]
    key = rows.astype(np.int64) * len(statements) + columns
    order = np.argsort(key, kind="stable")
    key = key[order]
    last = np.ones(len(key), dtype=bool)
    last[:-1] = key[1:] != key[:-1]
    kept = order[last]
    starts = np.zeros(len(participants) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows[kept], minlength=len(participants)), out=starts[1:])
    places = {statement: place for place, statement in enumerate(statements)}
    return Reactions(
        tuple(participants),
        tuple(statements),
        starts,
        columns[kept].astype(np.int32),
        values[kept].astype(np.int8),
        frozenset(places[one] for one in moderated if one in places),
    )


def read_reactions(stream: RowStream, moderated: Iterable[str] = ()) -> Reactions:
    """Reactions of a CSV: one a row (participant, statement, reaction, perhaps timestamp), or Polis' matrix of votes.

    ReactionsRefused for other columns, a reaction that is not -1, 0 or 1, an empty id, a timestamp that is no number
    and, in the matrix, a participant with two rows; TableRefused for a row of another length.
    """
    if set(_LONG) <= set(stream.headers):
        return _long(stream, moderated)
    if "participant" in stream.headers and set(stream.headers) - _ABOUT_PEOPLE:
        return _matrix(stream, moderated)
    raise ReactionsRefused(
        "The file has neither the columns participant, statement, reaction nor a column participant with one column "
        f"per statement. Its columns are: {', '.join(stream.headers)}."
    )


def moderated_out(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The statements that a moderation file marks with -1: columns comment-id (or statement) and moderated."""
    name = next((name for name in ("comment-id", "statement") if name in headers), None)
    if name is None or "moderated" not in headers:
        raise ReactionsRefused(
            "The moderation file needs the columns comment-id (or statement) and moderated, with -1 for a statement "
            f"that is taken out. Its columns are: {', '.join(headers)}."
        )
    place, mark = headers.index(name), headers.index("moderated")
    return [row[place] for row in rows if row[mark].strip() in _OUT]


def _long(stream: RowStream, moderated: Iterable[str]) -> Reactions:
    who, what, how = (stream.headers.index(name) for name in _LONG)
    when = stream.headers.index("timestamp") if "timestamp" in stream.headers else None
    people: dict[str, int] = {}
    statements: dict[str, int] = {}
    rows, columns, values, times = array("i"), array("i"), array("b"), array("d")
    for number, row in enumerate(stream, 1):
        person, statement, said = row[who], row[what], row[how]
        if not person or not statement:
            raise ReactionsRefused(f"Row {number} has no {'statement' if person else 'participant'}.")
        place, column = people.setdefault(person, len(people)), statements.setdefault(statement, len(statements))
        if not said or said.isspace():
            continue  # seen, not answered: the participant stays in the list
        rows.append(place)
        columns.append(column)
        values.append(_value(said, number, statement))
        if when is not None:
            times.append(_time(row[when], number))
    order = np.argsort(np.array(times), kind="stable") if times else np.arange(len(rows))
    ordered = [np.array(each)[order] for each in (rows, columns, values)]
    return reactions_from(tuple(people), tuple(statements), ordered[0], ordered[1], ordered[2], moderated)


def _matrix(stream: RowStream, moderated: Iterable[str]) -> Reactions:
    who = stream.headers.index("participant")
    asked = [place for place, name in enumerate(stream.headers) if name not in _ABOUT_PEOPLE]
    people: list[str] = []
    rows, columns, values = array("i"), array("i"), array("b")
    for number, row in enumerate(stream, 1):
        if not row[who]:
            raise ReactionsRefused(f"Row {number} has no participant.")
        for statement, place in enumerate(asked):
            if row[place] and row[place].strip():
                rows.append(len(people))
                columns.append(statement)
                values.append(_value(row[place], number, stream.headers[place]))
        people.append(row[who])
    found = [np.array(each) for each in (rows, columns, values)]
    names = [stream.headers[place] for place in asked]
    return reactions_from(people, names, found[0], found[1], found[2], moderated)


def _value(text: str, row: int, statement: str) -> int:
    value = _VALUES.get(text)
    if value is None:
        value = _VALUES.get(text.strip())
    if value is None:
        raise ReactionsRefused(
            f"Row {row}: {text} as the reaction to {statement} is none of -1 (disagree), 0 (pass) and 1 (agree)."
        )
    return value


def _time(text: str, row: int) -> float:
    try:
        time = float(text)
    except ValueError:
        time = float("nan")
    if time != time:
        raise ReactionsRefused(
            f"Row {row}: the timestamp {text!r} is not a number (seconds or milliseconds since 1970)."
        )
    return time


def _refuse_doubled(names: Collection[str], kind: str) -> None:
    if len(set(names)) == len(names):
        return
    doubled = [name for name, times in Counter(names).items() if times > 1]
    shown = ", ".join(islice(doubled, _NAMED))
    raise ReactionsRefused(f"{len(doubled)} {kind} occur more than once: {shown}. Give each a line of its own.")
