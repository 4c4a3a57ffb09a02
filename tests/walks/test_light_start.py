"""The web process stays light: what belongs to the job process is never loaded, not even after every page was shown."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.walks.test_permissions import METHODS, routes
from tests.walks.town import Town

# Half a second and a hundred megabytes each, times the number of workers; the job process loads them when it must.
HEAVY: Final = {
    "numpy", "scipy", "sklearn", "pandas", "openpyxl", "xlsxwriter", "pyxform", "pyreadstat", "sudachipy", "typst",
    "alembic", "webauthn", "authlib",
}  # fmt: skip
ROOT: Final = Path(__file__).parents[2]
START: Final = "import sys, wsgi\n"
WALK: Final = """
import json, sys
from pathlib import Path
from civic.app import create_app
from civic.config import Mode, Settings
from wsgi import FEATURES
plan = json.loads(sys.stdin.read())
app = create_app(Settings(mode=Mode.TEST, instance=Path(plan["instance"])), FEATURES)
for who, cookies in plan["cookies"].items():
    for address in plan["addresses"]:
        client = app.test_client()
        for name, value in cookies.items():
            client.set_cookie(name, value)
        status = client.get(address, buffered=True).status_code
        assert status < 500, address
        print("status", status)
"""
PRINT: Final = '\nprint("\\n".join(sys.modules))'


def run(program: str, given: str = "") -> set[str]:
    """The names of all modules a fresh process has loaded after `program`."""
    done = subprocess.run(
        [sys.executable, "-c", program + PRINT], input=given, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("\n"))


def test_the_application_starts_without_anything_heavy() -> None:
    assert HEAVY & run(START) == set()


def test_no_page_loads_anything_heavy(town: Town) -> None:
    addresses = [town.address(route.rule) for route in routes(town) if route.method == METHODS[0]]
    people = ("anonymous", "resident", "editor", "moderator", "analyst", "approver", "council_member", "admin")
    cookies = {who: town.cookies[who] for who in people}
    plan = {"instance": str(town.file.parent), "addresses": addresses, "cookies": cookies}
    loaded = run(WALK, json.dumps(plan))
    assert "status 200" in loaded
    assert HEAVY & loaded == set()


def test_the_probe_sees_what_it_looks_for() -> None:
    assert "openpyxl" in run("import openpyxl\n" + START)
