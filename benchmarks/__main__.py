"""`python -m benchmarks --data FOLDER [NAME…]`: every benchmark, a table on stdout, JSON in `benchmarks/out/`.

A benchmark is a module with `measure(data)`, which yields a `Measured` for each line; without `--data` those that set
`NEEDS_DATA` are left out, and named with the goals that nothing measures yet. Exit 1 when a limit is broken.
"""

import argparse
import json
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import benchmarks
from benchmarks.measuring import Measured

OUT = Path(__file__).with_name("out")
NOT_YET = {"satisfaction from text": "AUC ≥ .945, never called stance: not built yet"}
"""Goals without a benchmark, and why."""

COLUMNS = ("name", "seconds", "limit", "peak MB", "limit", "times bare", "")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(modules())} (default: all)")
    parser.add_argument("--data", type=Path, help="folder of the data sets")
    options = parser.parse_args(arguments)
    if strangers := set(options.names) - set(modules()):
        parser.error(f"no benchmark {min(strangers)}; there are: {', '.join(modules())}")
    print(line(COLUMNS), flush=True)
    found: list[Measured] = []
    not_run = {} if options.names else dict(NOT_YET)
    for one in measured(options.data, options.names or modules(), not_run):
        found.append(one)
        print(line(cells(one)), flush=True)
    for name, why in not_run.items():
        print(f"{name:28}  not run ({why})", flush=True)
    OUT.mkdir(exist_ok=True)
    report = [{**asdict(one), "ratio": one.ratio, "within": one.within} for one in found]
    (OUT / "benchmarks.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(one.within for one in found) else 1


def modules() -> list[str]:
    """The names of all benchmarks."""
    return sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__) if has_measure(one.name))


def has_measure(module: str) -> bool:
    """Whether a module is a benchmark, without importing it: some set up a city."""
    return "\ndef measure(" in (Path(__file__).parent / f"{module}.py").read_text("utf-8")


def measured(data: Path | None, names: Sequence[str], not_run: dict[str, str]) -> Iterator[Measured]:
    """What the named modules measure, one after another; those that cannot run for want of data go into `not_run`."""
    for module in names:
        found = import_module(f"benchmarks.{module}")
        if getattr(found, "NEEDS_DATA", False) and data is None:
            not_run[module] = "it needs --data"
        else:
            yield from found.measure(data)


def cells(one: Measured) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.seconds:.1f}",
        f"{one.limit_seconds:g}",
        str(one.megabytes or "-"),
        str(one.limit_megabytes or "-"),
        f"{one.ratio:.1f}" if one.ratio else "-",
        ("ok" if one.within else "BROKEN") + (f" ({one.note})" if one.note else ""),
    )


def line(words: Sequence[str]) -> str:
    return f"{words[0]:28}" + "".join(f"{word:>11}" for word in words[1:6]) + f"  {words[6]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
