"""Write the vote protocol's test vectors: python -m tests.vectors [FOLDER]."""

import sys
from pathlib import Path

from tests.vectors.made import vectors


def write(folder: Path) -> None:
    for name, content in vectors().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
