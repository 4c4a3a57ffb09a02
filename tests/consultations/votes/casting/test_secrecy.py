"""Whoever steals the database, its write-ahead log and its backups learns who took part, never what anyone chose."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.db import db
from consultations.votes.casting import actions as casting
from consultations.votes.casting import sealing
from consultations.votes.models import BoardEntry
from consultations.votes.protocol.elgamal import Ciphertext
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.group import BASE, ORDER, minus, times, times_base
from tests.cast import Cast
from tests.factories.boards import drawn_from
from tests.factories.votes import Held, make_vote

VOTERS: Final = 500
HEX: Final = re.compile(rb"[0-9a-f]{64}")


def stolen(app: Flask) -> bytes:
    """Everything on the disk but the keys: database, write-ahead log, files, mail."""
    folder: Path = app.extensions["settings"].instance
    return b"".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "keys"
    )


def spellings(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield secret.hex().encode()
    yield base64.b64encode(secret).rstrip(b"=")
    yield base64.urlsafe_b64encode(secret).rstrip(b"=")


def test_neither_randomness_nor_choice_stands_anywhere_after_the_cast(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bytes] = []

    def random(size: int) -> bytes:
        drawn.append(source(size))
        return drawn[-1]

    source = drawn_from("secrecy")
    held = make_vote(cast)
    monkeypatch.setattr(sealing, "random", random)
    pending = held.prepare(1, [0, 1, 0])
    casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now())
    taken = stolen(app)
    assert pending.confirmation.encode() in taken
    secrets = [*drawn, *(bytes.fromhex(one) for row in pending.randomness for one in row)]
    assert len(secrets) > 3
    assert [one for one in secrets if any(spelled in taken for spelled in spellings(one))] == []
    assert not any(vector in taken for vector in (b"[0,1,0]", b"[0, 1, 0]", b"choice=o02", b'"choices"'))


def choices_from(taken: bytes, held: Held) -> dict[str, int]:
    """The attack: try every number that was stolen as the randomness of every ballot; the choices it gives away."""
    key = held.replayed.manifest.key
    numbers = {int.from_bytes(bytes.fromhex(text.decode()), "little") for text in set(HEX.findall(taken))}
    known = {times_base(number): number for number in numbers if number < ORDER}
    found: dict[str, int] = {}
    for entry in db.session.scalars(sa.select(BoardEntry).where(BoardEntry.kind == "cast")):
        for option, (alpha, beta) in enumerate(read(entry.body.encode())["ciphertexts"][0]):
            one = Ciphertext(bytes.fromhex(alpha), bytes.fromhex(beta))
            if one.alpha in known and minus(one.beta, times(known[one.alpha], key)) == BASE:
                found[str(entry.slot)] = option
    return found


def test_five_hundred_ballots_give_no_choice_away(app: Flask, cast: Cast) -> None:
    held = make_vote(cast, voters=VOTERS)
    for number in range(1, VOTERS + 1):
        held.vote_for(number, [1, 0, 0] if number % 3 else [0, 1, 0])
    taken = stolen(app)
    assert taken.count(b'"type":"cast"') >= VOTERS
    assert choices_from(taken, held) == {}


def test_the_attack_succeeds_against_a_server_that_keeps_the_randomness(app: Flask, cast: Cast) -> None:
    """The deliberately leaky variant: a helpful log line of each ballot."""
    held, said = make_vote(cast, voters=12), {}
    log = app.extensions["settings"].instance / "debug.log"
    with log.open("w") as file:
        for number in range(1, 13):
            choice = [1, 0, 0] if number % 3 else [0, 1, 0]
            pending = held.prepare(number, choice)
            casting.cast_ballot(held.id, held.voter(number), pending.body, clock.now())
            print("cast", pending.randomness, file=file)
            said[pending.body["slot"]] = choice.index(1)
    assert choices_from(stolen(app), held) == said
