"""Rings of tables: what three or more crosses that lead back to each other tell together, though none tells it alone.

The counts of whole persons, over all variables of a ring, are no published table. Small rings are reasoned over from the
start; larger ones are tried once the rest is decided, and closed where they tell more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod

from analysis.inference import Axis, Key, rings
from analysis.suppression_problem import Problem

_LISTED = 200
"""Participations up to which every ring of tables is thought through as whole persons from the start."""
_RING = 200
"""Places of the largest ring thought through from the start."""
_RING_TRIED = 1_000
"""Places of the largest ring tried afterwards, of however many people, and closed where it tells more."""
_RING_ROUNDS = 5


def shown_of(
    shapes: Sequence[tuple[Axis, ...]],
    problem_of: Callable[[Sequence[tuple[Axis, ...]], Sequence[tuple[Axis, ...]]], Problem],
    base: int,
    seconds: float | None,
) -> set[Key]:
    """What of the tables of these shapes may be shown.

    A ring that was not thought through from the start is tried; where it tells more than its tables do one by one, it is
    closed, and all else once more beside it. Where that does not end soon, all rings are thought through at once.
    """
    from analysis.suppression import leaks, protect  # NumPy and SciPy, which no web worker loads

    through = _small_rings(shapes, base)
    problem = problem_of(shapes, through)
    hidden = protect(problem, seconds).hidden
    tried = [ring for ring in rings(shapes) if ring not in through and _places(ring) <= _RING_TRIED]
    for _round in range(_RING_ROUNDS):
        more = hidden
        for ring in tried:
            part = problem_of(_within(shapes, ring), [ring])
            if leaks(part, hidden):
                more |= protect(replace(part, sensitive=part.sensitive | (hidden & part.now.keys())), seconds).hidden
        if more == hidden:
            return set(problem.now.keys() - hidden)
        hidden = protect(replace(problem, sensitive=problem.sensitive | more), seconds).hidden
    thorough = problem_of(shapes, [*through, *tried])
    return set(thorough.now.keys() - protect(thorough, seconds).hidden)


def _within(shapes: Sequence[tuple[Axis, ...]], ring: tuple[Axis, ...]) -> list[tuple[Axis, ...]]:
    """The shapes that ask of nothing but the variables of a ring."""
    variables = {axis.variable for axis in ring}
    return [axes for axes in shapes if {axis.variable for axis in axes} <= variables]


def _places(ring: Sequence[Axis]) -> int:
    return prod(len(axis.categories) + 1 for axis in ring)


def _small_rings(shapes: Sequence[tuple[Axis, ...]], base: int) -> list[tuple[Axis, ...]]:
    """The rings worth thinking through: of few people, who can be listed, and of few kinds of them."""
    return [ring for ring in rings(shapes) if _places(ring) <= _RING] if base <= _LISTED else []
