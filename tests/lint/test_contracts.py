"""Who may import whom: each contract is kept here, and seen to break in a copy of the house."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("civic", "surveys", "consultations", "analysis")
BREACHES = {
    "Features stand on civic": ("surveys/outline.py", "import analysis.reports.rules"),
    "The kinds of consultation": ("consultations/stray/__init__.py", ""),
    "Every module of analysis": ("analysis/stray.py", ""),
    "Pure analysis knows neither": ("analysis/text.py", "import flask"),
    "The vote protocol knows": ("consultations/votes/protocol/group.py", "import flask"),
    "The verifier knows PyNaCl": ("consultations/votes/verifier/group.py", "import consultations.votes.protocol.group"),
    "The trustees' program knows": ("consultations/votes/trustee/keys.py", "import sqlalchemy"),
    "The witnesses' program knows": ("consultations/votes/witness/state.py", "import flask"),
    "The exporter to Belenios": ("consultations/votes/belenios/tool.py", "import consultations.votes.trustee.keys"),
    "The sealed mode knows neither": ("consultations/votes/sealed/boxes.py", "import flask"),
    "Rules know neither": ("civic/identity/registers/rules.py", "import sqlalchemy"),
    "Views call queries": ("civic/identity/me.py", "import sqlalchemy"),
}


def check(folder: Path) -> str:
    """What the import linter says of the copy in `folder`, white space folded."""
    line = [str(Path(sys.executable).with_name("lint-imports")), "--config", "pyproject.toml", "--no-cache"]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder), "PATH": ""})
    return " ".join((done.stdout + done.stderr).split())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms' code, alone."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=lambda folder, names: without_data(Path(folder), names))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def without_data(folder: Path, names: list[str]) -> list[str]:
    return [name for name in names if not (folder / name).is_dir() and not name.endswith(".py")]


def test_every_contract_has_its_breach_here() -> None:
    names = [str(one["name"]) for one in contracts()]
    assert len(names) == len(BREACHES)
    assert all(any(name.startswith(breach) for breach in BREACHES) for name in names)


KEPT = {
    "Rules know neither": ("rules",),
    "Views call queries": ("views", "staff", "me"),
}


@pytest.mark.parametrize("contract", KEPT)
def test_a_contract_is_about_every_module_of_its_kind(contract: str) -> None:
    listed = next(one for one in contracts() if str(one["name"]).startswith(contract))["source_modules"]
    patterns = [re.compile(re.escape(name).replace(r"\*\*", r"\w+(\.\w+)*") + "$") for name in listed]
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ROOMS
        for name in KEPT[contract]
        for path in (ROOT / room).rglob(f"{name}.py")
    ]
    assert len(modules) >= 3
    assert [one for one in modules if not any(pattern.match(one) for pattern in patterns)] == []


def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return found


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_breaks_when_its_rule_does(copy: Path, contract: str) -> None:
    file, line = BREACHES[contract]
    (copy / file).parent.mkdir(exist_ok=True)
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    said = check(copy)
    assert re.search(rf"{contract}[^.]*? BROKEN", said), said[-1500:]


def test_nobody_imports_the_front_door() -> None:
    importing = [
        path.relative_to(ROOT)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"^\s*(import wsgi|from wsgi )", path.read_text("utf-8"), re.M)
    ]
    assert importing == []
