"""What the import commands of every kind share: progress on stderr, reasons with their place, sums that close."""

import time
from collections.abc import Callable

from analysis.tabular import TableRefused
from civic.activities.models import Activity
from civic.identity.accounts import OPERATOR
from civic.intake import importing, queries
from civic.intake.importing import Watching
from civic.intake.reading import Intake
from civic.intake.refusals import FileDoesNotFit, MyNumberRefused
from civic.ops.output import emit, progress, refuse

SHOWN_REVIEWS = 20


def import_file(activity: Activity, intake: Intake, as_json: bool) -> None:
    """Import a table as the operator does, into a draft nobody handed in too; prints the counts, or exits with 1."""
    try:
        run = importing.import_table(
            activity, intake, OPERATOR, elsewhere=True, watching=Watching(progress=once_a_second())
        )
    except FileDoesNotFit as refusal:
        problems = [{"row": None, "column": one.params.get("column"), "detail": str(one)} for one in refusal.problems]
        refuse(str(refusal), problems, as_json=as_json, slug=refusal.slug)
    except MyNumberRefused as refusal:
        place = {"row": refusal.params["row"], "column": refusal.params["column"], "detail": str(refusal)}
        refuse(str(refusal), [place], as_json=as_json, slug=refusal.slug)
    except TableRefused as refused:
        place = {"row": refused.params.get("row"), "column": refused.params.get("column"), "detail": str(refused)}
        refuse(f"{intake.name} cannot be read as a table.", [place], as_json=as_json, slug="bad-table")
    for row in queries.review_rows(run.id, SHOWN_REVIEWS):
        for reason in row.reasons:
            progress(f"row {row.number}, column {reason.column}: {reason.message}")
    found = run.counts.to_json()
    emit(found, as_json, "\n".join(f"{name}: {count}" for part in found.values() for name, count in part.items()))


def once_a_second() -> Callable[[int, int], None]:
    """A line of progress, not oftener than that."""
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= 1 or done == total:
            told = time.monotonic()
            progress(f"{done} of {total} rows")

    return tell
