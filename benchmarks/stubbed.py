"""The application whose booth does the same page work without proofs and without storage: a limit for casting.

Every voter is handed one ballot made at the start; casting stores nothing.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask

import wsgi
from consultations.votes.casting import actions, sealing
from consultations.votes.casting.actions import Voter
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.questions import Choices

made: list[sealing.Pending] = []
encrypt = sealing.prepare


def prepare(manifest: Manifest, choices: Choices, slot: str, seq: int, prev: str, at: datetime) -> sealing.Pending:
    """The one ballot, whatever was chosen."""
    if not made:
        made.append(encrypt(manifest, choices, slot, seq, prev, at))
    return replace(made[0], until=at + sealing.GOOD_FOR)


def cast_ballot(vote_id: int, voter: Voter, body: dict[str, Any], at: datetime) -> None:
    """Nothing."""


def app() -> Flask:
    """For a server of its own: what is changed stays changed in this process."""
    sealing.prepare = prepare
    actions.cast_ballot = cast_ballot  # type: ignore[assignment]
    return wsgi.app
