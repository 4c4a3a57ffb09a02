"""Who may vote beside age and residence: nationality, and those whom 公職選挙法11条 excludes. Pure: no Flask, no session.

A register file is held against these rules where it brings the columns for them; nothing of these columns is stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from civic import eras
from civic.identity.registers.rules import Fault, MoreColumns
from civic.messages import N_, Message
from consultations.votes.rules import after_months

ANY: Final = "any"  # the ordinance asks for no nationality
JAPANESE: Final = "japanese"
SPECIAL: Final = "special_permanent"
PERMANENT: Final = "permanent"
MID_LONG: Final = "mid_long"
OTHER: Final = "other"
ADMITTED: Final[Mapping[str, frozenset[str]]] = {
    JAPANESE: frozenset({JAPANESE}),
    PERMANENT: frozenset({JAPANESE, SPECIAL, PERMANENT}),
    MID_LONG: frozenset({JAPANESE, SPECIAL, PERMANENT, MID_LONG}),
}
"""By rule, who may vote: Japanese; permanent residents too; those on a mid- to long-term status for years too."""

WORDS: Final[Mapping[str, str]] = {
    "日本": JAPANESE, "日本国籍": JAPANESE, JAPANESE: JAPANESE, "特別永住者": SPECIAL, SPECIAL: SPECIAL,
    "永住者": PERMANENT, PERMANENT: PERMANENT, "中長期在留者": MID_LONG, MID_LONG: MID_LONG, "その他": OTHER, OTHER: OTHER,
}  # fmt: skip
EXCLUDED: Final[Mapping[str, bool]] = {"該当": True, "yes": True, "非該当": False, "no": False}
NATIONALITY_COLUMN, SINCE_COLUMN, ARTICLE_11_COLUMN = "nationality", "status_since", "article_11"

NOT_A_NATIONALITY: Final = N_("Write one of these: 日本, 特別永住者, 永住者, 中長期在留者, その他.")
NOT_AN_EXCLUSION: Final = N_("Write 該当 or 非該当.")
NO_DAY: Final = N_("Write since which day the person has had a mid- to long-term status, like 2026-11-30.")
NO_REFERENCE_DAY: Final = N_("The years are counted on the reference day of the vote, which is not set yet.")
BARRED: Final[Mapping[str, str]] = {
    "nationality": N_("May not vote by the rule of nationality (%(clause)s)."),
    "resident_years": N_("May not vote: not more than %(years)s years on the reference day (%(clause)s)."),
    "exclusion": N_("May not vote by article 11 of the Public Offices Election Act (%(clause)s)."),
}


@dataclass(frozen=True)
class Entitlement:
    """The rules of one vote. `years`: a mid- to long-term status must have been had for more than so many."""

    nationality: str = ANY
    years: int = 3
    excludes: bool = False
    reference_day: date | None = None
    clauses: Mapping[str, str] = field(default_factory=dict)

    @property
    def bases(self) -> dict[str, str]:
        """By rule that is there, what a register is held against: another text is another rule."""
        found = {}
        if self.nationality == MID_LONG:
            found["nationality"] = f"{MID_LONG} {self.years} {self.reference_day}"
        elif self.nationality != ANY:
            found["nationality"] = self.nationality
        if self.excludes:
            found["exclusion"] = "公職選挙法11条"
        return found

    @property
    def columns(self) -> Sequence[str]:
        """The columns a register may bring for these rules; others are not asked for (個人情報保護法61条)."""
        found = [NATIONALITY_COLUMN] if self.nationality != ANY else []
        found += [SINCE_COLUMN] if self.nationality == MID_LONG else []
        return [*found, ARTICLE_11_COLUMN] if self.excludes else found

    @property
    def more_columns(self) -> MoreColumns:
        """The same for who reads a register file."""
        columns = {"nationality": NATIONALITY_COLUMN, "exclusion": ARTICLE_11_COLUMN}
        return MoreColumns(self.columns, {columns[rule]: basis for rule, basis in self.bases.items()}, self.faults)

    def checked(self, by_column: Mapping[str, str]) -> dict[str, str]:
        """By rule, what a file was held against, from what it says by column."""
        rules = {NATIONALITY_COLUMN: "nationality", ARTICLE_11_COLUMN: "exclusion"}
        return {rules[column]: basis for column, basis in by_column.items()}

    def faults(self, row: int, cells: Mapping[str, str]) -> Iterator[Fault]:
        """Why somebody whose row has these cells may not vote, or what cannot be read. No cell's text is repeated."""
        if NATIONALITY_COLUMN in cells and self.nationality != ANY:
            yield from self._of_nationality(row, cells)
        if ARTICLE_11_COLUMN in cells and self.excludes:
            excluded = EXCLUDED.get(cells[ARTICLE_11_COLUMN].strip())
            if excluded is None:
                yield Fault(row, ARTICLE_11_COLUMN, Message(NOT_AN_EXCLUSION))
            elif excluded:
                yield Fault(row, ARTICLE_11_COLUMN, self._barred("exclusion"))

    def _of_nationality(self, row: int, cells: Mapping[str, str]) -> Iterator[Fault]:
        found = WORDS.get(cells[NATIONALITY_COLUMN].strip())
        if found is None:
            yield Fault(row, NATIONALITY_COLUMN, Message(NOT_A_NATIONALITY))
        elif found not in ADMITTED[self.nationality]:
            yield Fault(row, NATIONALITY_COLUMN, self._barred("nationality"))
        elif found == MID_LONG:
            yield from self._of_years(row, eras.day_in_cell(cells.get(SINCE_COLUMN, "").strip()))

    def _of_years(self, row: int, since: date | None) -> Iterator[Fault]:
        """More than so many years: the day on which they are over is not yet more."""
        if since is None:
            yield Fault(row, SINCE_COLUMN, Message(NO_DAY))
        elif self.reference_day is None:
            yield Fault(row, SINCE_COLUMN, Message(NO_REFERENCE_DAY))
        elif after_months(since, 12 * self.years) >= self.reference_day:
            yield Fault(row, SINCE_COLUMN, self._barred("resident_years"))

    def _barred(self, rule: str) -> Message:
        clause = self.clauses.get("exclusion" if rule == "exclusion" else "nationality", "")
        return Message(BARRED[rule], {"clause": clause, "years": self.years})


def still_checked(before: Mapping[str, str], file: Mapping[str, str], *, is_whole: bool) -> dict[str, str]:
    """What a register is checked for after a file went in: all of it by the file, if everybody stands in that file."""
    return dict(file) if is_whole else {rule: basis for rule, basis in file.items() if before.get(rule) == basis}
