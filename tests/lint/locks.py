"""The pins hold hashes and no address: `python -m tests.lint.locks` exits 1 and names each line that breaks this."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements/run.txt", "requirements/dev.txt")
ADDRESS = re.compile(r"\w+://|--(?:extra-)?index-url|--find-links")
PACKAGE = re.compile(r"^[A-Za-z0-9]")


def faults(name: str, text: str) -> Iterator[str]:
    """Lines with an address, and packages without a hash."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if ADDRESS.search(line.partition("#")[0]):
            yield f"{name}:{number}: a download address: {line.strip()}"
        if PACKAGE.match(line) and (number == len(lines) or "--hash=sha256:" not in lines[number]):
            yield f"{name}:{number}: no hash for {line.split()[0]}"


def main() -> int:
    found = [fault for name in FILES for fault in faults(name, (ROOT / name).read_text("utf-8"))]
    print("\n".join(found) or "locks: every package has its hashes and no address")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
