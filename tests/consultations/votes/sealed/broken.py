"""Copies of the sealed mode without some of its checks."""

import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

from consultations.votes import sealed

PACKAGE: Final = "consultations.votes.sealed"


class Copy:
    """The modules of the package, or of a copy of it, by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, module: str) -> ModuleType:
        return importlib.import_module(f"{self.name}.{module}")


OURS: Final = Copy(PACKAGE)


def without(checks: Iterable[str], folder: Path) -> Copy:
    """A copy in which nothing refuses by these names."""
    name = f"sealed_{len(sys.modules)}"
    (folder / name).mkdir()
    for source in Path(sealed.__path__[0]).glob("*.py"):
        code = source.read_text(encoding="utf-8").replace(PACKAGE, name)
        for check in checks:
            code = re.sub(rf'raise Refused\("{re.escape(check)}".*', "pass", code)
        (folder / name / source.name).write_text(code, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module(f"{name}.__main__")
    finally:
        sys.path.remove(str(folder))
    return Copy(name)
