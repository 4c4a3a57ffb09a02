"""Pure analysis pulls in no web framework, no database and no network."""

import subprocess
import sys

FORBIDDEN = {"flask", "werkzeug", "jinja2", "sqlalchemy", "alembic", "civic", "surveys", "analysis.reports", "requests"}

PROBE = """
import socket, sys
def refuse(*_): raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.bind = refuse
import analysis.cli
from analysis.text import Comment
from analysis.topics import analyse
analyse([Comment("1", "図書館の席を増やして"), Comment("2", "雪を捨てる所がない")])
print("\\n".join(sys.modules))
"""


def loaded(program):
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_a_run_loads_nothing_of_the_web_or_the_database_and_opens_no_socket():
    assert not FORBIDDEN & loaded(PROBE)


def test_the_probe_sees_what_it_looks_for():
    assert "flask" in loaded("import flask\n" + PROBE)


LIGHT = """
import sys
import analysis.crosstab, analysis.columns, analysis.means, analysis.next_statement, analysis.waves, analysis.weights
print("\\n".join(sys.modules))
"""


def test_what_a_page_may_load_brings_no_numpy():
    assert not {"numpy", "scipy", "pandas"} & loaded(LIGHT)
    assert "numpy" in loaded("import numpy\n" + LIGHT)
