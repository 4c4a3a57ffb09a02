"""Audited acts, each declared with exactly the fields it records. The list is also the privacy inventory of the audit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """One kind of act: its name (`survey.opened`) and the names of the values recorded with it, nothing else."""

    name: str
    fields: frozenset[str]


def act(name: str, *fields: str) -> Act:
    """Declare an act: `act("activity.extended", "activity", "ends_at", "reason")`."""
    return Act(name, frozenset(fields))
