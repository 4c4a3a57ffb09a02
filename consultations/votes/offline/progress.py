"""Tells that a long verification goes on."""

from collections.abc import Callable
from typing import Final

from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.protocol.ballots import Ballot, check_ballot
from consultations.votes.protocol.manifest import Manifest

EVERY: Final = 1_000
PROGRESS: Final = Said("  {count} 票を検証しました", "  {count} ballots verified")


def counting(voice: Voice) -> Callable[[Ballot, Manifest], None]:
    """The protocol's check of a ballot, with a word after every thousand."""
    count = 0

    def check(ballot: Ballot, manifest: Manifest) -> None:
        nonlocal count
        check_ballot(ballot, manifest)
        count += 1
        if count % EVERY == 0:
            voice.warn(PROGRESS, count=count)

    return check
