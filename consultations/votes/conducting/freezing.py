"""Making a manifest and a roll from what the staff prepared."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.identity.models import RegisterEntry
from consultations.votes.models import RollCorrection, Vote, VoteSlot
from consultations.votes.protocol.encoding import MOMENT, Json, fields, text
from consultations.votes.protocol.group import read_point
from consultations.votes.protocol.manifest import NAME_LENGTH, Manifest, read_manifest, register_hash
from consultations.votes.protocol.refusals import Refused
from consultations.votes.refusals import CeremonyUnsound, FileRefused, ManifestUnsound, NobodyOnTheRoll
from consultations.votes.rules import Franchise, is_on_roll

CEREMONY = "ceremony key threshold trustees"
BATCH = 1_000


def read_ceremony(value: Json) -> dict[str, Any]:
    """The public result of a key ceremony, its proofs checked. Raises CeremonyUnsound."""
    try:
        found = fields(value, f"{CEREMONY} version", "ceremony")
        read_manifest(_sample(found))
    except Refused as refused:
        raise CeremonyUnsound(check=str(refused)) from refused
    return found


def _sample(ceremony: dict[str, Any]) -> dict[str, Any]:
    """A manifest of nothing else than these keys, so that they are read by the one reader there is."""
    text = {"ja": "-"}
    options = [{"code": f"o{number:02}", "text": text} for number in (1, 2)]
    question = {
        "blank": True, "code": "q1", "kind": "single", "max": 1, "min": 1, "options": options, "points": 1, "text": text,
    }  # fmt: skip
    return {
        **{name: ceremony[name] for name in CEREMONY.split()},
        "board_key": ceremony["key"],
        "closes": "2000-01-02T00:00Z",
        "level": 1,
        "opens": "2000-01-01T00:00Z",
        "questions": [question],
        "quorum": None,
        "register": {"count": 1, "hash": "00" * 32},
        "revote": True,
        "salt": "00" * 32,
        "title": text,
        "version": 1,
        "witnesses": [],
    }


def read_witnesses(listed: Sequence[Any]) -> list[dict[str, str]]:
    """Names with their public keys, sorted by name. Raises FileRefused."""
    try:
        found = [fields(one, "key name", "witness") for one in listed]
        named = {text(one["name"], "witness", NAME_LENGTH): read_point(one["key"], "witness").hex() for one in found}
    except Refused as refused:
        raise FileRefused(check=str(refused)) from refused
    if len(named) != len(found):
        raise FileRefused(check="witness")
    return [{"key": key, "name": name} for name, key in sorted(named.items())]


def roll_of(session: Session, vote: Vote) -> dict[str, int]:
    """A random slot for every entry of the register that may vote, as corrected. Raises NobodyOnTheRoll."""
    if vote.reference_day is None:
        raise ManifestUnsound(check="reference_day")
    franchise = Franchise(vote.least_age, vote.least_months, vote.reference_day)
    rows = session.execute(
        sa.select(RegisterEntry.id, RegisterEntry.birth_date, RegisterEntry.resident_since)
        .where(RegisterEntry.register_id == vote.register_id)
        .order_by(RegisterEntry.id)
    )
    corrected = corrections_of(session, vote.id)
    entries = [
        row.id for row in rows if is_on_roll(corrected.get(row.id), franchise.bar(row.birth_date, row.resident_since))
    ]
    if not entries:
        raise NobodyOnTheRoll
    return dict(sorted((secrets.token_hex(16), entry) for entry in entries))


def corrections_of(session: Session, vote_id: int) -> dict[int, str]:
    """By entry of a register, the correction that holds: "add" or "strike"."""
    rows = session.execute(
        sa.select(RollCorrection.entry_id, RollCorrection.kind)
        .where(RollCorrection.vote_id == vote_id)
        .order_by(RollCorrection.id)
    )
    return {row.entry_id: row.kind for row in rows}


def write_roll(session: Session, board_id: int, roll: dict[str, int]) -> None:
    """Keep the map in the order of the slots, which tells nothing of the register's."""
    rows = [
        {"board_id": board_id, "slot": slot, "entry_id": entry, "seq": 0, "hash": ""} for slot, entry in roll.items()
    ]
    for start in range(0, len(rows), BATCH):
        session.execute(sa.insert(VoteSlot), rows[start : start + BATCH])


def manifest_of(vote: Vote, roll: Iterable[str], salt: str, board_key: bytes) -> Manifest:
    """What is published before the vote opens. Raises ManifestUnsound."""
    if vote.ceremony is None or vote.starts_at is None or vote.ends_at is None:
        raise ManifestUnsound(check="ceremony" if vote.ceremony is None else "period")
    slots = list(roll)
    source = {
        **{name: vote.ceremony[name] for name in CEREMONY.split()},
        "board_key": board_key.hex(),
        "closes": minute(vote.ends_at),
        "level": 1,
        "opens": minute(vote.starts_at),
        "questions": vote.questions,
        "quorum": vote.quorum,
        "register": {"count": len(slots), "hash": register_hash(slots).hex()},
        "revote": vote.change_allowed,
        "salt": salt,
        "title": vote.title,
        "version": 1,
        "witnesses": vote.witnesses,
    }
    try:
        return read_manifest(source)
    except Refused as refused:
        raise ManifestUnsound(check=str(refused)) from refused


def minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(MOMENT)


def is_current(vote: Vote, manifest: Manifest) -> bool:
    """Whether the frozen manifest still says what the vote says."""
    source, ceremony = manifest.source, vote.ceremony or {}
    return (
        source["title"] == vote.title
        and source["questions"] == vote.questions
        and source["quorum"] == vote.quorum
        and source["revote"] == vote.change_allowed
        and source["witnesses"] == vote.witnesses
        and all(source[name] == ceremony.get(name) for name in CEREMONY.split())
        and (source["opens"], source["closes"])
        == (vote.starts_at and minute(vote.starts_at), vote.ends_at and minute(vote.ends_at))
    )


def sorted_shares(shares: Iterable[Json]) -> list[Json]:
    """Rehearsal shares by trustee; what has no trustee stays where the check will find it."""
    return sorted(shares, key=lambda one: one.get("trustee", 0) if isinstance(one, dict) else 0)
