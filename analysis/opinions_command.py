"""`python -m analysis opinions`: reactions in a CSV become opinion groups in JSON."""

import argparse
import sys
from pathlib import Path

from analysis.inputs import read_file, reading, refusals, refuse_workbook
from analysis.output import canonical
from analysis.tabular import iter_rows
from analysis.terminal import add_command, progress, put_json, refuse_before_work, seed_number, write

_EXAMPLE = "python -m analysis opinions participants-votes.csv --moderation comments.csv --out groups.json"
_COMMENTS = "comments.csv"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of `python -m analysis`."""
    parser = add_command(commands, "opinions", _opinions, "group people by their reactions", _EXAMPLE, ("out",))
    parser.add_argument(
        "file", type=Path, metavar="FILE.csv", help="participant, statement, reaction; or Polis' matrix"
    )
    parser.add_argument(
        "--moderation", type=Path, metavar="FILE", help="marks statements taken out (default: comments.csv beside FILE)"
    )
    parser.add_argument("--groups", type=_groups, metavar="K", help="how many (default: 2 to 5, by silhouette)")
    parser.add_argument(
        "--seed", type=seed_number, default=0, metavar="N", help="0 to 4294967295 (default: %(default)s)"
    )
    parser.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.json", help="written only when all went well")


def _groups(value: str) -> int:
    if value not in {"2", "3", "4", "5"}:
        raise argparse.ArgumentTypeError("must be 2, 3, 4 or 5")
    return int(value)


def _opinions(options: argparse.Namespace) -> int:
    from analysis.opinions import STABLE, opinion_groups
    from analysis.reactions import moderated_out, read_reactions

    beside = options.file.with_name(_COMMENTS)
    moderation = options.moderation or (beside if beside.exists() and beside != options.file else None)
    refuse_before_work([moderation] if moderation else [], [options.out])
    moderated: list[str] = []
    if moderation:
        table = read_file(moderation, options.encoding)
        if options.moderation or "moderated" in table.headers:
            with refusals(moderation):
                moderated = moderated_out(table.headers, table.rows)
        else:
            print(f"{moderation} has no column moderated: no statement is taken out.", file=sys.stderr)
    with refusals(options.file):
        refuse_workbook(options.file)
        with iter_rows(options.file, encoding=options.encoding, told=reading()) as stream:
            reactions = read_reactions(stream, moderated)
    found = opinion_groups(reactions, groups=options.groups, seed=options.seed, progress=progress(options.json))
    write(options.out, canonical(found.to_json()))
    if options.json:
        put_json(
            {
                "participants": found.participants,
                "groups": len(found.groups),
                "stable": found.stable,
                "written": [str(options.out)],
            }
        )
    grouped = sum(group.size for group in found.groups)
    groups = "1 group" if len(found.groups) == 1 else f"{len(found.groups)} groups"
    print(f"{groups} of {grouped} among {found.participants} participants.", file=sys.stderr)
    if not found.stable:
        print(
            f"Warning: resamples agree to {found.stability:.2f} only (under {STABLE}). Do not name or count these groups; "
            "read the statements all agree with.",
            file=sys.stderr,
        )
    return 0
