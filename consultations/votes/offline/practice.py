"""A server to practise with, in memory: it makes a manifest of a ceremony's outcome and fills a board with made-up ballots.

For dry runs and examples; a real board is kept by the application and its database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from consultations.votes.protocol.ballots import ballot_hash, confirmation_number, seal
from consultations.votes.protocol.board import Board, Place, close_of, published_json, sign_entry, void_of
from consultations.votes.protocol.checkpoints import Checkpoint, Receipt, sign_checkpoint, sign_receipt
from consultations.votes.protocol.encoding import MOMENT, Json
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.manifest import Manifest, read_manifest, register_hash
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.protocol.tally import totals_of

QUESTION: Final[dict[str, Json]] = {
    "blank": True,
    "code": "q1",
    "kind": "single",
    "max": 1,
    "min": 1,
    "options": [
        {"code": "o01", "text": {"en": "Rebuild it", "ja": "建て替える"}},
        {"code": "o02", "text": {"en": "Repair it", "ja": "改修する"}},
    ],
    "points": 1,
    "text": {"en": "What should become of the civic hall?", "ja": "市民会館をどうしますか"},
}
TITLE: Final = {"en": "Practice: the civic hall", "ja": "練習: 市民会館の建て替え"}


def manifest_of(
    outcome: dict[str, Json], slots: Sequence[str], board: SigningKey, witnesses: dict[str, str], salt: str
) -> Manifest:
    """A manifest for the keys of a ceremony; `outcome` is the value of its ceremony.json, witnesses are name → key."""
    opens = datetime.now(UTC)
    return read_manifest({
        **outcome,
        "board_key": board.public.hex(),
        "closes": (opens + timedelta(days=7)).strftime(MOMENT),
        "level": 1,
        "opens": opens.strftime(MOMENT),
        "questions": [QUESTION],
        "quorum": None,
        "register": {"count": len(slots), "hash": register_hash(slots).hex()},
        "revote": True,
        "salt": salt,
        "title": TITLE,
        "version": 1,
        "witnesses": [{"key": key, "name": name} for name, key in sorted(witnesses.items())],
    })  # fmt: skip


@dataclass
class Practice:
    """A vote under way. Whatever the board does not allow is refused here as there."""

    manifest: Manifest
    slots: Sequence[str]
    key: SigningKey
    random: Random
    bodies: list[dict[str, Json]] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    opened: list[Json] = field(default_factory=list, repr=False)  # what a real server forgets at once

    def __post_init__(self) -> None:
        self.board = Board(self.manifest, frozenset(self.slots))

    def post(self, body: dict[str, Json]) -> bytes:
        signed = sign_entry(self.key, self.manifest, self.board.head, body)
        head = self.board.append(signed)
        self.bodies.append(signed)
        return head

    def open(self, rehearsals: Iterable[Json]) -> None:
        self.post({"rehearsal": list(rehearsals), "type": "open"})

    def cast(self, slot: str, *choices: Sequence[int]) -> Receipt:
        body, randomness = self._sealed(slot, choices)
        head = self.post(body)
        self.opened.append(opening_of(body, choices, randomness))
        confirmation = self.board.confirmations[self.board.length]
        return sign_receipt(self.key, self.manifest, self.board.length, head, confirmation)

    def audit(self, slot: str, *choices: Sequence[int]) -> Json:
        """A ballot that is opened to its voter instead of cast: the file of SPEC.md, section 9."""
        body, randomness = self._sealed(slot, choices)
        self.post({"confirmation": confirmation_number(ballot_hash(body)), "type": "audit"})
        opened = {"ballot": body, "choices": [list(one) for one in choices], "randomness": randomness}
        return {**opened, "version": 1, "vote": self.manifest.vote.hex()}

    def void(self, slot: str, reason: str = "paper") -> None:
        self.post(void_of(self.board, slot, reason))

    def checkpoint(self) -> None:
        now = datetime.now(UTC)
        self.checkpoints.append(sign_checkpoint(self.key, self.manifest, self.board.length, self.board.head, now))

    def close(self) -> None:
        self.post(close_of(self.board)[0])
        self.checkpoint()

    def result(self) -> list[list[int]]:
        """Totals from the first shares that suffice."""
        chosen = sorted(self.board.shares)[: self.manifest.threshold]
        shares = {one: self.board.shares[one] for one in chosen}
        totals = totals_of(self.manifest, len(self.board.counted), self.board.aggregate, shares)
        self.post({"totals": totals, "trustees": chosen, "type": "result"})
        return totals

    @property
    def value(self) -> dict[str, Json]:
        """The board file's value."""
        return published_json(self.manifest, self.slots, self.bodies, self.checkpoints)

    @property
    def openings(self) -> dict[str, Json]:
        """The file of SPEC.md, section 10, with which others can count the practice vote again."""
        return {"openings": self.opened, "version": 1, "vote": self.manifest.vote.hex()}

    def _sealed(self, slot: str, choices: Sequence[Sequence[int]]) -> tuple[dict[str, Json], list[list[str]]]:
        place = self.board.places.get(slot, Place())
        sealed = seal(self.manifest, choices, slot, place.seq + 1, place.hash, self.random)
        return sealed.body, sealed.randomness


def opening_of(ballot: dict[str, Json], choices: Sequence[Sequence[int]], randomness: list[list[str]]) -> Json:
    return {"ballot": ballot_hash(ballot), "choices": [list(one) for one in choices], "randomness": randomness}
