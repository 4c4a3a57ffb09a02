"""The files with which anybody can recount: the vote's own, and the programs that are there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import url_for

from civic.messages import N_, Message

HERE: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Program:
    """A verifier as one file."""

    name: str  # under which it is downloaded
    words: str
    path: Path
    mimetype: str


KNOWN: Final = (
    Program("verify.pyz", N_("Verifier for Python, one file"), HERE / "verify.pyz", "application/zip"),
    Program("verify.html", N_("Verifier for the browser, one file"), HERE / "verifier_js" / "verify.html", "text/html"),
)
PROGRAMS: Final = {one.name: one for one in KNOWN if one.path.is_file()}  # as they are when the server starts


def of(slug: str) -> list[tuple[str, Message]]:
    """Address and words of every file there is for this vote."""
    own = [
        (url_for("votes_public.board_file", slug=slug), Message(N_("The whole board (JSON)"))),
        (url_for("votes_public.manifest_file", slug=slug), Message(N_("The manifest (JSON)"))),
    ]
    address = "votes_public.program"
    return own + [(url_for(address, slug=slug, name=one.name), Message(one.words)) for one in PROGRAMS.values()]
