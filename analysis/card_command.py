"""`python -m analysis card`: what a run rests on and what cannot be concluded from it, as Markdown or a page."""

import argparse
from pathlib import Path

from analysis.card import card, to_markdown
from analysis.inputs import read_run
from analysis.lexicon import LANGUAGES
from analysis.report import card_page
from analysis.terminal import add_command, put, put_json, write_all
from analysis.wordings import wordings

_EXAMPLE = "python -m analysis card topics.json --out card.md"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m analysis`."""
    command = add_command(commands, "card", _card, "write the analysis card of a run", _EXAMPLE, ("out", "html"))
    command.add_argument("file", type=Path, metavar="RUN.json", help="what topics wrote")
    command.add_argument("--language", choices=LANGUAGES, help="of the card (default: the run's)")
    command.add_argument("--out", type=Path, metavar="CARD.md", help="as Markdown (default: on stdout)")
    command.add_argument("--html", type=Path, metavar="CARD.html", help="as a page to read and print")


def _card(options: argparse.Namespace) -> int:
    outputs = [path for path in (options.out, options.html) if path]
    run = read_run(options.file)
    words = wordings(options.language or run["language"])
    parts = card(run, words)
    text = to_markdown(words["card"]["title"], parts)
    pages = {options.html: card_page(run, options.language)} if options.html else {}
    write_all(({options.out: text} if options.out else {}) | pages)
    if options.json:
        told = [{"heading": each.heading, "rows": each.rows, "sentences": each.sentences} for each in parts]
        put_json({"card": told, "written": [str(path) for path in outputs]})
    elif not outputs:
        put(text)
    return 0
