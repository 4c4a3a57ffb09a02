"""The counting methods need the standard library and one another, nothing else."""

import subprocess
import sys

PROBE = """
import sys
before = set(sys.modules)
import consultations.votes.counting.methods, consultations.votes.counting.quorum
print("\\n".join(set(sys.modules) - before))
"""


def loaded(program):
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def outside(modules):
    return {name for name in modules if name.split(".")[0] not in sys.stdlib_module_names and not ours(name)}


def ours(name):
    return name in ("consultations", "consultations.votes") or name.startswith("consultations.votes.counting")


def test_counting_loads_the_standard_library_only():
    modules = loaded(PROBE)
    assert outside(modules) == set()
    assert not {"random", "secrets", "time", "socket", "sqlite3"} & modules


def test_the_probe_sees_what_it_looks_for():
    assert "flask" in outside(
        loaded(PROBE.replace("import sys\n", "import sys\n", 1).replace("import cons", "import flask, cons"))
    )
