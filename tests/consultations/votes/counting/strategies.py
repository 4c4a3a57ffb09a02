"""Made elections: few options, few ballots, so that ties and cycles are common."""

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

OPTIONS = ("a", "b", "c", "d", "e")
SEEDS = st.text("0123456789", min_size=1, max_size=4)
COUNTS = st.integers(1, 4)


def given(*values, **named):
    """Hypothesis' `given` without a deadline: a busy machine is no wrong count."""
    return lambda test: settings(deadline=None)(examples(*values, **named)(test))


def options(least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.integers(least, len(OPTIONS)).map(lambda number: OPTIONS[:number])


@st.composite
def rankings(draw, codes, least=0):
    """A strict ranking of some of the codes."""
    order = draw(st.permutations(codes))
    return tuple(order[: draw(st.integers(least, len(codes)))])


@st.composite
def weak_rankings(draw, codes):
    """A ranking of some of the codes, several at one rank."""
    ranks: list[set[str]] = []
    for code in draw(rankings(codes)):
        if ranks and draw(st.booleans()):
            ranks[-1].add(code)
        else:
            ranks.append({code})
    return tuple(frozenset(rank) for rank in ranks)


def ballots(of):
    return st.lists(st.tuples(of, COUNTS), min_size=1, max_size=9)


@st.composite
def ranked(draw, least=2, marked=0):
    """(options, ballots with strict rankings)."""
    codes = draw(options(least))
    return codes, draw(ballots(rankings(codes, marked)))


@st.composite
def weakly_ranked(draw, least=1):
    codes = draw(options(least))
    return codes, draw(ballots(weak_rankings(codes)))


@st.composite
def budgeted(draw):
    """(costs, budget, ballots that approve of some projects)."""
    codes = draw(options())
    costs = {code: draw(st.integers(1, 60)) for code in codes}
    cast = draw(ballots(st.frozensets(st.sampled_from(codes))))
    return costs, draw(st.integers(1, 120)), cast
