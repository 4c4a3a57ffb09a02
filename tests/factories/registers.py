"""A register (名簿) of few people, imported as a city does, with the codes it posts to them."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from civic.activities.states import Subject
from civic.identity.accounts import OPERATOR
from civic.identity.actions import end_entry_sessions
from civic.identity.registers import actions, queries

BORN = date(1980, 4, 1)
BIRTH_DATE = {"birth_date.year": "1980", "birth_date.month": "4", "birth_date.day": "1"}


@dataclass(frozen=True)
class Citizens:
    """A register's number and the posted codes of its entries A-1 and A-2, both born on 1 April 1980."""

    id: int
    codes: dict[str, str]

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of an activity for everybody in this register, once per person."""
        return {"subject": Subject.REGISTER, "identity_level": 2, "once_per_person": True, "register_id": self.id}

    def entered(self, entry: str) -> dict[str, str]:
        """What the person of an entry types on the page for the code."""
        return {"code": self.codes[entry], **BIRTH_DATE}

    def end(self, entry: str) -> None:
        """End what the entry's code opened, in every browser."""
        found = queries.entry_by_code(self.id, self.codes[entry], BORN)
        assert found is not None
        end_entry_sessions([found])


def make_citizens(folder: Path) -> Citizens:
    """Import the register; its files stand in `folder`."""
    file, letters = folder / "register.csv", folder / "letters.csv"
    file.write_text("entry_id,birth_date\nA-1,1980-04-01\nA-2,1980-04-01\n", encoding="utf-8")
    actions.import_register("citizens", file, actor=OPERATOR, letters=letters)
    register = queries.register_by_name("citizens")
    assert register is not None
    with letters.open(encoding="utf-8-sig", newline="") as rows:
        return Citizens(register.id, {row["entry_id"]: row["code"] for row in csv.DictReader(rows)})
