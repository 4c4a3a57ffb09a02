"""The files with which anybody can recount: the vote's own, and the verifiers, each as one file."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flask import url_for

from civic.messages import N_, Message
from consultations.votes.verifier import builder
from consultations.votes.verifier_js.build import page


@dataclass(frozen=True)
class Program:
    """A verifier as one file; `make` gives the same bytes from the same sources."""

    name: str  # under which it is downloaded
    words: str
    make: Callable[[], bytes]
    mimetype: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.make()).hexdigest()


@dataclass(frozen=True)
class File:
    """One line of the list: where a file is, what it is, and of a program its SHA-256."""

    address: str
    words: Message
    digest: str = ""


@cache
def zipapp() -> bytes:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "verify.pyz"
        builder.build(target)
        return target.read_bytes()


@cache
def html() -> bytes:
    return page().encode()


PROGRAMS: Final = {
    one.name: one
    for one in (
        Program("verify.html", N_("Verifier for the browser: one file, works without network"), html, "text/html"),
        Program("verify.pyz", N_("Verifier for Python with PyNaCl: one file"), zipapp, "application/zip"),
    )
}


def of(slug: str, *, programs: bool = True) -> list[File]:
    """Every file there is for this vote; the programs only where somebody is about to use them."""
    own = [
        File(url_for("votes_public.board_file", slug=slug), Message(N_("The whole board (JSON)"))),
        File(url_for("votes_public.manifest_file", slug=slug), Message(N_("The manifest (JSON)"))),
    ]
    offered = PROGRAMS.values() if programs else ()
    address = "votes_public.program"
    return own + [File(url_for(address, slug=slug, name=one.name), Message(one.words), one.digest) for one in offered]
