"""The vote verifier's page in the browser: opened as a file, without a network, driven by its core."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from consultations.votes.verifier_js.build import page as built_page

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
INDEX: dict[str, Any] = json.loads((VECTORS / "index.json").read_text("utf-8"))
PARTS: dict[str, Any] = json.loads((VECTORS / "parts.json").read_text("utf-8"))
CHECK = """async ([board, papers, workers]) => {
  const files = papers.map(([name, text]) => new File([text], name));
  return machikoe.checkBoard(new Blob([board]), { papers: files, workers });
}"""
MUTATED = """async ([text, changes]) => {
  const bytes = new TextEncoder().encode(text), verdicts = [];
  for (const [at, byte] of changes) {
    const changed = bytes.slice();
    changed[at] = byte;
    const { verdict, reason } = await machikoe.checkBoard(new Blob([changed]));
    verdicts.push([verdict, reason]);
  }
  return verdicts;
}"""
REPLACED = """async ([board, changes]) => {
  const verdicts = [];
  for (const [place, value] of changes) {
    const changed = structuredClone(board);
    const node = place.slice(0, -1).reduce((inner, key) => inner[key], changed);
    node[place.at(-1)] = value;
    const { verdict, reason } = await machikoe.checkBoard(new Blob([machikoe.canonical(changed)]));
    verdicts.push([verdict, reason]);
  }
  return verdicts;
}"""


@contextmanager
def opened(chromium: Browser, folder: Path, text: str | None = None, **options: Any) -> Iterator[Page]:
    """The page (or another `text`) from a file in `folder`, offline. A script error, a line in the console or any request
    fails the test.
    """
    place = folder / "verifier.html"
    place.write_text(text or built_page(), "utf-8")
    with chromium.new_context(**{"locale": "ja-JP", "offline": True, **options}) as context:
        troubles = _watched(context, place.as_uri())
        page = context.new_page()
        page.goto(place.as_uri())
        yield page
        assert troubles == []


def _watched(context: BrowserContext, own: str) -> list[str]:
    """Everything amiss as it happens. The page itself and the workers it makes of its own text are no requests."""
    troubles: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text))

    def ask(url: str) -> None:
        if url.partition("#")[0] != own and not url.startswith("blob:null/"):
            troubles.append(f"asked {url}")

    context.on("page", watch)
    context.on("request", lambda sent: ask(sent.url))
    return troubles


def vector(name: str) -> str:
    """The text of a file among the vectors."""
    return (VECTORS / name).read_text("utf-8")


def check(page: Page, board: str, papers: dict[str, str] | None = None, workers: int = 0) -> dict[str, Any]:
    """The verdict of the page's core on a board's text."""
    verdict: dict[str, Any] = page.evaluate(CHECK, [board, list((papers or {}).items()), workers])
    return verdict


def mutations(text: str, many: int, seed: int) -> list[tuple[int, int]]:
    """So many changes of one byte: its place, and what stands there instead. Mostly by something that could belong there."""
    rng = random.Random(seed)
    data = text.encode()
    changes = []
    while len(changes) < many:
        place = rng.randrange(len(data))
        byte = rng.choice([*b'0123456789abcdef",:[]{}', data[place] ^ 1 << rng.randrange(8), rng.randrange(256)])
        if byte != data[place]:
            changes.append((place, byte))
    return changes


def replacements(board: Any, many: int, seed: int) -> list[tuple[list[str | int], Any]]:
    """So many places in a board's tree, each with a value of another kind for it."""
    rng = random.Random(seed)
    others = [None, True, 0, 2**53 - 1, "", "0", "ff" * 32, "__proto__", [], {}, [[]], {"a": 1}, ["0", "0"]]
    return [(place, rng.choice(others)) for place in rng.sample(list(_places(board)), many)]


def _places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[list[str | int]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield [*path, key]
        yield from _places(value, (*path, key))


def board_of(name: str) -> Any:
    """The board of a vector, as a value."""
    return json.loads(vector(name))


def cut(board: Any, entries: int) -> str:
    """A board as it was after so many entries."""
    checkpoints = [checkpoint for checkpoint in board["checkpoints"] if checkpoint["n"] <= entries]
    return canonical({**board, "checkpoints": checkpoints, "entries": board["entries"][:entries]})


def canonical(value: Any) -> str:
    """Canonical JSON of a value whose keys are ASCII."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def paper(name: str, text: str) -> FilePayload:
    """A file to choose in the page."""
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def run(page: Page, board: str, *papers: FilePayload) -> None:
    """Choose files by hand and wait for the verdict."""
    page.set_input_files("#board", [paper("board.json", board)])
    page.set_input_files("#papers", list(papers))
    page.locator("#start").click()
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=60_000)
