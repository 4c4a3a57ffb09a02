"""`python -m benchmarks --data FOLDER [NAME…]`: every benchmark, a table on stdout, JSON in `benchmarks/out/`.

A benchmark is a module with `measure(data)`, which yields a `Measured` for each line; without `--data` those that set
`NEEDS_DATA` are left out. Exit 1 when a limit is broken.
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
COLUMNS = ("name", "seconds", "limit", "peak MB", "limit", "times bare", "")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help="modules (default: all)")
    parser.add_argument("--data", type=Path, help="folder of the data sets")
    options = parser.parse_args(arguments)
    print(line(COLUMNS), flush=True)
    found = []
    for one in measured(options.data, options.names):
        found.append(one)
        print(line(cells(one)), flush=True)
    OUT.mkdir(exist_ok=True)
    report = [{**asdict(one), "ratio": one.ratio, "within": one.within} for one in found]
    (OUT / "benchmarks.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(one.within for one in found) else 1


def measured(data: Path | None, names: Sequence[str]) -> Iterator[Measured]:
    """What every module measures, or the named ones, one after another."""
    for module in sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__)):
        if module != "__main__" and (not names or module in names):
            found = import_module(f"benchmarks.{module}")
            if getattr(found, "NEEDS_DATA", False) and data is None:
                print(f"{module}: left out, it needs --data", file=sys.stderr)
            elif hasattr(found, "measure"):
                yield from found.measure(data)


def cells(one: Measured) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.seconds:.1f}",
        f"{one.limit_seconds:g}",
        str(one.megabytes),
        str(one.limit_megabytes or "-"),
        f"{one.ratio:.1f}" if one.ratio else "-",
        ("ok" if one.within else "BROKEN") + (f" ({one.note})" if one.note else ""),
    )


def line(words: Sequence[str]) -> str:
    return f"{words[0]:28}" + "".join(f"{word:>11}" for word in words[1:6]) + f"  {words[6]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
