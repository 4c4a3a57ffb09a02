"""A test that hangs takes its worker down (`faulthandler_timeout`, which prints where every thread stood), and is begun
once more in another: a run must not be lost to a machine that stood still. The last lines of the run name it; one that
hangs twice has failed.
"""

from typing import Any

import pytest

hung: list[str] = []


@pytest.hookimpl(optionalhook=True)  # of the plugin that shares tests among workers
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Begin the test of a lost worker once more."""
    if crashitem not in hung:
        sched.mark_test_pending(crashitem)
        report.outcome = "skipped"
        report.longrepr = (crashitem, 0, "Skipped: its worker was lost; it is begun once more")
    hung.append(crashitem)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each test whose worker was lost."""
    for name in dict.fromkeys(hung):
        terminalreporter.line(f"its worker was lost {hung.count(name)} times: {name}", red=True)
