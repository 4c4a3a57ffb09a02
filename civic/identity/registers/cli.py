"""What the import commands of registers share: progress on stderr, faults with their place."""

from pathlib import Path

from analysis import tabular
from civic.identity.accounts import OPERATOR
from civic.identity.registers import actions
from civic.identity.registers.actions import Imported
from civic.identity.registers.refusals import RegisterFileRefused
from civic.identity.registers.rules import NOTHING_MORE, MoreColumns
from civic.ops.output import progress, refuse


def import_file(
    name: str,
    file: Path,
    codes_out: Path | None,
    encoding: str | None,
    as_json: bool,
    more: MoreColumns = NOTHING_MORE,
) -> Imported:
    """Import a register as the operator does; its counts, or the command's end with 1."""
    try:
        return actions.import_register(
            name,
            file,
            actor=OPERATOR,
            letters=codes_out,
            encoding=encoding,
            progress=lambda done, total: progress(f"{done} of {total} entries"),
            more=more,
        )
    except RegisterFileRefused as refusal:
        errors = [{"row": one.row, "column": one.column, "detail": str(one.message)} for one in refusal.faults]
        refuse(str(refusal), errors, as_json=as_json, slug=refusal.slug)
    except tabular.TableRefused as refused:
        refuse(str(refused), [{**refused.params, "detail": str(refused)}], as_json=as_json, slug="table-refused")
