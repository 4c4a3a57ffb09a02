"""Tables that arrive by the browser: kept for this user only until their job has read them."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from werkzeug.datastructures import FileStorage

from analysis import tabular
from analysis.spreadsheets import check_archive, read_xlsx
from analysis.tabular import Reason, TableRefused
from civic.activities.models import Activity
from civic.features import tables_of
from civic.files.storing import incoming as folder
from civic.identity.accounts import Actor
from civic.intake import actions, importing
from civic.intake.reading import Intake
from civic.intake.refusals import TableUnreadable, TooLargeForBrowser
from civic.intake.unreadable import sentence

MOST_CELLS = 1_000_000
WORKBOOK = ".xlsx"
KEPT_SECONDS = 2 * 24 * 3600  # a file whose job never came to its end
TOO_LARGE = (Reason.TOO_MANY_CELLS, Reason.TOO_LARGE_UNPACKED)


def hand_in(
    activity: Activity, upload: FileStorage, intake: Callable[[Path, str], Intake], actor: Actor, at: datetime
) -> None:
    """Keep an upload and queue its import; `intake` says how a file of that path and name is read.

    What can be seen at once is refused at once, and nothing is kept of it. Raises TooLargeForBrowser, TableUnreadable
    and what `importing.check` and `actions.request_import` raise.
    """
    path = keep(upload)
    asked = replace(intake(path, upload.filename or path.name), max_cells=MOST_CELLS)
    activity_id = activity.id
    try:
        look_at(activity, asked)
        actions.request_import(activity_id, asked, actor, at)
    except BaseException:
        remove(path)
        raise


def keep(upload: FileStorage) -> Path:
    """Write an upload to a file of its own (mode 0600)."""
    suffix = WORKBOOK if (upload.filename or "").lower().endswith(WORKBOOK) else ".csv"
    path = folder() / f"{secrets.token_hex(16)}{suffix}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        upload.save(file)
    return path


def look_at(activity: Activity, intake: Intake) -> None:
    """Refuse at once what can be seen at once: a workbook is only measured here, its job reads it."""
    importing.register_of(activity, intake)
    try:
        if intake.path.suffix == WORKBOOK:
            check_archive(intake.path)
        else:
            importing.check(activity, intake)
    except TableRefused as refused:
        raise refusal(refused, tables_of(activity).command) from refused


def refusal(refused: TableRefused, command: str) -> TooLargeForBrowser | TableUnreadable:
    if refused.reason in TOO_LARGE:
        return TooLargeForBrowser(command=command)
    return TableUnreadable(problem=sentence(refused))


def as_csv(path: Path) -> Path:
    """The file itself, or a workbook's first sheet as CSV beside it; the same sheet always gives the same bytes.

    Raises `tabular.TableRefused`.
    """
    if path.suffix != WORKBOOK:
        return path
    table = read_xlsx(path, max_cells=MOST_CELLS)
    written = path.with_suffix(".csv")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.writelines(tabular.write_csv(table.headers, table.rows))
    return written


def remove(path: Path) -> None:
    """Remove an upload and what was made of it."""
    for one in (path, path.with_suffix(".csv")):
        one.unlink(missing_ok=True)


def sweep() -> None:
    """Remove what its job left behind when it was ended for good."""
    for path in folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
