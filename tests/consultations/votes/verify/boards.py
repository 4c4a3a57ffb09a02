"""Board files for the verifier: the vectors, and copies of the verifier with checks cut out of its source."""

import importlib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from consultations.votes import verifier
from consultations.votes.verifier.board import Report, check_board
from consultations.votes.verifier.canonical import canonical
from consultations.votes.verifier.kept import KeptFile

VECTORS: Final = Path(__file__).parents[3] / "vectors"
INDEX: Final = json.loads((VECTORS / "index.json").read_bytes())


def vector(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def checks_of(report: Report) -> set[str]:
    return {finding.check for finding in report.findings}


def refused_for(data: bytes, *kept: KeptFile) -> set[str]:
    """The names of all checks that fail."""
    return checks_of(check_board(data, kept))


def changed(name: str, change: Callable[[Any], object]) -> bytes:
    """A vector after a change of its value, spelled canonically again."""
    value = json.loads(vector(name))
    change(value)
    return canonical(value)


Edit = tuple[str, str, str]  # module, code, what stands there in the broken copy

# How each check is cut out of the source. A copy without them must accept what they refuse.
CUTS: Final[dict[str, list[Edit]]] = {
    "aggregate": [
        ("opening.py", 'if close["aggregate"] != [', "if False and ["),
        ("opening.py", "if any(IDENTITY in cipher", "if False and any(IDENTITY in cipher"),
    ],
    "audited": [
        ("entries.py", 'require(confirmation not in course.audited, "audited", confirmation)', "pass"),
        ("entries.py", 'require(body["confirmation"] not in course.audited | course.cast,', "require(True,"),
    ],
    "bit": [("ballots.py", 'if not holds(vote.key, "bit"', 'if False and holds(vote.key, "bit"')],
    "canonical": [
        ("canonical.py", 'require(canonical(value) == data, "canonical", "")', "pass"),
        ("canonical.py", "parse_float=_no_number", "parse_float=lambda spelled: int(float(spelled))"),
    ],
    "chain": [("entries.py", 'if course.heads[-1].hex() != entry["hash"]:', "if False:")],
    "checkpoint": [
        ("checkpoints.py", "if n >= len(heads):", "if False:"),
        ("checkpoints.py", "elif said != heads[n].hex():", "elif False:"),
    ],
    "close": [("opening.py", "if close[key] != value:", "if False:")],
    "cosignature": [("checkpoints.py", "if key is None or not is_signed(", "if False and is_signed(")],
    "entry_signature": [("ballots.py", "if not vote.is_signed(", "if False and vote.is_signed(")],
    "fork": [("kept.py", 'if kept["hash"] != course.heads[n].hex():', "if False:")],
    "limit": [
        ("shapes.py", 'require(low <= value <= high, "limit", f"{where} = {value}")', "pass"),
        ("shapes.py", 'require(low <= len(value) <= high, "limit", f"{where}: {len(value)}")', "pass"),
        ("shapes.py", "if not low <= len(value) <= (low if high is None else high):", "if False:"),
    ],
    "missing": [("kept.py", 'require(found, "missing"', 'require(True, "missing"')],
    "order": [
        ("entries.py", 'require((kind == "open") == (n == 1), "order", kind)', "pass"),
        ("entries.py", "require(before < STAGES[kind] or", "require(True or"),
        ("entries.py", 'require(course.single["close"]["outcome"] == "count",', "require(True,"),
    ],
    "point": [
        ("group.py", "return sodium.crypto_core_ed25519_is_valid_point(value)", "return True"),
        (
            "group.py",
            "    return sodium.crypto_scalarmult_ed25519_noclamp(little(factor), point)",
            "    try:\n        return sodium.crypto_scalarmult_ed25519_noclamp(little(factor), point)\n"
            "    except RuntimeError:\n        return IDENTITY",
        ),
    ],
    "question": [("manifest.py", 'require(right, "question"', 'require(True, "question"')],
    "register": [
        ("manifest.py", 'require(len(slots) == register["count"], "register"', 'require(True, "register"'),
        ("manifest.py", '!= register["hash"]:', '== "":'),
    ],
    "rehearsal": [
        ("opening.py", "if len(ids) < threshold or any(a >= b for a, b in pairwise(ids)):\n        yield", "if ():\n        yield"),
        ("opening.py", 'if not is_same_logarithm("rehearsal-share"', 'if False and is_same_logarithm("rehearsal-share"'),
        ("opening.py", "!= base(i):", "== b'':"),
    ],
    "result": [("opening.py", 'if result and result["totals"] != totals:', "if False:")],
    "revote": [("entries.py", 'require(body["seq"] == 1 or', "require(True or")],
    "roll": [("entries.py", 'raise Refused("roll", body["slot"])', 'slot = course.slots[body["slot"]] = Slot()')],
    "scalar": [("shapes.py", 'require(number(value) < Q, "scalar", where)', "pass")],
    "sequence": [("entries.py", 'require((body["seq"], body["prev"]) == (slot.seq + 1, slot.prev),', "require(True,")],
    "shape": [
        ("shapes.py", "value.keys() == shapes.keys()", "value.keys() >= shapes.keys()"),
        ("shapes.py", 'HEX32 = pattern("[0-9a-f]{64}")', 'HEX32 = pattern("[0-9a-f]{64,}")'),
    ],
    "share": [
        ("entries.py", 'require(body["trustee"] not in course.shares, "share"', 'require(True, "share"'),
        ("opening.py", 'elif not is_same_logarithm("share"', 'elif False and is_same_logarithm("share"'),
    ],
    "sum": [("ballots.py", "if question.statements:", "if False:")],
    "threshold": [
        ("opening.py", "len(ids) != threshold or any(", "any("),
        ("opening.py", "if len(ids) < threshold or not set(ids) <= set(right):", "if not set(ids) <= set(right):"),
    ],
    "trustee_keys": [
        ("manifest.py", "if vote.key != total(", "if False and total("),
        ("manifest.py", "if share != total(", "if False and total("),
    ],
    "trustee_proof": [("manifest.py", 'if c != scalar_hash("key"', 'if False and scalar_hash("key"')],
    "unwitnessed": [("opening.py", "if not course.shares:\n        return\n", "return\n")],
    "voided": [("entries.py", 'require(not slot.void, "voided", body["slot"])', "pass")],
}  # fmt: skip


def broken(checks: Iterable[str], folder: Path) -> Callable[..., Any]:
    """`check_board` of a copy of the verifier without these checks."""
    name = f"broken_verifier_{len(sys.modules)}"
    (folder / name).mkdir()
    sources = {path.name: path.read_text(encoding="utf-8") for path in Path(verifier.__path__[0]).glob("*.py")}
    for check in checks:
        for module, code, instead in CUTS[check]:
            assert sources[module].count(code) == 1, (module, code)
            sources[module] = sources[module].replace(code, instead)
    for module, source in sources.items():
        (folder / name / module).write_text(source, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(f"{name}.board").check_board
    finally:
        sys.path.remove(str(folder))
