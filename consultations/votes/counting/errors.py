"""What a count refuses. Each error is a sentence that names what is wrong; nothing is counted in part.

The sentences are English and for whoever prepared the count: a page checks its own fields before anything comes here.
"""

from collections.abc import Iterable


class CountRefused(ValueError):
    """Base of everything a counting method refuses."""


class BadOptions(CountRefused):
    """The options themselves cannot be counted on."""


class NoOptions(BadOptions):
    def __init__(self) -> None:
        super().__init__("There is no option to count.")


class DoubledOption(BadOptions):
    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"The option {code!r} is listed twice.")


class EmptyCode(BadOptions):
    def __init__(self) -> None:
        super().__init__("An option has an empty code.")


class BadSeats(CountRefused):
    def __init__(self, seats: int, options: int) -> None:
        self.seats, self.options = seats, options
        super().__init__(f"{seats} seats cannot be filled from {options} options: there must be 1 to {options}.")


class BadBallot(CountRefused):
    """A ballot that the method cannot read."""


class UnknownOption(BadBallot):
    def __init__(self, code: object) -> None:
        self.code = code
        super().__init__(f"A ballot names {code!r}, which is not an option.")


class RankedTwice(BadBallot):
    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"A ballot ranks the option {code!r} twice.")


class EmptyRank(BadBallot):
    def __init__(self) -> None:
        super().__init__("A ballot has a rank without an option.")


class TooManyChoices(BadBallot):
    def __init__(self, chosen: int, most: int) -> None:
        self.chosen, self.most = chosen, most
        super().__init__(f"A ballot chooses {chosen} options; {most} are allowed.")


class ScoreOutOfRange(BadBallot):
    def __init__(self, code: str, score: object, highest: int) -> None:
        self.code, self.score, self.highest = code, score, highest
        super().__init__(
            f"A ballot gives the option {code!r} the score {score!r}; it must be a whole number 0 to {highest}."
        )


class BadCount(BadBallot):
    """How often a ballot was cast is not a whole number, or is negative."""

    def __init__(self, count: object) -> None:
        self.count = count
        super().__init__(f"A ballot was cast {count!r} times; it must be a whole number, 0 or more.")


class NoBallots(CountRefused):
    def __init__(self) -> None:
        super().__init__("There is no ballot to count.")


class SeedMissing(CountRefused):
    """A tie decides the result, and no public seed was given to settle it."""

    def __init__(self, among: Iterable[str]) -> None:
        self.among = tuple(sorted(among))
        super().__init__(f"The options {', '.join(self.among)} are tied. Publish a seed for the draw and count again.")


class BadSeed(CountRefused):
    def __init__(self) -> None:
        super().__init__("The seed of the draw is empty.")


class BadTable(CountRefused):
    def __init__(self, row: str, column: str) -> None:
        self.row, self.column = row, column
        super().__init__(f"The table has no whole number of ballots, 0 or more, for {row!r} above {column!r}.")


class BadBudget(CountRefused):
    def __init__(self, amount: object) -> None:
        self.amount = amount
        super().__init__(f"The budget is {amount!r}; it must be a whole number above 0.")


class BadCost(CountRefused):
    def __init__(self, code: str, cost: object) -> None:
        self.code, self.cost = code, cost
        super().__init__(f"The project {code!r} costs {cost!r}; it must be a whole number above 0.")


class BadQuorum(CountRefused):
    """A quorum rule, or the figures it is held against, make no sense."""
