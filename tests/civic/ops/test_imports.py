"""What costs memory and seconds is loaded in jobs and commands, never in a web worker that starts."""

import json
import subprocess
import sys

HEAVY = {"numpy", "scipy", "sklearn", "pandas", "openpyxl", "sudachipy", "alembic", "waitress"}


def test_the_front_door_loads_nothing_heavy() -> None:
    program = "import json, sys, wsgi; print(json.dumps(sorted(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert HEAVY & set(json.loads(loaded)) == set()
