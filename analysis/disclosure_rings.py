"""Rings of tables: what three or more crosses that lead back to each other tell together, though none tells it alone.

The counts of whole persons, over all variables of a ring, are no published table. Once the tables are decided one by one,
each ring is tried and closed where it tells more; of few people several rings are tried together as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from analysis.inference import Axis, Key, rings
from analysis.suppression_clock import Clock, OutOfTime
from analysis.suppression_problem import Problem

if TYPE_CHECKING:
    from analysis.suppression import Search

_TRIED = 1_000
"""Ways to answer all questions of the largest ring that is tried, and of all rings that are tried together."""

_Shapes = Sequence[tuple[Axis, ...]]


def shown_of(shapes: _Shapes, problem_of: Callable[[_Shapes, _Shapes], Problem], base: int, clock: Clock) -> set[Key]:
    """What of the tables of these shapes may be shown.

    `problem_of` says what there is to hide among some tables, and the crosses of some rings. What a ring tells beyond its
    tables is closed, and all else once more beside it, until nothing is found out; where the time is over before that, all
    that may be hidden is.
    """
    from analysis.suppression import Search  # NumPy and SciPy, which no web worker loads

    problem = problem_of(shapes, ())
    whole = Search(problem, clock)
    hidden = whole.run().hidden
    try:
        if hidden != whole.everything():
            rounds = [Search(problem_of(part, through), clock) for part, through in _tried(shapes)]
            hidden = _closed([*rounds, whole], hidden) if rounds else hidden
    except OutOfTime:
        hidden = whole.everything()
    return set(problem.now.keys() - hidden)


def _closed(searches: Sequence["Search"], hidden: frozenset[Key]) -> frozenset[Key]:
    """What is hidden once each of the searches, turn by turn, finds nothing more. Raises OutOfTime.

    It ends, since each turn hides more or leaves fewer to ask; the one that hid more has made sure of it itself.
    """
    safe, turn = 0, 0
    while safe < len(searches):
        more = hidden | searches[turn % len(searches)].closed(hidden)
        safe = safe + 1 if more == hidden else 1
        hidden, turn = more, turn + 1
    return hidden


def _tried(shapes: _Shapes) -> Iterator[tuple[_Shapes, _Shapes]]:
    """The tables and the rings that are thought of at once: each ring, then all where whole persons can be listed."""
    tried = [ring for ring in rings(shapes) if _places(ring) <= _TRIED]
    for ring in tried:
        yield _within(shapes, ring), [ring]
    if len(tried) > 1 and _places({axis.variable: axis for axes in shapes for axis in axes}.values()) <= _TRIED:
        yield shapes, tried


def _within(shapes: _Shapes, ring: Sequence[Axis]) -> _Shapes:
    """The shapes that ask of nothing but the variables of a ring."""
    variables = {axis.variable for axis in ring}
    return [axes for axes in shapes if {axis.variable for axis in axes} <= variables]


def _places(ring: Iterable[Axis]) -> int:
    return prod(len(axis.categories) + 1 for axis in ring)
