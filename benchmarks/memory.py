"""What a worker's memory holds of a ballot after it was cast: `python -m benchmarks.memory` (Linux, as root or the owner).

A voter casts through gunicorn; then all writable memory of the worker is searched for what she posted, what she chose and
the randomness, in every spelling. Prints how often each is found after the cast and after further requests. Nothing is
promised here: docs/votes.md names among the limits what was found.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks import remembering
from benchmarks.engines import Installation, installed
from benchmarks.serving import Served, Voter, served
from civic.app import create_app
from civic.db import db
from consultations.votes.casting import actions as casting
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import seal
from tests.cast import Cast
from tests.factories.boards import drawn_from, single
from tests.factories.votes import make_vote
from wsgi import FEATURES

OPTIONS: Final = 4
CHOSEN: Final = 3
CHUNK: Final = 1 << 24
LATER: Final = (1, 50)  # further requests, in all


def main() -> None:
    with installed("SQLite") as made:
        code, needles = prepared(made)
        with served(made, "benchmarks.remembering:app()", workers=1) as server:
            voter = Voter(server.port, "hall", code)
            voter.enter()
            review = voter.choose(choice=f"o{CHOSEN:02}")
            looks = {"before the cast": found(server, needles)}
            assert voter.cast(review)
            looks["after the cast"] = found(server, needles)
            visitor, asked = Voter(server.port, "hall", code), 0
            for count in LATER:
                for _ in range(count - asked):
                    visitor.ask("GET", "/votes/hall")
                asked = count
                looks[f"after {count} more"] = found(server, needles)
    table(looks)


def prepared(made: Installation) -> tuple[str, dict[str, set[bytes]]]:
    """An open vote: the first voter's code, and what to search for, in every spelling."""
    app = create_app(made.settings, FEATURES)
    with app.app_context():
        held = make_vote(Cast(app), single(OPTIONS))
        slot = casting.slot_of(db.session, held.board.id, held.voter(1)).slot
        manifest = boards.manifest_from(held.board.manifest)
        vector = [int(number == CHOSEN) for number in range(1, OPTIONS + 2)]
        sealed = seal(manifest, [vector], slot, 1, "", drawn_from(remembering.SEED))
        code = held.codes[0]
        db.session.close()
        db.engine.dispose()
    secrets = [bytes.fromhex(one) for row in sealed.randomness for one in row]
    return code, {
        "posted choice": {f"choice=o{CHOSEN:02}".encode()},
        "vector": set(vectors([vector])),
        "randomness, bytes": set(secrets),
        "randomness, hex": {one.hex().encode() for one in secrets},
        "randomness, base64": {base64.b64encode(one).rstrip(b"=") for one in secrets},
        "randomness, number": {as_number(one) for one in secrets},
        "the ballot (public)": {sealed.body["ciphertexts"][0][0][0].encode()},
    }


def vectors(choices: list[list[int]]) -> Iterator[bytes]:
    """As JSON, also with two digits a number, each with spaces and without."""
    for value in (choices, [[f"{one:02}" for one in row] for row in choices]):
        yield json.dumps(value).encode()
        yield json.dumps(value, separators=(",", ":")).encode()


def as_number(secret: bytes) -> bytes:
    """How CPython holds it: digits of 30 bits, each in four bytes."""
    number, digits = int.from_bytes(secret, "little"), b""
    while number:
        digits += (number & (1 << 30) - 1).to_bytes(4, "little")
        number >>= 30
    return digits


def found(server: Served, needles: Mapping[str, set[bytes]]) -> dict[str, int]:
    """How often each is there, in all workers."""
    counts = dict.fromkeys(needles, 0)
    for pid in server.workers:
        for piece in memory(pid):
            for name, spellings in needles.items():
                counts[name] += sum(piece.count(one) for one in spellings)
    return counts


def memory(pid: int) -> Iterator[bytes]:
    """All that a process can write to, in pieces of neighbouring pages."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines():
            place, rights, *_, name = (*line.split(), "")
            if not rights.startswith("rw") or "[vvar]" in name:
                continue
            start, end = (int(one, 16) for one in place.split("-"))
            for at in range(start, end, CHUNK):
                file.seek(at)
                yield file.read(min(CHUNK, end - at))


def table(looks: Mapping[str, Mapping[str, int]]) -> None:
    first = next(iter(looks.values()))
    print(" " * 22 + "".join(f"{name:>18}" for name in looks))
    for name in first:
        print(f"{name:22}" + "".join(f"{counts[name]:>18}" for counts in looks.values()))


if __name__ == "__main__":
    main()
