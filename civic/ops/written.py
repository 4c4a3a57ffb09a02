"""What seeds of every room read their written side with: files in which plans lie ahead whenever the city is sown."""

import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.web.formatters import fiscal_year

YEARS_AHEAD: Final = re.compile(r"<FY\+(\d)>")


def text_of(file: Path) -> str:
    """A written file; `<FY+1>` in it is the next fiscal year."""
    present = fiscal_year(clock.today())
    return YEARS_AHEAD.sub(lambda found: str(present + int(found[1])), file.read_text(encoding="utf-8"))


def parsed(file: Path) -> dict[str, Any]:
    """A written TOML file."""
    return tomllib.loads(text_of(file))


def moment(day: date, hour: int) -> datetime:
    """The full hour of a day in Japan."""
    return datetime.combine(day, time(hour), clock.TOKYO)
