"""An auditor written apart from the product: what can a patient reader compute from published tables?

It knows no sums and no keys. It lists every possible way to answer all questions (an atom), says for each published count
which atoms it counts, and asks linear programming for the least and greatest value of every other count. Releases are
cohorts: a later release counts the cohorts before it too. That is at least as sharp as adding and subtracting tables.
"""

from collections.abc import Callable, Iterator
from itertools import chain, combinations, product
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog

MINIMUM = 5

Answers = dict[str, frozenset[str]]
"""One respondent: the chosen categories by variable; the empty set is no answer."""

Test = Callable[[Answers], bool]


def possible_answers(axes) -> list[Answers]:
    ways = []
    for axis in axes:
        if axis.multiple:
            sizes = range(len(axis.categories) + 1)
            choices = chain.from_iterable(combinations(axis.categories, size) for size in sizes)
        else:
            choices = [(), *((category,) for category in axis.categories)]
        ways.append([(axis.variable, frozenset(choice)) for choice in choices])
    return [dict(way) for way in product(*ways)]


def chose(axis, category) -> Test:
    if category is None:
        return lambda answers: bool(answers[axis.variable])
    return lambda answers: category in answers[axis.variable]


def both(tests) -> Test:
    return lambda answers: all(test(answers) for test in tests)


def printed(table, place) -> Test:
    return both([chose(axis, category) for axis, category in zip(table.axes, place, strict=True)])


def around(table, place, *, silence: bool) -> Iterator[Test]:
    """The neighbours of a place that nobody prints: did not choose, the hidden part of its line, did not answer."""
    tests = [chose(axis, category) for axis, category in zip(table.axes, place, strict=True)]
    for turned, axis in enumerate(table.axes):
        rest = [test for number, test in enumerate(tests) if number != turned]
        if silence:
            yield both([*rest, lambda answers, axis=axis: not answers[axis.variable]])
        if place[turned] is not None and axis.multiple:
            yield both([*rest, chose(axis, None), lambda answers, test=tests[turned]: not test(answers)])
        if place[turned] is None and not axis.multiple:
            line = [(*place[:turned], category, *place[turned + 1 :]) for category in axis.categories]
            hidden = [chose(axis, at[turned]) for at in line if table.cells[at].suppressed]
            yield both([*rest, lambda answers, hidden=hidden: any(test(answers) for test in hidden)])


def recoverable(releases, cohorts, *, silence: bool = False) -> list[str]:
    """Every count that the releases give away; `cohorts[k]` are the answers that came between release k-1 and k.

    With `silence`, how many left a question out counts like an answer.
    """
    axes = list({axis.variable: axis for tables in releases for table in tables for axis in table.axes}.values())
    atoms = possible_answers(axes)

    def row(test, first, last):
        inside = np.array([float(test(atom)) for atom in atoms])
        return np.concatenate([inside * (first <= cohort <= last) for cohort in range(len(releases))])

    known, values, questions = [], [], []
    for number, tables in enumerate(releases):
        people = list(chain.from_iterable(cohorts[: number + 1]))
        for table in tables:
            if table.base is not None:
                known.append(row(lambda _: True, 0, number))
                values.append(table.base)
            for place, cell in table.cells.items():
                test = printed(table, place)
                if cell.count is not None:
                    known.append(row(test, 0, number))
                    values.append(cell.count)
                for first in range(number + 1):
                    newer = list(chain.from_iterable(cohorts[first : number + 1])) if first else people
                    true = sum(map(test, newer))
                    if (cell.suppressed and not first) or 0 < true < MINIMUM:
                        questions.append((f"{table.name}{place} {first}-{number}", row(test, first, number), true))
                    for complement in around(table, place, silence=silence):
                        true = sum(map(complement, newer))
                        if 0 < true < MINIMUM:
                            name = f"complement of {table.name}{place} {first}-{number}"
                            questions.append((name, row(complement, first, number), true))
    if not known:
        return []
    found, asked, worlds = [], {}, []
    matrix = np.array(known)
    for name, aim, true in questions:
        if aim.tobytes() not in asked:
            asked[aim.tobytes()] = _interval(matrix, values, aim, worlds)
        low, high = asked[aim.tobytes()]
        if high - low + 1 < MINIMUM:
            found.append(f"{name}: {true} is in [{low}, {high}]")
    return found


def _interval(matrix, values, aim, worlds):
    """The integers between the ends, or between those of the worlds seen where these are wide enough already."""
    seen = [aim @ world for world in worlds]
    if seen and _integers(min(seen), max(seen)) >= MINIMUM:
        return ceil(min(seen) - 1e-6), floor(max(seen) + 1e-6)
    ends = []
    for sign in (1, -1):
        solved = linprog(sign * aim, A_eq=matrix, b_eq=values, bounds=(0, None), method="highs")
        assert solved.status in (0, 3), solved.message
        ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        if solved.status == 0:
            worlds.append(solved.x)
    return ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6) if np.isfinite(ends[1]) else 10**9


def _integers(low, high):
    return floor(high + 1e-6) - ceil(low - 1e-6) + 1
