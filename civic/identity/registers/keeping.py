"""Register files between two pages: on this machine only, in a folder of their own (0700) that no backup holds.

They name people, and the letters' file holds their codes. So both are only the person's who handed the file in, and go
after two days, the codes after a week. Of one import there are, under one name: `.csv` as it came, `.json` what was seen of it,
`.letters-N.csv` the codes, one file for each attempt that stored some.
"""

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from werkzeug.datastructures import FileStorage

from analysis import tabular
from civic.identity.registers.actions import LETTER_COLUMNS
from civic.identity.registers.looking import Look, look, look_from_json
from civic.identity.registers.rules import NOTHING_MORE, MoreColumns
from civic.refusals import NotFound

DAY: Final = 24 * 3600
FILE_DAYS, LETTER_DAYS = 2, 7
MOST_CELLS: Final = 1_000_000
NAME: Final = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    found: Path = current_app.extensions["settings"].instance / "registers"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


@dataclass(frozen=True)
class Kept:
    """One file that was handed in: for which activity, by whom, under which name, and what it holds."""

    name: str
    activity: int
    staff: int
    file_name: str
    look: Look
    kept_at: float  # Unix seconds

    @property
    def source(self) -> Path:
        return folder() / f"{self.name}.csv"

    @property
    def good(self) -> Path:
        """Its good rows, while they are being stored."""
        return folder() / f"{self.name}.good.csv"

    @property
    def letters(self) -> list[Path]:
        """The files of codes that are still here, in the order of the attempts."""
        return sorted(folder().glob(f"{self.name}.letters-*.csv"))

    def next_letters(self) -> Path:
        return folder() / f"{self.name}.letters-{len(self.letters) + 1}.csv"

    @property
    def waits(self) -> bool:
        """Whether it was handed in and nothing of it stored."""
        return self.source.exists()

    @property
    def gone_at(self) -> datetime:
        """When `sweep` takes it away."""
        days = LETTER_DAYS if self.letters else FILE_DAYS
        return datetime.fromtimestamp(self.kept_at, UTC) + timedelta(days=days)


def keep(upload: FileStorage, activity: int, staff: int, more: MoreColumns = NOTHING_MORE) -> Kept:
    """Keep an upload and look at it; nothing is kept of a file that cannot be taken at all. Raises what `look` raises."""
    name = secrets.token_hex(16)
    source = folder() / f"{name}.csv"
    try:
        with new_file(source) as file:
            upload.save(file)
        found = look(source, MOST_CELLS, more)
        about = {"activity": activity, "staff": staff, "file_name": upload.filename or "", "at": time.time()}
        with new_file(folder() / f"{name}.json") as file:
            file.write(json.dumps(about | {"look": found.to_json()}, ensure_ascii=False).encode())
    except BaseException:
        erase(name)
        raise
    return of(name)


def new_file(path: Path) -> Any:
    """A new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def of(name: str) -> Kept:
    """The file of this name. Raises NotFound."""
    path = folder() / f"{name}.json"
    if not NAME.fullmatch(name) or not path.exists():
        raise NotFound
    said: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    found = look_from_json(said["look"])
    return Kept(name, said["activity"], said["staff"], said["file_name"], found, said["at"])


def own(name: str, activity: int, staff: int) -> Kept:
    """The same, only for who handed it in, and for the activity it was handed in for. Raises NotFound."""
    found = of(name)
    if (found.activity, found.staff) != (activity, staff):
        raise NotFound
    return found


def listed(activity: int, staff: int | None = None) -> list[Kept]:
    """What is kept for an activity, of everybody or of one person, the newest first."""
    kept = [of(path.stem) for path in folder().glob("*.json")]
    mine = [one for one in kept if one.activity == activity and staff in (None, one.staff)]
    return sorted(mine, key=lambda one: one.kept_at, reverse=True)


def letters_of(kept: Kept) -> Iterator[bytes]:
    """The codes as one file. An entry that stands in two has the code of the later."""
    if len(kept.letters) == 1:
        yield kept.letters[0].read_bytes()
        return
    rows = {}
    for path in kept.letters:
        with tabular.iter_rows(path) as stream:
            rows.update({cells[0]: cells for cells in stream})
    yield from tabular.write_csv(LETTER_COLUMNS, rows.values())


def erase(name: str) -> None:
    """Remove all that is kept under a name."""
    for path in folder().glob(f"{name}.*"):
        path.unlink(missing_ok=True)


def sweep(at: datetime) -> None:
    """Remove what has been here for long enough, and what belongs to nothing any more."""
    for path in folder().glob("*.json"):
        if of(path.stem).gone_at < at:
            erase(path.stem)
    for path in folder().iterdir():
        if path.stat().st_mtime < at.timestamp() - LETTER_DAYS * DAY:
            path.unlink(missing_ok=True)
