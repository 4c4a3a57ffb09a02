"""Known populations: shares or counts by category, what a sample is held against and weighted to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite

from analysis.significance import Interval, chi_square_tail, holm, wilson_interval
from analysis.spreadsheets import Sheet
from analysis.tabular import Table

_HEADERS = ("variables", "category", "target")
SHARE_TOLERANCE = 0.002
"""How far printed shares of one margin may sum beside 1, and counts of two margins differ, relatively."""

SMALL_GROUP = 30
"""Fewer respondents than this say little about their group, and their weights jump from survey to survey."""

Columns = Mapping[str, Sequence[str]]
"""The sample: a category per respondent, by variable."""

Category = tuple[str, ...]
"""A value per variable of a margin."""


class MarginRefused(ValueError):
    """Margins and sample do not fit; the message says which category or row and what to do."""


@dataclass(frozen=True)
class Margin:
    """The population by one variable, or by several crossed. `shares` has every category and sums to 1."""

    variables: tuple[str, ...]
    shares: Mapping[Category, float]

    @property
    def name(self) -> str:
        """The variables as the margins file writes them."""
        return "*".join(self.variables)

    def words(self, category: Category) -> str:
        """One category, for a sentence."""
        return f"{self.name} = {'*'.join(category)}"

    def of(self, columns: Columns) -> list[Category]:
        """Each respondent's category. MarginRefused for a column that is missing and a value the margin does not list."""
        for variable in self.variables:
            if variable not in columns:
                raise MarginRefused(
                    f"The sample has no column {variable}, which the margins name. Its columns are: {', '.join(columns)}."
                )
        found = list(zip(*(columns[variable] for variable in self.variables), strict=True))
        unknown = set(found) - self.shares.keys()
        if unknown:
            row = next(row for row, category in enumerate(found, 1) if category in unknown)
            value = "*".join(found[row - 1])
            shown = f"is {value}" if value.replace("*", "") else "is empty"
            raise MarginRefused(
                f"Row {row} of the sample: {self.name} {shown}, and the margins give no target for it. "
                f"Add a line for it to the margins, or leave the row out."
            )
        return found


@dataclass(frozen=True)
class Standing:
    """One category: its respondents, their share with Wilson's interval, and its share of the population.

    `gap` is sample less population. `ratio` is sample over population, None for a share of 0 in the population.
    """

    margin: str
    category: str
    count: int
    share: float
    ci95: Interval
    target: float

    @property
    def gap(self) -> float:
        return self.share - self.target

    @property
    def ratio(self) -> float | None:
        return self.share / self.target if self.target else None


@dataclass(frozen=True)
class Representativeness:
    """How the sample stands to the population. `p_holm` tests each margin for a random sample of it, corrected (Holm).

    `small` are the categories with fewer than SMALL_GROUP respondents, fewest first.
    """

    base: int
    standings: tuple[Standing, ...]
    p_holm: Mapping[str, float | None]
    small: tuple[Standing, ...]

    def sheet(self, name: str = "representativeness") -> Sheet:
        """One line per category, in the margins' order."""
        headers = ("variables", "category", "count", "share", "share_low", "share_high", "target", "gap", "ratio")
        rows = [
            (one.margin, one.category, one.count, one.share, *one.ci95, one.target, one.gap, one.ratio)
            for one in self.standings
        ]
        return Sheet(name, headers, rows)

    def sentence(self) -> str:
        """The smallest groups by name, or that none is small."""
        if not self.small:
            return f"Every group has {SMALL_GROUP} respondents or more."
        names = ", ".join(f"{one.margin} = {one.category} ({one.count})" for one in self.small)
        return f"Fewer than {SMALL_GROUP} respondents: {names}."


def margins_of(table: Table) -> list[Margin]:
    """The margins of a file with the columns variables, category and target. Raises MarginRefused as `margins_from`."""
    missing = [name for name in _HEADERS if name not in table.headers]
    if missing:
        raise MarginRefused(f"there is no column {missing[0]}. Margins have the columns {', '.join(_HEADERS)}.")
    places = [table.headers.index(name) for name in _HEADERS]
    lines = []
    for number, row in enumerate(table.rows, 1):
        variables, category, target = (row[place] for place in places)
        try:
            lines.append((variables, category, float(target)))
        except ValueError as error:
            raise MarginRefused(
                f"row {number}: the target {target!r} of {variables} = {category} is no number."
            ) from error
    return margins_from(lines)


def margins_from(lines: Sequence[tuple[str, str, float]]) -> list[Margin]:
    """Margins of lines (variables joined by *, values joined by *, target), in the order of their first line.

    A target is a count or a share, one kind in all lines: shares where none is above 1 and not all are whole. MarginRefused,
    with the line's row from 1, for a target that is negative or no number, a category that comes twice, values that do
    not fit the variables, shares that do not sum to 1 and counts that do not sum to the same population.
    """
    targets: dict[tuple[str, ...], dict[Category, float]] = {}
    for row, (variables, values, target) in enumerate(lines, 1):
        names, category = tuple(variables.split("*")), tuple(values.split("*"))
        if not all(names) or len(set(names)) < len(names):
            raise MarginRefused(f"Row {row} of the margins: {variables!r} is not a list of different variables.")
        if len(names) != len(category):
            raise MarginRefused(
                f"Row {row} of the margins: {values!r} has {len(category)} values for {len(names)} variables ({variables})."
            )
        if not isfinite(target) or target < 0:
            raise MarginRefused(f"Row {row} of the margins: the target {target} is not a number of 0 or more.")
        known = targets.setdefault(names, {})
        if category in known:
            raise MarginRefused(f"Row {row} of the margins: {variables} = {values} is there twice. Keep one line.")
        known[category] = target
    if not targets:
        raise MarginRefused("The margins have no line. Write one for each category.")
    totals = {names: fsum(known.values()) for names, known in targets.items()}
    known_targets = [target for _, _, target in lines]
    _agree(totals, shares=max(known_targets) <= 1 and not all(float(target).is_integer() for target in known_targets))
    return [
        Margin(names, {category: target / totals[names] for category, target in known.items()})
        for names, known in targets.items()
    ]


def _agree(totals: Mapping[tuple[str, ...], float], *, shares: bool) -> None:
    if shares:
        for names, total in totals.items():
            if abs(total - 1) > SHARE_TOLERANCE:
                raise MarginRefused(f"The shares of {'*'.join(names)} sum to {total:g}, not to 1. Correct the margins.")
        return
    first, population = next(iter(totals.items()))
    if not population:
        raise MarginRefused(f"The targets of {'*'.join(first)} sum to 0. Correct the margins.")
    for names, total in totals.items():
        if abs(total - population) > SHARE_TOLERANCE * population:
            raise MarginRefused(
                f"The targets of {'*'.join(names)} sum to {total:g}, those of {'*'.join(first)} to {population:g}. "
                "All must be counts of one population, or all shares."
            )


def representativeness(columns: Columns, margins: Sequence[Margin]) -> Representativeness:
    """Each category's share of the sample against its share of the population. MarginRefused as `Margin.of` says."""
    standings: list[Standing] = []
    tests: dict[str, float | None] = {}
    base = 0
    for margin in margins:
        members = Counter(margin.of(columns))
        base = members.total()
        if not base:
            raise MarginRefused("The sample has no row.")
        for category, target in margin.shares.items():
            count = members[category]
            interval = wilson_interval(count, base)
            standings.append(Standing(margin.name, "*".join(category), count, count / base, interval, target))
        tests[margin.name] = _fit(members, margin, base)
    small = sorted((one for one in standings if one.count < SMALL_GROUP), key=lambda one: one.count)
    return Representativeness(
        base, tuple(standings), dict(zip(tests, holm(list(tests.values())), strict=True)), tuple(small)
    )


def _fit(members: Mapping[Category, int], margin: Margin, base: int) -> float | None:
    """Pearson's p that the sample is a random one of the margin's population; None for a single category."""
    used = {category: base * target for category, target in margin.shares.items() if target}
    if sum(members.get(category, 0) for category in used) < base:
        return 0.0  # somebody of whom the population has none
    statistic = fsum((members.get(category, 0) - expected) ** 2 / expected for category, expected in used.items())
    return chi_square_tail(statistic, len(used) - 1) if len(used) > 1 else None
