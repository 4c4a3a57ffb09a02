"""`python -m analysis disclosure`, `disclosure-audit` and `research-file`: protect tables, attack them, release rows."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.disclosure import DEFAULT, SECONDS, NotDue, ReleasedTable, release
from analysis.disclosure_files import (
    plan_from_json,
    policy_from_json,
    release_from_json,
    release_to_json,
    rows_from_json,
    tables_from_json,
)
from analysis.inputs import place_of, read_file, read_json, refusals
from analysis.research import ResearchFile, research_file
from analysis.sums import ReleasedSums, release_sums
from analysis.tabular import write_csv
from analysis.terminal import Progress, Refused, add_command, progress, put_json, write, write_all

if TYPE_CHECKING:
    from analysis.disclosure_audit import Audit

_PROTECT = "python -m analysis disclosure tables.json --earlier may.json --out june.json"
_ROWS = "python -m analysis research-file rows.csv --plan plan.json --codebook codebook.json --out research.csv"
_LONGEST = 1_000_000
_GREATEST_MINIMUM = 1_000_000
_AUDIT = "python -m analysis disclosure-audit june.json --earlier may.json"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser of `python -m analysis`."""
    protect = add_command(
        commands, "disclosure", _protect, "hide what tables would tell of few people", _PROTECT, ("out",)
    )
    protect.add_argument("file", type=Path, metavar="TABLES.json", help="tables and policy")
    protect.add_argument("--policy", type=Path, metavar="POLICY.json", help="instead of the policy in the file")
    protect.add_argument(
        "--earlier", type=Path, action="append", default=[], metavar="RELEASE.json", help="what was published before"
    )
    protect.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="S",
        help="to look for the least loss (default: %(default)s)",
    )
    protect.add_argument("--out", type=Path, required=True, metavar="RELEASE.json", help="written when all went well")
    attack = add_command(commands, "disclosure-audit", _attack, "list hidden counts that can be worked out", _AUDIT, ())
    attack.add_argument("file", type=Path, metavar="RELEASE.json", help="a release, protected by whatever program")
    attack.add_argument(
        "--earlier", type=Path, action="append", default=[], metavar="RELEASE.json", help="releases before it"
    )
    attack.add_argument("--research", type=Path, metavar="FILE.csv", help="a research file given out beside them")
    attack.add_argument("--codebook", type=Path, metavar="CODEBOOK.json", help="of the research file")
    attack.add_argument(
        "--minimum", type=_minimum, metavar="N", help="smallest cell (default: of the release's policy)"
    )
    rows = add_command(
        commands, "research-file", _research, "rows in which nobody stands alone", _ROWS, ("codebook", "out")
    )
    rows.add_argument("file", type=Path, metavar="ROWS.csv", help="a row for each respondent")
    rows.add_argument("--plan", type=Path, required=True, metavar="PLAN.json", help="attributes, answers, k and l")
    rows.add_argument("--encoding", help="of the file (default: UTF-8, else CP932)")
    rows.add_argument("--codebook", type=Path, required=True, metavar="CODEBOOK.json", help="columns, values and risk")
    rows.add_argument(
        "--beside", type=Path, action="append", default=[], metavar="RELEASE.json", help="tables published of them"
    )
    rows.add_argument("--out", type=Path, required=True, metavar="OUT.csv", help="written only when all went well")


def _seconds(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= _LONGEST:
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0 to {_LONGEST}")
    return number


def _minimum(value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if not 2 <= number <= _GREATEST_MINIMUM:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 2 to {_GREATEST_MINIMUM}: the smallest count that may be known"
        )
    return number


def _protect(options: argparse.Namespace) -> int:
    stored = read_json(options.file)
    with refusals(options.file):
        counts, sums = tables_from_json(stored)
        policy = policy_from_json(stored["policy"]) if "policy" in stored else DEFAULT
    if options.policy:
        with refusals(options.policy):
            policy = policy_from_json(read_json(options.policy))
    earlier = [_release(path)[1] for path in options.earlier]
    known = [table for tables, _sums in earlier for table in tables]
    known_sums = [table for _tables, summed in earlier for table in summed]
    tell = progress(options.json)
    with refusals(options.file):
        try:
            shown = release(counts, known, policy, options.seconds, tell)
            shown_sums = release_sums(sums, shown, known_sums, policy, options.seconds, tell)
        except NotDue as refusal:
            wait = f"Wait until {policy.release_step} more have come."
            raise Refused(f"{options.file}: too few came since the last release: {refusal}. {wait}") from refusal
    bases = [table.base for table in shown if not table.statutory] or [table.base for table in shown]
    made = release_to_json(shown, shown_sums, policy, (bases or [table.base for table in shown_sums])[0])
    write(options.out, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    print(f"{made['hidden']} of {made['printed']} numbers are hidden.", file=sys.stderr)
    if options.json:
        put_json({"printed": made["printed"], "hidden": made["hidden"], "written": [str(options.out)]})
    return 0


def _release(path: Path) -> tuple[Any, tuple[list[ReleasedTable], list[ReleasedSums]]]:
    """A release as it is stored, and its tables."""
    stored = read_json(path)
    with refusals(path):
        return stored, release_from_json(stored)


def _attack(options: argparse.Namespace) -> int:
    from analysis.disclosure_audit import audit

    if (options.research is None) != (options.codebook is None):
        raise Refused("--research and --codebook go together. Give both, or neither.")
    releases = [_release(path)[0] for path in (*options.earlier, options.file)]
    rows = None
    if options.research:
        table = read_file(options.research)
        with refusals(options.codebook):
            rows = rows_from_json(read_json(options.codebook), table.headers, table.rows)
    with _audited(options.file):
        found = audit(releases, options.minimum, rows, progress(options.json))
    if options.json:
        print(json.dumps({"asked": found.asked, "recoverable": [one.to_json() for one in found.findings]}, indent=1))
    else:
        for one in found.findings:
            print(one.sentence)
        print(_told(found), file=sys.stderr)
    return 1 if found.findings else 0


def _told(found: "Audit") -> str:
    """How much was found: of the counts asked for, and small ones that nobody had to ask for."""
    printed = sum(one.what == "printed" for one in found.findings)
    asked = f"{len(found.findings) - printed} of {found.asked} counts asked for can be worked out."
    small = {0: "", 1: "1 small count is printed."}.get(printed, f"{printed} small counts are printed.")
    return " ".join(filter(None, [small, asked if found.asked else "No count is hidden: none was asked for."]))


@contextmanager
def _audited(path: Path) -> Iterator[None]:
    """What the auditor refuses, and what it could not answer, as a sentence that names the file."""
    try:
        with refusals(path):
            yield
    except ArithmeticError as failure:
        raise Refused(
            f"{path}: {failure}. Nothing is known of these tables: audit fewer releases together, or on a faster machine."
        ) from failure


def _research(options: argparse.Namespace) -> int:
    table = read_file(options.file, options.encoding)
    with refusals(options.plan):
        plan = plan_from_json(read_json(options.plan))
    for name in (*(one.column for one in plan.attributes), *plan.sensitive):
        place_of(table, name, options.file)
    if not table.rows:
        raise Refused(f"{options.file} has no row under its header. Give a file with answers.")
    tell = progress(options.json)
    with refusals(options.file):
        made = research_file([dict(zip(table.headers, row, strict=True)) for row in table.rows], plan, tell)
    _refuse_leaks(made, options.beside, tell)
    codebook = json.dumps(made.codebook(), ensure_ascii=False, indent=1) + "\n"
    write_all({options.codebook: codebook, options.out: b"".join(write_csv(made.headers, made.rows)).decode()})
    risk = made.risk
    print(f"{risk.rows} rows, {made.removed} left out; smallest group {risk.smallest_group}.", file=sys.stderr)
    if not options.beside:
        print("Not held against published tables: name those of the same people with --beside.", file=sys.stderr)
    if options.json:
        figures = {"rows": risk.rows, "removed": made.removed, "smallest_group": risk.smallest_group}
        put_json(figures | {"written": [str(options.codebook), str(options.out)]})
    return 0


def _refuse_leaks(made: ResearchFile, beside: Sequence[Path], tell: Progress) -> None:
    """Refuse rows by which a count that a table hides could be worked out."""
    from analysis.disclosure_audit import audit

    releases = [_release(path)[0] for path in beside]
    if not releases:
        return
    with _audited(beside[-1]):
        rows = rows_from_json(made.codebook(), made.headers, made.rows)
        found = audit(releases, rows=rows, progress=tell).findings
    if found:
        raise Refused(
            f"{beside[-1]}: beside these rows {len(found)} counts can be worked out, among them {found[0].sentence}. "
            "Give wider levels, or leave out a column that the tables have."
        )
