"""The JavaScript verifier on a board of two-option ballots, in Chromium without a worker: CPU per ballot, everything
included, beside the library's bare multiplication in the same page.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.boards import BALLOTS, counted_board
from benchmarks.measuring import Measured, megabytes
from consultations.votes.verifier_js.build import page as verifier
from tests import servers

MULTIPLICATIONS = 2000
LIMIT = 5.0 * BALLOTS / 1000  # seconds
CHECK = "async () => (await machikoe.checkBoard(document.getElementById('board').files[0])).verdict"
MULTIPLY = """(times) => { const point = machikoe.G.multiply(77n);
for (let turn = 0; turn < times; turn += 1) point.multiplyUnsafe(machikoe.Q - 5n - BigInt(turn)); }"""


def measure(_: Path | None) -> Iterator[Measured]:
    """One line: the whole check of one board."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file, board_file = Path(folder, "verifier.html"), Path(folder, "board.json")
        page_file.write_text(verifier(), "utf-8")
        board_file.write_bytes(counted_board(BALLOTS))
        browser = playwright.chromium.launch(
            executable_path=servers.need(servers.chromium(), "chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        page = browser.new_page()
        page.goto(page_file.as_uri())
        page.set_input_files("#board", board_file)
        yield measured(page)
        browser.close()


def measured(page: Page) -> Measured:
    page.evaluate(MULTIPLY, MULTIPLICATIONS)  # warm
    bare = cpu(lambda: page.evaluate(MULTIPLY, MULTIPLICATIONS)) / MULTIPLICATIONS
    verdicts: list[str] = []
    seconds = cpu(lambda: verdicts.append(page.evaluate(CHECK)))
    each = f"{1000 * seconds / BALLOTS:.2f} ms a ballot; a bare multiplication {1000 * bare:.3f} ms"
    return Measured(
        f"verify {BALLOTS:,} in Chromium",
        seconds,
        megabytes([os.getpid()]),
        limit_seconds=LIMIT,
        yardstick=bare * BALLOTS,
        note=each,
        well=verdicts == ["valid"],
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds that this process's descendants, the browser among them, spend on some work."""
    before = spent(os.getpid())
    work()
    return spent(os.getpid()) - before


def spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        children = [
            one for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") + sum(spent(int(child)) for child in children)
