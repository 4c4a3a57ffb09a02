"""`python -m analysis rake`, `crosstab` and `waves`: survey numbers from CSV files."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.columns import Columned, Reading
from analysis.crosstab import Crosstab, table_of
from analysis.disclosure_files import tables_to_json
from analysis.inputs import place_of, read_file, refusals
from analysis.margins import margins_of, representativeness
from analysis.output import canonical
from analysis.spreadsheets import Sheet
from analysis.tabular import Value, write_csv
from analysis.terminal import Refused, add_command, put_json, write_all
from analysis.weights import MAX_WEIGHT, Weighting, rake

_RAKE = "python -m analysis rake answers.csv census.csv --max-weight 4 --out weighted.csv"
_CROSSTAB = (
    "example: python -m analysis crosstab answers.csv --row age --col wishes --multiple wishes --weights weight "
    "--out cells.csv"
)
_WAVES = "example: python -m analysis waves 2025.csv 2026.csv --question satisfied --question wishes --multiple wishes"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser of `python -m analysis`."""
    weigh = add_command(commands, "rake", _rake, "weight a sample to known margins", _RAKE, ("standing", "out"))
    weigh.add_argument("sample", type=Path, metavar="SAMPLE.csv", help="a row for each respondent")
    weigh.add_argument("margins", type=Path, metavar="MARGINS.csv", help="variables, category, target (count or share)")
    weigh.add_argument("--max-weight", type=_above_one, default=MAX_WEIGHT, metavar="W", help="(default: %(default)g)")
    weigh.add_argument("--base", metavar="COLUMN", help="weights to start from (default: 1)")
    weigh.add_argument("--standing", type=Path, metavar="STANDING.csv", help="sample against population, by category")
    weigh.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    weigh.add_argument("--out", type=Path, metavar="OUT.csv", help="SAMPLE with a last column weight (default: stdout)")
    cross = commands.add_parser("crosstab", help="cross questions of a survey", epilog=_CROSSTAB)
    cross.add_argument("file", type=Path, metavar="FILE.csv", help="a row for each respondent; empty: not answered")
    cross.add_argument("--row", action="append", default=[], metavar="COLUMN", help="each is crossed with each --col")
    cross.add_argument("--col", action="append", default=[], metavar="COLUMN")
    cross.add_argument("--question", action="append", default=[], metavar="COLUMN", help="cross every two of these")
    cross.add_argument("--by", metavar="COLUMN", help="one --row and one --col within each answer to this question")
    cross.add_argument("--number", action="append", default=[], metavar="COLUMN", help="numeric: means for each --row")
    _add_reading(cross)
    cross.add_argument("--tests", type=Path, metavar="TESTS.csv", help="one line for each test, corrected for all")
    cross.add_argument("--tables", type=Path, metavar="TABLES.json", help="the cross-tabs as disclosure takes them")
    cross.set_defaults(run=_crosstab, outputs=("tests", "tables", "out"))
    change = commands.add_parser("waves", help="compare two waves of a survey", epilog=_WAVES)
    change.add_argument("before", type=Path, metavar="BEFORE.csv")
    change.add_argument("after", type=Path, metavar="AFTER.csv")
    change.add_argument("--question", action="append", required=True, metavar="COLUMN")
    _add_reading(change)
    change.set_defaults(run=_waves, outputs=("out",))


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--multiple", action="append", default=[], metavar="COLUMN", help="several answers in a cell")
    parser.add_argument("--split", default="\n", metavar="TEXT", help="what parts them (default: a line break)")
    parser.add_argument(
        "--order", action="append", default=[], type=_ordered, metavar="COLUMN=A|B|C", help="its answers, least first"
    )
    parser.add_argument("--weights", metavar="COLUMN", help="weighted figures beside the others")
    parser.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    parser.add_argument("--json", action="store_true", help="JSON instead of CSV")
    parser.add_argument("--out", type=Path, metavar="OUT", help="written only when all went well (default: stdout)")


def _above_one(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 1 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be a number above 1, as the mean weight is 1")
    return number


def _ordered(value: str) -> tuple[str, tuple[str, ...]]:
    name, equals, categories = value.rpartition("=")
    found = tuple(categories.split("|"))
    if not name or not equals or len(set(found)) < len(found) or not all(found):
        raise argparse.ArgumentTypeError("must be COLUMN=A|B|C with different answers, least first")
    return name, found


def _rake(options: argparse.Namespace) -> int:
    if options.json and not options.out:
        raise Refused("--json needs --out: figures and rows cannot share stdout.")
    sample, margins = read_file(options.sample, options.encoding), read_file(options.margins, options.encoding)
    if "weight" in sample.headers:
        raise Refused(
            f"{options.sample} already has a column weight. Rename it; --base starts from it by its new name."
        )
    with refusals(options.margins):
        known = margins_of(margins)
    names = {name for margin in known for name in margin.variables}
    for name in sorted(names):
        place_of(sample, name, options.sample)
    columned = Columned(sample)
    with refusals(options.sample):
        columns = {name: columned.cells(name) for name in sample.headers if name in names}
        standing = representativeness(columns, known)
        base = columned.weights(options.base) if options.base else None
        found = rake(columns, known, max_weight=options.max_weight, base=base)
    rows: Iterator[tuple[Value, ...]] = ((*row, weight) for row, weight in zip(sample.rows, found.weights, strict=True))
    beside = {options.standing: standing.sheet()} if options.standing else {}
    _emit({**beside, options.out: Sheet("sample", (*sample.headers, "weight"), rows)})
    print(_told(found, options.max_weight), standing.sentence(), sep="\n", file=sys.stderr)
    if options.json:
        put_json(_figures(found) | {"written": [str(path) for path in (options.standing, options.out) if path]})
    return 0


def _figures(found: Weighting) -> dict[str, Any]:
    return {
        "iterations": found.rounds,
        "design_effect": found.design_effect,
        "effective": found.effective,
        "respondents": len(found.weights),
        "at_limit": found.trimmed,
        "missed": [
            {"variables": one.margin, "category": one.category, "share": one.share, "target": one.target}
            for one in found.missed
        ],
    }


def _told(found: Weighting, limit: float) -> str:
    lines = [
        f"iterations: {found.rounds}",
        f"design effect: {found.design_effect:.4f}",
        f"effective n: {found.effective:.1f} of {len(found.weights)}",
        f"weights at the limit of {limit:g}: {found.trimmed}",
    ]
    lines += [
        f"Missed because of the limit: {one.margin} = {one.category} has {one.share:.4f} instead of {one.target:.4f}."
        for one in found.missed
    ]
    return "\n".join(lines)


def _crosstab(options: argparse.Namespace) -> int:
    from analysis.tabulation import report, three_way, trend

    reading = _reading(options)
    numeric = set(options.number)
    pairs = [(row, column) for row in options.row for column in options.col if row != column]
    pairs += [pair for place, row in enumerate(options.question) for pair in _with(row, options.question[place + 1 :])]
    if not pairs and not (options.row and numeric):
        raise Refused("Nothing to cross: name --row and --col, or two --question, or --row and --number.")
    if numeric and pairs and not options.json:
        raise Refused("Means and cells are two tables: ask for them one after the other, or for both with --json.")
    if options.by and (len(pairs) != 1 or numeric):
        raise Refused("--by goes with one --row and one --col.")
    if options.by and (options.tests or options.tables):
        raise Refused("--tests and --tables do not go with --by: ask for those of the whole without it.")
    asked = [*options.row, *options.col, *options.question, *options.number, *filter(None, [options.by])]
    columned = _columned(options.file, asked, options)
    if not len(columned):
        raise Refused(f"{options.file} has no row under its header. Give a file with answers.")
    with refusals(options.file):
        weights = columned.weights(options.weights) if options.weights else None
        questions = {name: columned.question(name, reading) for name in dict.fromkeys(sum(pairs, ()))}
        if options.by:
            (row, column), layer = pairs[0], columned.question(options.by, reading)
            layered = three_way(questions[row], questions[column], layer, weights)
            _emit({options.out: layered.to_json() if options.json else layered.sheet()})
            return 0
        averages = [columned.means(number, row, reading, weights) for number in options.number for row in options.row]
        found = report(list(questions.values()), pairs, weights)
    ordered = {name for name, question in questions.items() if question.ordered}
    tables = found.to_json()
    for printed, tab in zip(tables, found.tabs, strict=True):
        rising = trend(tab) if {tab.row.variable, tab.column.variable} <= ordered else None
        if rising:
            printed["trend"] = {"correlation": rising.correlation, "z": rising.z, "p": rising.p}
    made: Sheet | dict[str, Any] = {"version": 1, "tables": tables, "means": [one.to_json() for one in averages]}
    if not options.json:
        sheets = [one.sheet() for one in averages] or [found.sheet()]
        made = Sheet("table", sheets[0].headers, [row for one in sheets for row in one.rows])
    beside: dict[Path | None, Sheet | dict[str, Any]] = {options.tests: found.tests()} if options.tests else {}
    if options.tables:
        beside[options.tables] = _for_disclosure(found.tabs, columned)
    _emit({**beside, options.out: made})
    for tab, corrected in zip(found.tabs, found.p_holm, strict=True):
        test = tab.chi2 if weights is None else tab.weighted_chi2
        if test and test.small_expected:
            names = f"{tab.row.variable} × {tab.column.variable}"
            print(
                f"{names}: small expected counts (least {test.min_expected:.2f}), p {corrected:.4f} is rough.",
                file=sys.stderr,
            )
    return 0


def _for_disclosure(tabs: Sequence[Crosstab], columned: Columned) -> dict[str, Any]:
    """The cross-tabs of a file as tables of one release, of everybody in the file."""
    return tables_to_json([table_of(tab, f"{tab.row.variable} × {tab.column.variable}", len(columned)) for tab in tabs])


def _with(row: str, others: Sequence[str]) -> list[tuple[str, str]]:
    return [(row, other) for other in others if other != row]


def _waves(options: argparse.Namespace) -> int:
    from analysis.waves import WavesRefused, compare_waves

    reading = _reading(options)
    paths = (options.before, options.after)
    files = [_columned(path, options.question, options) for path in paths]
    with refusals(options.before):
        axes = [files[0].axis(name, reading, files[1]) for name in dict.fromkeys(options.question)]
    waves = []
    for path, columned in zip(paths, files, strict=True):
        with refusals(path):
            waves.append(columned.wave(path.stem, axes, reading, options.weights))
    try:
        found = compare_waves(axes, *waves)
    except WavesRefused as refusal:  # it names the wave
        raise Refused(str(refusal)) from refusal
    _emit({options.out: {"version": 1} | found.to_json() if options.json else found.sheet()})
    told = sum(one.told for one in found.changes)
    print(f"{told} of {len(found.changes)} shares changed by more than chance.", file=sys.stderr)
    return 0


def _columned(path: Path, asked: Sequence[str], options: argparse.Namespace) -> Columned:
    """A file with the columns that are asked for; a misspelt --multiple or --order would change figures unnoticed."""
    table = read_file(path, options.encoding)
    read = [*options.multiple, *(name for name, _answers in options.order)]
    for name in [*asked, *read, *filter(None, [options.weights])]:
        place_of(table, name, path)
    return Columned(table)


def _reading(options: argparse.Namespace) -> Reading:
    if not options.split:
        raise Refused("--split must not be empty.")
    return Reading(frozenset(options.multiple), options.split, dict(options.order))


def _emit(made: Mapping[Path | None, Sheet | dict[str, Any]]) -> None:
    """Write everything or nothing; what has no path goes to stdout."""
    texts = {path: _text(one) for path, one in made.items()}
    write_all({path: text for path, text in texts.items() if path is not None})
    if None in texts:
        sys.stdout.buffer.write(texts[None].encode())
        sys.stdout.flush()


def _text(found: Sheet | dict[str, Any]) -> str:
    return b"".join(write_csv(found.headers, found.rows)).decode() if isinstance(found, Sheet) else canonical(found)
