"""Sowing an empty installation: each room its part, kernel first; what was printed once is printed again."""

import json
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app

from civic import clock
from civic.activities.models import Project
from civic.config import Mode
from civic.db import db, writing
from civic.features import house
from civic.identity.models import Department, Resident, StaffMember
from civic.ops import keymark
from civic.ops.models import SeedRecord
from civic.ops.output import progress
from civic.ops.refusals import NoSeedsInProduction, NotEmpty, SeedInterrupted

PROFILES: Final = ("demo", "audit")


def sow(profile: str) -> Mapping[str, Any]:
    """Sow `profile` into an empty database, or find it sown; the document for the operator either way.

    A room's part is `seeds[profile]()`, which returns its share of the document: lists are joined, objects merged.
    Raises NoSeedsInProduction, NotEmpty, SeedInterrupted.
    """
    if current_app.extensions["settings"].mode is Mode.PRODUCTION:
        raise NoSeedsInProduction
    keymark.provide_keys()
    earlier = db.session.get(SeedRecord, profile)
    if earlier is not None:
        if earlier.document is None:
            raise SeedInterrupted
        return ordered(earlier.document)
    begin(profile)
    document: dict[str, Any] = {"accounts": [], "activities": [], "objects": {}}
    for room in house().rooms:
        if profile in room.seeds:
            progress(f"Sowing {room.name} ...")
            merge(document, room.seeds[profile]())
    with writing() as session:
        session.get_one(SeedRecord, profile).document = document
    return ordered(document)


def ordered(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with its names in order: PostgreSQL gives stored objects back in an order of its own."""
    found: Mapping[str, Any] = json.loads(json.dumps(document, sort_keys=True))
    return found


def begin(profile: str) -> None:
    """Note in one transaction that the database was empty and is no longer."""
    with writing() as session:
        for table in (Department, StaffMember, Resident, Project, SeedRecord):
            if session.scalar(sa.select(sa.exists().select_from(table))):
                raise NotEmpty
        session.add(SeedRecord(profile=profile, started_at=clock.now()))


def merge(document: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Add `part` to `document`: lists are joined, objects merged, and nothing is said twice."""
    for name, value in part.items():
        if isinstance(value, list):
            known = document.get(name, [])
            document[name] = [*known, *(one for one in value if one not in known)]
        elif isinstance(value, Mapping):
            merge(document.setdefault(name, {}), value)
        else:
            document[name] = value
