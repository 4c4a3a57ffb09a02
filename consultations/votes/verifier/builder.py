"""Ship the verifier as one file: `python -m consultations.votes.verifier.builder verify.pyz` (zipapp, the same bytes every time).

Whoever has Python and PyNaCl runs it by `python verify.pyz BOARD.json`, and reads its sources with any unzip program.
"""

import sys
import zipfile
from pathlib import Path

SOURCES = Path(__file__).parent
START = "import sys\n\nfrom verifier.main import main\n\nif __name__ == '__main__':\n    sys.exit(main())\n"


def build(target: Path) -> None:
    """Write the file; equal sources make equal bytes."""
    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "__main__.py", START)
            for source in sorted(SOURCES.glob("*.py")):
                if source != Path(__file__):
                    _add(archive, f"verifier/{source.name}", source.read_text(encoding="utf-8"))


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
